//! Where a text could hold a Bsn, in whatever dress: against letters or other digits, its digits split
//! by what people put between digits or by what nobody sees, or in the digits of another script.

use std::ops::Range;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Digits of a Bsn.
const LENGTH: usize = 9;
/// No Bsn is below this: those of eight digits are the lowest.
const LOWEST: u32 = 10_000_000;
/// So many characters may stand between two digits of one number.
const WIDEST_GAP: usize = 3;

/// The elfproef: (9·d1 + 8·d2 + … + 2·d8 − d9) mod 11 = 0 over nine digits.
pub fn passes_elfproef(nine_digits: u32) -> bool {
    let mut rest = nine_digits;
    let mut sum = -i64::from(rest % 10);
    rest /= 10;
    for weight in 2..=9 {
        sum += weight * i64::from(rest % 10);
        rest /= 10;
    }
    rest == 0 && sum % 11 == 0
}

/// Could this number be somebody's?
pub(crate) fn could_be_bsn(number: u32) -> bool {
    number >= LOWEST && passes_elfproef(number)
}

/// A number in a text that could be a Bsn, and the bytes that it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) bytes: Range<usize>,
    pub(super) number: u32,
}

/// All places of a text that could be a Bsn, from left to right; none overlaps another.
pub(super) fn places(text: &str) -> Vec<Place> {
    match may_hold_one(text.as_bytes()) {
        true => Search::of(text).found,
        false => Vec::new(),
    }
}

/// Are there digits enough? Nearly all texts end here.
#[inline]
fn may_hold_one(text: &[u8]) -> bool {
    if text.len() < LENGTH {
        return false;
    }
    let count = |is: fn(&u8) -> bool| text.iter().map(|b| usize::from(is(b))).sum::<usize>();
    // A digit of another script takes two bytes or more.
    let ascii = count(u8::is_ascii_digit);
    ascii >= LENGTH || ascii + count(|b| !b.is_ascii()) / 2 >= LENGTH
}

/// One digit of a text.
#[derive(Clone, Copy)]
struct Digit {
    value: u8,
    begin: usize,
    end: usize,
    /// What stands between it and the digit before it.
    gap: Gap,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// Nothing that can be seen.
    None,
    /// A comma with nothing beside it, as it stands in a list: in an amount it comes once, in a number
    /// it splits all groups.
    Comma,
    Other,
}

/// A walk through a text, with the digits that belong together so far.
struct Search<'t> {
    text: &'t str,
    digits: Vec<Digit>,
    found: Vec<Place>,
}

