//! What was used of each budget: of a duurzaam one that of the year in which the peildatum lies.

use super::frame::{Frame, Made, large_or_none};
use super::sources::{Sources, day};
use crate::dossier::{Budgetsoort, Dag};
use crate::regelset::RuleValue;

/// Does a duurzaam budget run by the calendar year, and not by the year of the toewijzing?
fn by_calendar_year(s: &Sources<'_>) -> bool {
    matches!(s.value("BU01", "jaarsoort"), Some(RuleValue::Choice("kalenderjaar")))
}

/// First and last day of the budget that holds at the peildatum: the term, or a year of it. A term
/// without an end has none.
fn window(
    s: &Sources<'_>,
    ingang: Dag,
    einde: Option<Dag>,
    kind: Budgetsoort,
) -> (Dag, Option<Dag>) {
    if kind == Budgetsoort::Herstel {
        return (ingang, einde);
    }
    let at = einde.map_or(s.peildatum.dag, |e| e.min(s.peildatum.dag)).max(ingang);
    let (begin, end) = if by_calendar_year(s) {
        let first = Dag::from_jmd(at.jaar(), 1, 1).unwrap_or(at);
        (first.max(ingang), Dag::from_jmd(at.jaar(), 12, 31).unwrap_or(at))
    } else {
        let years = ingang.leeftijd_on(at);
        (ingang.plus_jaren(years), ingang.plus_jaren(years + 1).plus_dagen(-1))
    };
    (begin, Some(einde.map_or(end, |e| e.min(end))))
}

/// What was used of each budget, made once.
pub(super) fn of<'s>(s: &'s Sources<'_>) -> Made<&'s Frame> {
    if let Some(used) = s.used.get() {
        return Ok(used);
    }
    let used = used(s, &s.toewijzingen.frame)?;
    Ok(s.used.get_or_init(|| used))
}

/// These toewijzingen, those of which the kind of budget is known, with the first and last day of the
/// budget that holds (`Van`, `Tot`), what was used of it and the number of lines (`Gebruikt`,
/// `Budgetregels`).
fn used(s: &Sources<'_>, toewijzingen: &Frame) -> Made<Frame> {
    let (soort, budget) = (toewijzingen.values("Soort")?, toewijzingen.values("Budget")?);
    let with_budget = toewijzingen.keep(|i| soort[i].is_some() && budget[i].is_some())?;
    let windows = windows(s, &with_budget)?;
    let edges: Vec<Option<i64>> = windows.iter().map(|(from, _)| Some(day(*from))).collect();
    let ends = windows.iter().map(|(_, until)| until.map(day)).collect();
    let with_budget = with_budget
        .and(|_| Ok(large_or_none("Van", edges)))?
        .and(|_| Ok(large_or_none("Tot", ends)))?;
    let lines =
        s.lines.without("Toewijzing", 0)?.only(&["Toewijzing", "Begin", "Bedrag", "Regels"])?;
    let terms = with_budget.only(&["Toewijzing", "Ingang", "Einde", "Soort", "Van", "Tot"])?;
    let lines = lines.inner(&terms, &["Toewijzing"])?;
    let (begin, soort) = (lines.counts("Begin")?, lines.counts("Soort")?);
    let (ingang, einde) = (lines.counts("Ingang")?, lines.values("Einde")?);
    let (van, tot) = (lines.counts("Van")?, lines.values("Tot")?);
    // What came before the first year counts in it, what comes after the last in that.
    let in_budget = |i: usize| {
        soort[i] == Budgetsoort::Herstel as i64
            || ((van[i] <= begin[i] || van[i] == ingang[i])
                && (tot[i].is_none_or(|t| begin[i] <= t) || tot[i] == einde[i]))
    };
    let sums = lines.keep(in_budget)?.sums(&["Toewijzing"], &["Bedrag", "Regels"])?;
    let sums = sums.called("Bedrag", "Gebruikt")?.called("Regels", "Budgetregels")?;
    with_budget.left(&sums, &["Toewijzing"])
}

fn windows(s: &Sources<'_>, toewijzingen: &Frame) -> Made<Vec<(Dag, Option<Dag>)>> {
    let (ingang, einde) = (toewijzingen.counts("Ingang")?, toewijzingen.values("Einde")?);
    let soort = toewijzingen.counts("Soort")?;
    let dag = |n: i64| Dag::from_dagen_since_1970(n as i32).unwrap_or(s.peildatum.dag);
    let of_row = |i: usize| {
        let kind = match soort[i] {
            n if n == Budgetsoort::Herstel as i64 => Budgetsoort::Herstel,
            _ => Budgetsoort::Duurzaam,
        };
        window(s, dag(ingang[i]), einde[i].map(dag), kind)
    };
    Ok((0..toewijzingen.rows()).map(of_row).collect())
}
