//! JW12: a product that the catalogue doesn't have.
//!
//! Most rules can't test such a line. Source: iJw TR381.

use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijnsoort, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "JW12",
    titel: "Onbekend product",
    wat: "De combinatie van ProductCategorie en ProductCode staat niet in de productcatalogus. Dat is een onzekerheid.",
    waarom: "Zonder bekend product zijn de meeste regels op deze regel niet te toetsen.",
    nodig: "ProductCategorie en ProductCode",
    checks: &[Check::LineKind(toets)],
    ..Regel::BASE
};

fn toets(soort: &Lijnsoort<'_>, _: &Regelinstelling) -> Oordeel {
    if soort.controle.zonder_catalogus() {
        return Err(Reden::GeenLijst("producten"));
    }
    if soort.product.catalogus.is_some() {
        return Ok(Uitslag::InOrde);
    }
    soort
        .bevinding(Ernst::Onzekerheid)
        .gevonden(format!("categorie {}, code {}", soort.product.categorie, soort.product.code))
        .verwacht("een product uit de catalogus")
        .toelichting("Beoordeel welk product dit is en vul producten.csv aan: regels over tarief en onderdeel zijn nu niet getoetst.")
        .into()
}
