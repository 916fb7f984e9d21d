//! Numbers and amounts as the page has them: for programs, and as people read them.

use crate::dossier::{Cent, Duizendtallen, half_omhoog};
use serde::Serialize;

/// A number, and as people read it.
#[derive(Serialize)]
pub(super) struct Getal {
    pub(super) n: u64,
    pub(super) tekst: String,
}

impl From<u64> for Getal {
    fn from(n: u64) -> Getal {
        Getal { n, tekst: Duizendtallen(n).to_string() }
    }
}

/// An amount in eurocents, and as people read it.
#[derive(Serialize)]
pub(super) struct Bedrag {
    pub(super) n: i64,
    pub(super) tekst: String,
}

impl From<Cent> for Bedrag {
    fn from(c: Cent) -> Bedrag {
        // The sign of the euro stays with its number.
        Bedrag { n: c.0, tekst: c.to_string().replace(' ', "\u{a0}") }
    }
}

/// A share in percents with one decimal; empty of nothing.
pub(super) fn procent(deel: Cent, geheel: Cent) -> String {
    if geheel <= Cent::NUL {
        return String::new();
    }
    let tienden = half_omhoog(i128::from(deel.0) * 1000, i128::from(geheel.0));
    match tienden {
        0 if deel > Cent::NUL => "minder dan 0,1%".to_owned(),
        _ => format!("{},{}%", Duizendtallen((tienden / 10).unsigned_abs()), tienden % 10),
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
