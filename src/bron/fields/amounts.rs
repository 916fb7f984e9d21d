//! Amounts of money and volumes, in hundredths.

use super::{ParseError, whole_number};
use crate::dossier::{Cent, Volume};
use crate::ground::could_be_bsn;
use std::borrow::Cow;

/// `[bedragen]` of `controle.toml`: how this dossier writes money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct AmountFormat {
    pub decimal_mark: Option<DecimalMark>,
    pub eenheid: MoneyUnit,
}

impl AmountFormat {
    /// Whole cents, as messages have them.
    pub(crate) const IN_CENTS: AmountFormat =
        AmountFormat { decimal_mark: None, eenheid: MoneyUnit::Eurocent };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DecimalMark {
    Comma,
    Point,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum MoneyUnit {
    #[default]
    Euro,
    Eurocent,
}

/// Largest amount: fifty million of them can be added up in 64 bits. No message can carry more than
/// 99.999.999 eurocents.
const MOST_CENTEN: i64 = 99_999_999_999;
/// Largest volume, in hundredths: what a message can carry, also in eurocents.
const MOST_VOLUME: i64 = 9_999_999_999;

fn at_most(hundredths: i64, limit: i64) -> Result<i64, ParseError> {
    if hundredths <= limit {
        Ok(hundredths)
    } else {
        Err(ParseError::TooLarge { limit: Volume(limit) })
    }
}

/// Reads an amount of money of zero or more: `371,20`, `1.234,50`, `€ 371,20`, `371,20 EUR`,
/// `1 234,50` or `1'234,50` with any kind of space. What could be read in two ways is refused.
///
/// # Errors
/// No amount, a negative one, or one that isn't plain.
#[inline]
pub(crate) fn bedrag(cell: &[u8], how: AmountFormat) -> Result<Cent, ParseError> {
    if how.eenheid == MoneyUnit::Euro
        && let Some(centen) = read_plain(cell).or_else(|| read_after_euro(cell, how.decimal_mark))
    {
        return Ok(Cent(centen));
    }
    match signed_bedrag(cell, how)? {
        Cent(centen) if centen < 0 => Err(ParseError::BedragNegative),
        bedrag => Ok(bedrag),
    }
}

/// An amount of one child's care: the same, but a Bsn that slipped into its column is none.
///
/// # Errors
/// Those of [`bedrag`], and whole euros or cents as they stand that could be a Bsn: so much care
/// there isn't.
#[inline]
pub(crate) fn bedrag_of_care(cell: &[u8], how: AmountFormat) -> Result<Cent, ParseError> {
    match bedrag(cell, how) {
        Ok(bedrag) if bedrag.0 >= NINE_DIGITS && is_bsn(bedrag, how) => {
            Err(ParseError::LooksLikeBsn)
        }
        outcome => outcome,
    }
}

/// The lowest number of nine digits.
const NINE_DIGITS: i64 = 100_000_000;

#[cold]
fn is_bsn(Cent(centen): Cent, how: AmountFormat) -> bool {
    let whole = match how.eenheid {
        MoneyUnit::Euro if centen % 100 == 0 => centen / 100,
        MoneyUnit::Euro => return false,
        MoneyUnit::Eurocent => centen,
    };
    whole >= NINE_DIGITS && u32::try_from(whole).is_ok_and(could_be_bsn)
}

/// The same of any sign: `-371,20`, `371,20-` and `(371,20)` are below zero.
///
/// # Errors
/// No amount, or one that isn't plain.
#[cold]
pub(crate) fn signed_bedrag(cell: &[u8], how: AmountFormat) -> Result<Cent, ParseError> {
    let text = str::from_utf8(cell).map_err(|_| ParseError::NoBedrag)?;
    let (negative, bare) = without_sign(text);
    let bare = without_spaces(bare).ok_or(ParseError::NoBedrag)?;
    let bare = bare.as_bytes();
    let centen = if how.eenheid == MoneyUnit::Eurocent {
        whole_number(bare, 15).ok_or(ParseError::NoWholeCents)?
    } else {
        hundredths(bare, how.decimal_mark, ParseError::NoBedrag)?
    };
    let centen = at_most(centen, MOST_CENTEN)?;
    Ok(Cent(if negative { -centen } else { centen }))
}

/// Reads a volume with at most two decimals.
///
/// # Errors
/// No volume, or one that isn't plain.
#[inline]
pub(crate) fn volume(cell: &[u8], how: AmountFormat) -> Result<Volume, ParseError> {
    match read_plain(cell) {
        Some(n) => Ok(Volume(n)),
        None => any_volume(cell, how),
    }
}

#[cold]
fn any_volume(cell: &[u8], how: AmountFormat) -> Result<Volume, ParseError> {
    let bare = str::from_utf8(cell).ok().and_then(without_spaces).ok_or(ParseError::NoVolume)?;
    let n = hundredths(bare.as_bytes(), how.decimal_mark, ParseError::NoVolume)?;
    at_most(n, MOST_VOLUME).map(Volume)
}

/// Is it below zero, and what is left without its sign and its currency?
fn without_sign(text: &str) -> (bool, &str) {
    fn without_currency(text: &str) -> &str {
        let text = text.trim();
        let text = text.strip_prefix('€').or_else(|| text.strip_suffix('€')).unwrap_or(text);
        let is_euro = |part: Option<&str>| part.is_some_and(|p| p.eq_ignore_ascii_case("EUR"));
        if is_euro(text.get(..3)) {
            text[3..].trim()
        } else if text.len() > 3 && is_euro(text.get(text.len() - 3..)) {
            text[..text.len() - 3].trim()
        } else {
            text.trim()
        }
    }
    const MINUS: [char; 2] = ['-', '\u{2212}'];
    let bare = without_currency(text);
    let signed = (bare.strip_prefix(MINUS))
        .or_else(|| bare.strip_suffix(MINUS))
        .or_else(|| bare.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')));
    match signed {
        // The currency may stand on either side of the sign.
        Some(rest) => (true, without_currency(rest)),
        None => (false, bare),
    }
}

/// Without the spaces or apostrophes that part thousands; `None` where they part anything else.
fn without_spaces(text: &str) -> Option<Cow<'_, str>> {
    let is_space = |c: char| c.is_whitespace() || matches!(c, '\'' | '\u{2019}');
    let text = text.trim();
    if !text.contains(is_space) {
        return Some(text.into());
    }
    let (whole, decimals) = text.split_at(text.rfind(['.', ',']).unwrap_or(text.len()));
    if decimals.contains(is_space) || whole.contains(['.', ',']) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    for (i, group) in whole.split(is_space).enumerate() {
        let fits = if i == 0 { (1..=3).contains(&group.len()) } else { group.len() == 3 };
        if !fits {
            return None;
        }
        out.push_str(group);
    }
    out.push_str(decimals);
    Some(out.into())
}

/// The two forms that most cells have, up to eight digits alone or with two decimals, in hundredths.
#[inline]
fn read_plain(cell: &[u8]) -> Option<i64> {
    match cell {
        [whole @ .., b',' | b'.', t @ b'0'..=b'9', e @ b'0'..=b'9'] => {
            let centen = i64::from(t - b'0') * 10 + i64::from(e - b'0');
            whole_number(whole, 8).map(|n| n * 100 + centen)
        }
        _ => whole_number(cell, 8).map(|n| n * 100),
    }
}

/// The same behind the sign of the euro, with one point between thousands or without.
fn read_after_euro(cell: &[u8], decimal: Option<DecimalMark>) -> Option<i64> {
    let bare = cell.strip_prefix("€".as_bytes())?.trim_ascii_start();
    match bare {
        [first @ .., b'.', a, b, c, b',', d, e]
            if decimal != Some(DecimalMark::Point) && (1..=3).contains(&first.len()) =>
        {
            let rest = read_plain(&[*a, *b, *c, b',', *d, *e])?;
            whole_number(first, 3).map(|n| n * 100_000 + rest)
        }
        _ => read_plain(bare),
    }
}

/// A decimal number in hundredths; `.` and `,` each may be the decimal or the thousands separator.
fn hundredths(
    cell: &[u8],
    decimal: Option<DecimalMark>,
    unreadable: ParseError,
) -> Result<i64, ParseError> {
    let mut characters = cell.iter().copied().enumerate().filter(|(_, c)| matches!(c, b'.' | b','));
    let last = characters.next_back();
    let Some((place, character)) = last else {
        return whole_number(cell, 13).map(|n| n * 100).ok_or(unreadable);
    };
    let earlier = cell[..place].iter().filter(|c| matches!(c, b'.' | b',')).count();
    let same_earlier = cell[..place].iter().filter(|&&c| c == character).count();
    let (before, after) = (&cell[..place], &cell[place + 1..]);
    if !after.iter().all(u8::is_ascii_digit) || after.is_empty() || before.is_empty() {
        return Err(unreadable);
    }
    if same_earlier > 0 {
        // 1.234.567: only thousands can come more than once, and then nothing else may.
        return if same_earlier == earlier {
            thousands(cell, character).map(|n| n * 100).ok_or(unreadable)
        } else {
            Err(unreadable)
        };
    }
    if earlier == 0 && after.len() == 3 {
        let is_decimal_mark = match decimal {
            None => return Err(ParseError::BedragAmbiguous),
            Some(DecimalMark::Comma) => character == b',',
            Some(DecimalMark::Point) => character == b'.',
        };
        return if is_decimal_mark {
            Err(ParseError::TooManyDecimals)
        } else {
            thousands(cell, character).map(|n| n * 100).ok_or(unreadable)
        };
    }
    let whole = if earlier == 0 {
        whole_number(before, 13)
    } else {
        thousands(before, if character == b',' { b'.' } else { b',' })
    }
    .ok_or(unreadable)?;
    let centen = match after {
        [t] => i64::from(t - b'0') * 10,
        [t, e] => i64::from(t - b'0') * 10 + i64::from(e - b'0'),
        _ => return Err(ParseError::TooManyDecimals),
    };
    Ok(whole * 100 + centen)
}

/// `12.345.678`: one to three digits, then groups of three.
fn thousands(cell: &[u8], character: u8) -> Option<i64> {
    let mut total: i64 = 0;
    for (i, group) in cell.split(|&c| c == character).enumerate() {
        let fits = if i == 0 { (1..=3).contains(&group.len()) } else { group.len() == 3 };
        if !fits || i > 4 {
            return None;
        }
        total = total * 1000 + whole_number(group, 3)?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FREE: AmountFormat = AmountFormat { decimal_mark: None, eenheid: MoneyUnit::Euro };

    fn euro(s: &str) -> Result<i64, ParseError> {
        bedrag(s.as_bytes(), FREE).map(|c| c.0)
    }

    #[test]
    fn the_short_way_behind_a_euro_sign_gives_what_the_long_one_does() {
        for cell in [
            "€ 1,46",
            "€1.234,50",
            "€ 12",
            "€ 999.999,99",
            "€ 0.123,45",
            "€ 1.234",
            "€ ,50",
            "€",
            "€ -1,00",
        ] {
            for decimal_mark in [None, Some(DecimalMark::Comma), Some(DecimalMark::Point)] {
                let how = AmountFormat { decimal_mark, ..FREE };
                let short = read_after_euro(cell.as_bytes(), decimal_mark);
                let long = signed_bedrag(cell.as_bytes(), how).map(|c| c.0);
                assert!(
                    short.is_none() || short == long.clone().ok(),
                    "{cell}: {short:?} {long:?}"
                );
            }
        }
        assert_eq!(euro("€ 12.345,60"), Ok(1_234_560));
    }

    #[test]
    fn amounts_and_volumes_stay_so_small_that_their_sums_fit() {
        let (euro, cent) = (
            AmountFormat::default(),
            AmountFormat { eenheid: MoneyUnit::Eurocent, ..AmountFormat::default() },
        );
        assert_eq!(bedrag(b"999.999.999,99", euro), Ok(Cent(MOST_CENTEN)));
        assert_eq!(bedrag(b"99999999999", cent), Ok(Cent(MOST_CENTEN)));
        assert!(MOST_CENTEN.checked_mul(50_000_000).is_some());
        for (cell, how) in
            [(&b"1000000000"[..], euro), (b"1000000000,00", euro), (b"100000000000", cent)]
        {
            assert!(matches!(bedrag(cell, how), Err(ParseError::TooLarge { .. })), "{cell:?}");
        }
        assert_eq!(volume(b"99999999,99", euro), Ok(Volume(MOST_VOLUME)));
        assert!(matches!(volume(b"100000000", euro), Err(ParseError::TooLarge { .. })));
    }

    #[test]
    fn money_is_read_with_comma_or_point_and_never_guessed() {
        assert_eq!(euro("1234,56"), Ok(123_456));
        assert_eq!(euro("1234.56"), Ok(123_456));
        assert_eq!(euro("€ 1.234,5"), Ok(123_450));
        assert_eq!(euro("1,234.56"), Ok(123_456));
        assert_eq!(euro("1 234,56 €"), Ok(123_456));
        assert_eq!(euro("1.234.567"), Ok(123_456_700));
        assert_eq!(euro("12"), Ok(1_200));
        assert_eq!(euro("1.234"), Err(ParseError::BedragAmbiguous));
        assert_eq!(euro("1,234"), Err(ParseError::BedragAmbiguous));
        assert_eq!(euro("1.234,567"), Err(ParseError::TooManyDecimals));
        assert_eq!(euro("12,3456"), Err(ParseError::TooManyDecimals));
        assert_eq!(euro("-12,50"), Err(ParseError::BedragNegative));
        for nonsense in ["", "abc", "12,", ",50", "1.2.3", "1.23.456,00", "1,234,56", "12-"] {
            assert!(euro(nonsense).is_err(), "{nonsense}");
        }
    }

    #[test]
    fn a_stated_decimal_sign_settles_what_was_ambiguous() {
        let comma = AmountFormat { decimal_mark: Some(DecimalMark::Comma), ..FREE };
        assert_eq!(bedrag(b"1.234", comma), Ok(Cent(123_400)));
        assert_eq!(bedrag(b"1,234", comma), Err(ParseError::TooManyDecimals));
        let point = AmountFormat { decimal_mark: Some(DecimalMark::Point), ..FREE };
        assert_eq!(bedrag(b"1,234", point), Ok(Cent(123_400)));
        let centen = AmountFormat { eenheid: MoneyUnit::Eurocent, ..FREE };
        assert_eq!(bedrag(b"123456", centen), Ok(Cent(123_456)));
        assert_eq!(bedrag(b"1234,56", centen), Err(ParseError::NoWholeCents));
    }

    #[test]
    fn what_people_write_around_an_amount_is_no_part_of_it() {
        for form in [
            "1234,50",
            "1.234,50",
            "€ 1.234,50",
            "1234,50 EUR",
            "eur 1.234,5",
            "1\u{a0}234,50",
            "1\u{2009}234,50",
            "1\u{202f}234,50 €",
            "1'234.50",
            "1\u{2019}234,50",
            "€1 234,50",
        ] {
            assert_eq!(euro(form), Ok(123_450), "{form}");
        }
        for negative in [
            "-371,20",
            "371,20-",
            "(371,20)",
            "€ -371,20",
            "-€ 371,20",
            "(€ 371,20)",
            "\u{2212}371,20",
            "371,20- EUR",
        ] {
            assert_eq!(signed_bedrag(negative.as_bytes(), FREE), Ok(Cent(-37_120)), "{negative}");
            assert_eq!(euro(negative), Err(ParseError::BedragNegative), "{negative}");
        }
        assert_eq!(euro("-0,00"), Ok(0));
        for nonsense in [
            "12%",
            "4,5E+02",
            "1 23,50",
            "12 34",
            "1.234 567,00",
            "--1",
            "(1",
            "1-2",
            "371,-",
            "+1",
            "1 234 5",
        ] {
            assert!(matches!(euro(nonsense), Err(ParseError::NoBedrag)), "{nonsense}");
        }
        assert_eq!(volume("1\u{a0}234,5".as_bytes(), FREE), Ok(Volume(123_450)));
        assert!(volume(b"-1", FREE).is_err() && volume(b"1-", FREE).is_err());
    }

    proptest::proptest! {
        #[test]
        fn every_amount_reads_back_as_it_was_written(centen in 0_i64..=MOST_CENTEN) {
            let (whole, rest) = (centen / 100, centen % 100);
            proptest::prop_assert_eq!(euro(&format!("{whole},{rest:02}")), Ok(centen));
            proptest::prop_assert_eq!(euro(&format!("{whole}.{rest:02}")), Ok(centen));
            proptest::prop_assert_eq!(euro(&Cent(centen).to_string()), Ok(centen));
        }
    }

    #[test]
    fn a_bsn_in_the_column_of_an_amount_is_none() {
        let cents = AmountFormat::IN_CENTS;
        for (cell, how) in [("999900006", FREE), ("999.900.006,00", FREE), ("999900006", cents)] {
            let read = bedrag_of_care(cell.as_bytes(), how);
            assert_eq!(read, Err(ParseError::LooksLikeBsn), "{cell}");
        }
        for cell in ["999900007", "999900006,01", "9999000,06", "12,50", "", "x"] {
            assert_eq!(bedrag_of_care(cell.as_bytes(), FREE), bedrag(cell.as_bytes(), FREE));
        }
    }
}
