//! Lines brought together by the key of a scope and put in order, once for all rules of it.

use super::context::AuditContext;
use crate::dossier::{AanbiederId, Bsn, Dag, Declaratieregel, Dossier, LineId, ToewijzingId};
use rayon::prelude::*;
use std::ops::Range;

/// Lines in groups that share a key.
pub(crate) struct Groups {
    lines: Vec<LineId>,
    /// The key of each group, and where its lines end.
    groups: Vec<(u64, u32)>,
}

/// Are the lines of a group put in the order of the specification, or left as the files have them?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ordering {
    Order,
    File,
}

/// Lines that follow each other and have one key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct KeyRun {
    key: u64,
    begin: u32,
    length: u32,
}

/// Lines of which the runs are looked for together; a run that goes on in the next ones is cut.
const LINES_PER_PART: usize = 1 << 16;

/// Runs of lines, and where those begin that must be in order and aren't.
#[derive(Default)]
struct KeyRuns {
    all: Vec<KeyRun>,
    unordered: Vec<u32>,
    /// Key and Begindatum of the line before.
    previous: Option<(u64, Dag)>,
}

impl KeyRuns {
    /// Takes the next line, with its key. `ordering` asks for lines in order.
    #[inline]
    fn take(&mut self, dossier: &Dossier, ordering: Ordering, id: u32, key: Option<u64>) {
        let begindatum = dossier.line(LineId(id)).begindatum;
        let previous = std::mem::replace(&mut self.previous, key.map(|s| (s, begindatum)));
        match (key, self.all.last_mut(), previous) {
            (Some(key), Some(run), Some((of_previous, earlier))) if key == of_previous => {
                run.length += 1;
                // The first field of the order settles most.
                if ordering == Ordering::Order
                    && earlier >= begindatum
                    && self.unordered.last() != Some(&run.begin)
                    && dossier.compare(LineId(id - 1), LineId(id)).is_gt()
                {
                    self.unordered.push(run.begin);
                }
            }
            (Some(key), ..) => self.all.push(KeyRun { key, begin: id, length: 1 }),
            (None, ..) => {}
        }
    }
}

/// Where the runs are of all lines for which `key` gives a key, in parts of the lines.
fn runs(
    dossier: &Dossier,
    ordering: Ordering,
    key: impl Fn(&Declaratieregel) -> Option<u64> + Sync,
) -> Vec<KeyRuns> {
    let count = dossier.lines.len();
    (0..count.div_ceil(LINES_PER_PART))
        .into_par_iter()
        .map(|part| {
            let range = part * LINES_PER_PART..((part + 1) * LINES_PER_PART).min(count);
            let mut out = KeyRuns::default();
            for (id, line) in (range.start as u32..).zip(&dossier.lines[range]) {
                out.take(dossier, ordering, id, key(line));
            }
            out
        })
        .collect()
}

impl Groups {
    /// Groups the lines for which `key` gives a key; groups come in the order of their keys.
    /// Lines with one key often follow each other: such runs are sorted, not the lines.
    fn new(
        dossier: &Dossier,
        ordering: Ordering,
        key: impl Fn(&Declaratieregel) -> Option<u64> + Sync,
    ) -> Self {
        let parts = runs(dossier, ordering, key);
        let mut reeksen: Vec<KeyRun> = Vec::with_capacity(parts.iter().map(|d| d.all.len()).sum());
        let mut unordered: Vec<u32> = Vec::new();
        for part in parts {
            reeksen.extend(part.all);
            unordered.extend(part.unordered);
        }
        reeksen.par_sort_unstable();
        let count: usize = reeksen.iter().map(|r| r.length as usize).sum();
        let mut out = Groups { lines: Vec::with_capacity(count), groups: Vec::new() };
        let mut to_sort: Vec<usize> = Vec::new();
        for KeyRun { key, begin, length } in reeksen {
            out.lines.extend((begin..begin + length).map(LineId));
            let end = out.lines.len() as u32;
            let is_unordered = match out.groups.last_mut() {
                Some((previous, until)) if *previous == key => {
                    *until = end;
                    true
                }
                _ => {
                    out.groups.push((key, end));
                    !unordered.is_empty() && unordered.binary_search(&begin).is_ok()
                }
            };
            let place = out.groups.len() - 1;
            if is_unordered && to_sort.last() != Some(&place) {
                to_sort.push(place);
            }
        }
        if ordering == Ordering::Order {
            out.sort(dossier, &to_sort);
        }
        out
    }

