//! TW03: another aanbieder's toewijzing.
//!
//! Needs Aanbieder. Source: ID eis 70.

use crate::dossier::Ernst;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, LineKind, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TW03",
    title: "Toewijzing van een andere aanbieder",
    what: "De aanbieder van de declaratieregel is niet die van de toewijzing.",
    why: "Alleen de aanbieder aan wie is toegewezen, heeft aanspraak op vergoeding.",
    for_aanbieder: "De toewijzing is van een andere aanbieder.",
    needs: needs!("{} en {}", Declaraties(ToewijzingNummer, Aanbieder)),
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

fn check(kind: &LineKind<'_>, _: &RuleSettings) -> Verdict {
    let Some(t) = super::toewijzing(kind)? else { return Ok(Ruling::NotApplicable) };
    if kind.aanbieder() == t.aanbieder {
        return Ok(Ruling::InOrder);
    }
    kind.bevinding(Ernst::Fout)
        .found(format!("aanbieder {}", kind.context.agb(kind.aanbieder())))
        .expected(format!("aanbieder {} van de toewijzing", kind.context.agb(t.aanbieder)))
        .into()
}
