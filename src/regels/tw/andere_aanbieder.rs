//! TW03: another aanbieder's toewijzing.
//!
//! Needs Aanbieder. Source: ID eis 70.

use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijnsoort, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TW03",
    titel: "Toewijzing van een andere aanbieder",
    wat: "De aanbieder van de regel is niet die van de toewijzing.",
    waarom: "Alleen de aanbieder aan wie is toegewezen, heeft aanspraak op vergoeding.",
    nodig: "ToewijzingNummer en Aanbieder",
    checks: &[Check::LineKind(toets)],
    ..Regel::BASE
};

fn toets(soort: &Lijnsoort<'_>, _: &Regelinstelling) -> Oordeel {
    let Some(t) = super::toewijzing(soort)? else { return Ok(Uitslag::NietVanToepassing) };
    if soort.aanbieder() == t.aanbieder {
        return Ok(Uitslag::InOrde);
    }
    soort
        .bevinding(Ernst::Fout)
        .gevonden(format!("aanbieder {}", soort.controle.agb(soort.aanbieder())))
        .verwacht(format!("aanbieder {} van de toewijzing", soort.controle.agb(t.aanbieder)))
        .into()
}