    /// Puts the lines of these groups, of which the places ascend, in the order of the specification.
    fn sort(&mut self, dossier: &Dossier, groups: &[usize]) {
        let ranges: Vec<Range<usize>> = groups.iter().map(|i| self.range(*i)).collect();
        let mut rest = self.lines.as_mut_slice();
        let mut begin = 0;
        let per_group: Vec<&mut [LineId]> = ranges
            .into_iter()
            .map(|range| {
                let from = std::mem::take(&mut rest).split_at_mut(range.start - begin).1;
                let (group, then) = from.split_at_mut(range.len());
                (rest, begin) = (then, range.end);
                group
            })
            .collect();
        per_group.into_par_iter().for_each(|group| {
            group.sort_unstable_by(|a, b| dossier.compare(*a, *b));
        });
    }

    pub(crate) fn count(&self) -> usize {
        self.groups.len()
    }

    /// Places of the lines of group `i` among all.
    fn range(&self, i: usize) -> Range<usize> {
        let begin = if i == 0 { 0 } else { self.groups[i - 1].1 };
        begin as usize..self.groups[i].1 as usize
    }

    /// Group `i`: its key and its lines.
    fn group(&self, i: usize) -> (u64, &[LineId]) {
        (self.groups[i].0, &self.lines[self.range(i)])
    }

    /// Lines of this key, empty where there are none.
    fn of(&self, key: u64) -> &[LineId] {
        match self.groups.binary_search_by_key(&key, |(k, _)| *k) {
            Ok(i) => self.group(i).1,
            Err(_) => &[],
        }
    }
}

/// Live lines by the toewijzing that they name; those of a number that no toewijzing has are
/// together by gemeente and number, behind the others, and those without a number behind all.
/// Reversed lines are left out: they count nowhere.
pub(crate) struct ByToewijzing(Groups);

/// Some groups whole, or a part of the lines of a large one.
pub(crate) struct WorkItem {
    pub groups: Range<usize>,
    /// Places of lines: see [`ByToewijzing::lines`].
    pub lines: Range<usize>,
}

impl ByToewijzing {
    /// Key of lines of a number that no toewijzing has, with the gemeente and the number in it.
    const UNKNOWN: u64 = 1 << 62;
    const WITHOUT_NUMMER: u64 = 1 << 63;

    pub(crate) fn new(dossier: &Dossier) -> ByToewijzing {
        ByToewijzing(Groups::new(dossier, Ordering::Order, Self::key))
    }

    /// Only the lines on these toewijzingen.
    pub(crate) fn of_those(
        dossier: &Dossier,
        holds: impl Fn(ToewijzingId) -> bool + Sync,
    ) -> ByToewijzing {
        let key = |r: &Declaratieregel| Self::key(r).filter(|_| r.toewijzing.is_some_and(&holds));
        ByToewijzing(Groups::new(dossier, Ordering::Order, key))
    }

    fn key(r: &Declaratieregel) -> Option<u64> {
        if !r.counts() {
            return None;
        }
        Some(match r.toewijzing {
            Some(id) => id.place() as u64,
            None if r.toewijzing_nummer.is_empty() => Self::WITHOUT_NUMMER,
            None => {
                let nummer = u64::from(r.toewijzing_nummer.0);
                Self::UNKNOWN | u64::from(r.gemeente.0) << 32 | nummer
            }
        })
    }

    pub(crate) fn count(&self) -> usize {
        self.0.count()
    }

