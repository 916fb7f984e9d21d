//! TW14: declared for a month after help had ended.
//!
//! Start and stop messages are no ground to refuse a line: a signal only. Needs stop messages with
//! RedenBeeindiging. Source: ID eis 47, 84; iJw OP364.

use crate::dossier::Ernst;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TW14",
    title: "Gedeclareerd na de stop",
    what: "De maand van de declaratieregel (die van de Einddatum) ligt geheel na de laatste definitieve stop op de toewijzing, en daarna is geen start gemeld. Dat is een signaal.",
    why: "Na een definitieve stop is er geen levering; een vergeten start of een onjuiste stop kan de verklaring zijn.",
    for_aanbieder: "De hulp is gedeclareerd na de gemelde stop.",
    needs: needs!("startstop met {}", Startstop(RedenBeeindiging)),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, _: &RuleSettings) -> Verdict {
    if super::toewijzing(line)?.is_none() {
        return Ok(Ruling::NotApplicable);
    }
    let Some(stop) = line.course()?.ended() else { return Ok(Ruling::InOrder) };
    if line.maand().begin() <= stop {
        return Ok(Ruling::InOrder);
    }
    line.bevinding(Ernst::Signaal)
        .found(format!("levering in een maand na de stop van {stop}"))
        .expected("geen levering na een definitieve stop, of een nieuwe start")
        .toelichting(
            "Start- en stopberichten zijn op zich geen grond om een declaratieregel af te wijzen.",
        )
        .into()
}
