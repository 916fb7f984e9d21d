//! TW08: another product than the toewijzing names.
//!
//! Needs ProductCode of the toewijzing. Source: iJw TR340.

use crate::dossier::{Ernst, Kolom};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijnsoort, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TW08",
    titel: "Ander product",
    wat: "De toewijzing noemt een product en de regel heeft een ander.",
    waarom: "Er mag alleen worden gedeclareerd wat is toegewezen.",
    nodig: "ToewijzingNummer; ProductCode van de toewijzing",
    checks: &[Check::LineKind(toets)],
    ..Regel::BASE
};

fn toets(soort: &Lijnsoort<'_>, _: &Regelinstelling) -> Oordeel {
    let Some(t) = super::toewijzing_met(soort, Kolom::ProductCode)? else {
        return Ok(Uitslag::NietVanToepassing);
    };
    if t.product_code.is_leeg() {
        return Ok(Uitslag::NietVanToepassing);
    }
    if soort.controle.is_productcode(soort.product_nr(), t.product_code) {
        return Ok(Uitslag::InOrde);
    }
    let toegewezen = soort.controle.dossier.woorden.tekst(t.product_code);
    soort
        .bevinding(Ernst::Fout)
        .gevonden(format!("product {}", soort.product.code))
        .verwacht(format!("product {toegewezen}"))
        .into()
}
