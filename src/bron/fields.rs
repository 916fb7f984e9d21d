//! One cell into one value: dates, money that is never guessed, volumes, codes that lost zeros.

pub use super::parse_error::ParseError;
use crate::dossier::{Bijzonderheden, Bijzonderheid, Cent, Dag, Tijd, Volume};
use serde::Deserialize;

/// `[bedragen]` of `controle.toml`: how this dossier writes money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AmountFormat {
    pub decimal_mark: Option<DecimalMark>,
    pub eenheid: MoneyUnit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum DecimalMark {
    #[serde(rename = ",")]
    Comma,
    #[serde(rename = ".")]
    Point,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MoneyUnit {
    #[default]
    Euro,
    Eurocent,
}

/// Reads `2023-03-31`, `31-03-2023` or `20230331`, from 1900 up to and including 9999.
#[inline]
pub(crate) fn datum(cell: &[u8]) -> Result<Dag, ParseError> {
    match plain_datum(cell) {
        Some(dag) => Ok(dag),
        None => any_datum(cell),
    }
}

#[cold]
fn any_datum(cell: &[u8]) -> Result<Dag, ParseError> {
    fn number(digits: &[u8]) -> Option<u32> {
        digits.iter().try_fold(0, |n, c| c.is_ascii_digit().then(|| n * 10 + u32::from(c - b'0')))
    }
    let parts = match cell {
        [j @ .., b'-', m1, m2, b'-', d1, d2] if j.len() == 4 => (j, [*m1, *m2], [*d1, *d2]),
        [d1, d2, b'-', m1, m2, b'-', j @ ..] if j.len() == 4 => (j, [*m1, *m2], [*d1, *d2]),
        [j1, j2, j3, j4, m1, m2, d1, d2] => {
            return jmd(number(&[*j1, *j2, *j3, *j4]), number(&[*m1, *m2]), number(&[*d1, *d2]));
        }
        _ => return Err(ParseError::NoDatum),
    };
    jmd(number(parts.0), number(&parts.1), number(&parts.2))
}

#[inline]
fn jmd(jaar: Option<u32>, maand: Option<u32>, dag: Option<u32>) -> Result<Dag, ParseError> {
    let (Some(jaar), Some(maand), Some(dag)) = (jaar, maand, dag) else {
        return Err(ParseError::NoDatum);
    };
    if jaar < 1900 {
        return Err(ParseError::NoDatum);
    }
    Dag::from_jmd(jaar as i32, maand, dag).ok_or(ParseError::NoDatum)
}

/// The form of [`datum`] that most cells have, `2023-03-31`.
#[inline]
fn plain_datum(cell: &[u8]) -> Option<Dag> {
    /// What each of the first eight bytes has as its least.
    const LOWEST: u64 = u64::from_le_bytes(*b"0000-00-");
    /// Takes what is left past 127 in a digit above 9 and in anything but a dash.
    const ROOM: u64 = u64::from_le_bytes([118, 118, 118, 118, 127, 118, 118, 127]);
    const HIGHEST_BITS: u64 = u64::from_le_bytes([128; 8]);
    let cell: &[u8; 10] = cell.try_into().ok()?;
    let (jaar_and_maand, dag) = cell.split_first_chunk::<8>()?;
    let digits = u64::from_le_bytes(*jaar_and_maand) ^ LOWEST;
    let ((d1, d2), fits) = ((dag[0] ^ b'0', dag[1] ^ b'0'), digits.wrapping_add(ROOM) | digits);
    if fits & HIGHEST_BITS != 0 || d1 > 9 || d2 > 9 {
        return None;
    }
    let [j1, j2, j3, j4, _, m1, m2, _] = digits.to_le_bytes().map(u32::from);
    let jaar = j1 * 1000 + j2 * 100 + j3 * 10 + j4;
    jmd(Some(jaar), Some(m1 * 10 + m2), Some(u32::from(d1) * 10 + u32::from(d2))).ok()
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

/// Reads an amount of money; what could be read in two ways is refused.
#[inline]
pub(crate) fn bedrag(cell: &[u8], how: AmountFormat) -> Result<Cent, ParseError> {
    if how.eenheid == MoneyUnit::Euro
        && let Some(centen) = read_plain(cell)
    {
        return Ok(Cent(centen));
    }
    any_bedrag(cell, how)
}

#[cold]
fn any_bedrag(cell: &[u8], how: AmountFormat) -> Result<Cent, ParseError> {
    let bare = without_euro_sign_and_spaces(cell);
    let bare = bare.as_ref();
    if how.eenheid == MoneyUnit::Eurocent {
        if bare.first() == Some(&b'-') {
            return Err(ParseError::BedragNegative);
        }
        let centen = whole_number(bare, 15).ok_or(ParseError::NoWholeCents)?;
        return at_most(centen, MOST_CENTEN).map(Cent);
    }
    let centen = hundredths(bare, how.decimal_mark, ParseError::NoBedrag)?;
    at_most(centen, MOST_CENTEN).map(Cent)
}

/// Reads a volume with at most two decimals.
#[inline]
pub(crate) fn volume(cell: &[u8], how: AmountFormat) -> Result<Volume, ParseError> {
    match read_plain(cell) {
        Some(n) => Ok(Volume(n)),
        None => any_volume(cell, how),
    }
}

#[cold]
fn any_volume(cell: &[u8], how: AmountFormat) -> Result<Volume, ParseError> {
    match hundredths(cell, how.decimal_mark, ParseError::NoVolume) {
        Ok(n) => at_most(n, MOST_VOLUME).map(Volume),
        Err(ParseError::BedragNegative) => Err(ParseError::NoVolume),
        Err(ParseError::BedragAmbiguous) => Err(ParseError::BedragAmbiguous),
        Err(e) => Err(e),
    }
}

fn without_euro_sign_and_spaces(cell: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    if cell.iter().all(|c| c.is_ascii_digit() || matches!(c, b'.' | b',')) {
        return cell.into();
    }
    String::from_utf8_lossy(cell)
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '€' && *c != '\u{a0}' && *c != '\u{202f}')
        .collect::<String>()
        .into_bytes()
        .into()
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

/// A decimal number in hundredths; `.` and `,` each may be the decimal or the thousands separator.
fn hundredths(
    cell: &[u8],
    decimal: Option<DecimalMark>,
    unreadable: ParseError,
) -> Result<i64, ParseError> {
    if cell.first() == Some(&b'-') && cell.len() > 1 && cell[1].is_ascii_digit() {
        return Err(ParseError::BedragNegative);
    }
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

fn whole_number(cell: &[u8], most_digits: usize) -> Option<i64> {
    debug_assert!(most_digits <= 18, "the number fits");
    if cell.is_empty() || cell.len() > most_digits {
        return None;
    }
    let mut n = 0_i64;
    for c in cell {
        let digit = c.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        // At most fifteen digits: nothing can overflow.
        n = n.wrapping_mul(10).wrapping_add(i64::from(digit));
    }
    Some(n)
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

/// A code of `digits` digits; `true` where leading zeros were put back.
#[inline]
pub(crate) fn code(cell: &[u8], digits: u8) -> Result<(u32, bool), ParseError> {
    whole_number(cell, digits as usize)
        .map(|n| (n as u32, cell.len() < digits as usize))
        .ok_or(ParseError::NoCode { digits })
}

/// A whole number without separators, of at most nine digits.
pub(crate) fn number(cell: &[u8]) -> Result<u32, ParseError> {
    whole_number(cell, 9).map(|n| n as u32).ok_or(ParseError::NoNumber)
}

/// A time of day: `15:04` or `15:04:05`, of which a message may also tell parts of a second.
pub(crate) fn tijd(cell: &[u8]) -> Result<Tijd, ParseError> {
    let (clock, parts) = match cell.iter().position(|c| *c == b'.') {
        Some(point) => (&cell[..point], &cell[point + 1..]),
        None => (cell, &b"0"[..]),
    };
    let milli = || -> Option<u32> {
        let digits: Vec<u32> =
            parts.iter().map(|c| char::from(*c).to_digit(10)).collect::<Option<_>>()?;
        let digit = |place: usize| digits.get(place).copied().unwrap_or(0);
        (!digits.is_empty()).then(|| digit(0) * 100 + digit(1) * 10 + digit(2))
    };
    let two = |digits: &[u8]| whole_number(digits, 2).filter(|_| digits.len() == 2);
    let time = match clock.split(|c| *c == b':').collect::<Vec<_>>()[..] {
        [hour, minute] if clock.len() == cell.len() => [Some(hour), Some(minute), None],
        [hour, minute, second] => [Some(hour), Some(minute), Some(second)],
        _ => [None; 3],
    };
    let time = (|| {
        let [hour, minute, second] = time;
        let second = second.map_or(Some(0), two)?;
        Tijd::from_hms(two(hour?)? as u32, two(minute?)? as u32, second as u32, milli()?)
    })();
    time.ok_or(ParseError::NoTijd)
}

/// `J/N`, `ja/nee`, `1/0`, `true/false`, in any case.
pub(crate) fn yes_no(cell: &[u8]) -> Result<bool, ParseError> {
    match cell {
        b"J" | b"j" | b"1" => Ok(true),
        b"N" | b"n" | b"0" => Ok(false),
        _ if cell.eq_ignore_ascii_case(b"ja") || cell.eq_ignore_ascii_case(b"true") => Ok(true),
        _ if cell.eq_ignore_ascii_case(b"nee") || cell.eq_ignore_ascii_case(b"false") => Ok(false),
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

    const FREE: AmountFormat = AmountFormat { decimal_mark: None, eenheid: MoneyUnit::Euro };

    fn euro(s: &str) -> Result<i64, ParseError> {
        bedrag(s.as_bytes(), FREE).map(|c| c.0)
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
    fn dates_come_in_three_forms_and_no_other() {
        let d = Dag::from_jmd(2023, 3, 31).unwrap();
        for form in ["2023-03-31", "31-03-2023", "20230331"] {
            assert_eq!(datum(form.as_bytes()), Ok(d), "{form}");
        }
        for nonsense in
            ["31/03/2023", "2023-02-29", "1-3-2023", "31-03-23", "18230331", "abcd-03-31"]
        {
            assert_eq!(datum(nonsense.as_bytes()), Err(ParseError::NoDatum), "{nonsense}");
        }
    }

    #[test]
    fn a_time_of_day_is_told_in_hours_and_minutes_and_perhaps_seconds() {
        let time = |h, m, s, milli| Ok(Tijd::from_hms(h, m, s, milli).unwrap());
        assert_eq!(tijd(b"15:04"), time(15, 4, 0, 0));
        assert_eq!(tijd(b"00:00:00"), time(0, 0, 0, 0));
        assert_eq!(tijd(b"23:59:59.5"), time(23, 59, 59, 500));
        for text in ["9:30", "24:01", "12:60", "12:00:60", "12", "12:00.5", "12:00:00.", "noen"] {
            assert_eq!(tijd(text.as_bytes()), Err(ParseError::NoTijd), "{text}");
        }
        for text in ["15:04:00", "00:00:00", "23:59:59.500"] {
            assert_eq!(tijd(text.as_bytes()).unwrap().to_string(), text);
        }
    }

    #[test]
    fn codes_get_back_the_zeros_that_a_spreadsheet_took() {
        assert_eq!(code(b"150", 4), Ok((150, true)));
        assert_eq!(code(b"0150", 4), Ok((150, false)));
        assert!(code(b"01500", 4).is_err());
        assert!(code(b"15O", 4).is_err());
    }

    #[test]
    fn every_word_of_bijzonderheid_is_known_by_itself() {
        for b in Bijzonderheid::ALL {
            assert_eq!(bijzonderheden(b.name()), (Bijzonderheden::default().with(b), false));
        }
    }

    #[test]
    fn no_show_is_yes_no_or_a_number() {
        assert_eq!(no_show(b"J"), Ok(1));
        assert_eq!(no_show(b"nee"), Ok(0));
        assert_eq!(no_show(b"3"), Ok(3));
        assert!(no_show(b"vaak").is_err());
    }

    proptest::proptest! {
        #[test]
        fn every_amount_reads_back_as_it_was_written(centen in 0_i64..=MOST_CENTEN) {
            let (whole, rest) = (centen / 100, centen % 100);
            proptest::prop_assert_eq!(euro(&format!("{whole},{rest:02}")), Ok(centen));
            proptest::prop_assert_eq!(euro(&format!("{whole}.{rest:02}")), Ok(centen));
            proptest::prop_assert_eq!(euro(&Cent(centen).to_string()), Ok(centen));
        }

        #[test]
        fn the_usual_forms_read_as_every_form_does(cell in "[0-9a-]{0,3}[0-9]{2}-?[0-9]{2}-?[0-9]{0,3}") {
            let cell = cell.as_bytes();
            if let Some(dag) = plain_datum(cell) {
                proptest::prop_assert_eq!(datum(cell), Ok(dag));
            }
        }

        #[test]
        fn no_cell_makes_a_reader_panic(cell in proptest::collection::vec(proptest::num::u8::ANY, 0..30)) {
            let _ = (datum(&cell), bedrag(&cell, FREE), volume(&cell, FREE), no_show(&cell));
            let _ = (code(&cell, 9), number(&cell), yes_no(&cell), tijd(&cell));
        }

        #[test]
        fn what_is_read_as_a_date_is_that_date(dag in 0_i64..100_000) {
            let dag = Dag::from_jmd(1900, 1, 1).unwrap().plus_dagen(dag);
            proptest::prop_assert_eq!(datum(dag.datum().to_string().as_bytes()), Ok(dag));
            proptest::prop_assert_eq!(datum(dag.to_string().as_bytes()), Ok(dag));
        }
    }
}
