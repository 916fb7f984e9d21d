//! ZM01: maatwerk without an agreement.
//!
//! Needs maatwerk. Source: MW.

use super::{is_maatwerk, overeenkomsten};
use crate::dossier::Ernst;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "ZM01",
    title: "Maatwerk zonder overeenkomst",
    what: "Een declaratieregel voor maatwerk zonder maatwerkovereenkomst voor die aanbieder, gemeente en toewijzing is een fout.",
    why: "Maatwerk wordt per toewijzing overeengekomen, met product, tarief en looptijd.",
    for_aanbieder: "Voor dit maatwerk is geen overeenkomst.",
    needs: needs!("{}; {}", Maatwerk(), Declaraties(ToewijzingNummer)),
    about: Some(is_maatwerk),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, _: &RuleSettings) -> Verdict {
    if !overeenkomsten(line)?.is_empty() {
        return Ok(Ruling::InOrder);
    }
    line.bevinding(Ernst::Fout)
        .found("maatwerk zonder overeenkomst")
        .expected("een maatwerkovereenkomst voor deze toewijzing")
        .into()
}
