//! TW04: another gemeente's toewijzing.
//!
//! The number exists only in one other gemeente than the line's. Needs Gemeente.
//! Source: RTP bijlage 6 (woonplaatsbeginsel).

use crate::dossier::Ernst;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, LineKind, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TW04",
    title: "Toewijzing van een andere gemeente",
    what: "Het ToewijzingNummer van de declaratieregel bestaat niet in de eigen gemeente, maar wel in precies één andere.",
    why: "Naar het woonplaatsbeginsel betaalt de gemeente die toewees.",
    for_aanbieder: "De toewijzing is van een andere gemeente.",
    needs: needs!("{} en {}", Declaraties(ToewijzingNummer, Gemeente)),
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

fn check(kind: &LineKind<'_>, _: &RuleSettings) -> Verdict {
    let Some(t) = super::toewijzing(kind)? else { return Ok(Ruling::NotApplicable) };
    if kind.gemeente() == t.gemeente {
        return Ok(Ruling::InOrder);
    }
    kind.bevinding(Ernst::Fout)
        .found(format!("gedeclareerd bij gemeente {}", kind.gemeente()))
        .expected(format!("gemeente {} van de toewijzing", t.gemeente))
        .toelichting("De declaratieregel telt mee bij het budget en het volume van die toewijzing.")
        .into()
}
