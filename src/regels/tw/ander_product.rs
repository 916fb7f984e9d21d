//! TW08: another product than the toewijzing names.
//!
//! Needs ProductCode of the toewijzing. Source: iJw TR340.

use crate::dossier::{Ernst, Kolom};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, LineKind, Rule, Ruling, Verdict};

pub(crate) static RULE: Rule = Rule {
    code: "TW08",
    title: "Ander product",
    what: "De toewijzing noemt een product en de regel heeft een ander.",
    why: "Er mag alleen worden gedeclareerd wat is toegewezen.",
    needs: "ToewijzingNummer; ProductCode van de toewijzing",
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

fn check(kind: &LineKind<'_>, _: &RuleSettings) -> Verdict {
    let Some(t) = super::toewijzing_with(kind, Kolom::ProductCode)? else {
        return Ok(Ruling::NotApplicable);
    };
    if t.product_code.is_empty() {
        return Ok(Ruling::NotApplicable);
    }
    if kind.context.is_productcode(kind.product_nr(), t.product_code) {
        return Ok(Ruling::InOrder);
    }
    let toegewezen = kind.context.dossier.words.get(t.product_code);
    kind.bevinding(Ernst::Fout)
        .found(format!("product {}", kind.product.code))
        .expected(format!("product {toegewezen}"))
        .into()
}
