//! TW09: a unit that doesn't fit the toewijzing's.
//!
//! Hours may be declared in minutes. Needs Eenheid of the toewijzing. Source: iJw TR341.

use crate::dossier::Ernst;
use crate::dossier::Kolom;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Lijn, Oordeel, Regel, Toets, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TW09",
    titel: "Andere eenheid",
    wat: "De toewijzing noemt een eenheid en die van de regel past er niet bij. Uren mogen in minuten worden gedeclareerd.",
    waarom: "Zonder passende eenheid is het volume niet te vergelijken met wat is toegewezen.",
    nodig: "ToewijzingNummer; Eenheid van de toewijzing",
    parameters: &[],
    toets: Toets::Gelijk(toets),
};

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    let Some(t) = super::toewijzing_met(lijn, Kolom::Eenheid)? else {
        return Ok(Uitslag::NietVanToepassing);
    };
    let Some(toegewezen) = t.eenheid else { return Ok(Uitslag::NietVanToepassing) };
    if super::eenheid_past(toegewezen, lijn.regel.eenheid) {
        return Ok(Uitslag::InOrde);
    }
    let eigen = lijn.regel.eenheid;
    Ok(lijn
        .bevinding(Ernst::Fout, instelling)
        .gevonden(format!("eenheid {eigen} ({})", eigen.naam()))
        .verwacht(format!("eenheid {toegewezen} ({})", toegewezen.naam()))
        .into())
}
