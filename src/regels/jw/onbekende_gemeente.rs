//! JW11: a gemeente code that isn't in use.
//!
//! By the codes of CBS that were in use in the audited year, or when the line's toewijzing began.
//! Source: iJw TR378.

use crate::dossier::{Ernst, Toewijzing};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, LineKind, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "JW11",
    title: "Onbekende gemeentecode",
    what: "De gemeentecode van de declaratieregel was in het leverjaar niet in gebruik bij het CBS, en ook niet op de Ingangsdatum van haar toewijzing. Dat is een fout.",
    why: "Zonder bestaande gemeente is er niemand die de declaratieregel kan betalen.",
    for_aanbieder: "De gemeentecode op de declaratieregel bestaat niet.",
    needs: needs!("{}", Declaraties(Gemeente)),
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

fn check(kind: &LineKind<'_>, _: &RuleSettings) -> Verdict {
    let c = kind.context;
    let codes = &c.regelset.gemeentecodes;
    if codes.is_empty() {
        return Err(Reason::GeenLijst("gemeentecodes"));
    }
    let in_use = |begin, end| codes.applies(kind.gemeente(), begin, end);
    // A toewijzing keeps the code of a gemeente that was merged since.
    let at_begin = |t: &Toewijzing| in_use(t.ingangsdatum, t.ingangsdatum);
    if in_use(c.first_dag(), c.last_dag()) || kind.toewijzing().is_ok_and(at_begin) {
        return Ok(Ruling::InOrder);
    }
    kind.bevinding(Ernst::Fout)
        .found(format!("gemeentecode {}", kind.gemeente()))
        .expected(format!(
            "een gemeentecode die in {} of bij het begin van de toewijzing in gebruik was",
            c.jaar
        ))
        .into()
}
