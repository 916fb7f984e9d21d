//! DN03: help outside the scope of this contract.
//!
//! By the line's own ProductCategorie. Source: ID 1.2.1.

use crate::dossier::Ernst;
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, LineKind, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "DN03",
    title: "Buiten de reikwijdte van het contract",
    what: "Een declaratieregel met een ProductCategorie die buiten dit contract valt, is een onzekerheid.",
    why: "Deze hulp wordt onder een ander contract of langs een andere weg ingekocht.",
    for_aanbieder: "De hulp valt buiten de reikwijdte van het contract.",
    needs: needs!("{}", Declaraties(ProductCategorie)),
    parameters: &[CATEGORIEEN.spec()],
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

const CATEGORIEEN: Parameter<[String]> =
    Parameter::new("categorieen", "productcategorieën die buiten dit contract vallen");

fn check(kind: &LineKind<'_>, settings: &RuleSettings) -> Verdict {
    let categorie = &kind.product.categorie;
    if !kind.valid(settings, &CATEGORIEEN).value.contains(categorie) {
        return Ok(Ruling::InOrder);
    }
    kind.bevinding(Ernst::Onzekerheid)
        .found(format!("productcategorie {categorie}"))
        .expected("een categorie binnen dit contract")
        .toelichting("Beoordeel onder welk contract deze hulp valt.")
        .into()
}