    /// Lines on a toewijzing, of all years.
    pub(crate) fn of(&self, id: ToewijzingId) -> &[LineId] {
        self.0.of(id.place() as u64)
    }

    /// All lines that count, a group after the other.
    pub(crate) fn lines(&self) -> &[LineId] {
        &self.0.lines
    }

    /// All groups and all their lines, in pieces of about so many lines.
    pub(crate) fn pieces(&self, lines_per_piece: usize) -> Vec<WorkItem> {
        let mut stukken = Vec::new();
        let mut groups = 0..0;
        let mut lines = 0..0;
        for i in 0..self.count() {
            let range = self.0.range(i);
            if range.len() >= lines_per_piece {
                // Its lines are many: others can look at some of them meanwhile.
                stukken.push(WorkItem { groups, lines });
                let begin = range.clone().step_by(lines_per_piece);
                stukken.extend(begin.map(|of| WorkItem {
                    groups: 0..0,
                    lines: of..(of + lines_per_piece).min(range.end),
                }));
                stukken.push(WorkItem { groups: i..i + 1, lines: 0..0 });
                (groups, lines) = (i + 1..i + 1, range.end..range.end);
                continue;
            }
            groups.end = i + 1;
            lines.end = range.end;
            if lines.len() >= lines_per_piece {
                stukken.push(WorkItem { groups, lines });
                (groups, lines) = (i + 1..i + 1, range.end..range.end);
            }
        }
        stukken.push(WorkItem { groups, lines });
        stukken
    }

    /// Group `i`: its toewijzing, if there is one, and its lines in order.
    pub(crate) fn group(&self, i: usize, dossier: &Dossier) -> (Option<ToewijzingId>, &[LineId]) {
        let (place, lines) = self.0.group(i);
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        let id = (place < dossier.toewijzingen.len()).then(|| ToewijzingId::new(place));
        (id, lines)
    }
}

/// Lines that count in the audited year, by Bsn, as the files have them.
pub(crate) struct ByJeugdige(Groups);

impl ByJeugdige {
    /// Only those of the jeugdigen for whom `holds`.
    pub(crate) fn of_those(
        context: &AuditContext<'_>,
        holds: impl Fn(Bsn) -> bool + Sync,
    ) -> ByJeugdige {
        let key = |r: &Declaratieregel| Self::key(context, r).filter(|_| holds(r.bsn));
        ByJeugdige(Groups::new(context.dossier, Ordering::File, key))
    }

    /// The lines that count in other years instead.
    pub(crate) fn in_other_years(context: &AuditContext<'_>) -> ByJeugdige {
        let other = |r: &Declaratieregel| r.counts() && !context.in_leverjaar(r);
        let key = |r: &Declaratieregel| (other(r) && r.bsn != Bsn::NONE).then_some(r.bsn.0.into());
        ByJeugdige(Groups::new(context.dossier, Ordering::File, key))
    }

    pub(crate) fn of(&self, bsn: Bsn) -> &[LineId] {
        self.0.of(bsn.0.into())
    }

    fn key(context: &AuditContext<'_>, r: &Declaratieregel) -> Option<u64> {
        (context.counts_in_leverjaar(r) && r.bsn != Bsn::NONE).then_some(r.bsn.0.into())
    }
}

/// All lines, by aanbieder, as the files have them.
pub(crate) struct ByAanbieder(Groups);

impl ByAanbieder {
    pub(crate) fn new(dossier: &Dossier) -> ByAanbieder {
        ByAanbieder(Groups::new(dossier, Ordering::File, Self::key))
    }

    /// Only the lines of these aanbieders.
    pub(crate) fn of_those(
        dossier: &Dossier,
        holds: impl Fn(AanbiederId) -> bool + Sync,
    ) -> ByAanbieder {
        let key = |r: &Declaratieregel| Self::key(r).filter(|_| holds(r.aanbieder));
        ByAanbieder(Groups::new(dossier, Ordering::File, key))
    }

