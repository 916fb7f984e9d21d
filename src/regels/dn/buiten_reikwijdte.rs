//! DN03: help outside the scope of this contract.
//!
//! By the line's own ProductCategorie. Source: ID 1.2.1.

use crate::dossier::Ernst;
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Lijnsoort, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "DN03",
    titel: "Buiten de reikwijdte van het contract",
    wat: "Een regel met een ProductCategorie die buiten dit contract valt, is een onzekerheid.",
    waarom: "Deze hulp wordt onder een ander contract of langs een andere weg ingekocht.",
    nodig: "ProductCategorie",
    parameters: &[CATEGORIEEN.spec()],
    checks: &[Check::LineKind(toets)],
    ..Regel::BASE
};

const CATEGORIEEN: Parameter<[String]> =
    Parameter::new("categorieen", "productcategorieën die buiten dit contract vallen");

fn toets(soort: &Lijnsoort<'_>, instelling: &Regelinstelling) -> Oordeel {
    let categorie = &soort.product.categorie;
    if !soort.valid(instelling, &CATEGORIEEN).value.contains(categorie) {
        return Ok(Uitslag::InOrde);
    }
    soort
        .bevinding(Ernst::Onzekerheid)
        .gevonden(format!("productcategorie {categorie}"))
        .verwacht("een categorie binnen dit contract")
        .toelichting("Beoordeel onder welk contract deze hulp valt.")
        .into()
}
