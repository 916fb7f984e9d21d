//! Where cells end, in bytes without quotes.

use std::ops::Range;

/// Places of delimiters and line ends, looked for some thousands of bytes ahead: what one record
/// takes of them is then known without a look at each.
pub struct Celgrenzen {
    scheiding: u8,
    /// First byte that wasn't looked at.
    bekeken: usize,
    /// Where the last cell that was handed out ends, and then where each next one does.
    einden: Wachtrij,
    /// Those of them that end a line.
    regeleinden: Wachtrij,
    /// Cells of the line before: most have as many.
    vorige_cellen: usize,
}

/// Places that were found and not handed out yet.
struct Wachtrij {
    /// Longer than what it holds: places are written some at a time, whether they are there or not.
    plaatsen: Vec<u32>,
    vanaf: usize,
    tot: usize,
}

impl Wachtrij {
    /// Places written at a time.
    const TEGELIJK: usize = 16;
    /// What 64 bytes can add, with what is written beyond.
    const MEESTE: usize = 64 + Self::TEGELIJK;

    fn nieuw(ruimte: usize) -> Wachtrij {
        Wachtrij { plaatsen: vec![0; ruimte], vanaf: 0, tot: 0 }
    }

    fn is_leeg(&self) -> bool {
        self.vanaf == self.tot
    }

    fn is_vol(&self) -> bool {
        self.plaatsen.len() - self.tot < Self::MEESTE
    }

    /// Adds one place.
    fn zet(&mut self, plaats: u32) {
        self.plaatsen[self.tot] = plaats;
        self.tot += 1;
    }

    /// Adds the place of each of these bits, counted from `begin`.
    #[inline(always)]
    fn zet_bits(&mut self, begin: u32, mut bits: u64) {
        let mut plek = self.tot;
        self.tot += bits.count_ones() as usize;
        loop {
            // Without a question for each: the processor has nothing to guess.
            let deze = self.plaatsen[plek..].first_chunk_mut::<{ Self::TEGELIJK }>();
            for plaats in deze.expect("there is room while it isn't full") {
                *plaats = begin.wrapping_add(bits.trailing_zeros());
                bits &= bits.wrapping_sub(1);
            }
            if bits == 0 {
                break;
            }
            plek += Self::TEGELIJK;
        }
    }

    /// The same where there seldom is more than one.
    #[inline(always)]
    fn zet_bit(&mut self, begin: u32, mut bits: u64) {
        loop {
            self.plaatsen[self.tot] = begin.wrapping_add(bits.trailing_zeros());
            self.tot += usize::from(bits != 0);
            bits &= bits.wrapping_sub(1);
            if bits == 0 {
                break;
            }
        }
    }

    /// Makes room by letting go what was handed out, but for the last `houd` places.
    fn schuif_op(&mut self, houd: usize) {
        let vanaf = self.vanaf - houd;
        self.plaatsen.copy_within(vanaf..self.tot, 0);
        (self.vanaf, self.tot) = (houd, self.tot - vanaf);
        while self.is_vol() {
            self.plaatsen.resize(self.plaatsen.len() * 2, 0);
        }
    }
}

impl Celgrenzen {
    pub fn nieuw(scheiding: u8) -> Celgrenzen {
        /// Cells of a hundred records, about: what is known of them stays in a core's nearest cache.
        const CELLEN: usize = 1 << 11;
        let mut einden = Wachtrij::nieuw(CELLEN);
        // The first cell begins one byte after the one before all bytes.
        einden.zet(u32::MAX);
        einden.vanaf = 1;
        let regeleinden = Wachtrij::nieuw(CELLEN / 8);
        Celgrenzen { scheiding, bekeken: 0, einden, regeleinden, vorige_cellen: 1 }
    }

    /// The next line of these bytes, which are not at their end: where it ends, and which places tell
    /// where the cell before its first one ends and then each of its cells.
    #[inline]
    pub fn volgende_regel(&mut self, bytes: &[u8]) -> (usize, Range<usize>) {
        let met_einde = !self.regeleinden.is_leeg() || self.kijk_verder(bytes);
        let Celgrenzen { einden, regeleinden, .. } = self;
        let tot = if met_einde {
            regeleinden.vanaf += 1;
            regeleinden.plaatsen[regeleinden.vanaf - 1]
        } else {
            // The last line has no end: the bytes have.
            einden.zet(bytes.len() as u32);
            bytes.len() as u32
        };
        let wachtend = &einden.plaatsen[einden.vanaf..einden.tot];
        let is_laatste = |plek: &usize| wachtend.get(*plek) == Some(&tot);
        let laatste = Some(self.vorige_cellen - 1).filter(is_laatste);
        let aantal =
            laatste.unwrap_or_else(|| wachtend.partition_point(|plaats| *plaats < tot)) + 1;
        let cellen = einden.vanaf - 1..einden.vanaf + aantal;
        einden.vanaf += aantal;
        self.vorige_cellen = aantal;
        (tot as usize, cellen)
    }

