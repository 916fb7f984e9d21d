//! Where cells end, in bytes whose quotes are regular (see [`super::scan`]).

use std::ops::Range;

/// Places of delimiters and line ends, looked for some thousands of bytes ahead: what one record
/// takes of them is then known without a look at each.
pub(crate) struct CellIndex {
    delimiter: u8,
    /// First byte that wasn't looked at.
    looked: usize,
    /// All bits, if the byte before that one lies in quotes.
    inside: u64,
    /// Where the last cell that was handed out ends, and then where each next one does.
    ends: PositionQueue,
    /// Those of them that end a line.
    line_ends: PositionQueue,
    /// Cells of the line before: most have as many.
    previous_cells: usize,
}

/// Places that were found and not handed out yet.
struct PositionQueue {
    /// Longer than what it holds: places are written some at a time, whether they are there or not.
    places: Vec<u32>,
    from: usize,
    until: usize,
}

impl PositionQueue {
    /// Places written at a time.
    const AT_ONCE: usize = 16;
    /// What 64 bytes can add, with what is written beyond.
    const MOST: usize = 64 + Self::AT_ONCE;

    fn new(room: usize) -> PositionQueue {
        PositionQueue { places: vec![0; room], from: 0, until: 0 }
    }

    fn is_empty(&self) -> bool {
        self.from == self.until
    }

    fn is_full(&self) -> bool {
        self.places.len() - self.until < Self::MOST
    }

    /// Adds one place.
    fn set(&mut self, place: u32) {
        self.places[self.until] = place;
        self.until += 1;
    }

    /// Adds the place of each of these bits, counted from `begin`.
    #[inline(always)]
    fn set_bits(&mut self, begin: u32, mut bits: u64) {
        let mut location = self.until;
        self.until += bits.count_ones() as usize;
        loop {
            // Without a question for each: the processor has nothing to guess.
            let these = self.places[location..].first_chunk_mut::<{ Self::AT_ONCE }>();
            for place in these.expect("there is room while it isn't full") {
                *place = begin.wrapping_add(bits.trailing_zeros());
                bits &= bits.wrapping_sub(1);
            }
            if bits == 0 {
                break;
            }
            location += Self::AT_ONCE;
        }
    }

    /// The same where there seldom is more than one.
    #[inline(always)]
    fn set_bit(&mut self, begin: u32, mut bits: u64) {
        loop {
            self.places[self.until] = begin.wrapping_add(bits.trailing_zeros());
            self.until += usize::from(bits != 0);
            bits &= bits.wrapping_sub(1);
            if bits == 0 {
                break;
            }
        }
    }

    /// Makes room by letting go what was handed out, but for the last `keep` places.
    fn shift(&mut self, keep: usize) {
        let from = self.from - keep;
        self.places.copy_within(from..self.until, 0);
        (self.from, self.until) = (keep, self.until - from);
        while self.is_full() {
            self.places.resize(self.places.len() * 2, 0);
        }
    }
}

impl CellIndex {
    pub(crate) fn new(delimiter: u8) -> CellIndex {
        /// Cells of a hundred records, about: what is known of them stays in a core's nearest cache.
        const CELLS: usize = 1 << 11;
        let mut ends = PositionQueue::new(CELLS);
        // The first cell begins one byte after the one before all bytes.
        ends.set(u32::MAX);
        ends.from = 1;
        let line_ends = PositionQueue::new(CELLS / 8);
        CellIndex { delimiter, looked: 0, inside: 0, ends, line_ends, previous_cells: 1 }
    }

    /// The next line of these bytes, which are not at their end: where it ends, and which places tell
    /// where the cell before its first one ends and then each of its cells.
    #[inline]
    pub(crate) fn next_line(&mut self, bytes: &[u8]) -> (usize, Range<usize>) {
        let with_end = !self.line_ends.is_empty() || self.look_further(bytes);
        let CellIndex { ends, line_ends, .. } = self;
        let until = if with_end {
            line_ends.from += 1;
            line_ends.places[line_ends.from - 1]
        } else {
            // The last line has no end: the bytes have.
            ends.set(bytes.len() as u32);
            bytes.len() as u32
        };
        let waiting = &ends.places[ends.from..ends.until];
        let is_last = |location: &usize| waiting.get(*location) == Some(&until);
        let last = Some(self.previous_cells - 1).filter(is_last);
        let count = last.unwrap_or_else(|| waiting.partition_point(|place| *place < until)) + 1;
        let cells = ends.from - 1..ends.from + count;
        ends.from += count;
        self.previous_cells = count;
        (until as usize, cells)
    }

    /// What stands at these places, until the next line is asked for.
    #[inline]
    pub(crate) fn ends(&self, locations: Range<usize>) -> &[u32] {
        &self.ends.places[locations]
    }

    /// Looks further, for one line end at least; `false` where there is none.
    fn look_further(&mut self, bytes: &[u8]) -> bool {
        while self.line_ends.is_empty() && self.looked < bytes.len() {
            self.ends.shift(1);
            self.line_ends.shift(0);
            self.fill(bytes);
        }
        !self.line_ends.is_empty()
    }

