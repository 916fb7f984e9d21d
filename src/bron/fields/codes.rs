//! Codes of digits, numbers, and texts that are keys.

use super::{ParseError, whole_number};
use crate::dossier::TextArena;

/// A code of digits, and what was mended to read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Code {
    pub number: u32,
    /// Were leading zeros put back?
    pub zeros: bool,
    /// Was a `.0` behind it left out?
    pub point_zero: bool,
}

/// A code of `digits` digits, of which leading zeros may be missing; spaces in it don't count, nor
/// does the `.0` of a program that makes numbers of codes.
#[inline]
pub(crate) fn code(cell: &[u8], digits: u8) -> Result<Code, ParseError> {
    match whole_number(cell, digits as usize) {
        Some(n) => {
            Ok(Code { number: n as u32, zeros: cell.len() < digits as usize, point_zero: false })
        }
        None => any_code(cell, digits),
    }
}

#[cold]
fn any_code(cell: &[u8], digits: u8) -> Result<Code, ParseError> {
    if lost_digits(cell) {
        return Err(ParseError::DigitsLost);
    }
    let bare: Vec<u8> = cell.iter().copied().filter(|c| *c != b' ').collect();
    let whole = without_point_zero(&bare);
    whole_number(whole, digits as usize)
        .map(|n| Code {
            number: n as u32,
            zeros: whole.len() < digits as usize,
            point_zero: whole.len() < bare.len(),
        })
        .ok_or(ParseError::NoCode { digits })
}

/// The code of a gemeente: also as CBS writes it, `GM0150`.
#[inline]
pub(crate) fn gemeentecode(cell: &[u8]) -> Result<Code, ParseError> {
    match cell {
        [b'G' | b'g', b'M' | b'm', rest @ ..] if rest.len() == 4 => code(rest, 4),
        _ => code(cell, 4),
    }
}

/// A whole number without separators, of at most nine digits.
pub(crate) fn number(cell: &[u8]) -> Result<u32, ParseError> {
    whole_number(without_point_zero(cell), 9).map(|n| n as u32).ok_or(ParseError::NoNumber)
}

/// A number without the `.0` that a program wrote behind it.
fn without_point_zero(cell: &[u8]) -> &[u8] {
    match cell {
        [whole @ .., b'.' | b',', b'0'] if whole.iter().all(u8::is_ascii_digit) => whole,
        _ => cell,
    }
}

/// A text that rows are told apart by, as it stands.
///
/// # Errors
/// Too long, a number of which digits are lost, or the error of a formula.
#[inline]
pub(crate) fn key(cell: &[u8]) -> Result<&[u8], ParseError> {
    if cell.len() > TextArena::LONGEST {
        Err(ParseError::TooLong)
    } else if lost_digits(cell) {
        Err(ParseError::DigitsLost)
    } else if cell.first() == Some(&b'#') && is_formula_error(cell) {
        Err(ParseError::FormulaError)
    } else {
        Ok(cell)
    }
}

/// A ToewijzingNummer, and whether a `.0` was left out: of digits alone it is a number, so without
/// its leading zeros.
///
/// # Errors
/// As of a [`key`].
#[inline]
pub(crate) fn toewijzingnummer(cell: &[u8]) -> Result<(&[u8], bool), ParseError> {
    let cell = key(cell)?;
    let whole = without_point_zero_of_number(cell);
    Ok((without_zeros(whole), whole.len() < cell.len()))
}

/// A key that is the same as in another column or table, without the `.0` that a program wrote behind
/// its digits.
#[inline]
pub(crate) fn without_point_zero_of_number(cell: &[u8]) -> &[u8] {
    match cell {
        [_, .., b'.' | b',', b'0'] => without_point_zero(cell),
        _ => cell,
    }
}

#[inline]
fn without_zeros(cell: &[u8]) -> &[u8] {
    match cell {
        [b'0', _, ..] if cell.iter().all(u8::is_ascii_digit) => {
            let zeros = cell.iter().take_while(|c| **c == b'0').count();
            &cell[zeros.min(cell.len() - 1)..]
        }
        _ => cell,
    }
}

/// `4,5E+02`: what a spreadsheet makes of a code that looks like a number, or of one too long for it.
#[inline]
fn lost_digits(cell: &[u8]) -> bool {
    match cell {
        [b'0'..=b'9', number @ .., b'E' | b'e', b'+' | b'-', b'0'..=b'9', b'0'..=b'9'] => {
            number.iter().all(|c| c.is_ascii_digit() || matches!(c, b'.' | b','))
        }
        _ => false,
    }
}

/// What a cell of a workbook has where its formula fails.
#[cold]
fn is_formula_error(cell: &[u8]) -> bool {
    const ERRORS: [&str; 18] = [
        "#REF!",
        "#VERW!",
        "#VALUE!",
        "#WAARDE!",
        "#DIV/0!",
        "#DEEL/0!",
        "#NAME?",
        "#NAAM?",
        "#NUM!",
        "#GETAL!",
        "#NULL!",
        "#LEEG!",
        "#N/A",
        "#N/B",
        "#SPILL!",
        "#OVERLOOP!",
        "#CALC!",
        "#GETTING_DATA",
    ];
    ERRORS.iter().any(|error| error.as_bytes().eq_ignore_ascii_case(cell))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cell: &str, digits: u8) -> Option<(u32, bool, bool)> {
        code(cell.as_bytes(), digits).ok().map(|c| (c.number, c.zeros, c.point_zero))
    }

    #[test]
    fn codes_get_back_the_zeros_that_a_spreadsheet_took() {
        assert_eq!(read("150", 4), Some((150, true, false)));
        assert_eq!(read("0150", 4), Some((150, false, false)));
        assert_eq!(read("13.0", 2), Some((13, false, true)));
        assert_eq!(read("01 23 45 67", 8), Some((1_234_567, false, false)));
        for wrong in ["01500", "15O", "", "1.5", "0150.00", "GM0150", "-1"] {
            assert_eq!(read(wrong, 4), None, "{wrong}");
        }
        assert_eq!(code(b"4,5E+02", 8), Err(ParseError::DigitsLost));
        assert_eq!(gemeentecode(b"GM0150").map(|c| c.number), Ok(150));
        assert!(gemeentecode(b"GM150").is_err());
    }

    #[test]
    fn a_number_of_a_toewijzing_is_the_same_with_zeros_before_it() {
        let nummer = |cell: &str| {
            let (nummer, point) = toewijzingnummer(cell.as_bytes()).unwrap();
            (String::from_utf8(nummer.to_vec()).unwrap(), point)
        };
        for (cell, is) in [
            ("0001001", "1001"),
            ("1001", "1001"),
            ("000", "0"),
            ("0A1", "0A1"),
            ("T-1.0", "T-1.0"),
        ] {
            assert_eq!(nummer(cell), (is.to_owned(), false));
        }
        assert_eq!(nummer("1001.0"), ("1001".to_owned(), true));
        for lost in ["1,00123E+15", "4,5E+02", "4e-05"] {
            assert_eq!(key(lost.as_bytes()), Err(ParseError::DigitsLost), "{lost}");
        }
        assert_eq!(key(b"45E02"), Ok(&b"45E02"[..]));
        assert_eq!(key(b"#VERW!"), Err(ParseError::FormulaError));
    }
}
