//! PV05: an aanbieder large enough for a social return effort.
//!
//! Over the contract's periods of two years. The audited year by its live lines, the other by its
//! omzet rows or else its live lines. Source: ID 4.5.

use crate::dossier::{Cent, Ernst};
use crate::regelset::{Parameter, RuleSettings, Year};
use crate::toetsing::{AanbiederGroup, Check, Outcomes, Reason, Rule};

pub(crate) static RULE: Rule = Rule {
    code: "PV05",
    title: "SROI-inspanning verschuldigd",
    what: "De omzet van de aanbieder over de contractperiode bereikt de drempel voor een inspanning op het gebied van social return. Dat is een signaal.",
    why: "Boven de drempel vraagt het contract een inspanning voor mensen met een afstand tot de arbeidsmarkt.",
    needs: "declaraties of omzet van beide jaren van de contractperiode",
    parameters: &[THRESHOLD.spec(), EERSTE_JAAR.spec(), JAREN.spec()],
    checks: &[Check::Aanbieder(check)],
    ..Rule::BASE
};

const THRESHOLD: Parameter<Cent> =
    Parameter::new("drempel", "omzet over de contractperiode vanaf waar de inspanning geldt");

const EERSTE_JAAR: Parameter<Year> =
    Parameter::new("eerste_jaar", "eerste jaar van de eerste contractperiode");

const JAREN: Parameter<i64> = Parameter::new("jaren", "jaren van een contractperiode");

fn check(group: &AanbiederGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    let Some(now) = group.jaarsom(c.jaar) else { return };
    let dag = c.last_dag();
    let first = settings.at(&EERSTE_JAAR, dag);
    let jaren = (settings.at(&JAREN, dag) as i32).max(1);
    let begin = c.jaar - (c.jaar - first).rem_euclid(jaren);
    let mut sum = now;
    for jaar in (begin..begin + jaren).filter(|j| *j != c.jaar) {
        match omzet_of(group, jaar) {
            Some(omzet) => sum += omzet,
            None => return out.not_testable(Reason::OmzetAnderJaarOnbekend),
        }
    }
    out.tested();
    let threshold = settings.at(&THRESHOLD, dag);
    if sum >= threshold {
        out.bevinding(
            group
                .bevinding(Ernst::Signaal)
                .found(format!("omzet {sum} over {begin} tot en met {}", begin + jaren - 1))
                .expected(format!("een SROI-inspanning vanaf {threshold}")),
        );
    }
}

fn omzet_of(group: &AanbiederGroup<'_>, jaar: i32) -> Option<Cent> {
    let mut omzet = group.context.omzet_of(group.aanbieder.agb, jaar).map(|o| o.omzet).peekable();
    if omzet.peek().is_none() { group.jaarsom(jaar) } else { Some(omzet.sum()) }
}
