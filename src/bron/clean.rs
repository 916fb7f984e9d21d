//! Cells without what people can't see: the many kinds of white space, and accents that stand apart
//! from their letter.
//!
//! Nearly all cells are printable ASCII. One look over a block of them settles that, and nothing is
//! copied.

use super::record::{Record, RecordBlock};
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// What takes no room between two letters: zero-width characters, marks of direction, the byte order
/// mark, the soft hyphen, and control characters other than those of white space.
pub(crate) fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || (c.is_control() && !c.is_whitespace())
}

/// Are these bytes printable ASCII, delimiters and line ends alone?
pub(crate) fn is_plain(bytes: &[u8]) -> bool {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: this processor has it.
        return unsafe { is_plain_with_avx2(bytes) };
    }
    all_plain(bytes)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn is_plain_with_avx2(bytes: &[u8]) -> bool {
    all_plain(bytes)
}

#[inline(always)]
fn all_plain(bytes: &[u8]) -> bool {
    let odd = |b: u8| u8::from(b.wrapping_sub(b' ') > b'~' - b' ' && !matches!(b, 9 | 10 | 13));
    // No early end inside a part: that is what lets it be done many bytes at a time.
    bytes.chunks(1 << 12).all(|part| part.iter().fold(0, |any, b| any | odd(*b)) == 0)
}

/// Are these plain, but for the sign of the euro? An export with that before each amount has it in all its
/// rows, and there is nothing to clean in it.
fn is_plain_but_for_euros(bytes: &[u8]) -> bool {
    let [first, ..] = "€".as_bytes() else { return false };
    let mut rest = bytes;
    while let Some(place) = memchr::memchr(*first, rest) {
        let Some(after) = rest[place..].strip_prefix("€".as_bytes()) else { return false };
        if !is_plain(&rest[..place]) {
            return false;
        }
        rest = after;
    }
    is_plain(rest)
}

/// A text without what can't be seen, with plain spaces for those of other kinds. In NFC.
fn cleaned(text: &str) -> String {
    let seen = text.chars().filter(|c| !is_unseen(*c));
    let is_space =
        |c: char| c.is_whitespace() && !c.is_ascii() && !matches!(c, '\u{2028}' | '\u{2029}');
    let plain = |c: char| if is_space(c) { ' ' } else { c };
    let mut out: String = seen.map(plain).collect();
    if !is_nfc(&out) {
        out = out.nfc().collect();
    }
    let trimmed = out.trim();
    if trimmed.len() == out.len() { out } else { trimmed.to_owned() }
}

/// Gives the records of a block their cells without what can't be seen.
pub(crate) struct Cleaner {
    /// Is every record of the block plain?
    all_plain: bool,
    record: RecordBlock,
}

impl Cleaner {
    /// For the records of this block, whose bytes are UTF-8.
    pub(crate) fn new(block: &[u8]) -> Cleaner {
        Cleaner { all_plain: is_plain(block), record: RecordBlock::default() }
    }

    /// The record with clean cells: itself, where they are already.
    #[inline]
    pub(crate) fn clean<'c>(&'c mut self, record: Record<'c>) -> Record<'c> {
        if self.all_plain || is_plain_but_for_euros(record.bytes()) {
            return record;
        }
        self.rewrite(&record)
    }

    #[cold]
    fn rewrite(&mut self, record: &Record<'_>) -> Record<'_> {
        self.record.clear();
        for cell in record.cells() {
            let text = String::from_utf8_lossy(cell);
            match is_plain_but_for_euros(cell) {
                true => self.record.cell(&text),
                false => self.record.cell(&cleaned(&text)),
            }
        }
        self.record.close(record.line);
        self.record.records().next().expect("it was just closed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_of_any_kind_and_accents_apart_are_what_people_see() {
        for (written, seen) in [
            ("\u{a0}1001\u{2009}", "1001"),
            ("10\u{200b}01\u{feff}", "1001"),
            ("R\u{a0}1", "R 1"),
            ("cafe\u{301}", "café"),
            ("a\u{1}b c", "ab c"),
        ] {
            assert_eq!(cleaned(written), seen);
            assert!(!is_plain(written.as_bytes()));
        }
        assert!(is_plain("a;b\t12,50\r\n".as_bytes()));
        for (text, is_clean) in [
            ("a;€ 1,46;b;€2", true),
            ("€", true),
            ("a;€\u{a0}1,46", false),
            ("a;â‚¬ 1", false),
            ("\u{200b}€ 1", false),
        ] {
            assert_eq!(is_plain_but_for_euros(text.as_bytes()), is_clean, "{text}");
        }
        let long = [b'a'; 10_000];
        assert!(is_plain(&long) && !is_plain(&[&long[..], b"\xc3\xa9"].concat()));
    }
}
