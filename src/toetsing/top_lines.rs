//! The lines under findings, as far as they are kept: all of a toewijzing, jeugdige or message, the
//! largest of an aanbieder, a gemeente or the dossier.

use crate::dossier::{Cent, Declaratieregel, LineId};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Lines under a finding on an aanbieder, a gemeente or the dossier as a whole that are named at
/// most; the others are counted.
pub const MOST_LINES: usize = 1_000;

/// The lines under a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Underlying {
    /// How many there are, those that aren't named too.
    pub count: u64,
    /// What all of them declare.
    pub sum: Cent,
    pub lines: Vec<LineId>,
    /// What each line carries of the finding's amount, where the rule says so itself; else empty.
    pub(crate) shares: Vec<Cent>,
}

/// A line with what makes it one of the largest: they are in order.
///
/// Of equal amounts the earliest Begindatum goes first, then a fixed order of ReferentieNummers, and
/// last the place in the files: the order of files decides nothing that can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RankedLine {
    pub amount: Reverse<Cent>,
    /// What goes before among equal amounts: see [`Rank::tie`].
    pub tie: u64,
    /// Its number in the whole dossier.
    pub number: u32,
    /// Its number in the part that it was found in.
    pub id: LineId,
}

/// The rank of a line by its amount and Begindatum, which stand in the line itself; its
/// ReferentieNummer, which decides between equal ones, is looked up where that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    amount: Reverse<Cent>,
    begin: u32,
}

impl Rank {
    pub(crate) fn of(line: &Declaratieregel) -> Rank {
        let begin = i64::from(line.begindatum.dagen_since_1970()) - i64::from(i32::MIN);
        Rank { amount: Reverse(line.ingediend_bedrag), begin: begin as u32 }
    }

    /// What goes before among lines of the same amount: the Begindatum, then this number that stands
    /// for the ReferentieNummer.
    pub(crate) fn tie(self, referentie: u32) -> u64 {
        u64::from(self.begin) << 32 | u64::from(referentie)
    }
}

impl RankedLine {
    fn rank(&self) -> Rank {
        Rank { amount: self.amount, begin: (self.tie >> 32) as u32 }
    }
}

/// Which lines are kept of many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kept {
    /// The [`MOST_LINES`] largest.
    #[default]
    Largest,
    All,
}

/// Lines that come in one by one, counted, of which the largest are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TopLines {
    pub kept: Kept,
    pub count: u64,
    pub sum: Cent,
    /// In no order; a few more than are kept in the end.
    lines: Vec<RankedLine>,
    /// Lines that come after this are not among the largest.
    last: Option<Rank>,
}

impl TopLines {
    pub(crate) fn new(kept: Kept) -> TopLines {
        TopLines { kept, ..TopLines::default() }
    }

    /// Those that were kept of so many.
    pub(crate) fn of(kept: Kept, count: u64, sum: Cent, lines: Vec<RankedLine>) -> TopLines {
        TopLines { kept, count, sum, lines, last: None }
    }

    /// Takes a line of this rank; `ranked` is asked only of one that may be kept.
    #[inline]
    pub(crate) fn push(&mut self, rank: Rank, ranked: impl FnOnce() -> RankedLine) {
        self.count += 1;
        self.sum += rank.amount.0;
        if self.last.is_some_and(|last| rank > last) {
            return;
        }
        self.lines.push(ranked());
        if self.lines.len() >= 2 * MOST_LINES {
            self.cut();
        }
    }

    /// Adds those of another part of the lines.
    pub(crate) fn merge(&mut self, part: TopLines) {
        self.kept = part.kept;
        self.count += part.count;
        self.sum += part.sum;
        self.last = [self.last, part.last].into_iter().flatten().min();
        self.lines.extend(part.lines);
        self.cut();
    }

    fn cut(&mut self) {
        if self.kept == Kept::Largest && self.lines.len() > MOST_LINES {
            let (_, last, _) = self.lines.select_nth_unstable(MOST_LINES - 1);
            self.last = Some(last.rank());
            self.lines.truncate(MOST_LINES);
        }
    }

    /// Those that are kept.
    pub(crate) fn lines(&mut self) -> &[RankedLine] {
        self.cut();
        &self.lines
    }

    /// The lines under a finding, by their numbers in the whole dossier.
    pub(crate) fn underlying(&self) -> Underlying {
        let mut all = self.clone();
        let lines = all.lines().iter().map(|l| LineId(l.number)).collect();
        Underlying { count: self.count, sum: self.sum, lines, shares: Vec::new() }
    }
}

/// By the key of a finding that a rule over all lines may come to: the lines that its sums are of. The
/// keys are those of [`super::KeyedSums`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct KeyedLines(BTreeMap<(u32, u32), TopLines>);

impl KeyedLines {
    /// Those of a key.
    pub(crate) fn at(&mut self, key: (u32, u32), kept: Kept) -> &mut TopLines {
        self.0.entry(key).or_insert_with(|| TopLines::new(kept))
    }

    pub(crate) fn add(&mut self, key: (u32, u32), part: TopLines) {
        self.at(key, part.kept).merge(part);
    }

    pub(crate) fn merge(&mut self, part: KeyedLines) {
        part.0.into_iter().for_each(|(key, lines)| self.add(key, lines));
    }

    pub(crate) fn all(&mut self) -> impl Iterator<Item = ((u32, u32), &mut TopLines)> {
        self.0.iter_mut().map(|(key, lines)| (*key, lines))
    }

    /// The lines under a finding with this key; none where there is no such line.
    pub(crate) fn underlying(&self, key: (u32, u32)) -> Underlying {
        self.0.get(&key).map(TopLines::underlying).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(lines: &mut TopLines, line: RankedLine) {
        lines.push(line.rank(), || line);
    }

    /// Few amounts and days: which of equal ones are kept, the rest decides.
    fn line(i: u32) -> RankedLine {
        let amount = Cent(i64::from(i * 7919 % 500));
        let rank = Rank { amount: Reverse(amount), begin: i % 11 };
        RankedLine { amount: rank.amount, tie: rank.tie(i * 31 % 17), number: i, id: LineId(i) }
    }

    fn of(parts: &[std::ops::Range<u32>]) -> (u64, Cent, Vec<u32>) {
        let mut whole = KeyedLines::default();
        for part in parts {
            let mut of_part = KeyedLines::default();
            for i in part.clone() {
                let line = line(i);
                push(of_part.at((1, 0), Kept::Largest), line);
            }
            whole.merge(of_part);
        }
        let found = whole.underlying((1, 0));
        let mut lines: Vec<u32> = found.lines.iter().map(|l| l.0).collect();
        lines.sort_unstable();
        (found.count, found.sum, lines)
    }

    #[test]
    fn the_same_largest_lines_are_kept_whatever_the_parts_and_their_order() {
        let whole = of(&[0..1, 1..9000]);
        let mut largest: Vec<RankedLine> = (0..9000).map(line).collect();
        largest.sort_unstable();
        let mut expected: Vec<u32> = largest[..MOST_LINES].iter().map(|l| l.number).collect();
        expected.sort_unstable();
        assert_eq!(whole.0, 9000);
        assert_eq!(whole.2, expected);
        assert_eq!(of(&[4000..9000, 0..17, 17..4000]), whole);
        assert_eq!(of(&[8999..9000, 0..8999]), whole);
    }

    #[test]
    fn all_lines_are_kept_where_all_are_asked() {
        let mut lines = TopLines::new(Kept::All);
        (0..5000).map(line).for_each(|line| push(&mut lines, line));
        assert_eq!(lines.underlying().lines.len(), 5000);
    }
}
