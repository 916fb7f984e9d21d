//! Words that a column has a few of.

use super::{ParseError, number};
use crate::dossier::{Bijzonderheden, Bijzonderheid, DebetCredit};

fn is_one_of(cell: &[u8], words: &[&str]) -> bool {
    words.iter().any(|word| word.as_bytes().eq_ignore_ascii_case(cell))
}

/// `J/N`, `ja/nee`, `1/0`, `true/false`, `WAAR/ONWAAR`, `1.0/0.0`, and `x` for yes; in any case.
pub(crate) fn yes_no(cell: &[u8]) -> Result<bool, ParseError> {
    match cell {
        b"J" | b"j" | b"1" => Ok(true),
        b"N" | b"n" | b"0" => Ok(false),
        _ if is_one_of(cell, &["ja", "true", "waar", "x", "1.0", "1,0"]) => Ok(true),
        _ if is_one_of(cell, &["nee", "false", "onwaar", "0.0", "0,0"]) => Ok(false),
        _ => Err(ParseError::NoYesNo),
    }
}

/// NoShow: yes, no, or the number of no-shows inside the line.
pub(crate) fn no_show(cell: &[u8]) -> Result<u32, ParseError> {
    match yes_no(cell) {
        Ok(yes) => Ok(u32::from(yes)),
        Err(_) => {
            number(cell).map_err(|_| ParseError::UnknownValue { allowed: "J, N of een aantal" })
        }
    }
}

/// DebetCredit: `D`/`C`, `Debet`/`Credit`, `DB`/`CR`; in any case.
pub(crate) fn debet_credit(cell: &[u8]) -> Result<DebetCredit, ParseError> {
    match cell {
        b"D" => Ok(DebetCredit::Debet),
        b"C" => Ok(DebetCredit::Credit),
        _ if is_one_of(cell, &["d", "debet", "db"]) => Ok(DebetCredit::Debet),
        _ if is_one_of(cell, &["c", "credit", "cr"]) => Ok(DebetCredit::Credit),
        _ => Err(ParseError::UnknownValue { allowed: "D of C" }),
    }
}

/// What people and programs write where there is nothing.
#[inline]
pub(crate) fn is_empty_word(cell: &[u8]) -> bool {
    match cell {
        [b'-'] => true,
        [b'N' | b'n' | b'#', _, _, ..] if cell.len() <= 6 => is_one_of(
            cell,
            &["NULL", "n.v.t.", "nvt", "#N/B", "#N/A", "N/A", "n.a.", "NaN", "None"],
        ),
        [b'<' | b'(' | b'L' | b'l' | b'G' | b'g', _, _, _, ..] if cell.len() <= 7 => {
            is_one_of(cell, &["<NA>", "(leeg)", "leeg", "geen", "(blank)", "(geen)"])
        }
        b"NA" => true,
        _ => false,
    }
}

/// Does this text tell nothing by which one row is like another? A nought is what a program makes of an
/// empty cell or of a number that isn't there.
#[inline]
pub(crate) fn says_nothing(cell: &[u8]) -> bool {
    match cell {
        [b'0', rest @ ..] => rest.iter().all(|c| matches!(c, b'0' | b'.' | b',')),
        [b'?', rest @ ..] => rest.iter().all(|c| *c == b'?'),
        [b'O' | b'o' | b'U' | b'u', _, _, ..] if cell.len() <= 8 => {
            is_one_of(cell, &["onbekend", "unknown"])
        }
        _ => false,
    }
}

/// The known words of Bijzonderheid, and whether there were others.
pub(crate) fn bijzonderheden(cell: &str) -> (Bijzonderheden, bool) {
    let mut found = Bijzonderheden::default();
    let mut unknown = false;
    for word in cell.split_whitespace() {
        let known = Bijzonderheid::choices();
        match known.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)) {
            Some((_, b)) => found = found.with(*b),
            None => unknown = true,
        }
    }
    (found, unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_bijzonderheid_is_known_by_itself() {
        for b in Bijzonderheid::ALL {
            assert_eq!(bijzonderheden(b.name()), (Bijzonderheden::default().with(b), false));
        }
    }

    #[test]
    fn no_show_is_yes_no_or_a_number() {
        for (cell, count) in [("J", 1), ("nee", 0), ("3", 3), ("WAAR", 1), ("onwaar", 0), ("x", 1)]
        {
            assert_eq!(no_show(cell.as_bytes()), Ok(count), "{cell}");
        }
        assert_eq!((no_show(b"1.0"), no_show(b"3.0")), (Ok(1), Ok(3)));
        assert!(no_show(b"vaak").is_err());
    }

    #[test]
    fn what_means_nothing_is_no_value() {
        for word in ["NULL", "null", "n.v.t.", "NVT", "-", "#N/B", "#n/a"] {
            assert!(is_empty_word(word.as_bytes()), "{word}");
        }
        for word in ["", "N", "Nulle", "--", "#REF!", "nvtx"] {
            assert!(!is_empty_word(word.as_bytes()), "{word}");
        }
    }

    #[test]
    fn debet_and_credit_have_three_words_each() {
        for (d, c) in [("D", "C"), ("Debet", "Credit"), ("DB", "cr")] {
            assert_eq!(debet_credit(d.as_bytes()), Ok(DebetCredit::Debet));
            assert_eq!(debet_credit(c.as_bytes()), Ok(DebetCredit::Credit));
        }
        assert!(debet_credit(b"Kredit").is_err());
    }
}
