//! JW12: a product that the catalogue doesn't have.
//!
//! Most rules can't test such a line. Source: iJw TR381.

use crate::dossier::Ernst;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, LineKind, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "JW12",
    title: "Onbekend product",
    what: "De combinatie van ProductCategorie en ProductCode staat niet in de productcatalogus. Dat is een onzekerheid.",
    why: "Zonder bekend product zijn de meeste regels op deze declaratieregel niet te toetsen.",
    for_aanbieder: "Het product op de declaratieregel staat niet in onze productenlijst.",
    needs: needs!("{} en {}", Declaraties(ProductCategorie, ProductCode)),
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

fn check(kind: &LineKind<'_>, _: &RuleSettings) -> Verdict {
    if kind.context.without_catalogus() {
        return Err(Reason::GeenLijst("producten"));
    }
    if kind.product.row.is_some() {
        return Ok(Ruling::InOrder);
    }
    kind
        .bevinding(Ernst::Onzekerheid)
        .found(format!("categorie {}, code {}", kind.product.categorie, kind.product.code))
        .expected("een product uit de catalogus")
        .toelichting("Beoordeel welk product dit is en vul producten.csv aan: regels over tarief en onderdeel zijn nu niet getoetst.")
        .into()
}
