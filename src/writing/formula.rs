//! Values from the files that a spreadsheet would run instead of show.

use std::borrow::Cow;

/// Would a spreadsheet take this text for a formula? A plain number isn't one, whatever its sign.
pub fn lijkt_formule(tekst: &str) -> bool {
    let verdacht = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    tekst.starts_with(verdacht) && !is_getal(tekst)
}

fn is_getal(tekst: &str) -> bool {
    let cijfers = tekst.strip_prefix(['-', '+']).unwrap_or(tekst);
    !cijfers.is_empty() && cijfers.chars().all(|c| c.is_ascii_digit() || c == ',')
}

/// A cell of a CSV that a spreadsheet shows as it is: what would be a formula begins with a character
/// of no width. Quotes don't help: a spreadsheet takes them off first. An apostrophe would, but is read.
pub fn onschadelijk(cel: &str) -> Cow<'_, str> {
    if lijkt_formule(cel) {
        Cow::Owned(format!("{ZONDER_BREEDTE}{cel}"))
    } else {
        Cow::Borrowed(cel)
    }
}

/// U+200B, zero width space.
pub const ZONDER_BREEDTE: char = '\u{200b}';

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_known_and_numbers_are_left_alone() {
        for tekst in ["=1+1", "+31 38", "-2+3", "@SUM(1)", "\t=1", "\r=1", "-", "＝1", "--1"] {
            assert!(lijkt_formule(tekst), "{tekst:?}");
            assert_eq!(onschadelijk(tekst).strip_prefix(ZONDER_BREEDTE), Some(tekst));
        }
        for tekst in ["", "-12,50", "+5", "-1", "R-1", "1=1", "a@b", "'=1"] {
            assert!(!lijkt_formule(tekst), "{tekst:?}");
            assert_eq!(onschadelijk(tekst), tekst);
        }
    }
}
