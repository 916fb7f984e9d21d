//! Budgets: overrun, run out early, or granted against the agreements.

pub(crate) mod budget_overschreden;
pub(crate) mod budget_verhoogd_na_overschrijding;
pub(crate) mod budget_vroeg_op;
pub(crate) mod geen_standaardbudget;
pub(crate) mod herstel_te_lang;
pub(crate) mod medicatiecontrole_groot_budget;
pub(crate) mod medisch_samen_te_hoog;
pub(crate) mod medische_verwijzing_te_hoog;
pub(crate) mod twee_standaardbudgetten;
pub(crate) mod tweede_budget;

use crate::dossier::{Budgetsoort, Cent, Dag, Kolom, Toewijzing, ToewijzingId, Versie};
use crate::regelset::{Choice, Parameter, RuleSettings};
use crate::toetsing::{Line, Outcomes, ToewijzingGroup};

/// From which day a duurzaam budget's year runs.
pub(super) const JAARSOORT: Parameter<YearKind> = Parameter::new(
    "jaarsoort",
    "of het jaarbudget van een duurzame toewijzing per toewijzingsjaar of per kalenderjaar geldt",
);

/// Years of a duurzaam budget.
#[derive(Clone, Copy)]
pub(super) enum YearKind {
    /// Twelve months from the Ingangsdatum.
    Toewijzingsjaar,
    Kalenderjaar,
}

impl Choice for YearKind {
    const WORDS: &'static [&'static str] = &["toewijzingsjaar", "kalenderjaar"];
    const CHOICES: &'static [YearKind] = &[YearKind::Toewijzingsjaar, YearKind::Kalenderjaar];
}

impl YearKind {
    pub(crate) fn of(settings: &RuleSettings, dag: Dag) -> YearKind {
        settings.at(&JAARSOORT, dag)
    }

    /// Number of the budget year of a delivery that begins on `begin`; what lies before the
    /// Ingangsdatum falls in the first.
    fn jaar(self, ingang: Dag, begin: Dag) -> i32 {
        let begin = begin.max(ingang);
        let jaren = begin.jaar() - ingang.jaar();
        match self {
            YearKind::Kalenderjaar => jaren,
            YearKind::Toewijzingsjaar if ingang.plus_jaren(jaren) > begin => jaren - 1,
            YearKind::Toewijzingsjaar => jaren,
        }
    }

    /// Last day of a budget year, whatever the term's end.
    fn last_dag(self, ingang: Dag, jaar: i32) -> Dag {
        match self {
            YearKind::Toewijzingsjaar => ingang.plus_jaren(jaar + 1).plus_dagen(-1),
            YearKind::Kalenderjaar => Dag::from_jmd(ingang.jaar() + jaar, 12, 31).unwrap_or(ingang),
        }
    }
}

/// In which budget each line falls: one for the whole term, or one a year.
pub(super) fn budgetnummer(kind: Budgetsoort, jaren: YearKind, t: &Versie, begin: Dag) -> i32 {
    match kind {
        Budgetsoort::Herstel => 0,
        Budgetsoort::Duurzaam => jaren.jaar(t.ingangsdatum, begin),
    }
}

/// A line's budget with it: the running sum, and what of the line passes the budget.
pub(super) struct Balance {
    pub sum: Cent,
    pub over: Cent,
}

/// For each line of the group, over all years and in order, the running sum in the budget that it
/// falls in, and what passes that budget.
pub(super) fn balances(
    group: &ToewijzingGroup<'_>,
    v: &Versie,
    budget: Cent,
    kind: Budgetsoort,
    jaren: YearKind,
) -> Vec<Balance> {
    let mut sums: Vec<(i32, Cent)> = Vec::new();
    let mut balance = |line: Line<'_>| {
        let nummer = budgetnummer(kind, jaren, v, line.data.begindatum);
        let slot = sums.iter().position(|(n, _)| *n == nummer).unwrap_or_else(|| {
            sums.push((nummer, Cent::ZERO));
            sums.len() - 1
        });
        let sum = &mut sums[slot].1;
        *sum += line.data.ingediend_bedrag;
        Balance { sum: *sum, over: line.at_most_ingediend((*sum - budget).at_least_zero()) }
    };
    group.lines().map(&mut balance).collect()
}

/// A toewijzing of the audited year whose file has this column; others are counted as they are.
fn with_kolom<'a>(
    group: &ToewijzingGroup<'a>,
    kolom: Kolom,
    out: &mut Outcomes,
) -> Option<(ToewijzingId, &'a Toewijzing)> {
    let (id, t) = group.in_leverjaar()?;
    match group.context.kolom(t.file, kolom) {
        Ok(()) => Some((id, t)),
        Err(reason) => {
            out.not_testable(reason);
            None
        }
    }
}

/// The toewijzing of the audited year with a Budget, and that Budget.
fn with_budget<'a>(
    group: &ToewijzingGroup<'a>,
    out: &mut Outcomes,
) -> Option<(ToewijzingId, &'a Toewijzing, Cent)> {
    let (id, t) = with_kolom(group, Kolom::Budget, out)?;
    let budget = out.known(t.budget())?;
    budget.map(|budget| (id, t, budget))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toewijzingsjaar_runs_twelve_months_from_the_ingangsdatum() {
        let d = |j, m, d| Dag::from_jmd(j, m, d).unwrap();
        let jaar = |i, b| YearKind::Toewijzingsjaar.jaar(i, b);
        assert_eq!(jaar(d(2022, 7, 15), d(2023, 7, 14)), 0);
        assert_eq!(jaar(d(2022, 7, 15), d(2023, 7, 15)), 1);
        assert_eq!(jaar(d(2022, 7, 15), d(2021, 1, 1)), 0);
        assert_eq!(jaar(d(2020, 2, 29), d(2021, 2, 28)), 0);
        assert_eq!(jaar(d(2020, 2, 29), d(2021, 3, 1)), 1);
        assert_eq!(jaar(d(2020, 2, 29), d(2024, 2, 29)), 4);
        assert_eq!(YearKind::Toewijzingsjaar.last_dag(d(2020, 2, 29), 0), d(2021, 2, 28));
        assert_eq!(YearKind::Kalenderjaar.jaar(d(2022, 7, 15), d(2023, 1, 1)), 1);
    }
}