    fn key(r: &Declaratieregel) -> Option<u64> {
        Some(r.aanbieder.0.into())
    }

    pub(crate) fn of(&self, id: AanbiederId) -> &[LineId] {
        self.0.of(id.0.into())
    }

    /// Those with most lines first: then no thread is left with one of them at the end.
    pub(crate) fn largest_first(&self, aanbieders: &[AanbiederId]) -> Vec<AanbiederId> {
        let mut order = aanbieders.to_vec();
        order.sort_by_key(|id| std::cmp::Reverse(self.of(*id).len()));
        order
    }
}

/// Toewijzingen by the Bsn that they name.
pub(crate) struct ToewijzingenByJeugdige(Vec<(Bsn, ToewijzingId)>);

impl ToewijzingenByJeugdige {
    pub(crate) fn new(context: &AuditContext<'_>, toewijzingen: &[ToewijzingId]) -> Self {
        let dossier = context.dossier;
        let mut sorted: Vec<(Bsn, Dag, ToewijzingId)> = toewijzingen
            .par_iter()
            .map(|id| {
                let t = dossier.toewijzing(*id);
                (t.bsn, t.ingangsdatum, *id)
            })
            .collect();
        sorted.par_sort_unstable();
        // Few begin on the day of another of the same jeugdige: only those are looked up again.
        let equal = sorted.par_chunk_by_mut(|a, b| (a.0, a.1) == (b.0, b.1));
        equal.for_each(|equal| equal.sort_by_cached_key(|t| dossier.toewijzing_order(t.2)));
        ToewijzingenByJeugdige(sorted.into_iter().map(|(bsn, _, id)| (bsn, id)).collect())
    }

    /// For each jeugdige with such a toewijzing: these.
    pub(crate) fn per_jeugdige(&self) -> Vec<&[(Bsn, ToewijzingId)]> {
        self.0.chunk_by(|a, b| a.0 == b.0).collect()
    }

    /// For each jeugdige with such a toewijzing or with lines: the key and both lists.
    pub(crate) fn together_with<'g>(
        &'g self,
        lines: &'g ByJeugdige,
    ) -> Vec<(Bsn, &'g [LineId], Vec<ToewijzingId>)> {
        let mut out = Vec::with_capacity(lines.0.count());
        let mut toewijzingen = self.0.chunk_by(|a, b| a.0 == b.0).peekable();
        for i in 0..lines.0.count() {
            let (bsn, nrs) = lines.0.group(i);
            let bsn = Bsn(bsn as u32);
            while let Some(group) = toewijzingen.next_if(|g| g[0].0 < bsn) {
                out.push((group[0].0, &[][..], group.iter().map(|p| p.1).collect()));
            }
            let own = toewijzingen.next_if(|g| g[0].0 == bsn);
            out.push((bsn, nrs, own.iter().flat_map(|g| g.iter().map(|p| p.1)).collect()));
        }
        for group in toewijzingen {
            out.push((group[0].0, &[][..], group.iter().map(|p| p.1).collect()));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_is_whole_in_one_piece_and_every_line_in_one() {
        let sizes = [3_u32, 9, 1, 40, 2, 10, 7, 25];
        let mut end = 0;
        let groups = sizes.iter().zip(0_u64..).map(|(n, key)| {
            end += n;
            (key, end)
        });
        let groups: Vec<(u64, u32)> = groups.collect();
        let lines = (0..end).map(LineId).collect();
        let per_toewijzing = ByToewijzing(Groups { lines, groups });
        let pieces = per_toewijzing.pieces(10);
        let groups: Vec<usize> = pieces.iter().flat_map(|s| s.groups.clone()).collect();
        let lines: Vec<usize> = pieces.iter().flat_map(|s| s.lines.clone()).collect();
        assert_eq!(groups, (0..sizes.len()).collect::<Vec<_>>());
        assert_eq!(lines, (0..end as usize).collect::<Vec<_>>());
        assert!(pieces.iter().all(|s| s.lines.len() < 20), "a piece is no long piece of work");
    }
}
