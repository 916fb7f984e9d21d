//! ZL02: perceel 5 outside the agreed term.
//!
//! Needs afspraken; a line without any agreement is ZL01's. Source: P5 format 8, 9.

use super::covers;
use crate::dossier::Ernst;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Rule, Ruling, Verdict};

pub(crate) static RULE: Rule = Rule {
    code: "ZL02",
    title: "Buiten de afgesproken looptijd",
    what: "Een regel voor een beschikkingsvrij product die door de looptijd van geen enkele afspraak geheel wordt gedekt, is een fout.",
    why: "De afspraak geldt alleen voor de afgesproken looptijd.",
    needs: "afspraken",
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, _: &RuleSettings) -> Verdict {
    let afspraken = super::afspraken_with_end(line)?.unwrap_or_default();
    if afspraken.is_empty() {
        return Ok(Ruling::NotApplicable);
    }
    if afspraken.iter().any(|a| covers(a, line)) {
        return Ok(Ruling::InOrder);
    }
    let termijnen: Vec<String> = afspraken.iter().map(|a| a.termijn.to_string()).collect();
    line.bevinding(Ernst::Fout)
        .found(format!("levering van {} t/m {}", line.data.begindatum, line.data.einddatum))
        .expected(format!("levering binnen {}", termijnen.join(" of ")))
        .into()
}
