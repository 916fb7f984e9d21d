//! Dates, in all forms that people write.

use super::{ParseError, whole_number};
use crate::dossier::{Dag, Tijd, maandnaam};

/// How exports write that something has no end: 31-12-9999.
pub(crate) const NO_END: (i32, u32, u32) = (9999, 12, 31);

/// In which order a date of digits has its day and month, where the year comes last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum DateOrder {
    /// 31-03-2023.
    #[default]
    DayFirst,
    /// 03/31/2023, as American exports have it.
    MonthFirst,
}

/// Reads a date, from 1900 up to and including 9999: `2023-03-31`, `31-03-2023`, `20230331`,
/// `1-3-2023`, `31/03/2023`, `31.03.2023`, `31-03-23` (of this century), `01-mrt-2023`,
/// `1 maart 2023`; each also with a midnight behind it. `order` is that of day and month where the
/// year comes last.
///
/// # Errors
/// No date, a date with a time of day, or a date that there is only in the other order.
#[inline]
pub(crate) fn datum(cell: &[u8], order: DateOrder) -> Result<Dag, ParseError> {
    match plain_datum(cell) {
        Some(dag) => Ok(dag),
        None if order == DateOrder::DayFirst => {
            short_datum(cell).map_or_else(|| any_datum(cell, order), Ok)
        }
        None => any_datum(cell, order),
    }
}

/// The form that most people write, `1-3-2023` or `31/03/2023`.
fn short_datum(cell: &[u8]) -> Option<Dag> {
    fn one_or_two(cell: &[u8]) -> Option<(u32, u8, &[u8])> {
        match cell {
            [a @ b'0'..=b'9', mark @ (b'-' | b'/' | b'.'), rest @ ..] => {
                Some((u32::from(a - b'0'), *mark, rest))
            }
            [a @ b'0'..=b'9', b @ b'0'..=b'9', mark @ (b'-' | b'/' | b'.'), rest @ ..] => {
                Some((u32::from(a - b'0') * 10 + u32::from(b - b'0'), *mark, rest))
            }
            _ => None,
        }
    }
    let (dag, mark, rest) = one_or_two(cell)?;
    let (maand, same, jaar) = one_or_two(rest)?;
    let jaar = if jaar.len() == 4 { whole_number(jaar, 4)? } else { return None };
    if mark != same || jaar < 1900 {
        return None;
    }
    Dag::from_jmd(jaar as i32, maand, dag)
}

#[cold]
fn any_datum(cell: &[u8], order: DateOrder) -> Result<Dag, ParseError> {
    let text = str::from_utf8(cell).map_err(|_| ParseError::NoDatum)?;
    let text = without_midnight(text.trim())?;
    if let [j1, j2, j3, j4, m1, m2, d1, d2] = text.as_bytes() {
        let number = |digits: &[u8]| str::from_utf8(digits).ok().and_then(number);
        let parts = (number(&[*j1, *j2, *j3, *j4]), number(&[*m1, *m2]), number(&[*d1, *d2]));
        if let (Some(_), Some(_), Some(_)) = parts {
            return jmd(parts.0, parts.1, parts.2);
        }
    }
    let is_mark = |c: char| matches!(c, '-' | '/' | '.');
    if text.contains(|c: char| c.is_alphabetic()) {
        let parts = text.split(|c: char| is_mark(c) || c == ' ').filter(|part| !part.is_empty());
        let [dag, maand, jaar] = three(parts)?;
        return jmd(year(jaar), month(maand), day_or_month(dag));
    }
    let mark = text.chars().find(|c| is_mark(*c)).ok_or(ParseError::NoDatum)?;
    let [first, second, third] = three(text.split(mark))?;
    if first.len() == 4 {
        return jmd(number(first), day_or_month(second), day_or_month(third));
    }
    let (first, second) = (day_or_month(first), day_or_month(second));
    let (day_first, month_first) =
        (jmd(year(third), second, first), jmd(year(third), first, second));
    match order {
        DateOrder::DayFirst if day_first.is_err() && month_first.is_ok() => {
            Err(ParseError::MonthFirst)
        }
        DateOrder::DayFirst => day_first,
        DateOrder::MonthFirst if month_first.is_err() && day_first.is_ok() => {
            Err(ParseError::DayFirst)
        }
        DateOrder::MonthFirst => month_first,
    }
}

fn three<'t>(mut parts: impl Iterator<Item = &'t str>) -> Result<[&'t str; 3], ParseError> {
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(a), Some(b), Some(c), None) => Ok([a, b, c]),
        _ => Err(ParseError::NoDatum),
    }
}

/// A date without the time behind it, which must be midnight.
fn without_midnight(text: &str) -> Result<&str, ParseError> {
    let Some(colon) = text.find(':') else { return Ok(text) };
    let Some(place) = text[..colon].rfind([' ', 'T']) else { return Err(ParseError::NoDatum) };
    let (datum, time) = (text[..place].trim_end(), &text[place + 1..]);
    if !time.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.')) {
        return Err(ParseError::NoDatum);
    }
    if time.contains(|c: char| ('1'..='9').contains(&c)) {
        return Err(ParseError::DatumWithTime);
    }
    Ok(datum)
}

