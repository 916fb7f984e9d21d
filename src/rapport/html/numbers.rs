//! Numbers and amounts as the page has them: for programs, and as people read them.

use crate::dossier::{Cent, Thousands, half_up};
use serde::Serialize;

/// A number, and as people read it.
#[derive(Serialize)]
pub(super) struct NumberCell {
    pub(super) n: u64,
    pub(super) tekst: String,
}

impl From<u64> for NumberCell {
    fn from(n: u64) -> NumberCell {
        NumberCell { n, tekst: Thousands(n).to_string() }
    }
}

/// An amount in eurocents, and as people read it.
#[derive(Serialize)]
pub(super) struct AmountCell {
    pub(super) n: i64,
    pub(super) tekst: String,
}

impl From<Cent> for AmountCell {
    fn from(c: Cent) -> AmountCell {
        // The sign of the euro stays with its number.
        AmountCell { n: c.0, tekst: c.to_string().replace(' ', "\u{a0}") }
    }
}

/// A share in percents with one decimal; empty of nothing.
pub(super) fn procent(part: Cent, whole: Cent) -> String {
    if whole <= Cent::ZERO {
        return String::new();
    }
    let tenths = half_up(i128::from(part.0) * 1000, i128::from(whole.0));
    match tenths {
        0 if part > Cent::ZERO => "minder dan 0,1%".to_owned(),
        _ => format!("{},{}%", Thousands((tenths / 10).unsigned_abs()), tenths % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_read_as_a_dutch_person_writes_them() {
        assert_eq!(procent(Cent(125), Cent(10_000)), "1,3%");
        assert_eq!(procent(Cent(10_000), Cent(10_000)), "100,0%");
        assert_eq!(procent(Cent(1), Cent(10_000_000)), "minder dan 0,1%");
        assert_eq!(procent(Cent(0), Cent(10_000)), "0,0%");
        assert_eq!(procent(Cent(0), Cent(0)), "");
    }
}
