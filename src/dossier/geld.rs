//! Money and volumes as whole numbers: never a float.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

/// An amount in whole eurocents.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Cent(pub i64);

impl Cent {
    /// No money.
    pub const NUL: Cent = Cent(0);

    /// This amount × `teller` / `noemer`, rounded half up to a cent at the very end.
    ///
    /// Both numbers are non-negative and `noemer` is not zero; what lies between is exact
    /// (128 bits hold a year's turnover times any volume).
    ///
    /// # Panics
    /// On a zero or negative `noemer`: a rule tests that first and calls the line not testable.
    pub fn naar_rato(self, teller: impl Into<i128>, noemer: impl Into<i128>) -> Cent {
        Cent(half_omhoog(i128::from(self.0) * teller.into(), noemer.into()))
    }

    /// The larger of this amount and zero.
    pub fn minstens_nul(self) -> Cent {
        Cent(self.0.max(0))
    }
}

/// `teller / noemer` rounded half up (towards plus infinity), `noemer` > 0.
///
/// # Panics
/// When the quotient does not fit in 64 bits or `noemer` is not positive.
pub fn half_omhoog(teller: i128, noemer: i128) -> i64 {
    assert!(noemer > 0, "a ratio needs a positive denominator");
    // Division in 128 bits is slow and seldom needed.
    if let (Some(t), Some(n)) = (ruim_in_64_bits(teller), ruim_in_64_bits(noemer)) {
        return (2 * t + n).div_euclid(2 * n);
    }
    let q = (2 * teller + noemer).div_euclid(2 * noemer);
    i64::try_from(q).expect("an amount fits in 64 bits")
}

/// A number small enough to be doubled and added to in 64 bits.
fn ruim_in_64_bits(n: i128) -> Option<i64> {
    i64::try_from(n).ok().filter(|n| n.unsigned_abs() < 1 << 60)
}

impl Add for Cent {
    type Output = Cent;
    fn add(self, rhs: Cent) -> Cent {
        Cent(self.0 + rhs.0)
    }
}

impl AddAssign for Cent {
    fn add_assign(&mut self, rhs: Cent) {
        self.0 += rhs.0;
    }
}

impl Sub for Cent {
    type Output = Cent;
    fn sub(self, rhs: Cent) -> Cent {
        Cent(self.0 - rhs.0)
    }
}

impl Sum for Cent {
    fn sum<I: Iterator<Item = Cent>>(iter: I) -> Cent {
        iter.fold(Cent::NUL, Add::add)
    }
}

/// Dutch for people: `€ 1.234,56`.
impl fmt::Display for Cent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (teken, n) =
            if self.0 < 0 { ("-", self.0.unsigned_abs()) } else { ("", self.0.unsigned_abs()) };
        write!(f, "€ {teken}{},{:02}", Duizendtallen(n / 100), n % 100)
    }
}

/// A whole number with Dutch thousands separators: `1.234.567`.
pub struct Duizendtallen(pub u64);

impl fmt::Display for Duizendtallen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cijfers = self.0.to_string();
        let mut tekst = String::with_capacity(cijfers.len() + cijfers.len() / 3);
        for (i, c) in cijfers.chars().enumerate() {
            if i > 0 && (cijfers.len() - i).is_multiple_of(3) {
                tekst.push('.');
            }
            tekst.push(c);
        }
        f.pad_integral(true, "", &tekst)
    }
}

/// A delivered or granted volume in hundredths of its unit (`2,5` uur = 250).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Volume(pub i64);

impl Volume {
    /// Nothing delivered.
    pub const NUL: Volume = Volume(0);

    /// A whole number of units.
    pub fn heel(eenheden: i64) -> Volume {
        Volume(eenheden * 100)
    }
}

/// Dutch, without needless zeros: `12`, `2,5`, `0,25`.
impl fmt::Display for Volume {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (teken, n) =
            if self.0 < 0 { ("-", self.0.unsigned_abs()) } else { ("", self.0.unsigned_abs()) };
        let (heel, rest) = (Duizendtallen(n / 100), n % 100);
        match (rest, rest % 10) {
            (0, _) => write!(f, "{teken}{heel}"),
            (_, 0) => write!(f, "{teken}{heel},{}", rest / 10),
            _ => write!(f, "{teken}{heel},{rest:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_a_dutch_person_writes_them() {
        assert_eq!(Cent(123_456).to_string(), "€ 1.234,56");
        assert_eq!(Cent(5).to_string(), "€ 0,05");
        assert_eq!(Cent(-100_000_000).to_string(), "€ -1.000.000,00");
        assert_eq!(Volume(250).to_string(), "2,5");
        assert_eq!(Volume(1_200_025).to_string(), "12.000,25");
        assert_eq!(Volume(300).to_string(), "3");
    }

    #[test]
    fn rounding_is_half_up_once_at_the_end() {
        assert_eq!(Cent(1).naar_rato(1, 2), Cent(1));
        assert_eq!(Cent(100).naar_rato(1, 3), Cent(33));
        assert_eq!(Cent(5).naar_rato(1, 10), Cent(1));
        assert_eq!(Cent(4).naar_rato(1, 10), Cent(0));
        assert_eq!(half_omhoog(-5, 10), 0);
    }
}
