//! Numbers that come as numbers, as the text that the readers of cells take.

use crate::dossier::Kolom;
use rust_decimal::{Decimal, RoundingStrategy};
use std::fmt::Write;

/// A number this close to whole hundredths is meant to be those: a formula's rest.
const SPELING: Decimal = Decimal::from_parts(1, 0, 0, false, 6);

/// Adds the number to `out` with a decimal point and never three decimals in a column where those
/// could be thousands. Not a number is an empty cell.
pub(crate) fn write_number(number: f64, kolom: Option<Kolom>, out: &mut String) {
    if number.is_nan() {
        return;
    }
    /// A number of more digits than this has lost some.
    const WHOLE: f64 = 1e15;
    if number.fract() == 0.0 {
        let written = if number.abs() < WHOLE {
            write!(out, "{}", number as i64)
        } else {
            // In a form that no column takes: which digits it had can't be known.
            write!(out, "{}", format!("{number:e}").replace('e', "E+"))
        };
        return written.expect("writing to a String can't fail");
    }
    // The shortest decimals that give this number back are those that were typed.
    let text = number.to_string();
    match text.parse() {
        Ok(decimal) => write_decimal(decimal, kolom, out),
        Err(_) => out.push_str(&text),
    }
}

/// The same for a number of four bytes, of which only seven digits mean anything.
pub(crate) fn write_short_number(number: f32, kolom: Option<Kolom>, out: &mut String) {
    // Beyond this two decimals no longer fit, and what they were can't be known.
    if number.abs() < (1 << 17) as f32
        && let Ok(decimal) = number.to_string().parse()
    {
        write_decimal(decimal, kolom, out);
    } else {
        write_number(f64::from(number), kolom, out);
    }
}

/// The same for a decimal number.
pub(crate) fn write_decimal(number: Decimal, kolom: Option<Kolom>, out: &mut String) {
    let round = number.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    let mut number = if (number - round).abs() <= SPELING { round } else { number }.normalize();
    if number.is_zero() {
        number.set_sign_positive(true);
    }
    write!(out, "{number}").expect("writing to a String can't fail");
    if number.scale() == 3 && kolom.is_some_and(Kolom::counts) {
        out.push('0');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bron::fields::{AmountFormat, ParseError, bedrag};
    use crate::dossier::Cent;

    fn text(number: f64) -> String {
        let mut out = String::new();
        write_number(number, Some(Kolom::IngediendBedrag), &mut out);
        out
    }

    #[test]
    fn numbers_become_the_text_that_was_typed() {
        for (number, expected) in [
            (1.08, "1.08"),
            (2.5, "2.5"),
            (1234.0, "1234"),
            (999_900_006.0, "999900006"),
            (0.1 + 0.2, "0.3"),
            (149.999_999_999_97, "150"),
            (-0.000_000_1, "0"),
            (f64::NAN, ""),
            (999_999_999_999_999.0, "999999999999999"),
            (123_456_789_012_345_678.0, "1.2345678901234568E+17"),
        ] {
            assert_eq!(text(number), expected);
        }
        let mut short = String::new();
        write_short_number(123.45, None, &mut short);
        assert_eq!(short, "123.45");
    }

    #[test]
    fn a_number_cell_is_never_ambiguous() {
        let read = |number: f64| bedrag(text(number).as_bytes(), AmountFormat::default());
        assert_eq!(read(1.234), Err(ParseError::TooManyDecimals));
        assert_eq!(read(1234.0), Ok(Cent(123_400)));
        assert_eq!(read(1.230_000_9), Ok(Cent(123)));
        assert_eq!(read(1.230_002), Err(ParseError::TooManyDecimals));
        assert_eq!(read(-1.5), Err(ParseError::BedragNegative));
        assert!(read(1e300).is_err() && read(f64::INFINITY).is_err());
    }
}
