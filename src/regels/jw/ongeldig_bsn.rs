//! JW10: no valid Bsn.
//!
//! The number itself is never shown. Source: elfproef.

use crate::dossier::{Bsn, Ernst};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, LineKind, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "JW10",
    title: "Geen geldig Bsn",
    what: "Het Bsn van de declaratieregel voldoet niet aan de elfproef of bestaat uit nullen.",
    why: "Zonder geldig Bsn is niet vast te stellen voor wie de hulp was.",
    for_aanbieder: "Het burgerservicenummer op de declaratieregel is niet geldig.",
    needs: needs!("{}", Declaraties(Bsn)),
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

fn check(kind: &LineKind<'_>, _: &RuleSettings) -> Verdict {
    if kind.bsn() == Bsn::NONE {
        return Ok(Ruling::NotApplicable);
    }
    if kind.bsn().is_valid() {
        return Ok(Ruling::InOrder);
    }
    kind.bevinding(Ernst::Fout)
        .found("een nummer dat niet aan de elfproef voldoet")
        .expected("een geldig Bsn")
        .into()
}
