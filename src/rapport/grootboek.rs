//! What the ledger has beside the live lines of the year, and which steps of the Aansluiting make up
//! the difference.

use super::Rapport;
use crate::dossier::{Cent, Gemeente};
use crate::toetsing::{StepCounts, TESTED};

/// Steps that a ledger may hold besides the live lines of the year, or may have booked off: what each
/// adds to it, and how people say it.
const MAY_DIFFER: [(&str, i64, &str); 6] = [
    ("andere_jaren", 1, "van een ander leverjaar"),
    ("omgekeerd", 1, "met een omgekeerde periode"),
    ("afgewezen", 1, "afgewezen door de gemeente"),
    ("teruggenomen", 1, "teruggenomen door een creditregel"),
    ("credit_zonder_debet", -1, "creditregels zonder debetregel"),
    ("credit_dubbel", -1, "dubbele creditregels"),
];

/// A step that makes up a difference, or a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LedgerStep {
    /// Stable key for programs.
    pub key: &'static str,
    pub words: &'static str,
    pub bedrag: Cent,
}

/// An amount of the ledger beside what was declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LedgerRow {
    /// None for all together.
    pub gemeente: Option<Gemeente>,
    pub ledger: Cent,
    /// The live lines of the year.
    pub live: Cent,
    /// The steps that come to the difference; none where no steps do.
    pub because: Option<Vec<LedgerStep>>,
}

impl LedgerRow {
    fn of(gemeente: Option<Gemeente>, ledger: Cent, steps: &StepCounts) -> LedgerRow {
        let (_, live) = steps.of(TESTED);
        LedgerRow { gemeente, ledger, live, because: explain(ledger - live, steps) }
    }

    pub(crate) fn difference(&self) -> Cent {
        self.ledger - self.live
    }

    /// In words: whether it fits, and what makes up the difference.
    pub(crate) fn outcome(&self) -> String {
        match self.because.as_deref() {
            Some([]) => "sluit aan".to_owned(),
            Some(steps) => {
                let each: Vec<String> =
                    steps.iter().map(|s| format!("{} ({})", s.words, s.bedrag)).collect();
                format!("verklaard door: {}", each.join(", "))
            }
            None => "niet verklaard door stappen van de aansluiting".to_owned(),
        }
    }
}

impl Rapport<'_> {
    /// Of whom a row of the ledger is.
    pub(crate) fn ledger_name(&self, row: &LedgerRow) -> String {
        match row.gemeente {
            None => "Alle gemeenten".to_owned(),
            Some(gemeente) => format!("{gemeente} {}", self.name_of_gemeente(gemeente)),
        }
    }

    /// Each amount of the ledger beside what was declared, all together first; none where the dossier
    /// states none.
    pub(crate) fn ledger(&self) -> Vec<LedgerRow> {
        let Some(stated) = &self.grootboek else { return Vec::new() };
        let none = StepCounts::default();
        let all = stated.total.map(|total| LedgerRow::of(None, total, &self.aansluiting.all));
        let each = stated.per_gemeente.iter().map(|(gemeente, bedrag)| {
            let steps = self.aansluiting.per_gemeente.get(gemeente).unwrap_or(&none);
            LedgerRow::of(Some(*gemeente), *bedrag, steps)
        });
        all.into_iter().chain(each).collect()
    }
}

/// The fewest steps that together are exactly this difference; of equally few the first ones.
fn explain(difference: Cent, steps: &StepCounts) -> Option<Vec<LedgerStep>> {
    let candidates: Vec<LedgerStep> = MAY_DIFFER
        .into_iter()
        .map(|(key, sign, words)| LedgerStep { key, words, bedrag: Cent(steps.of(key).1.0 * sign) })
        .filter(|step| step.bedrag != Cent::ZERO)
        .collect();
    let chosen = |set: u32| {
        candidates.iter().enumerate().filter(move |(i, _)| set >> i & 1 == 1).map(|(_, step)| *step)
    };
    let fits = |set: &u32| chosen(*set).map(|step| step.bedrag).sum::<Cent>() == difference;
    let sets = (0..1_u32 << candidates.len()).filter(fits);
    let fewest = sets.min_by_key(|set| set.count_ones())?;
    Some(chosen(fewest).collect())
}
