//! ZM01: maatwerk without an agreement.
//!
//! Needs maatwerk. Source: MW.

use super::{is_maatwerk, overeenkomsten};
use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijn, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "ZM01",
    titel: "Maatwerk zonder overeenkomst",
    wat: "Een regel voor maatwerk zonder maatwerkovereenkomst voor die aanbieder, gemeente en toewijzing is een fout.",
    waarom: "Maatwerk wordt per toewijzing overeengekomen, met product, tarief en looptijd.",
    nodig: "maatwerk; ToewijzingNummer",
    about: Some(is_maatwerk),
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

fn toets(lijn: &Lijn<'_>, _: &Regelinstelling) -> Oordeel {
    if !overeenkomsten(lijn)?.is_empty() {
        return Ok(Uitslag::InOrde);
    }
    lijn.bevinding(Ernst::Fout)
        .gevonden("maatwerk zonder overeenkomst")
        .verwacht("een maatwerkovereenkomst voor deze toewijzing")
        .into()
}
