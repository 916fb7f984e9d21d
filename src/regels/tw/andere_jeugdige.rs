//! TW02: another child's toewijzing.
//!
//! No Bsn is shown: the finding's Jeugdige is the line's. Needs Bsn. Source: iJw TR304.

use crate::dossier::Ernst;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, LineKind, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TW02",
    title: "Toewijzing van een andere jeugdige",
    what: "Het Bsn van de declaratieregel is niet dat van de toewijzing.",
    why: "Een toewijzing geldt voor één jeugdige.",
    for_aanbieder: "De toewijzing is van een andere jeugdige.",
    needs: needs!("{} en {}", Declaraties(ToewijzingNummer, Bsn)),
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

fn check(kind: &LineKind<'_>, _: &RuleSettings) -> Verdict {
    let Some(t) = super::toewijzing(kind)? else { return Ok(Ruling::NotApplicable) };
    if kind.bsn() == t.bsn {
        return Ok(Ruling::InOrder);
    }
    kind.bevinding(Ernst::Fout)
        .found("het Bsn van de declaratieregel is een ander dan dat van de toewijzing")
        .expected("hetzelfde Bsn")
        .toelichting(
            "De declaratieregel telt wel mee bij het budget en het volume van deze toewijzing.",
        )
        .into()
}