fn number(digits: &str) -> Option<u32> {
    let all_digits = !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit());
    digits.parse().ok().filter(|_| all_digits && digits.len() <= 4)
}

fn day_or_month(digits: &str) -> Option<u32> {
    number(digits).filter(|_| digits.len() <= 2)
}

/// Of four digits, or of two in this century.
fn year(digits: &str) -> Option<u32> {
    match digits.len() {
        4 => number(digits),
        2 => number(digits).map(|n| 2000 + n),
        _ => None,
    }
}

/// A month by its Dutch name, or what people write of it.
fn month(name: &str) -> Option<u32> {
    let name = name.to_lowercase();
    (1..=12).find(|maand| {
        let whole = maandnaam(*maand);
        let short = match maand {
            3 => "mrt",
            9 if name == "sept" => return true,
            _ => &whole[..3],
        };
        name == whole || name == short
    })
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

#[cfg(test)]
mod tests {
    use super::*;

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

    fn day_first(text: &str) -> Result<Dag, ParseError> {
        datum(text.as_bytes(), DateOrder::DayFirst)
    }

    #[test]
    fn the_short_way_to_a_date_gives_what_the_long_one_does() {
        for cell in [
            "1-3-2023",
            "31/12/2023",
            "01.02.2023",
            "31-2-2023",
            "1-13-2023",
            "1-3/2023",
            "1-3-23",
            "1-3-1899",
            "1-3-20231",
            "-3-2023",
        ] {
            let short = short_datum(cell.as_bytes());
            let long = any_datum(cell.as_bytes(), DateOrder::DayFirst);
            assert!(short.is_none() || short == long.clone().ok(), "{cell}: {short:?} {long:?}");
        }
        assert_eq!(short_datum(b"1-3-2023"), Dag::from_jmd(2023, 3, 1));
    }

    #[test]
    fn dates_come_in_the_forms_that_people_write() {
        let d = Dag::from_jmd(2023, 3, 1).unwrap();
        for form in [
            "2023-03-01",
            "01-03-2023",
            "20230301",
            "1-3-2023",
            "01/03/2023",
            "1.3.2023",
            "01-03-23",
            "01-mrt-2023",
            "1-mrt-23",
            "1 maart 2023",
            "1 MRT. 2023",
            "2023-03-01T00:00:00",
            "2023-03-01 00:00:00.000",
            "1-3-2023 0:00",
        ] {
            assert_eq!(day_first(form), Ok(d), "{form}");
        }
        assert_eq!(day_first("30-sept-2023"), day_first("30 september 2023"));
        for nonsense in [
            "2023-02-29",
            "18230331",
            "abcd-03-31",
            "1-3/2023",
            "45016",
            "31-04-2023",
            "1-3-223",
            "2023-13-01",
            "1 maartje 2023",
            "01-03",
            "1-3-2023-4",
            "+1-3-2023",
            "",
            "2023-03-01T",
        ] {
            assert_eq!(day_first(nonsense), Err(ParseError::NoDatum), "{nonsense}");
        }
        assert_eq!(day_first("2023-03-01 14:30"), Err(ParseError::DatumWithTime));
    }

    #[test]
    fn a_date_that_only_the_other_order_has_is_no_date_of_this_one() {
        assert_eq!(day_first("03/31/2023"), Err(ParseError::MonthFirst));
        let month_first = |text: &str| datum(text.as_bytes(), DateOrder::MonthFirst);
        assert_eq!(month_first("3/31/2023"), day_first("2023-03-31"));
        assert_eq!(month_first("3/1/2023"), day_first("2023-03-01"));
        assert_eq!(month_first("31-03-2023"), Err(ParseError::DayFirst));
        assert_eq!(month_first("2023-03-31"), day_first("2023-03-31"));
    }

    proptest::proptest! {
        #[test]
        fn the_usual_form_reads_as_every_form_does(cell in "[0-9a-]{0,3}[0-9]{2}-?[0-9]{2}-?[0-9]{0,3}") {
            if let Some(dag) = plain_datum(cell.as_bytes()) {
                proptest::prop_assert_eq!(any_datum(cell.as_bytes(), DateOrder::DayFirst), Ok(dag));
            }
        }

        #[test]
        fn what_is_read_as_a_date_is_that_date(dag in 0_i64..100_000) {
            let dag = Dag::from_jmd(1900, 1, 1).unwrap().plus_dagen(dag);
            proptest::prop_assert_eq!(day_first(&dag.datum().to_string()), Ok(dag));
            proptest::prop_assert_eq!(day_first(&dag.to_string()), Ok(dag));
        }
    }
}
