//! Values from the files that a spreadsheet would run instead of show.

use std::borrow::Cow;

/// Would a spreadsheet take this text for a formula? A plain number isn't one, whatever its sign.
pub(crate) fn looks_like_formula(text: &str) -> bool {
    let verdacht = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    text.starts_with(verdacht) && !is_number(text)
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || c == ',')
}

/// A cell of a CSV that a spreadsheet shows as it is: what would be a formula begins with a character
/// of no width. Quotes don't help: a spreadsheet takes them off first. An apostrophe would, but is read.
pub(crate) fn onschadelijk(cell: &str) -> Cow<'_, str> {
    if looks_like_formula(cell) {
        Cow::Owned(format!("{WITHOUT_WIDTH}{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// U+200B, zero width space.
pub(crate) const WITHOUT_WIDTH: char = '\u{200b}';

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_known_and_numbers_are_left_alone() {
        for text in ["=1+1", "+31 38", "-2+3", "@SUM(1)", "\t=1", "\r=1", "-", "＝1", "--1"] {
            assert!(looks_like_formula(text), "{text:?}");
            assert_eq!(onschadelijk(text).strip_prefix(WITHOUT_WIDTH), Some(text));
        }
        for text in ["", "-12,50", "+5", "-1", "R-1", "1=1", "a@b", "'=1"] {
            assert!(!looks_like_formula(text), "{text:?}");
            assert_eq!(onschadelijk(text), text);
        }
    }
}