    /// What stands at these places, until the next line is asked for.
    #[inline]
    pub fn einden(&self, plekken: Range<usize>) -> &[u32] {
        &self.einden.plaatsen[plekken]
    }

    /// Looks further, for one line end at least; `false` where there is none.
    fn kijk_verder(&mut self, bytes: &[u8]) -> bool {
        while self.regeleinden.is_leeg() && self.bekeken < bytes.len() {
            self.einden.schuif_op(1);
            self.regeleinden.schuif_op(0);
            #[cfg(target_arch = "x86_64")]
            if is_x86_feature_detected!("avx2")
                && is_x86_feature_detected!("bmi1")
                && is_x86_feature_detected!("popcnt")
            {
                // SAFETY: this processor has all three.
                unsafe { self.vul_met_avx2(bytes) };
                continue;
            }
            self.vul(bytes, maskers);
        }
        !self.regeleinden.is_leeg()
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,bmi1,popcnt")]
    fn vul_met_avx2(&mut self, bytes: &[u8]) {
        self.vul(bytes, |deel, scheiding| maskers_met_avx2(deel, scheiding));
    }

    /// Adds all places until there is no more room or no more bytes.
    #[inline(always)]
    fn vul(&mut self, bytes: &[u8], maskers: impl Fn(&[u8; 64], u8) -> (u64, u64)) {
        while !self.einden.is_vol() && !self.regeleinden.is_vol() {
            let rest = &bytes[self.bekeken..];
            let mut laatste = [0; 64];
            let (deel, echt) = match rest.first_chunk::<64>() {
                Some(deel) => (deel, u64::MAX),
                None if rest.is_empty() => break,
                None => {
                    laatste[..rest.len()].copy_from_slice(rest);
                    // What fills it up ends no cell, even if the delimiter were that byte.
                    (&laatste, (1 << rest.len()) - 1)
                }
            };
            let (open, regeleinden) = maskers(deel, self.scheiding);
            // A block is far smaller than 4 GB.
            let begin = self.bekeken as u32;
            self.einden.zet_bits(begin, open & echt);
            self.regeleinden.zet_bit(begin, regeleinden);
            self.bekeken += rest.len().min(64);
        }
    }
}

/// A bit for every delimiter and line end in 64 bytes, and for every line end.
#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx2")]
fn maskers_met_avx2(bytes: &[u8; 64], scheiding: u8) -> (u64, u64) {
    use std::arch::x86_64::{
        _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_movemask_epi8, _mm256_set1_epi8,
    };

    let (helften, _) = bytes.as_chunks::<32>();
    // SAFETY: each half has the 32 bytes that are loaded, which may lie anywhere.
    let [laag, hoog] = [0, 1].map(|i| unsafe { _mm256_loadu_si256(helften[i].as_ptr().cast()) });
    let zoek = |teken: u8| {
        let gezocht = _mm256_set1_epi8(teken.cast_signed());
        let bits = |waarin| _mm256_movemask_epi8(_mm256_cmpeq_epi8(waarin, gezocht));
        u64::from(bits(laag).cast_unsigned()) | u64::from(bits(hoog).cast_unsigned()) << 32
    };
    let (scheidingen, regeleinden) = (zoek(scheiding), zoek(b'\n'));
    (scheidingen | regeleinden, regeleinden)
}

/// The same on any machine.
#[inline]
fn maskers(bytes: &[u8; 64], scheiding: u8) -> (u64, u64) {
    const LAAG: u64 = u64::from_le_bytes([0x7f; 8]);
    let herhaald = |byte: u8| u64::from_le_bytes([byte; 8]);
    let (scheiding, regeleinde) = (herhaald(scheiding), herhaald(b'\n'));
    // The highest bit of each byte that is zero: no carry crosses a byte.
    let nullen = |x: u64| !((x & LAAG).wrapping_add(LAAG) | x | LAAG);
    // Brings those eight bits together in the highest byte.
    let samen = |bits: u64| (bits >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    let (mut scheidingen, mut regeleinden) = (0, 0);
    let (woorden, _) = bytes.as_chunks::<8>();
    for (i, woord) in woorden.iter().enumerate() {
        let woord = u64::from_le_bytes(*woord);
        scheidingen |= samen(nullen(woord ^ scheiding)) << (8 * i);
        regeleinden |= samen(nullen(woord ^ regeleinde)) << (8 * i);
    }
    (scheidingen | regeleinden, regeleinden)
}

#[cfg(test)]
mod tests {
    use super::{maskers, maskers_met_avx2};

    #[cfg(target_arch = "x86_64")]
    proptest::proptest! {
        #[test]
        fn both_ways_of_looking_see_the_same(
            tekens in proptest::collection::vec(proptest::sample::select(b";\n:a\xbb\x8a\0"), 64),
        ) {
            let deel: [u8; 64] = tekens.try_into().expect("as many as were asked for");
            if is_x86_feature_detected!("avx2") {
                // SAFETY: this processor has it.
                let met_avx2 = unsafe { maskers_met_avx2(&deel, b';') };
                proptest::prop_assert_eq!(met_avx2, maskers(&deel, b';'));
            }
        }
    }
}
