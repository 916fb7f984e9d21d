//! ZL11: a gemeente outside the region.
//!
//! Source: the gemeenten of Zeeland by their CBS codes.

use crate::dossier::Ernst;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, LineKind, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "ZL11",
    title: "Gemeente buiten Zeeland",
    what: "Een regel voor een gemeente die niet een van de dertien van Zeeland is, is een fout.",
    why: "De inkooporganisatie koopt in voor de gemeenten van Zeeland en berekent hun de kosten door.",
    for_aanbieder: "De regel is gedeclareerd voor een gemeente buiten Zeeland.",
    needs: needs!("{}", Declaraties(Gemeente)),
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

fn check(kind: &LineKind<'_>, _: &RuleSettings) -> Verdict {
    if kind.context.regelset.deelnames.is_empty() {
        return Err(Reason::GeenLijst("gemeenten"));
    }
    if kind.deelname().is_some() {
        return Ok(Ruling::InOrder);
    }
    kind.bevinding(Ernst::Fout)
        .found(format!("gemeente {}", kind.gemeente()))
        .expected("een gemeente van Zeeland")
        .into()
}
