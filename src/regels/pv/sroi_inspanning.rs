//! PV05: an aanbieder large enough for a social return effort.
//!
//! Over the contract's periods of two years. The audited year by its live lines, the other by its
//! omzet rows or else its live lines; without what the contract isn't about. Source: ID 4.5, 1.2.1.

use crate::dossier::{Cent, Ernst, Kolom, OmzetRow, SmallRow};
use crate::regels::scope::{ContractScope, OUTSIDE};
use crate::regelset::{Parameter, RuleSettings, Year};
use crate::toetsing::{AanbiederGroup, Check, Line, Outcomes, Reason, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "PV05",
    title: "SROI-inspanning verschuldigd",
    what: "De omzet van de aanbieder over de contractperiode bereikt de drempel voor een inspanning op het gebied van social return, zonder wat buiten deze overeenkomst valt. Dat is een signaal, ook als wat van één jaar bekend is de drempel al haalt.",
    why: "Boven de drempel vraagt het contract een inspanning voor mensen met een afstand tot de arbeidsmarkt.",
    for_aanbieder: "U bent een inspanning voor social return verschuldigd.",
    needs: needs!("{} of omzet van beide jaren van de contractperiode", Declaraties()),
    parameters: &[THRESHOLD.spec(), EERSTE_JAAR.spec(), JAREN.spec(), OUTSIDE.spec()],
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
    if group.jaarsom(c.jaar).is_none() {
        return;
    }
    let dag = c.last_dag();
    let first = settings.at(&EERSTE_JAAR, dag);
    let jaren = (settings.at(&JAREN, dag) as i32).max(1);
    let scope = ContractScope::on(settings, dag);
    let begin = c.jaar - (c.jaar - first).rem_euclid(jaren);
    let mut sum = of_lines(group, c.jaar, &scope).unwrap_or_default();
    let mut unknown: Option<Reason> = None;
    for jaar in (begin..begin + jaren).filter(|j| *j != c.jaar) {
        let omzet = match of_omzet(group, jaar, &scope) {
            Ok(None) => of_lines(group, jaar, &scope).ok_or(Reason::OmzetAnderJaarOnbekend),
            Ok(Some(omzet)) => Ok(omzet),
            Err(reason) => Err(reason),
        };
        match omzet {
            Ok(omzet) => sum += omzet,
            Err(reason) => unknown = unknown.or(Some(reason)),
        }
    }
    let threshold = settings.at(&THRESHOLD, dag);
    if sum < threshold
        && let Some(reason) = unknown
    {
        return out.not_testable(reason);
    }
    out.tested();
    if sum >= threshold {
        let mut b = group
            .bevinding(Ernst::Signaal)
            .found(format!("omzet {sum} over {begin} tot en met {}", begin + jaren - 1))
            .expected(format!("een SROI-inspanning vanaf {threshold}"));
        if unknown.is_some() {
            b = b.also("Van een jaar van de contractperiode is geen omzet bekend.");
        }
        out.bevinding(b);
    }
}

/// What the live lines of a year come to, without what the contract isn't about; `None` for a year
/// without any line.
fn of_lines(group: &AanbiederGroup<'_>, jaar: i32, scope: &ContractScope<'_>) -> Option<Cent> {
    group.jaarsom(jaar)?;
    let counts = |l: &Line<'_>| l.data.counts() && l.data.einddatum.jaar() == jaar;
    let inside = group.lines().filter(counts).filter(|l| !scope.excludes(l.product));
    Some(inside.map(|l| l.data.ingediend_bedrag).sum())
}

/// The same of the rows of `omzet`; one without product counts whole.
fn of_omzet(
    group: &AanbiederGroup<'_>,
    jaar: i32,
    scope: &ContractScope<'_>,
) -> Result<Option<Cent>, Reason> {
    let c = group.context;
    let rows: Vec<&OmzetRow> = c.omzet_of(group.aanbieder.agb, jaar).collect();
    if rows.is_empty() {
        return Ok(None);
    }
    rows.iter().try_for_each(|row| row.readable(Kolom::ProductCode))?;
    let is_inside = |row: &&OmzetRow| {
        let mut of_code = c.regelset.products_with(&row.product_code).peekable();
        of_code.peek().is_none() || of_code.any(|p| !scope.excludes_row(p))
    };
    Ok(Some(rows.into_iter().filter(is_inside).map(|row| row.omzet).sum()))
}
