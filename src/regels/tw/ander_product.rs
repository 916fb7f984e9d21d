//! TW08: another product than the toewijzing names.
//!
//! Needs ProductCode of the toewijzing. Source: iJw TR340.

use crate::dossier::Kolom;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Ernst, Lijn, Oordeel, Regel, Toets, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TW08",
    titel: "Ander product",
    wat: "De toewijzing noemt een product en de regel heeft een ander.",
    waarom: "Er mag alleen worden gedeclareerd wat is toegewezen.",
    nodig: "ToewijzingNummer; ProductCode van de toewijzing",
    parameters: &[],
    toets: Toets::Regel(toets),
};

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    let Some(t) = super::toewijzing_met(lijn, Kolom::ProductCode)? else {
        return Ok(Uitslag::NietVanToepassing);
    };
    let toegewezen = lijn.controle.dossier.woorden.tekst(t.product_code);
    if toegewezen.is_empty() {
        return Ok(Uitslag::NietVanToepassing);
    }
    if toegewezen == lijn.product.code {
        return Ok(Uitslag::InOrde);
    }
    Ok(lijn
        .bevinding(Ernst::Fout, instelling)
        .gevonden(format!("product {}", lijn.product.code))
        .verwacht(format!("product {toegewezen}"))
        .into())
}
