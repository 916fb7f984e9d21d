//! JW11: a gemeente code that isn't in use.
//!
//! By the codes of CBS that were in use in the audited year. Source: iJw TR378.

use crate::dossier::Ernst;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, LineKind, Reason, Rule, Ruling, Verdict};

pub(crate) static RULE: Rule = Rule {
    code: "JW11",
    title: "Onbekende gemeentecode",
    what: "De gemeentecode van de regel was in het leverjaar niet in gebruik bij het CBS. Dat is een fout.",
    why: "Zonder bestaande gemeente is er niemand die de regel kan betalen.",
    needs: "Gemeente",
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

fn check(kind: &LineKind<'_>, _: &RuleSettings) -> Verdict {
    let c = kind.context;
    let codes = &c.regelset.gemeentecodes;
    if codes.is_empty() {
        return Err(Reason::GeenLijst("gemeentecodes"));
    }
    if codes.applies(kind.gemeente(), c.first_dag(), c.last_dag()) {
        return Ok(Ruling::InOrder);
    }
    kind.bevinding(Ernst::Fout)
        .found(format!("gemeentecode {}", kind.gemeente()))
        .expected(format!("een gemeentecode die in {} in gebruik was", c.jaar))
        .into()
}
