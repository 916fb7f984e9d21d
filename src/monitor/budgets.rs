//! What was used of each budget: of a duurzaam one that of the year in which the peildatum lies.

use super::lines::Peildatum;
use super::values::{day, value_of};
use crate::dossier::{Budgetsoort, Dag};
use crate::frame::{Frame, Made, large, large_or_none, small};
use crate::regelset::RuleValue;
use crate::toetsing::AuditContext;
use std::ops::RangeInclusive;

/// Does a duurzaam budget run by the calendar year, and not by the year of the toewijzing?
fn by_calendar_year(context: &AuditContext<'_>) -> bool {
    matches!(value_of(context, "BU01", "jaarsoort"), Some(RuleValue::Choice("kalenderjaar")))
}

/// First and last day of the budget that holds at the peildatum: the term, or a year of it. A term
/// without an end has none.
fn window(
    by_calendar_year: bool,
    peildatum: Peildatum,
    ingang: Dag,
    einde: Option<Dag>,
    kind: Budgetsoort,
) -> (Dag, Option<Dag>) {
    if kind == Budgetsoort::Herstel {
        return (ingang, einde);
    }
    let at = einde.map_or(peildatum.dag, |e| e.min(peildatum.dag)).max(ingang);
    let (begin, end) = if by_calendar_year {
        let first = Dag::from_jmd(at.jaar(), 1, 1).unwrap_or(at);
        (first.max(ingang), Dag::from_jmd(at.jaar(), 12, 31).unwrap_or(at))
    } else {
        let years = ingang.leeftijd_on(at);
        (ingang.plus_jaren(years), ingang.plus_jaren(years + 1).plus_dagen(-1))
    };
    (begin, Some(einde.map_or(end, |e| e.min(end))))
}

/// What lines on toewijzingen are counted against.
pub(super) struct BudgetTerms {
    /// The budgets of the dossier, with the first and last day of what holds of each (`Van`, `Tot`).
    terms: Frame,
    /// Months of the leverjaar, and those by which a pace is known.
    of_year: RangeInclusive<i64>,
    recent: RangeInclusive<i64>,
}

/// Of these toewijzingen those with a budget of which the kind is known, with the first and last day
/// of the budget that holds (`Van`, `Tot`).
pub(super) fn with_windows(
    context: &AuditContext<'_>,
    peildatum: Peildatum,
    toewijzingen: &Frame,
) -> Made<Frame> {
    let (soort, budget) = (toewijzingen.values("Soort")?, toewijzingen.values("Budget")?);
    let with_budget = toewijzingen.keep(|i| soort[i].is_some() && budget[i].is_some())?;
    let windows = windows(context, peildatum, &with_budget)?;
    let edges: Vec<Option<i64>> = windows.iter().map(|(from, _)| Some(day(*from))).collect();
    let ends = windows.iter().map(|(_, until)| until.map(day)).collect();
    with_budget.and(|_| Ok(large_or_none("Van", edges)))?.and(|_| Ok(large_or_none("Tot", ends)))
}

/// What lines are counted against, by the budgets of these toewijzingen.
pub(super) fn terms(
    context: &AuditContext<'_>,
    peildatum: Peildatum,
    toewijzingen: &Frame,
) -> Made<BudgetTerms> {
    let with_budget = with_windows(context, peildatum, toewijzingen)?;
    let terms = with_budget.only(&["Toewijzing", "Ingang", "Einde", "Soort", "Van", "Tot"])?;
    let [first, last] = [context.first_dag(), context.last_dag()].map(|d| d.maand().into());
    let settings = context.regelset.monitor_settings(context.last_dag());
    let pace = settings.map_or(0, |s| i64::from(s.tempo_maanden));
    let until = i64::from(peildatum.last_whole_month(context));
    Ok(BudgetTerms { terms, of_year: first..=last, recent: until - pace + 1..=until })
}

impl BudgetTerms {
    /// Those of these lines that are on a toewijzing, with what each adds to the sums of it.
    pub(super) fn on_toewijzingen(&self, lines: &Frame) -> Made<Frame> {
        let lines = lines.without("Toewijzing", 0)?;
        let lines = lines.only(&["Toewijzing", "Maand", "Begin", "Bedrag", "Regels"])?;
        let lines = lines.left(&self.terms, &["Toewijzing"])?;
        let (begin, soort) = (lines.counts("Begin")?, lines.values("Soort")?);
        let (ingang, einde) = (lines.counts("Ingang")?, lines.values("Einde")?);
        let (van, tot) = (lines.counts("Van")?, lines.values("Tot")?);
        let (bedrag, regels) = (lines.counts("Bedrag")?, lines.counts("Regels")?);
        let maand = lines.counts("Maand")?;
        // What came before the first year counts in it, what comes after the last in that.
        let in_budget = |i: usize| {
            soort[i].is_some_and(|soort| {
                soort == Budgetsoort::Herstel as i64
                    || ((van[i] <= begin[i] || van[i] == ingang[i])
                        && (tot[i].is_none_or(|t| begin[i] <= t) || tot[i] == einde[i]))
            })
        };
        let in_year = |i: usize| self.of_year.contains(&maand[i]);
        let is_recent = |i: usize| self.recent.contains(&maand[i]);
        let sum = |name: &str, amount: &[i64], counts: &dyn Fn(usize) -> bool| {
            let of_line = |i: usize| if counts(i) { amount[i] } else { 0 };
            large(name, (0..amount.len()).map(of_line).collect())
        };
        let toewijzing = lines.counts("Toewijzing")?.into_iter().map(|id| id as i32).collect();
        Frame::of(vec![
            small("Toewijzing", toewijzing),
            sum("Regels", &regels, &in_year),
            sum("Bedrag", &bedrag, &in_year),
            sum("Recent", &bedrag, &is_recent),
            sum("Gebruikt", &bedrag, &in_budget),
            sum("Budgetregels", &regels, &in_budget),
        ])
    }
}

fn windows(
    context: &AuditContext<'_>,
    peildatum: Peildatum,
    toewijzingen: &Frame,
) -> Made<Vec<(Dag, Option<Dag>)>> {
    let calendar = by_calendar_year(context);
    let (ingang, einde) = (toewijzingen.counts("Ingang")?, toewijzingen.values("Einde")?);
    let soort = toewijzingen.counts("Soort")?;
    let dag = |n: i64| Dag::from_dagen_since_1970(n as i32).unwrap_or(peildatum.dag);
    let of_row = |i: usize| {
        let kind = match soort[i] {
            n if n == Budgetsoort::Herstel as i64 => Budgetsoort::Herstel,
            _ => Budgetsoort::Duurzaam,
        };
        window(calendar, peildatum, dag(ingang[i]), einde[i].map(dag), kind)
    };
    Ok((0..toewijzingen.rows()).map(of_row).collect())
}
