//! Reference numbers as hashes: nearly all are used once, and a hash tells so without the number.

use super::Dossier;
use super::declaratieregel::RegelNr;
use foldhash::fast::FixedState;
use rayon::prelude::*;
use std::hash::BuildHasher;

/// The hash of a reference number, in 32 bits: equal for equal numbers, and for few others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Nummerhash(u32);

impl Nummerhash {
    /// That of a reference number, given as the bytes of its cell.
    pub fn van(nummer: &[u8]) -> Nummerhash {
        Nummerhash((FixedState::default().hash_one(nummer) >> 32) as u32)
    }
}

/// A Bloom filter of one hash function: a set that lets a few others through, as each member has one
/// bit, which another may share.
pub struct Zeef(Vec<u64>);

impl Zeef {
    /// Bits for each hash: each that falls through wrongly costs a look elsewhere.
    const RUIMTE: usize = 32;

    /// An empty set for so many hashes.
    pub fn voor(aantal: usize) -> Zeef {
        Zeef(vec![0; (aantal * Self::RUIMTE / 64 + 1).next_power_of_two()])
    }

    fn plek(&self, Nummerhash(hash): Nummerhash) -> (usize, u64) {
        ((hash >> 6) as usize & (self.0.len() - 1), 1 << (hash & 63))
    }

    /// Puts a hash in; gives whether it was let through before.
    #[inline]
    pub fn zet(&mut self, hash: Nummerhash) -> bool {
        let (woord, bit) = self.plek(hash);
        let eerder = self.0[woord] & bit != 0;
        self.0[woord] |= bit;
        eerder
    }

    /// Was this hash put in, or another with its bit?
    #[inline]
    pub fn laat_door(&self, hash: Nummerhash) -> bool {
        let (woord, bit) = self.plek(hash);
        self.0[woord] & bit != 0
    }
}

impl Dossier {
    /// The hash of a line's ReferentieNummer. Once lines are credited it is at hand: the number
    /// itself stands far from where rules look.
    #[inline]
    pub fn referentiehash(&self, nr: RegelNr) -> Nummerhash {
        let bekend = self.referentiehashes.get(nr.0 as usize).copied();
        bekend.unwrap_or_else(|| Nummerhash::van(self.referentie_bytes(self.regel(nr))))
    }

    /// That of every line.
    pub(super) fn alle_referentiehashes(&self) -> Vec<Nummerhash> {
        self.regels.par_iter().map(|r| Nummerhash::van(self.referentie_bytes(r))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_let_through_and_little_else() {
        let hash = |i: u32| Nummerhash::van(format!("R-{i}").as_bytes());
        let mut zeef = Zeef::voor(1_000);
        let eerder = (0..1_000).filter(|i| zeef.zet(hash(*i))).count();
        assert!((0..1_000).all(|i| zeef.laat_door(hash(i)) && zeef.zet(hash(i))));
        let ten_onrechte = (1_000..2_000).filter(|i| zeef.laat_door(hash(*i))).count();
        assert!(eerder < 100 && ten_onrechte < 100, "{eerder} {ten_onrechte}");
    }
}
