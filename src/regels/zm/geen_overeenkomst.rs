//! ZM01: maatwerk without an agreement.
//!
//! Needs maatwerk. Source: MW.

use super::{is_maatwerk, overeenkomsten};
use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Lijn, Oordeel, Regel, Toets, Uitslag};

pub static REGEL: Regel = Regel {
    code: "ZM01",
    titel: "Maatwerk zonder overeenkomst",
    wat: "Een regel voor maatwerk zonder maatwerkovereenkomst voor die aanbieder, gemeente en toewijzing is een fout.",
    waarom: "Maatwerk wordt per toewijzing overeengekomen, met product, tarief en looptijd.",
    nodig: "maatwerk; ToewijzingNummer",
    parameters: &[],
    toets: Toets::Product(is_maatwerk, toets),
};

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    if !overeenkomsten(lijn)?.is_empty() {
        return Ok(Uitslag::InOrde);
    }
    Ok(lijn
        .bevinding(Ernst::Fout, instelling)
        .gevonden("maatwerk zonder overeenkomst")
        .verwacht("een maatwerkovereenkomst voor deze toewijzing")
        .into())
}
