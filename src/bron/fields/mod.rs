//! One cell into one value: dates, money that is never guessed, volumes, codes that lost zeros.
//!
//! Each reader tries the plain spelling first; what people write besides is looked at only where
//! that fails. What could mean two things is refused.

mod amounts;
mod codes;
mod dates;
mod words;

pub(crate) use super::parse_error::ParseError;
pub(super) use amounts::AmountFormat;
pub(crate) use amounts::{DecimalMark, MoneyUnit, bedrag, bedrag_of_care, signed_bedrag, volume};
pub(crate) use codes::{
    Code, code, gemeentecode, key, number, toewijzingnummer, without_point_zero_of_number,
};
pub(crate) use dates::{DateOrder, NO_END, datum, tijd};
pub(crate) use words::{
    bijzonderheden, debet_credit, is_empty_word, no_show, says_nothing, yes_no,
};

/// Digits alone, no more than so many, as a number.
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

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn no_cell_makes_a_reader_panic(cell in proptest::collection::vec(proptest::num::u8::ANY, 0..30)) {
            let free = AmountFormat::default();
            let _ = (bedrag(&cell, free), volume(&cell, free), no_show(&cell), code(&cell, 9));
            let _ = (datum(&cell, DateOrder::DayFirst), datum(&cell, DateOrder::MonthFirst));
            let _ = (gemeentecode(&cell), number(&cell), yes_no(&cell), debet_credit(&cell));
            let _ = (key(&cell), toewijzingnummer(&cell), is_empty_word(&cell));
        }
    }
}
