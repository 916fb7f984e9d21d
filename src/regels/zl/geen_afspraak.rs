//! ZL01: perceel 5 without an agreement.
//!
//! Needs afspraken. Source: P5 werkwijze 6, 8, 9.

use crate::dossier::Ernst;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, LineKind, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "ZL01",
    title: "Perceel 5 zonder afspraak",
    what: "Een declaratieregel voor een beschikkingsvrij product zonder afspraak voor die aanbieder, gemeente en productcode is een fout.",
    why: "In perceel 5 bepaalt de gemeente per afspraak wat zij inzet; die komt in de plaats van een toewijzing.",
    for_aanbieder: "Voor deze hulp is geen afspraak met de gemeente gemaakt.",
    needs: needs!("{}", Afspraken()),
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

fn check(kind: &LineKind<'_>, _: &RuleSettings) -> Verdict {
    let Some(afspraken) = super::afspraken(kind)? else { return Ok(Ruling::NotApplicable) };
    if !afspraken.is_empty() {
        return Ok(Ruling::InOrder);
    }
    kind.bevinding(Ernst::Fout)
        .found(format!("product {} zonder afspraak", kind.product.code))
        .expected("een afspraak tussen gemeente en aanbieder over dit product")
        .into()
}
