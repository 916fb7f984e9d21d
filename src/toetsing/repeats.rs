//! Lines that repeat another: which share a number or a key with one that comes first in order.

use super::group::{AanbiederGroup, ToewijzingGroup};
use super::line::Line;
use super::reason::Reason;
use crate::dossier::{BloomFilter, LineId, ReferenceHash};
use hashbrown::HashMap;
use std::hash::Hash;

impl<'a> AanbiederGroup<'a> {
    /// Lines of which another of the aanbieder has the ReferentieNummer and comes first in order, each
    /// with that one; in the order of the files.
    pub(crate) fn repeated_references(
        &self,
    ) -> impl Iterator<Item = (Line<'a>, Line<'a>)> + use<'a> {
        let (c, d) = (self.context, self.context.dossier);
        // Nearly all numbers are used once. Two Bloom filters leave the few of which the hash may come
        // back: only those are compared.
        let hashes: Vec<ReferenceHash> =
            self.ids().iter().map(|id| d.reference_hash(*id)).collect();
        let (mut seen, mut comes_back) =
            (BloomFilter::with_capacity(hashes.len()), BloomFilter::with_capacity(hashes.len()));
        for hash in &hashes {
            if seen.set(*hash) {
                comes_back.set(*hash);
            }
        }
        let numbered = hashes.iter().copied().zip(self.ids().iter().copied());
        let mut pairs: Vec<(ReferenceHash, LineId)> =
            numbered.filter(|(hash, _)| comes_back.let_through(*hash)).collect();
        pairs.sort_unstable();
        let reference = |id: LineId| d.referentie_bytes(d.line(id));
        let mut repeats = Vec::new();
        for like in pairs.chunk_by_mut(|a, b| a.0 == b.0).filter(|like| like.len() > 1) {
            like.sort_unstable_by(|(_, a), (_, b)| {
                reference(*a).cmp(reference(*b)).then_with(|| d.compare(*a, *b))
            });
            for of_number in like.chunk_by(|a, b| reference(a.1) == reference(b.1)) {
                let (_, first) = of_number[0];
                repeats.extend(of_number[1..].iter().map(|(_, id)| (*id, first)));
            }
        }
        repeats.sort_unstable();
        repeats.into_iter().map(move |(id, first)| (c.line(id), c.line(first)))
    }
}

impl<'a> ToewijzingGroup<'a> {
    /// The lines of the audited year, in order, each with the first that has the same key, which may be
    /// itself, or why it has no key.
    pub(crate) fn with_first<K: Eq + Hash>(
        &self,
        key: impl Fn(&Line<'a>) -> Result<K, Reason>,
    ) -> impl Iterator<Item = (Line<'a>, Result<Line<'a>, Reason>)> {
        let mut firsts = Firsts::with_capacity(self.lines.len());
        let in_year = self.lines().filter(|l| l.context.in_leverjaar(l.data));
        in_year.map(move |line| (line, key(&line).map(|key| firsts.first(key, line))))
    }
}

/// The first line of each key. A few are gone through, which is quicker than hashing them: most
/// toewijzingen have no more lines in a year.
enum Firsts<'a, K> {
    Few(Vec<(K, Line<'a>)>),
    Many(HashMap<K, Line<'a>>),
}

impl<'a, K: Eq + Hash> Firsts<'a, K> {
    fn with_capacity(lines: usize) -> Self {
        const FEW: usize = 16;
        if lines <= FEW {
            Firsts::Few(Vec::with_capacity(lines))
        } else {
            Firsts::Many(HashMap::with_capacity(lines))
        }
    }

    fn first(&mut self, key: K, line: Line<'a>) -> Line<'a> {
        match self {
            Firsts::Few(seen) => match seen.iter().find(|(k, _)| *k == key) {
                Some((_, first)) => *first,
                None => {
                    seen.push((key, line));
                    line
                }
            },
            Firsts::Many(seen) => *seen.entry(key).or_insert(line),
        }
    }
}
