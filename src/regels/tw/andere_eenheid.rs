//! TW09: a unit that doesn't fit the toewijzing's.
//!
//! Hours may be declared in minutes. Needs Eenheid of the toewijzing. Source: iJw TR341.

use crate::dossier::{Ernst, Kolom};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijnsoort, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TW09",
    titel: "Andere eenheid",
    wat: "De toewijzing noemt een eenheid en die van de regel past er niet bij. Uren mogen in minuten worden gedeclareerd.",
    waarom: "Zonder passende eenheid is het volume niet te vergelijken met wat is toegewezen.",
    nodig: "ToewijzingNummer; Eenheid van de toewijzing",
    checks: &[Check::LineKind(toets)],
    ..Regel::BASE
};

fn toets(soort: &Lijnsoort<'_>, _: &Regelinstelling) -> Oordeel {
    let Some(t) = super::toewijzing_met(soort, Kolom::Eenheid)? else {
        return Ok(Uitslag::NietVanToepassing);
    };
    let Some(toegewezen) = t.eenheid else { return Ok(Uitslag::NietVanToepassing) };
    if super::eenheid_past(toegewezen, soort.eenheid()) {
        return Ok(Uitslag::InOrde);
    }
    let eigen = soort.eenheid();
    soort
        .bevinding(Ernst::Fout)
        .gevonden(format!("eenheid {eigen} ({})", eigen.naam()))
        .verwacht(format!("eenheid {toegewezen} ({})", toegewezen.naam()))
        .into()
}