    /// Adds all places until there is no more room or no more bytes.
    fn fill(&mut self, bytes: &[u8]) {
        let CellIndex { delimiter, looked, inside, ends, line_ends, .. } = self;
        with_masks(bytes, *looked, *delimiter, |from, masks| {
            let quoted = match masks.quotes {
                0 => *inside,
                quotes => odd_so_far(quotes) ^ *inside,
            };
            *inside = if quoted >> 63 == 1 { u64::MAX } else { 0 };
            // A block is far smaller than 4 GB.
            ends.set_bits(from as u32, masks.ends & !quoted);
            line_ends.set_bit(from as u32, masks.line_ends & !quoted);
            *looked = bytes.len().min(from + 64);
            !ends.is_full() && !line_ends.is_full()
        });
    }
}

/// What 64 bytes hold: a bit for each byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Masks {
    /// Delimiters and line ends.
    pub ends: u64,
    pub line_ends: u64,
    pub quotes: u64,
}

/// Each bit of which an odd number of those up to it is set.
#[inline(always)]
pub(super) fn odd_so_far(bits: u64) -> u64 {
    [1, 2, 4, 8, 16, 32].into_iter().fold(bits, |odd, by| odd ^ odd << by)
}

/// Hands each 64 bytes from `from` on to `each`, with where they begin, until it says `false`. The
/// last ones may be fewer: what fills them up is nothing.
#[inline(always)]
pub(super) fn with_masks(
    bytes: &[u8],
    from: usize,
    delimiter: u8,
    each: impl FnMut(usize, Masks) -> bool,
) {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("popcnt")
    {
        // SAFETY: this processor has all three.
        return unsafe { each_with_avx2(bytes, from, delimiter, each) };
    }
    each_part(bytes, from, |part| masks(part, delimiter), each);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,popcnt")]
fn each_with_avx2(
    bytes: &[u8],
    from: usize,
    delimiter: u8,
    each: impl FnMut(usize, Masks) -> bool,
) {
    each_part(bytes, from, |part| masks_with_avx2(part, delimiter), each);
}

#[inline(always)]
fn each_part(
    bytes: &[u8],
    mut from: usize,
    masks: impl Fn(&[u8; 64]) -> Masks,
    mut each: impl FnMut(usize, Masks) -> bool,
) {
    while from < bytes.len() {
        let rest = &bytes[from..];
        let mut last = [0; 64];
        let (part, within) = match rest.first_chunk::<64>() {
            Some(part) => (part, u64::MAX),
            None => {
                last[..rest.len()].copy_from_slice(rest);
                (&last, (1 << rest.len()) - 1)
            }
        };
        // Looked at in one place: of two the compiler makes a detour by single bytes.
        let mut found = masks(part);
        // What fills the last ones up ends no cell, even if the delimiter were that byte.
        found.ends &= within;
        if !each(from, found) {
            return;
        }
        from += 64;
    }
}

#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx2")]
fn masks_with_avx2(bytes: &[u8; 64], delimiter: u8) -> Masks {
    use std::arch::x86_64::{
        _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_movemask_epi8, _mm256_set1_epi8,
    };

    let (halves, _) = bytes.as_chunks::<32>();
    // SAFETY: each half has the 32 bytes that are loaded, which may lie anywhere.
    let [low, high] = [0, 1].map(|i| unsafe { _mm256_loadu_si256(halves[i].as_ptr().cast()) });
    let find = |character: u8| {
        let sought = _mm256_set1_epi8(character.cast_signed());
        let bits = |in_what| _mm256_movemask_epi8(_mm256_cmpeq_epi8(in_what, sought));
        u64::from(bits(low).cast_unsigned()) | u64::from(bits(high).cast_unsigned()) << 32
    };
    let (delimiters, line_ends) = (find(delimiter), find(b'\n'));
    Masks { ends: delimiters | line_ends, line_ends, quotes: find(b'"') }
}

/// The same on any machine.
#[inline]
fn masks(bytes: &[u8; 64], delimiter: u8) -> Masks {
    const LOW: u64 = u64::from_le_bytes([0x7f; 8]);
    let repeated = |byte: u8| u64::from_le_bytes([byte; 8]);
    let (delimiter, line_end, quote) = (repeated(delimiter), repeated(b'\n'), repeated(b'"'));
    // The highest bit of each byte that is zero: no carry crosses a byte.
    let zeros = |x: u64| !((x & LOW).wrapping_add(LOW) | x | LOW);
    // Brings those eight bits together in the highest byte.
    let together = |bits: u64| (bits >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    let (mut delimiters, mut line_ends, mut quotes) = (0, 0, 0);
    let (words, _) = bytes.as_chunks::<8>();
    for (i, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        delimiters |= together(zeros(word ^ delimiter)) << (8 * i);
        line_ends |= together(zeros(word ^ line_end)) << (8 * i);
        quotes |= together(zeros(word ^ quote)) << (8 * i);
    }
    Masks { ends: delimiters | line_ends, line_ends, quotes }
}

#[cfg(test)]
mod tests {
    use super::{masks, masks_with_avx2};

    #[cfg(target_arch = "x86_64")]
    proptest::proptest! {
        #[test]
        fn both_ways_of_looking_see_the_same(
            characters in proptest::collection::vec(proptest::sample::select(b";\n\":a\xbb\x8a\xa2\0"), 64),
        ) {
            let part: [u8; 64] = characters.try_into().expect("as many as were asked for");
            if is_x86_feature_detected!("avx2") {
                // SAFETY: this processor has it.
                let with_avx2 = unsafe { masks_with_avx2(&part, b';') };
                proptest::prop_assert_eq!(with_avx2, masks(&part, b';'));
            }
        }
    }
}
