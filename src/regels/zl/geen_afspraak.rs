//! ZL01: perceel 5 without an agreement.
//!
//! Needs afspraken. Source: P5 werkwijze 6, 8, 9.

use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijnsoort, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "ZL01",
    titel: "Perceel 5 zonder afspraak",
    wat: "Een regel voor een beschikkingsvrij product zonder afspraak voor die aanbieder, gemeente en productcode is een fout.",
    waarom: "In perceel 5 bepaalt de gemeente per afspraak wat zij inzet; die komt in de plaats van een toewijzing.",
    nodig: "afspraken",
    checks: &[Check::LineKind(toets)],
    ..Regel::BASE
};

fn toets(soort: &Lijnsoort<'_>, _: &Regelinstelling) -> Oordeel {
    let Some(afspraken) = super::afspraken(soort)? else { return Ok(Uitslag::NietVanToepassing) };
    if !afspraken.is_empty() {
        return Ok(Uitslag::InOrde);
    }
    soort
        .bevinding(Ernst::Fout)
        .gevonden(format!("product {} zonder afspraak", soort.product.code))
        .verwacht("een afspraak tussen gemeente en aanbieder over dit product")
        .into()
}
