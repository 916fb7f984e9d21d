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
    pub(crate) const ZERO: Cent = Cent(0);

    /// This amount × `counter` / `denominator`, rounded half up to a cent at the very end, as far as
    /// [`half_up`] goes: for a part of an amount, which is never more than the amount.
    ///
    /// Both numbers are non-negative and `denominator` is not zero; what lies between is exact
    /// (128 bits hold a year's turnover times any volume).
    ///
    /// # Panics
    /// On a zero or negative `denominator`: a rule tests that first and calls the line not testable.
    pub(crate) fn pro_rata(self, counter: impl Into<i128>, denominator: impl Into<i128>) -> Cent {
        Cent(half_up(i128::from(self.0) * counter.into(), denominator.into()))
    }

    /// The larger of this amount and zero.
    pub(crate) fn at_least_zero(self) -> Cent {
        Cent(self.0.max(0))
    }
}

/// More than this, or less than this below zero, is no amount of care: eight thousand of them can be
/// added up in 64 bits.
const MOST: i64 = 1 << 50;

/// `counter / denominator` rounded half up (towards plus infinity), `denominator` > 0. What is larger
/// than any amount of care comes out as the largest: for whoever takes the lower of it and an amount.
///
/// # Panics
/// When `denominator` is not positive.
pub(crate) fn half_up(counter: i128, denominator: i128) -> i64 {
    assert!(denominator > 0, "a ratio needs a positive denominator");
    // Division in 128 bits is slow and seldom needed.
    if let (Some(t), Some(n)) = (fits_in_64_bits(counter), fits_in_64_bits(denominator)) {
        return (2 * t + n).div_euclid(2 * n).clamp(-MOST, MOST);
    }
    // Doubled it may be too large even so.
    let (whole, rest) = (counter.div_euclid(denominator), counter.rem_euclid(denominator));
    let up = i128::from(rest >= denominator - rest);
    i64::try_from(whole + up).unwrap_or(if counter < 0 { -MOST } else { MOST }).clamp(-MOST, MOST)
}

/// The same as an amount that is shown or added up; `None` where it is larger than any amount of care.
pub(crate) fn exact_half_up(counter: i128, denominator: i128) -> Option<Cent> {
    Some(half_up(counter, denominator)).filter(|n| n.abs() < MOST).map(Cent)
}

/// A number small enough to be doubled and added to in 64 bits.
fn fits_in_64_bits(n: i128) -> Option<i64> {
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
        iter.fold(Cent::ZERO, Add::add)
    }
}

/// Dutch for people: `€ 1.234,56`.
impl fmt::Display for Cent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (character, n) =
            if self.0 < 0 { ("-", self.0.unsigned_abs()) } else { ("", self.0.unsigned_abs()) };
        write!(f, "€ {character}{},{:02}", Thousands(n / 100), n % 100)
    }
}

/// A whole number with Dutch thousands separators: `1.234.567`.
pub(crate) struct Thousands(pub u64);

impl fmt::Display for Thousands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        let mut text = String::with_capacity(digits.len() + digits.len() / 3);
        for (i, c) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                text.push('.');
            }
            text.push(c);
        }
        f.pad_integral(true, "", &text)
    }
}

/// How many there are of something: `1 bestand`, `1.234 bestanden`.
pub(crate) fn counted(n: u64, one: &str, more: &str) -> String {
    format!("{} {}", Thousands(n), if n == 1 { one } else { more })
}

/// Declared lines: `1 declaratieregel`, `1.234 declaratieregels`.
pub(crate) fn declaratieregels(n: u64) -> String {
    counted(n, "declaratieregel", "declaratieregels")
}

/// A delivered or granted volume in hundredths of its unit (`2,5` uur = 250).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Volume(pub i64);

impl Volume {
    /// Nothing delivered.
    pub(crate) const ZERO: Volume = Volume(0);

    /// A whole number of units.
    pub(crate) fn whole(eenheden: i64) -> Volume {
        Volume(eenheden * 100)
    }
}

/// Dutch, without needless zeros: `12`, `2,5`, `0,25`.
impl fmt::Display for Volume {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (character, n) =
            if self.0 < 0 { ("-", self.0.unsigned_abs()) } else { ("", self.0.unsigned_abs()) };
        let (whole, rest) = (Thousands(n / 100), n % 100);
        match (rest, rest % 10) {
            (0, _) => write!(f, "{character}{whole}"),
            (_, 0) => write!(f, "{character}{whole},{}", rest / 10),
            _ => write!(f, "{character}{whole},{rest:02}"),
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
        assert_eq!(Cent(1).pro_rata(1, 2), Cent(1));
        assert_eq!(Cent(100).pro_rata(1, 3), Cent(33));
        assert_eq!(Cent(5).pro_rata(1, 10), Cent(1));
        assert_eq!(Cent(4).pro_rata(1, 10), Cent(0));
        assert_eq!(half_up(-5, 10), 0);
        assert_eq!((half_up(1 << 100, 1), half_up(-(1 << 100), 3)), (MOST, -MOST));
        assert_eq!((half_up(i128::MAX, i128::MAX), half_up(i128::MAX - 1, i128::MAX)), (1, 1));
        let odd = (1 << 70) + 1;
        assert_eq!((half_up(odd * 3 / 2, odd), half_up(odd * 3 / 2 + 1, odd)), (1, 2));
        assert_eq!(exact_half_up(MOST.into(), 1), None);
        assert_eq!(exact_half_up(7, 2), Some(Cent(4)));
    }
}
