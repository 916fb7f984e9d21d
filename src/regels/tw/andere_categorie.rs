//! TW07: another product category than the toewijzing names.
//!
//! Needs ProductCategorie of the toewijzing. Source: iJw TR339.

use crate::dossier::{Ernst, Kolom};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijnsoort, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TW07",
    titel: "Andere productcategorie",
    wat: "De toewijzing noemt een productcategorie en de regel heeft een andere.",
    waarom: "Er mag alleen worden gedeclareerd wat is toegewezen.",
    nodig: "ToewijzingNummer; ProductCategorie van de toewijzing",
    checks: &[Check::LineKind(toets)],
    ..Regel::BASE
};

fn toets(soort: &Lijnsoort<'_>, _: &Regelinstelling) -> Oordeel {
    let Some(t) = super::toewijzing_met(soort, Kolom::ProductCategorie)? else {
        return Ok(Uitslag::NietVanToepassing);
    };
    if t.product_categorie.is_leeg() {
        return Ok(Uitslag::NietVanToepassing);
    }
    if soort.controle.is_categorie(soort.product_nr(), t.product_categorie) {
        return Ok(Uitslag::InOrde);
    }
    let toegewezen = soort.controle.dossier.woorden.tekst(t.product_categorie);
    soort
        .bevinding(Ernst::Fout)
        .gevonden(format!("categorie {}", soort.product.categorie))
        .verwacht(format!("categorie {toegewezen}"))
        .into()
}
