//! Chance, the same on every machine and in every version: PCG's documented stream, and arithmetic
//! on whole numbers only.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;

/// What a throw is for: each use has streams of its own.
#[derive(Clone, Copy, Debug)]
pub enum Stroom {
    Blok = 1,
    Aanbieder,
    Jeugdige,
    Ontvangst,
    Omzet,
    Steekproef,
}

/// A source of throws.
pub struct Worp(Pcg64);

impl Worp {
    /// The source for one thing: a block, an aanbieder, a stratum.
    pub fn nieuw(zaad: u64, stroom: Stroom, nummer: u64) -> Worp {
        let stroom = (stroom as u128) << 64 | u128::from(nummer);
        let mut worp = Worp(Pcg64::new(u128::from(zaad), stroom));
        // Streams of one seed begin alike.
        for _ in 0..4 {
            worp.0.next_u64();
        }
        worp
    }

    /// A whole number from 0 up to but not including `grens`.
    pub fn onder(&mut self, grens: u64) -> u64 {
        ((u128::from(self.0.next_u64()) * u128::from(grens)) >> 64) as u64
    }

    /// A whole number from `laagste` up to and including `hoogste`.
    pub fn tussen(&mut self, laagste: i64, hoogste: i64) -> i64 {
        laagste + self.onder((hoogste - laagste + 1).max(1) as u64) as i64
    }

    /// True so many times out of a hundred.
    pub fn kans(&mut self, procent: u64) -> bool {
        self.onder(100) < procent
    }

    /// One of these.
    ///
    /// # Panics
    /// When there is nothing to choose from.
    pub fn kies<'a, T>(&mut self, uit: &'a [T]) -> &'a T {
        &uit[self.onder(uit.len() as u64) as usize]
    }
}

/// A number that is always the same for these three.
pub fn vast(zaad: u64, stroom: Stroom, nummer: u64) -> u64 {
    let mut z = zaad ^ (stroom as u64) << 56 ^ nummer.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_never_changes() {
        let mut worp = Worp::nieuw(1, Stroom::Blok, 7);
        let eerste: Vec<u64> = (0..6).map(|_| worp.onder(1_000)).collect();
        assert_eq!(eerste, EERSTE);
        assert_eq!(vast(1, Stroom::Omzet, 2), VAST);
    }

    const EERSTE: [u64; 6] = [392, 513, 663, 250, 879, 981];
    const VAST: u64 = 9384829905902220092;

    #[test]
    fn throws_stay_within_their_bounds_and_reach_them() {
        let mut worp = Worp::nieuw(3, Stroom::Jeugdige, 0);
        let worpen: Vec<i64> = (0..1_000).map(|_| worp.tussen(-2, 2)).collect();
        assert_eq!((worpen.iter().min(), worpen.iter().max()), (Some(&-2), Some(&2)));
    }
}
