//! TW03: another aanbieder's toewijzing.
//!
//! Needs Aanbieder. Source: ID eis 70.

use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Lijn, Oordeel, Regel, Toets, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TW03",
    titel: "Toewijzing van een andere aanbieder",
    wat: "De aanbieder van de regel is niet die van de toewijzing.",
    waarom: "Alleen de aanbieder aan wie is toegewezen, heeft aanspraak op vergoeding.",
    nodig: "ToewijzingNummer en Aanbieder",
    parameters: &[],
    toets: Toets::Gelijk(toets),
};

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    let Some(t) = super::toewijzing(lijn)? else { return Ok(Uitslag::NietVanToepassing) };
    if lijn.regel.aanbieder == t.aanbieder {
        return Ok(Uitslag::InOrde);
    }
    Ok(lijn
        .bevinding(Ernst::Fout, instelling)
        .gevonden(format!("aanbieder {}", lijn.controle.agb(lijn.regel.aanbieder)))
        .verwacht(format!("aanbieder {} van de toewijzing", lijn.controle.agb(t.aanbieder)))
        .into())
}
