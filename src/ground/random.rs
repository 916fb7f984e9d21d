//! Chance, the same on every machine and in every version: PCG's documented stream, and arithmetic
//! on whole numbers only.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;

/// What a throw is for: each use has streams of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) enum StreamId {
    Block = 1,
    Aanbieder,
    Jeugdige,
    Ontvangst,
    Omzet,
    Steekproef,
    Antwoord,
}

/// A source of throws.
pub(crate) struct SeededRng(Pcg64);

impl SeededRng {
    /// The source for one thing: a block, an aanbieder, a stratum.
    pub(crate) fn new(seed: u64, stream: StreamId, nummer: u64) -> SeededRng {
        let stream = (stream as u128) << 64 | u128::from(nummer);
        let mut rng = SeededRng(Pcg64::new(u128::from(seed), stream));
        // Streams of one seed begin alike.
        for _ in 0..4 {
            rng.0.next_u64();
        }
        rng
    }

    /// A whole number from 0 up to but not including `limit`.
    pub(crate) fn under(&mut self, limit: u64) -> u64 {
        ((u128::from(self.0.next_u64()) * u128::from(limit)) >> 64) as u64
    }

    /// A whole number from `lowest` up to and including `highest`.
    pub(crate) fn between(&mut self, lowest: i64, highest: i64) -> i64 {
        lowest + self.under((highest - lowest + 1).max(1) as u64) as i64
    }

    /// True so many times out of a hundred.
    pub(crate) fn probability(&mut self, procent: u64) -> bool {
        self.under(100) < procent
    }

    /// One of these.
    ///
    /// # Panics
    /// When there is nothing to choose from.
    pub(crate) fn choose<'a, T>(&mut self, out: &'a [T]) -> &'a T {
        &out[self.under(out.len() as u64) as usize]
    }
}

/// A number that is always the same for these three.
pub(crate) fn fixed(seed: u64, stream: StreamId, nummer: u64) -> u64 {
    let mut z = seed ^ (stream as u64) << 56 ^ nummer.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_never_changes() {
        let mut rng = SeededRng::new(1, StreamId::Block, 7);
        let first: Vec<u64> = (0..6).map(|_| rng.under(1_000)).collect();
        assert_eq!(first, FIRST);
        assert_eq!(fixed(1, StreamId::Omzet, 2), FIXED);
    }

    const FIRST: [u64; 6] = [392, 513, 663, 250, 879, 981];
    const FIXED: u64 = 9384829905902220092;

    #[test]
    fn throws_stay_within_their_bounds_and_reach_them() {
        let mut rng = SeededRng::new(3, StreamId::Jeugdige, 0);
        let worpen: Vec<i64> = (0..1_000).map(|_| rng.between(-2, 2)).collect();
        assert_eq!((worpen.iter().min(), worpen.iter().max()), (Some(&-2), Some(&2)));
    }
}
