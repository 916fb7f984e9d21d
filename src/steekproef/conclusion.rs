//! What a sample says against the tolerance that the user states: within it, above it, or not to be
//! said yet with the confidence that was asked.

use super::checked::Deviation;
use super::evaluation::{Estimate, Evaluation};
use crate::dossier::Cent;
use crate::rapport::Tolerantie;

/// The three answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Against {
    /// Even the upper bound stays within the tolerance.
    Within,
    /// What is estimated passes it.
    Above,
    /// What is estimated stays within it, the upper bound doesn't, or there is none.
    Undecided,
}

impl Against {
    /// Stable key for programs.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Against::Within => "binnen",
            Against::Above => "boven",
            Against::Undecided => "niet te zeggen",
        }
    }
}

/// One amount of the population, estimated, against its tolerance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conclusion {
    pub what: &'static str,
    /// The tolerance as it was stated, and what it comes to, rounded down.
    pub procent: String,
    pub limit: Cent,
    pub estimate: Cent,
    pub upper_bound: Option<Cent>,
}

impl Conclusion {
    pub(crate) fn against(&self) -> Against {
        match self.upper_bound {
            _ if self.estimate > self.limit => Against::Above,
            Some(upper) if upper <= self.limit => Against::Within,
            _ => Against::Undecided,
        }
    }

    /// In one Dutch sentence, for a bound of this confidence.
    pub(crate) fn sentence(&self, confidence: &str) -> String {
        let Conclusion { what, procent, limit, estimate, .. } = self;
        let upper =
            self.upper_bound.map_or("geen bovengrens".to_owned(), |u| format!("bovengrens {u}"));
        let figures = format!("geschat {estimate}, {upper}, tolerantie {procent} ofwel {limit}");
        match self.against() {
            Against::Within => {
                format!("{what}: met {confidence} zekerheid binnen de tolerantie ({figures}).")
            }
            Against::Above => format!("{what}: boven de tolerantie ({figures})."),
            Against::Undecided => format!(
                "{what}: niet met {confidence} zekerheid binnen de tolerantie ({figures}); controleer meer declaratieregels."
            ),
        }
    }
}

/// The conclusions of an evaluation on a population of this amount; none where no tolerance is stated.
pub(crate) fn conclusions(e: &Evaluation, of: Cent, tolerated: &Tolerantie) -> Vec<Conclusion> {
    let [high, _, uncertain] = &e.estimates;
    debug_assert_eq!(high.afwijking, Deviation::TooHigh);
    let both = |a: &Estimate, b: &Estimate| {
        let upper = a.upper_bound.zip(b.upper_bound).map(|(a, b)| a + b);
        // Two bounds together never say that there is more than all of it.
        (a.geprojecteerd + b.geprojecteerd, upper.map(|upper| upper.min(of)))
    };
    let one = |x: &Estimate| (x.geprojecteerd, x.upper_bound);
    let rows = [
        ("Fouten (te hoog gedeclareerd)", one(high), tolerated.errors),
        ("Onzekerheden", one(uncertain), tolerated.onzekerheden),
        ("Fouten en onzekerheden samen", both(high, uncertain), tolerated.together),
    ];
    rows.into_iter()
        .filter_map(|(what, (estimate, upper_bound), procent)| {
            let procent = procent?;
            let limit = Tolerantie::limit(procent, of);
            let procent = Tolerantie::in_words(procent);
            Some(Conclusion { what, procent, limit, estimate, upper_bound })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_within_only_if_its_upper_bound_is() {
        let of = |estimate, upper: Option<i64>| {
            let (estimate, upper_bound) = (Cent(estimate), upper.map(Cent));
            let procent = "1%".to_owned();
            Conclusion { what: "Fouten", procent, limit: Cent(100), estimate, upper_bound }
        };
        assert_eq!(of(50, Some(100)).against(), Against::Within);
        assert_eq!(of(50, Some(101)).against(), Against::Undecided);
        assert_eq!(of(50, None).against(), Against::Undecided);
        assert_eq!(of(100, Some(101)).against(), Against::Undecided);
        assert_eq!(of(101, Some(300)).against(), Against::Above);
        assert!(of(50, None).sentence("95%").contains("geen bovengrens"));
    }
}
