//! DN02: a gemeente outside the region.
//!
//! By the line's own Gemeente. Source: ID 1.1.

use crate::dossier::Ernst;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, LineKind, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "DN02",
    title: "Gemeente buiten de regio",
    what: "Een regel voor een gemeente die niet tot de regio behoort, is een fout.",
    why: "Alleen de gemeenten van de regio zijn partij bij dit contract.",
    for_aanbieder: "De regel is gedeclareerd voor een gemeente buiten onze regio.",
    needs: needs!("{}", Declaraties(Gemeente)),
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

fn check(kind: &LineKind<'_>, _: &RuleSettings) -> Verdict {
    let deelnames = &kind.context.regelset.deelnames;
    if deelnames.is_empty() {
        return Err(Reason::GeenLijst("gemeenten"));
    }
    if kind.deelname().is_some() {
        return Ok(Ruling::InOrder);
    }
    kind.bevinding(Ernst::Fout)
        .found(format!("gemeente {}", kind.gemeente()))
        .expected("een gemeente van de regio")
        .into()
}
