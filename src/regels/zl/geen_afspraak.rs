//! ZL01: perceel 5 without an agreement.
//!
//! Needs afspraken. Source: P5 werkwijze 6, 8, 9.

use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Lijn, Oordeel, Regel, Toets, Uitslag};

pub static REGEL: Regel = Regel {
    code: "ZL01",
    titel: "Perceel 5 zonder afspraak",
    wat: "Een regel voor een beschikkingsvrij product zonder afspraak voor die aanbieder, gemeente en productcode is een fout.",
    waarom: "In perceel 5 bepaalt de gemeente per afspraak wat zij inzet; die komt in de plaats van een toewijzing.",
    nodig: "afspraken",
    parameters: &[],
    toets: Toets::Gelijk(toets),
};

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    let Some(afspraken) = super::afspraken(lijn)? else { return Ok(Uitslag::NietVanToepassing) };
    if !afspraken.is_empty() {
        return Ok(Uitslag::InOrde);
    }
    Ok(lijn
        .bevinding(Ernst::Fout, instelling)
        .gevonden(format!("product {} zonder afspraak", lijn.product.code))
        .verwacht("een afspraak tussen gemeente en aanbieder over dit product")
        .into())
}
