//! JW12: a product that the catalogue doesn't have.
//!
//! Most rules can't test such a line. Source: iJw TR381.

use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Lijn, Oordeel, Reden, Regel, Toets, Uitslag};

pub static REGEL: Regel = Regel {
    code: "JW12",
    titel: "Onbekend product",
    wat: "De combinatie van ProductCategorie en ProductCode staat niet in de productcatalogus. Dat is een onzekerheid.",
    waarom: "Zonder bekend product zijn de meeste regels op deze regel niet te toetsen.",
    nodig: "ProductCategorie en ProductCode",
    parameters: &[],
    toets: Toets::Gelijk(toets),
};

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    if lijn.controle.zonder_catalogus() {
        return Err(Reden::GeenLijst("producten"));
    }
    if lijn.product.catalogus.is_some() {
        return Ok(Uitslag::InOrde);
    }
    Ok(lijn
        .bevinding(Ernst::Onzekerheid, instelling)
        .gevonden(format!("categorie {}, code {}", lijn.product.categorie, lijn.product.code))
        .verwacht("een product uit de catalogus")
        .toelichting("Beoordeel welk product dit is en vul producten.csv aan: regels over tarief en onderdeel zijn nu niet getoetst.")
        .into())
}
