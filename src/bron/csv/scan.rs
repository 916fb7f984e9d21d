//! What the quotes of a text are, 64 bytes at a time.
//!
//! In nearly all files each quote opens a field, closes one, or is one of two that stand for one. Then
//! a byte lies in quotes exactly where an odd number of them stands before it, and where cells end is
//! seen without a question for each byte. A quote of any other kind makes a text *irregular*: what it
//! is then, [`super::quotes`] and a reader of each byte find out.

use super::cells::{Masks, odd_so_far, with_masks};

/// The quotes of a text that begins at a record.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct QuoteScan {
    /// Has it a quote that neither opens a field, nor closes one, nor is one of two for one? Then
    /// nothing else was noted behind it.
    pub irregular: bool,
    /// The second of each two quotes that are one character.
    pub doubled: Vec<u32>,
    /// Where the fields open that hold a line end.
    pub over_lines: Vec<usize>,
    /// Just after the last line end outside quotes; 0 without one.
    pub end: usize,
    /// Where the field opens that isn't closed.
    pub open_from: Option<usize>,
}

/// What a part of 64 bytes leaves to the next one.
struct Carry {
    /// All bits, if its last byte lies in quotes.
    inside: u64,
    /// Bit 0, if a field begins after its last byte.
    begins: u64,
    /// Bit 0, if its last byte closed a field.
    closed: u64,
    /// Where the last field opened.
    field: usize,
}

impl QuoteScan {
    /// Looks at all quotes of `bytes`.
    pub(crate) fn of(bytes: &[u8], delimiter: u8) -> QuoteScan {
        let mut scan = QuoteScan::default();
        let mut carry = Carry { inside: 0, begins: 1, closed: 0, field: 0 };
        with_masks(bytes, 0, delimiter, |from, masks| {
            scan.part(bytes, from, masks, &mut carry);
            !scan.irregular
        });
        scan.open_from = (carry.inside != 0).then_some(carry.field);
        scan
    }

    #[inline(always)]
    fn part(&mut self, bytes: &[u8], from: usize, masks: Masks, carry: &mut Carry) {
        let Masks { ends, line_ends, quotes } = masks;
        let inside = odd_so_far(quotes) ^ carry.inside;
        if line_ends & !inside != 0 {
            self.end = from + 64 - (line_ends & !inside).leading_zeros() as usize;
        }
        let (opening, closing) = (quotes & inside, quotes & !inside);
        let second = opening & (closing << 1 | carry.closed);
        let opening = opening & !second;
        let after = closing << 1 | carry.closed;
        // After a field comes its end; that of a line may have a CR before it.
        let odd = after & !(ends | quotes);
        let is_odd = |bit| !matches!(bytes[from + bit..], [] | [b'\r'] | [b'\r', b'\n', ..]);
        self.irregular = opening & !(ends << 1 | carry.begins) != 0 || bits(odd).any(is_odd);
        self.doubled.extend(bits(second).map(|bit| (from + bit) as u32));
        for bit in bits(line_ends & inside) {
            let before = opening & ((1 << bit) - 1);
            let field = match before {
                0 => carry.field,
                _ => from + 63 - before.leading_zeros() as usize,
            };
            if self.over_lines.last() != Some(&field) {
                self.over_lines.push(field);
            }
        }
        if opening != 0 {
            carry.field = from + 63 - opening.leading_zeros() as usize;
        }
        carry.inside = if inside >> 63 == 1 { u64::MAX } else { 0 };
        (carry.begins, carry.closed) = (ends >> 63, closing >> 63);
    }
}

/// The places of the bits that are set.
fn bits(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let first = (bits != 0).then(|| bits.trailing_zeros() as usize);
        bits &= bits.wrapping_sub(1);
        first
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_that_open_close_or_stand_for_one_are_regular() {
        for (text, end, open_from, doubled, over_lines) in [
            ("a;\"b\";c\n\"d\"\r\n", 13, None, vec![], vec![]),
            ("\"\";\"a \"\"b\"\" c\"\n", 15, None, vec![7, 10], vec![]),
            ("x;\"\"\"\"\n", 7, None, vec![4], vec![]),
            ("x;\"a\n;b\";c\ny", 11, None, vec![], vec![2]),
            ("x\na;\"b\nc", 2, Some(4), vec![], vec![4]),
            ("x\n\"b\"", 2, None, vec![], vec![]),
        ] {
            let scan = QuoteScan { irregular: false, doubled, over_lines, end, open_from };
            assert_eq!(QuoteScan::of(text.as_bytes(), b';'), scan, "{text:?}");
            // Wherever it lies among the parts.
            for before in 1..130 {
                let text = format!("{}\n{text}", "x".repeat(before));
                let moved = QuoteScan::of(text.as_bytes(), b';');
                let by = before + 1;
                let doubled: Vec<u32> = moved.doubled.iter().map(|p| p - by as u32).collect();
                let lines: Vec<usize> = moved.over_lines.iter().map(|p| p - by).collect();
                let open_from = moved.open_from.map(|p| p - by);
                let back = QuoteScan {
                    irregular: moved.irregular,
                    doubled,
                    over_lines: lines,
                    end: moved.end - by,
                    open_from,
                };
                assert_eq!(back, scan, "{text:?}");
            }
        }
    }

    #[test]
    fn any_other_quote_is_irregular() {
        for text in
            ["5\" pijp;b\n", "a; \"b\"\n", "\"a\" ;b\n", "\"a\"b;c\n", "\"a\"\rb\n", "\r\"a\"\n"]
        {
            for before in 0..130 {
                let text = format!("{};{text}", "x".repeat(before));
                assert!(QuoteScan::of(text.as_bytes(), b';').irregular, "{text:?}");
            }
        }
    }
}
