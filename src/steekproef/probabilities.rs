//! The distributions that an estimate needs. The only floats near money: what comes out is an
//! estimate, rounded to cents by whoever shows it.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use statrs::distribution::{ContinuousCDF, Gamma, StudentsT};
use std::fmt;
use std::str::FromStr;

/// How sure a bound must be, in percent: at least 50 and less than 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Confidence(Decimal);

impl Confidence {
    /// What accountants use most.
    pub(crate) const PLAIN: Confidence = Confidence(Decimal::from_parts(95, 0, 0, false, 0));

    /// As a chance.
    fn probability(self) -> f64 {
        (self.0 / Decimal::ONE_HUNDRED).to_f64().expect("a percentage is a number")
    }

    /// The factor R(j): the mean of a Poisson distribution that gives j or fewer only with the
    /// chance that is left, Σ_{k ≤ j} e^-R R^k / k! = 1 − zekerheid. R(0) is the basic precision.
    ///
    /// The sum is one minus the gamma distribution with shape j + 1, so its quantile is the factor.
    pub(crate) fn poisson_factor(self, j: usize) -> f64 {
        let gamma = Gamma::new(j as f64 + 1.0, 1.0).expect("the shape is positive");
        gamma.inverse_cdf(self.probability())
    }

    /// How many standard errors either side a two-sided interval reaches, with so many degrees of
    /// freedom: the quantile of Student's t.
    pub(crate) fn two_sided(self, vrijheidsgraden: f64) -> f64 {
        let t = StudentsT::new(0.0, 1.0, vrijheidsgraden).expect("there is a degree of freedom");
        t.inverse_cdf(f64::midpoint(1.0, self.probability()))
    }

    /// The largest share of wrong lines that gives none among `size` with the chance that is left:
    /// (1 − share)^omvang = 1 − zekerheid.
    pub(crate) fn highest_share_without_error(self, size: u64) -> f64 {
        1.0 - (1.0 - self.probability()).powf(1.0 / size as f64)
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.0.normalize().to_string().replace('.', ","))
    }
}

impl FromStr for Confidence {
    type Err = String;
    fn from_str(text: &str) -> Result<Confidence, String> {
        Decimal::from_str(&text.trim_end_matches('%').replace(',', "."))
            .ok()
            .filter(|p| *p >= Decimal::from(50) && *p <= Decimal::new(999, 1))
            .map(Confidence)
            .ok_or_else(|| "verwacht een percentage van 50% tot en met 99,9%".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Σ_{k ≤ j} e^-λ λ^k / k!, from the largest term down so that nothing overflows.
    fn poisson(lambda: f64, j: usize) -> f64 {
        let log_largest: f64 =
            j as f64 * lambda.ln() - lambda - (1..=j).map(|k| (k as f64).ln()).sum::<f64>();
        let (mut term, mut sum) = (1.0, 0.0);
        for k in (0..=j).rev() {
            sum += term;
            term *= k as f64 / lambda;
        }
        sum * log_largest.exp()
    }

    #[test]
    fn a_factor_is_what_its_definition_says() {
        for confidence in ["50%", "80%", "90%", "95", "97,5%", "99%", "99,9%"] {
            let z: Confidence = confidence.parse().unwrap();
            for j in [0, 1, 2, 3, 10, 50, 300, 2_000] {
                let rest = poisson(z.poisson_factor(j), j);
                assert!((rest - (1.0 - z.probability())).abs() < 1e-7, "{confidence}, {j}: {rest}");
            }
        }
    }

    /// As every audit manual prints them.
    #[test]
    fn the_factors_of_95_percent_are_those_of_the_tables() {
        let gedrukt = [3.00, 4.74, 6.30, 7.75, 9.15, 10.51];
        for (j, factor) in gedrukt.into_iter().enumerate() {
            assert!((Confidence::PLAIN.poisson_factor(j) - factor).abs() < 0.005, "{j}");
        }
        assert!((Confidence::PLAIN.two_sided(9.0) - 2.262).abs() < 0.0005);
        assert!((Confidence::PLAIN.two_sided(1e6) - 1.960).abs() < 0.0005);
        // 1 − 0,05^(1/59): the sample of 59 that shows no more than 5%.
        assert!((Confidence::PLAIN.highest_share_without_error(59) - 0.0495).abs() < 0.0001);
    }

    #[test]
    fn a_certainty_is_a_percentage_that_leaves_some_doubt() {
        assert_eq!("97,5%".parse::<Confidence>().unwrap().to_string(), "97,5%");
        for fout in ["49%", "100%", "95 procent", ""] {
            assert!(fout.parse::<Confidence>().is_err(), "{fout}");
        }
    }
}
