//! What is wrong with messages beside the rules: counted for whoever sent them, and no finding.

use super::{Agb, Dossier, FileKind, Startstop};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A way in which a message is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BerichtFault {
    WithoutToewijzing,
    NeverSent,
    SecondStart,
    SecondStop,
    NoMonth,
    Reference,
    TariefInEuros,
}

impl BerichtFault {
    /// All of them, in their order.
    const ALL: [BerichtFault; 7] = [
        BerichtFault::WithoutToewijzing,
        BerichtFault::NeverSent,
        BerichtFault::SecondStart,
        BerichtFault::SecondStop,
        BerichtFault::NoMonth,
        BerichtFault::Reference,
        BerichtFault::TariefInEuros,
    ];

    /// Words for people, with what the national standard calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            BerichtFault::WithoutToewijzing => "start of stop zonder toewijzing",
            BerichtFault::NeverSent => "verwijdering van wat nooit is verzonden",
            BerichtFault::SecondStart => "tweede start zonder stop ertussen",
            BerichtFault::SecondStop => "tweede stop zonder start ertussen",
            BerichtFault::NoMonth => "declaratieperiode is geen kalendermaand (CS340)",
            BerichtFault::Reference => "credit zonder of debet met VorigReferentieNummer (CD087)",
            BerichtFault::TariefInEuros => "Eenheid 83 met een ProductTarief",
        }
    }
}

/// Ways in which one JW323 is wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultSet(u8);

impl FaultSet {
    pub(crate) fn insert(&mut self, fault: BerichtFault) {
        self.0 |= 1 << fault as u8;
    }

    fn iter(self) -> impl Iterator<Item = BerichtFault> {
        BerichtFault::ALL.into_iter().filter(move |fault| self.0 & (1 << *fault as u8) != 0)
    }
}

/// How many messages of each aanbieder are wrong, in each way. Counts of parts add up to those of the
/// whole; one of a part alone may be below zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FaultCounts(BTreeMap<Agb, [i64; BerichtFault::ALL.len()]>);

impl FaultCounts {
    /// Counts so many more.
    pub(crate) fn add(&mut self, agb: Agb, fault: BerichtFault, count: i64) {
        self.0.entry(agb).or_default()[fault as usize] += count;
    }

    /// Adds those of another part.
    pub(crate) fn merge(&mut self, other: &FaultCounts) {
        for (agb, counts) in &other.0 {
            let whole = self.0.entry(*agb).or_default();
            whole.iter_mut().zip(counts).for_each(|(whole, added)| *whole += added);
        }
    }

    /// Those of declarations too.
    pub(crate) fn with_declaraties(
        &self,
        berichten: impl Iterator<Item = (Agb, FaultSet)>,
    ) -> FaultCounts {
        let mut all = self.clone();
        for (afzender, faults) in berichten {
            faults.iter().for_each(|fault| all.add(afzender, fault, 1));
        }
        all
    }

    /// Each aanbieder with each way in which messages of its are wrong, and how many are.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (Agb, BerichtFault, u64)> + '_ {
        self.0.iter().flat_map(|(agb, counts)| {
            BerichtFault::ALL.into_iter().zip(counts).filter_map(|(fault, count)| {
                let count = u64::try_from(*count).ok().filter(|n| *n > 0)?;
                Some((*agb, fault, count))
            })
        })
    }
}

impl Dossier {
    /// What is wrong with the starts and stops. The first start and the last stop hold.
    pub(crate) fn startstop_faults(&self) -> FaultCounts {
        let mut counts = self.removals.clone();
        let Some(table) = &self.startstop else { return counts };
        if self.has_kind(FileKind::Toewijzingen) {
            for b in table.without_toewijzing() {
                counts.add(b.aanbieder, BerichtFault::WithoutToewijzing, 1);
            }
        }
        for berichten in table.per_toewijzing() {
            order_faults(berichten, &mut counts);
        }
        counts
    }
}

/// Starts and stops of one toewijzing, in the order of their days.
fn order_faults(berichten: &[Startstop], counts: &mut FaultCounts) {
    let mut running = false;
    let mut last_stop: Option<&Startstop> = None;
    for day in berichten.chunk_by(|a, b| a.datum == b.datum) {
        // What runs stops before it starts again on one day.
        let (first, then): (Vec<_>, Vec<_>) = day.iter().partition(|b| b.is_start() != running);
        for b in first.into_iter().chain(then) {
            if b.is_start() {
                if running {
                    counts.add(b.aanbieder, BerichtFault::SecondStart, 1);
                }
                (running, last_stop) = (true, None);
            } else {
                // A stop for good may follow one for a while.
                // Of a stop whose reason can't be read nothing is wrong.
                let follows = |s: &Startstop| {
                    s.is_final_stop() == Ok(true) || b.is_temporary_stop() == Ok(true)
                };
                if last_stop.is_some_and(follows) {
                    counts.add(b.aanbieder, BerichtFault::SecondStop, 1);
                }
                (running, last_stop) = (false, Some(b));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        BerichtKind, Bsn, Columns, Dag, FileId, Gemeente, RedenBeeindiging, WordId,
    };
    use super::*;

    fn counts(days: &[(&str, u32)]) -> Vec<(BerichtFault, u64)> {
        let bericht = |(what, day): &(&str, u32)| {
            let is_start = *what == "start";
            let soort = if is_start { BerichtKind::Start } else { BerichtKind::Stop };
            let whose = (Gemeente(193), Agb(99_000_001), Bsn(999_900_006));
            let datum = Dag::from_jmd(2023, 3, *day).unwrap();
            let reden = RedenBeeindiging(if *what == "pauze" { 20 } else { 31 });
            Startstop::new(WordId(1), whose, soort, datum, (FileId(0), 2)).with_cells(
                None,
                (!is_start).then_some(reden),
                Columns::default(),
            )
        };
        let mut out = FaultCounts::default();
        order_faults(&days.iter().map(bericht).collect::<Vec<_>>(), &mut out);
        out.rows().map(|(_, fault, n)| (fault, n)).collect()
    }

    #[test]
    fn a_start_that_runs_and_a_stop_of_what_stands_still_are_counted() {
        let [start, stop] = [BerichtFault::SecondStart, BerichtFault::SecondStop];
        for (days, expected) in [
            (&[("start", 1), ("stop", 9)][..], vec![]),
            (&[("start", 1), ("start", 2), ("stop", 9)], vec![(start, 1)]),
            (&[("start", 1), ("stop", 8), ("stop", 9)], vec![(stop, 1)]),
            (&[("start", 1), ("pauze", 8), ("stop", 9)], vec![]),
            (&[("start", 1), ("pauze", 8), ("pauze", 9)], vec![(stop, 1)]),
            // On one day it stopped and went on.
            (&[("start", 1), ("start", 8), ("pauze", 8), ("stop", 9)], vec![]),
            (&[("start", 1), ("stop", 1)], vec![]),
        ] {
            assert_eq!(counts(days), expected, "{days:?}");
        }
    }
}