impl<'t> Search<'t> {
    fn of(text: &'t str) -> Search<'t> {
        let mut search = Search { text, digits: Vec::with_capacity(16), found: Vec::new() };
        let mut characters = text.char_indices();
        let (mut gap, mut width) = (Gap::None, 0);
        while let Some((begin, c)) = characters.next() {
            if let Some(length) = own_form(text.as_bytes(), begin) {
                search.end_of_number();
                // All of them ASCII.
                characters.nth(length - 2);
                continue;
            }
            if let Some(value) = digit(c) {
                search.digits.push(Digit { value, begin, end: begin + c.len_utf8(), gap });
                (gap, width) = (Gap::None, 0);
            } else if is_unseen(c) {
            } else if splits(c)
                && width < WIDEST_GAP
                && (width == 0 || (c != ',' && gap != Gap::Comma))
            {
                gap = if c == ',' { Gap::Comma } else { Gap::Other };
                width += 1;
            } else {
                search.end_of_number();
                (gap, width) = (Gap::None, 0);
            }
        }
        search.end_of_number();
        search
    }

    /// What the digits so far can be.
    fn end_of_number(&mut self) {
        let digits = std::mem::take(&mut self.digits);
        if digits.len() >= LENGTH {
            let groups: Vec<&[Digit]> = digits.chunk_by(|_, b| b.gap == Gap::None).collect();
            let mut i = 0;
            while i < groups.len() {
                if groups[i].len() >= LENGTH {
                    self.within(groups[i]);
                    i += 1;
                } else {
                    i += self.split(&groups[i..]).max(1);
                }
            }
        }
        self.digits = digits;
        self.digits.clear();
    }

    /// In digits that stand against each other: any nine of them.
    fn within(&mut self, digits: &[Digit]) {
        let mut i = 0;
        while let Some(nine) = digits.get(i..i + LENGTH) {
            let number = number(nine);
            if could_be_bsn(number) {
                self.push(nine, number);
                i += LENGTH;
            } else {
                i += 1;
            }
        }
    }

    /// Whole groups that together are nine digits, or ten with a zero in front. Gives how many groups
    /// are done with.
    fn split(&mut self, groups: &[&[Digit]]) -> usize {
        let mut together: Vec<Digit> = Vec::with_capacity(LENGTH + 1);
        for (i, group) in groups.iter().enumerate() {
            if is_date(self.text, &groups[i..]) {
                return if i == 0 { 3 } else { i };
            }
            together.extend_from_slice(group);
            let nine = match together.as_slice() {
                [zero, nine @ ..] if nine.len() == LENGTH && zero.value == 0 => nine,
                nine if nine.len() == LENGTH => nine,
                longer if longer.len() > LENGTH => return 0,
                _ => continue,
            };
            let number = number(nine);
            if i > 0 && could_be_bsn(number) && !self.is_amount(&together) {
                self.push(&together, number);
                return i + 1;
            }
        }
        0
    }

    /// `€ 123.456.782,00`, `1.234.567,89`: an amount as this program writes it, or with one comma.
    fn is_amount(&self, digits: &[Digit]) -> bool {
        let commas = digits[1..].iter().filter(|d| d.gap == Gap::Comma).count();
        let splits = digits[1..].iter().filter(|d| d.gap != Gap::None).count();
        let (before, after) =
            (&self.text[..digits[0].begin], &self.text[digits[digits.len() - 1].end..]);
        let cents = after.as_bytes();
        let of_euros = before.ends_with("€ ")
            && matches!(cents, [b',', a, b, ..] if a.is_ascii_digit() && b.is_ascii_digit());
        of_euros || (commas > 0 && commas < splits) || (commas == 1 && splits == 1)
    }

    fn push(&mut self, digits: &[Digit], number: u32) {
        let bytes = digits[0].begin..digits[digits.len() - 1].end;
        self.found.push(Place { bytes, number });
    }
}

fn number(nine: &[Digit]) -> u32 {
    nine.iter().fold(0, |n, d| n * 10 + u32::from(d.value))
}

/// Do these groups begin with a day, such as 2023-01-31 or 31-01-2023? Then they are no part of a number.
fn is_date(text: &str, groups: &[&[Digit]]) -> bool {
    let [a, b, c, ..] = groups else { return false };
    let value = |group: &[Digit]| group.iter().fold(0_u32, |n, d| n * 10 + u32::from(d.value));
    let mark =
        |before: &[Digit], after: &[Digit]| &text[before[before.len() - 1].end..after[0].begin];
    if mark(a, b) != mark(b, c) || !matches!(mark(a, b), "-" | "/" | ".") {
        return false;
    }
    let (year, month, day) = match (a.len(), b.len(), c.len()) {
        (4, 2, 2) => (value(a), value(b), value(c)),
        (2, 2, 4) => (value(c), value(b), value(a)),
        _ => return false,
    };
    (1900..=2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
}

/// How long what begins here is, if this program made it of nobody's number: a pseudonym, the Id of a
/// finding, a checksum.
fn own_form(text: &[u8], begin: usize) -> Option<usize> {
    let is_hex = |b: &u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
    let hex = |from: usize, length: usize| {
        let end = from + length;
        text.get(from..end).is_some_and(|part| part.iter().all(is_hex))
            && !text.get(end).is_some_and(u8::is_ascii_alphanumeric)
    };
    // A pseudonym in the place of a number may have letters and digits against it.
    if text[begin] == b'J' && text.get(begin + 1..begin + 17)?.iter().all(is_hex) {
        return Some(17);
    }
    let starts = begin == 0 || !text[begin - 1].is_ascii_alphanumeric();
    if !starts {
        return None;
    }
    match () {
        () if hex(begin, 64) => Some(64),
        () if hex(begin, 16) && is_code(&text[..begin]) => Some(16),
        () => None,
    }
}

/// Does this end with the code of a rule and a dash?
fn is_code(before: &[u8]) -> bool {
    let [.., a, b, c, d, b'-'] = before else { return false };
    a.is_ascii_uppercase() && b.is_ascii_uppercase() && c.is_ascii_digit() && d.is_ascii_digit()
}

/// The value of a digit of any script.
fn digit(c: char) -> Option<u8> {
    if c.is_ascii() {
        return c.is_ascii_digit().then(|| c as u8 - b'0');
    }
    let mut plain = std::iter::once(c).nfkd();
    if let (Some(one), None) = (plain.next(), plain.next())
        && one.is_ascii_digit()
    {
        return Some(one as u8 - b'0');
    }
    let code = u32::from(c);
    let zero = ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?;
    u8::try_from(code - ZEROS[zero]).ok().filter(|value| *value < 10)
}

/// What takes no room between two digits, or is drawn on one of them.
fn is_unseen(c: char) -> bool {
    !c.is_ascii()
        && (matches!(c, '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
            || is_combining_mark(c))
        || (c.is_ascii_control() && !c.is_ascii_whitespace())
}

/// What people put between the digits of one number.
fn splits(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '.' | '-'
                | '/'
                | '\\'
                | '_'
                | ','
                | '\''
                | '|'
                | '·'
                | '•'
                | '‧'
                | '∙'
                | '⋅'
                | '／'
                | '．'
                | '，'
                | '－'
                | '＿'
                | '\u{2010}'
                ..='\u{2015}'
                    | '\u{2018}'
                    | '\u{2019}'
                    | '\u{2044}'
                    | '\u{2212}'
                    | '\u{2215}'
                    | '\u{30fb}'
                    | '\u{fe58}'
                    | '\u{fe63}'
                    | '\u{2800}'
        )
}

/// The zeros of Unicode's decimal digits; the other nine follow each of them.
const ZEROS: [u32; 65] = [
    0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6,
    0xE50, 0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50,
    0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
    0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650,
    0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x16A60, 0x16AC0, 0x16B50,
    0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E950, 0x1FBF0,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        places(text).into_iter().map(|place| &text[place.bytes]).collect()
    }

    #[test]
    fn a_bsn_is_found_in_any_dress() {
        for dress in [
            "999900006",
            "kind999900006b",
            "J999900006",
            "1999900006",
            "9999000061",
            "12999900006345",
            "0999900006",
            "999.900.006",
            "999 900 006",
            "9999 00 006",
            "999-900-006",
            "999/900/006",
            "999,900,006",
            "0999.900.006",
            "9 9 9 9 0 0 0 0 6",
            "999 - 900 - 006",
            "999\u{a0}900\u{a0}006",
            "9999\u{200b}00006",
            "9\u{301}99900006",
            "99990\n0006",
            "９９９９００００６",
            "٩٩٩٩٠٠٠٠٦",
            "९९९९००००६",
            "𝟗𝟗𝟗𝟗𝟎𝟎𝟎𝟎𝟔",
            "⁹⁹⁹⁹⁰⁰⁰⁰⁶",
            "R-999.900.006-1",
            "op 2023-01-31 999900006",
            "2023-01-31 999 900 006",
        ] {
            let numbers: Vec<u32> = places(dress).iter().map(|place| place.number).collect();
            assert_eq!(numbers, [999_900_006], "{dress:?}");
        }
        assert_eq!(found("a 999900006 b 999.900.018"), ["999900006", "999.900.018"]);
        assert_eq!(found("kind 0999.900.006."), ["0999.900.006"]);
    }

    #[test]
    fn what_is_no_bsn_stays() {
        for text in [
            "",
            "999900007",
            "99990000",
            "2023-01-31 6",
            "01-02-2023 5, 31-12-2023",
            "99990 en 0006",
            "999.900 (006)",
            "8.5.1, 8.5.3, 8.5.4, 9.7, 10.3",
            "1.234.567,89",
            "€ 999.900.006,00",
            "NS01-9999000061234567",
            "J9999000061234567",
            "kindJ9999000061234567999",
        ] {
            assert_eq!(places(text), [], "{text:?}");
        }
        assert_eq!(places(&format!("{:09}", 12)), []);
        let checksum = format!("{}999900006{}", "a".repeat(30), "b".repeat(25));
        assert_eq!(places(&checksum), []);
        assert_eq!(places(&format!("{checksum}c")).len(), 1);
    }

    #[test]
    fn nine_digits_pass_the_elfproef_or_not() {
        assert!(passes_elfproef(999_900_006) && !passes_elfproef(999_900_007));
        assert!(!passes_elfproef(1_999_900_006));
    }
}
