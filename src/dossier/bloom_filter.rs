//! Reference numbers as hashes: nearly all are used once, and a hash tells so without the number.

use super::Dossier;
use super::declaratieregel::LineId;
use foldhash::fast::FixedState;
use rayon::prelude::*;
use std::hash::BuildHasher;

/// The hash of a reference number, in 32 bits: equal for equal numbers, and for few others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ReferenceHash(u32);

impl ReferenceHash {
    /// That of a reference number, given as the bytes of its cell.
    pub(crate) fn of(nummer: &[u8]) -> ReferenceHash {
        ReferenceHash((FixedState::default().hash_one(nummer) >> 32) as u32)
    }
}

/// A Bloom filter of one hash function: a set that lets a few others through, as each member has one
/// bit, which another may share.
pub(crate) struct BloomFilter(Vec<u64>);

impl BloomFilter {
    /// Bits for each hash: each that falls through wrongly costs a look elsewhere.
    const ROOM: usize = 32;

    /// An empty set for so many hashes.
    pub(crate) fn with_capacity(count: usize) -> BloomFilter {
        BloomFilter(vec![0; (count * Self::ROOM / 64 + 1).next_power_of_two()])
    }

    fn location(&self, ReferenceHash(hash): ReferenceHash) -> (usize, u64) {
        ((hash >> 6) as usize & (self.0.len() - 1), 1 << (hash & 63))
    }

    /// Puts a hash in; gives whether it was let through before.
    #[inline]
    pub(crate) fn set(&mut self, hash: ReferenceHash) -> bool {
        let (word, bit) = self.location(hash);
        let earlier = self.0[word] & bit != 0;
        self.0[word] |= bit;
        earlier
    }

    /// Was this hash put in, or another with its bit?
    #[inline]
    pub(crate) fn let_through(&self, hash: ReferenceHash) -> bool {
        let (word, bit) = self.location(hash);
        self.0[word] & bit != 0
    }
}

impl Dossier {
    /// The hash of a line's ReferentieNummer. Once lines are credited it is at hand: the number
    /// itself stands far from where rules look.
    #[inline]
    pub(crate) fn reference_hash(&self, id: LineId) -> ReferenceHash {
        let known = self.referentiehashes.get(id.0 as usize).copied();
        known.unwrap_or_else(|| ReferenceHash::of(self.referentie_bytes(self.line(id))))
    }

    /// That of every line.
    pub(super) fn all_referentiehashes(&self) -> Vec<ReferenceHash> {
        self.lines.par_iter().map(|r| ReferenceHash::of(self.referentie_bytes(r))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_let_through_and_little_else() {
        let hash = |i: u32| ReferenceHash::of(format!("R-{i}").as_bytes());
        let mut filter = BloomFilter::with_capacity(1_000);
        let earlier = (0..1_000).filter(|i| filter.set(hash(*i))).count();
        assert!((0..1_000).all(|i| filter.let_through(hash(i)) && filter.set(hash(i))));
        let ten_onrechte = (1_000..2_000).filter(|i| filter.let_through(hash(*i))).count();
        assert!(earlier < 100 && ten_onrechte < 100, "{earlier} {ten_onrechte}");
    }
}
