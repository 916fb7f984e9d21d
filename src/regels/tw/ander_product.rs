//! TW08: another product than the toewijzing names.
//!
//! Needs ProductCode of the toewijzing. Source: iJw TR340.

use crate::dossier::Ernst;
use crate::dossier::Kolom;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Lijn, Oordeel, Regel, Toets, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TW08",
    titel: "Ander product",
    wat: "De toewijzing noemt een product en de regel heeft een ander.",
    waarom: "Er mag alleen worden gedeclareerd wat is toegewezen.",
    nodig: "ToewijzingNummer; ProductCode van de toewijzing",
    parameters: &[],
    toets: Toets::Gelijk(toets),
};

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    let Some(t) = super::toewijzing_met(lijn, Kolom::ProductCode)? else {
        return Ok(Uitslag::NietVanToepassing);
    };
    if t.product_code.is_leeg() {
        return Ok(Uitslag::NietVanToepassing);
    }
    if lijn.controle.is_productcode(lijn.regel.product, t.product_code) {
        return Ok(Uitslag::InOrde);
    }
    let toegewezen = lijn.controle.dossier.woorden.tekst(t.product_code);
    Ok(lijn
        .bevinding(Ernst::Fout, instelling)
        .gevonden(format!("product {}", lijn.product.code))
        .verwacht(format!("product {toegewezen}"))
        .into())
}
