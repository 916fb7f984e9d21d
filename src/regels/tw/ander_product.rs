//! TW08: another product than the toewijzing names.
//!
//! Needs ProductCode of the toewijzing. Source: iJw TR340.

use crate::dossier::{Kolom, Versie};
use crate::regels::changed::by_versions;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, LineKind, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TW08",
    title: "Ander product",
    what: "De toewijzing noemt een product en de declaratieregel heeft een ander. Is dat alleen zo door een wijziging van na de levering, dan is het een onzekerheid.",
    why: "Er mag alleen worden gedeclareerd wat is toegewezen.",
    for_aanbieder: "Het product is een ander dan dat van de toewijzing.",
    needs: needs!(
        "{}; {} van de toewijzing",
        Declaraties(ToewijzingNummer),
        Toewijzingen(ProductCode)
    ),
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

fn check(kind: &LineKind<'_>, _: &RuleSettings) -> Verdict {
    let Some(t) = super::toewijzing_with(kind, Kolom::ProductCode)? else {
        return Ok(Ruling::NotApplicable);
    };
    if t.product_code()?.is_empty() {
        return Ok(Ruling::NotApplicable);
    }
    let toegewezen = kind.context.dossier.words.get(t.product_code()?);
    let is_other = |v: &Versie| {
        let code = v.product_code()?;
        Ok(!code.is_empty() && !kind.context.is_productcode(kind.product_nr(), code))
    };
    by_versions(kind, t, &[Kolom::ProductCode], is_other, |ernst| {
        kind.bevinding(ernst)
            .found(format!("product {}", kind.product.code))
            .expected(format!("product {toegewezen}"))
    })
}
