//! TW07: another product category than the toewijzing names.
//!
//! Needs ProductCategorie of the toewijzing. Source: iJw TR339.

use crate::dossier::{Kolom, Versie};
use crate::regels::changed::by_versions;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, LineKind, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TW07",
    title: "Andere productcategorie",
    what: "De toewijzing noemt een productcategorie en de declaratieregel heeft een andere. Is dat alleen zo door een wijziging van na de levering, dan is het een onzekerheid.",
    why: "Er mag alleen worden gedeclareerd wat is toegewezen.",
    for_aanbieder: "De productcategorie is een andere dan die van de toewijzing.",
    needs: needs!(
        "{}; {} van de toewijzing",
        Declaraties(ToewijzingNummer),
        Toewijzingen(ProductCategorie)
    ),
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

fn check(kind: &LineKind<'_>, _: &RuleSettings) -> Verdict {
    let Some(t) = super::toewijzing_with(kind, Kolom::ProductCategorie)? else {
        return Ok(Ruling::NotApplicable);
    };
    if t.product_categorie()?.is_empty() {
        return Ok(Ruling::NotApplicable);
    }
    let toegewezen = kind.context.dossier.words.get(t.product_categorie()?);
    let is_other = |v: &Versie| {
        let categorie = v.product_categorie()?;
        Ok(!categorie.is_empty() && !kind.context.is_categorie(kind.product_nr(), categorie))
    };
    by_versions(kind, t, &[Kolom::ProductCategorie], is_other, |ernst| {
        kind.bevinding(ernst)
            .found(format!("categorie {}", kind.product.categorie))
            .expected(format!("categorie {toegewezen}"))
    })
}
