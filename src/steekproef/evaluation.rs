//! From the errors in a sample to an estimate of those in the population.
//!
//! Errors that make a line too high, too low or uncertain are estimated each by itself, never
//! netted. With MUS the projection is Σ taint × interval and the bound is Stringer's; with lines by
//! lot the mean error of a line times the number of lines, by stratum, with an interval from
//! Student's t.

use super::checked::{CheckedLines, Deviation};
use super::design::Method;
use super::drawing::{Selection, Steekproef, Stratum};
use super::probabilities::Confidence;
use crate::dossier::Cent;

/// What errors of one kind come to. Of a line that was taken whole, and of what was found in the
/// sample, the amounts are exact; the others are estimates, rounded to cents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Estimate {
    pub afwijking: Deviation,
    /// Lines of the sample with such an error.
    pub lines: u64,
    /// Sum of those errors.
    pub found: Cent,
    /// Of which in lines that were taken whole.
    pub in_whole: Cent,
    /// Estimate for the population, `in_whole` included.
    pub geprojecteerd: Cent,
    /// With MUS: interval × R(0), what a sample without errors leaves possible.
    pub base_precision: Option<Cent>,
    /// With MUS: what the errors found add to the bound, besides themselves.
    pub toeslag: Option<Cent>,
    /// With lines by lot: the lower end of the interval; never less than what was found.
    pub lower_bound: Option<Cent>,
    /// `None` where this sample can't give one.
    pub upper_bound: Option<Cent>,
}

/// What a stratum adds to the estimates, in the order of [`Deviation::ALL`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StratumEstimate {
    pub stratum: Stratum,
    pub found: [Cent; 3],
    pub geprojecteerd: [Cent; 3],
}

/// The outcome of a sample.
#[derive(Clone, Debug)]
pub(crate) struct Evaluation {
    pub confidence: Confidence,
    /// In the order of [`Deviation::ALL`].
    pub estimates: [Estimate; 3],
    pub strata: Vec<StratumEstimate>,
    /// What the reader must know of these estimates, in Dutch sentences.
    pub opmerkingen: Vec<String>,
}

/// Fewer wrong lines than this make an interval from Student's t too narrow to rely on.
const ENOUGH_ERRORS: u64 = 20;

impl Evaluation {
    /// Estimates from what was found on each line of the sample, in the sample's order.
    pub(crate) fn make(
        steekproef: &Steekproef<'_>,
        checked: &[CheckedLines],
        confidence: Confidence,
    ) -> Evaluation {
        let observations: Vec<Observation> = steekproef
            .posten
            .iter()
            .zip(checked)
            .map(|(post, g)| Observation {
                stratum: post.stratum,
                how: post.how,
                bedrag: post.bedrag,
                afwijking: g.afwijking,
            })
            .collect();
        estimate(
            steekproef.design.methode,
            steekproef.interval,
            &steekproef.strata,
            &observations,
            confidence,
        )
    }
}

/// One line of the sample, as far as an estimate needs it.
#[derive(Clone, Copy, Debug)]
struct Observation {
    stratum: usize,
    how: Selection,
    bedrag: Cent,
    afwijking: Option<(Deviation, Cent)>,
}

impl Observation {
    fn error(&self, kind: Deviation) -> Cent {
        self.afwijking.filter(|(s, _)| *s == kind).map_or(Cent::ZERO, |(_, bedrag)| bedrag)
    }
}

fn estimate(
    methode: Method,
    interval: Option<Cent>,
    strata: &[Stratum],
    observations: &[Observation],
    confidence: Confidence,
) -> Evaluation {
    let schatting = |kind| match methode {
        Method::Mus => mus(interval, strata, observations, confidence, kind),
        Method::Aselect | Method::Gestratificeerd(_) => {
            per_regel(strata, observations, confidence, kind)
        }
    };
    let estimates = Deviation::ALL.map(schatting);
    let per_stratum = |kind, id: usize| {
        let of_stratum: Vec<Observation> =
            observations.iter().filter(|w| w.stratum == id).copied().collect();
        let found: Cent = of_stratum.iter().map(|w| w.error(kind)).sum();
        let geprojecteerd = match methode {
            Method::Mus => of_stratum.iter().map(|w| projection(w, interval, kind)).sum(),
            _ => strata[id].lines as f64 * mean(&of_stratum, kind),
        };
        (found, round(geprojecteerd))
    };
    let strata_estimated = strata
        .iter()
        .enumerate()
        .map(|(id, stratum)| {
            let both = Deviation::ALL.map(|kind| per_stratum(kind, id));
            StratumEstimate {
                stratum: stratum.clone(),
                found: both.map(|(g, _)| g),
                geprojecteerd: both.map(|(_, p)| p),
            }
        })
        .collect();
    let opmerkingen = opmerkingen(methode, strata, observations, confidence, &estimates);
    Evaluation { confidence, estimates, strata: strata_estimated, opmerkingen }
}

fn round(centen: f64) -> Cent {
    Cent(centen.round() as i64)
}

fn centen(c: Cent) -> f64 {
    c.0 as f64
}

/// The errors of this kind in lines of the sample, of what amount.
fn added_up(observations: &[Observation], kind: Deviation) -> (u64, Cent, Cent) {
    let errors = || observations.iter().filter(|w| w.error(kind) > Cent::ZERO);
    let whole = errors().filter(|w| w.how == Selection::Whole).map(|w| w.error(kind)).sum();
    (errors().count() as u64, errors().map(|w| w.error(kind)).sum(), whole)
}

/// What one line adds to the projection of MUS.
fn projection(w: &Observation, interval: Option<Cent>, kind: Deviation) -> f64 {
    match w.how {
        Selection::Whole => centen(w.error(kind)),
        Selection::Drawn { times } => {
            f64::from(times) * taint(w, kind) * interval.map_or(0.0, centen)
        }
    }
}

/// The error as a part of the line's amount; a line that can be drawn by its cents has one.
fn taint(w: &Observation, kind: Deviation) -> f64 {
    centen(w.error(kind)) / centen(w.bedrag)
}

/// Stringer's bound: interval × (R(0) + Σ tᵢ × (R(i) − R(i−1))), the largest taint first, plus the
/// errors in lines that were taken whole. It never passes what there is to be wrong.
fn mus(
    interval: Option<Cent>,
    strata: &[Stratum],
    observations: &[Observation],
    confidence: Confidence,
    kind: Deviation,
) -> Estimate {
    let (lines, found, in_whole) = added_up(observations, kind);
    let geprojecteerd: f64 = observations.iter().map(|w| projection(w, interval, kind)).sum();
    let mut out = Estimate {
        afwijking: kind,
        lines,
        found,
        in_whole,
        geprojecteerd: round(geprojecteerd),
        base_precision: Some(Cent::ZERO),
        toeslag: Some(Cent::ZERO),
        lower_bound: None,
        upper_bound: Some(in_whole),
    };
    let Some(interval) = interval.map(centen) else {
        return out;
    };
    let mut taints: Vec<f64> = Vec::new();
    for w in observations.iter().filter(|w| w.error(kind) > Cent::ZERO) {
        if let Selection::Drawn { times } = w.how {
            taints.extend(std::iter::repeat_n(taint(w, kind), times as usize));
        }
    }
    taints.sort_by(|a, b| b.total_cmp(a));
    let factor = |j| confidence.poisson_factor(j);
    let basis = interval * factor(0);
    let extra: f64 = taints
        .iter()
        .enumerate()
        .map(|(i, t)| t * (factor(i + 1) - factor(i) - 1.0) * interval)
        .sum();
    out.base_precision = Some(round(basis));
    out.toeslag = Some(round(extra));
    let limit = round(geprojecteerd + basis + extra);
    out.upper_bound = match kind {
        // The basic precision supposes that a cent is wrong by a cent at most.
        Deviation::TooLow if taints.first().is_some_and(|t| *t > 1.0) => None,
        Deviation::TooLow => Some(limit),
        Deviation::TooHigh | Deviation::Uncertain => {
            let drawn = strata.last().map_or(Cent::ZERO, |l| l.bedrag);
            Some(limit.min(in_whole + drawn))
        }
    };
    out
}

fn mean(observations: &[Observation], kind: Deviation) -> f64 {
    let sum: Cent = observations.iter().map(|w| w.error(kind)).sum();
    centen(sum) / (observations.len() as f64).max(1.0)
}

/// Mean error of a line × lines, by stratum; the standard error from the spread within each, with
/// the correction for a finite population, and Satterthwaite's degrees of freedom.
fn per_regel(
    strata: &[Stratum],
    observations: &[Observation],
    confidence: Confidence,
    kind: Deviation,
) -> Estimate {
    let (lines, found, in_whole) = added_up(observations, kind);
    let (mut sum, mut variantie, mut denominator) = (0.0, 0.0, 0.0);
    let mut all_seen = true;
    for (id, stratum) in strata.iter().enumerate() {
        let of_stratum: Vec<Observation> =
            observations.iter().filter(|w| w.stratum == id).copied().collect();
        let gemiddeld = mean(&of_stratum, kind);
        let (whole, n) = (stratum.lines as f64, of_stratum.len() as f64);
        sum += whole * gemiddeld;
        if stratum.in_steekproef == stratum.lines {
            continue;
        }
        all_seen = false;
        let distance = |w: &Observation| (centen(w.error(kind)) - gemiddeld).powi(2);
        let spreiding = of_stratum.iter().map(distance).sum::<f64>() / (n - 1.0);
        let part = whole * (whole - n) / n * spreiding;
        variantie += part;
        denominator += part * part / (n - 1.0);
    }
    let geprojecteerd = round(sum);
    let (lower_bound, upper_bound) = if all_seen {
        (Some(geprojecteerd), Some(geprojecteerd))
    } else if variantie > 0.0 {
        let margin = confidence.two_sided(variantie * variantie / denominator) * variantie.sqrt();
        (Some(round(sum - margin).max(found)), Some(round(sum + margin)))
    } else {
        (None, None)
    };
    Estimate {
        afwijking: kind,
        lines,
        found,
        in_whole,
        geprojecteerd,
        base_precision: None,
        toeslag: None,
        lower_bound,
        upper_bound,
    }
}

fn opmerkingen(
    methode: Method,
    strata: &[Stratum],
    observations: &[Observation],
    confidence: Confidence,
    estimates: &[Estimate; 3],
) -> Vec<String> {
    let mut sentences = Vec::new();
    let all_seen = strata.iter().all(|l| l.in_steekproef == l.lines);
    match methode {
        Method::Mus => {
            if estimates[1].upper_bound.is_none() {
                sentences.push("Een declaratieregel is meer dan het dubbele waard van wat is gedeclareerd: een bovengrens voor te laag gedeclareerd geeft deze methode dan niet.".to_owned());
            }
            sentences.push("Te laag gedeclareerd is met mus slecht te vinden: wat te laag is, heeft een kleinere kans om getrokken te worden, en een declaratieregel van € 0,00 heeft er geen.".to_owned());
        }
        _ if all_seen => {
            sentences.push(
                "Alle declaratieregels zijn gecontroleerd: er is niets te schatten.".to_owned(),
            );
        }
        _ => {
            let errors = observations.iter().filter(|w| w.afwijking.is_some()).count() as u64;
            if errors == 0 && methode == Method::Aselect {
                let share = confidence.highest_share_without_error(observations.len() as u64);
                let procent = format!("{:.1}", share * 100.0).replace('.', ",");
                sentences.push(format!("Er zijn geen afwijkingen gevonden. Een bovengrens in euro's geeft deze methode dan niet; met een zekerheid van {confidence} is hoogstens {procent}% van de declaratieregels fout of onzeker."));
            } else if errors == 0 {
                sentences.push("Er zijn geen afwijkingen gevonden. Een bovengrens in euro's geeft deze methode dan niet; mus geeft die wel.".to_owned());
            } else if estimates.iter().any(|s| (1..ENOUGH_ERRORS).contains(&s.lines)) {
                sentences.push(format!("Onder- en bovengrens rusten op minder dan {ENOUGH_ERRORS} afwijkende declaratieregels van een soort; ze zijn dan niet betrouwbaar en meestal te nauw."));
            }
        }
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::random::{SeededRng, StreamId};
    use crate::steekproef::design::StratifyBy;

    fn stratum(name: &str, lines: u64, bedrag: i64, in_steekproef: u64) -> Stratum {
        Stratum { name: name.to_owned(), lines, bedrag: Cent(bedrag), in_steekproef }
    }

    fn regel(
        stratum: usize,
        how: Selection,
        bedrag: i64,
        fout: i64,
        kind: Deviation,
    ) -> Observation {
        let afwijking = (fout > 0).then_some((kind, Cent(fout)));
        Observation { stratum, how, bedrag: Cent(bedrag), afwijking }
    }

    const ONE: Selection = Selection::Drawn { times: 1 };

    /// Interval € 1.000. Taints: 50 of 100 = 0,5 and 20 of 200 = 0,1, the second drawn twice; a
    /// whole line that is € 300 too high. Projection 500 + 2 × 100 + 300 = € 1.000. At 95% the
    /// factors are 2,99573, 4,74386, 6,29579 and 7,75366: steps of 1,74813, 1,55193 and 1,45787, so
    /// the bound is 300 + 1.000 × (2,99573 + 0,5 × 1,74813 + 0,1 × 1,55193 + 0,1 × 1,45787).
    #[test]
    fn a_mus_sample_that_can_be_worked_out_by_hand() {
        let strata = [stratum("heel", 1, 500_000, 1), stratum("getrokken", 1_000, 10_000_000, 99)];
        let kind = Deviation::TooHigh;
        let observations = [
            regel(0, Selection::Whole, 500_000, 30_000, kind),
            regel(1, ONE, 10_000, 5_000, kind),
            regel(1, Selection::Drawn { times: 2 }, 20_000, 2_000, kind),
            regel(1, ONE, 70_000, 0, kind),
        ];
        let out =
            estimate(Method::Mus, Some(Cent(100_000)), &strata, &observations, Confidence::PLAIN);
        let high = &out.estimates[0];
        assert_eq!((high.lines, high.found, high.in_whole), (3, Cent(37_000), Cent(30_000)));
        assert_eq!(high.geprojecteerd, Cent(100_000));
        assert_eq!(high.base_precision, Some(Cent(299_573)));
        // 0,5 × 0,74813 + 0,1 × 0,55193 + 0,1 × 0,45787 = 0,475045
        assert_eq!(high.toeslag, Some(Cent(47_505)));
        assert_eq!(high.upper_bound, Some(Cent(447_078)));
        // Nothing of the other kinds: only the basic precision.
        assert_eq!(out.estimates[2].upper_bound, Some(Cent(299_573)));
        assert_eq!(out.strata[0].geprojecteerd[0], Cent(30_000));
        assert_eq!(out.strata[1].geprojecteerd[0], Cent(70_000));
    }

    #[test]
    fn too_low_and_too_high_are_never_netted() {
        let strata = [stratum("heel", 0, 0, 0), stratum("getrokken", 10, 100_000, 2)];
        let observations = [
            regel(1, ONE, 1_000, 500, Deviation::TooHigh),
            regel(1, ONE, 1_000, 500, Deviation::TooLow),
        ];
        let out =
            estimate(Method::Mus, Some(Cent(50_000)), &strata, &observations, Confidence::PLAIN);
        assert_eq!(out.estimates[0].geprojecteerd, Cent(25_000));
        assert_eq!(out.estimates[1].geprojecteerd, Cent(25_000));
        // What is declared can't be more too high than it is.
        assert_eq!(out.estimates[0].upper_bound, Some(Cent(100_000)));
        assert!(out.estimates[1].upper_bound > Some(Cent(100_000)));
        let twice = [regel(1, ONE, 1_000, 1_001, Deviation::TooLow)];
        let out = estimate(Method::Mus, Some(Cent(50_000)), &strata, &twice, Confidence::PLAIN);
        assert_eq!(out.estimates[1].upper_bound, None);
    }

    /// All lines whole: what was found is what there is.
    #[test]
    fn without_an_interval_nothing_is_estimated() {
        let strata = [stratum("heel", 2, 3_000, 2), stratum("getrokken", 0, 0, 0)];
        let kind = Deviation::Uncertain;
        let observations = [
            regel(0, Selection::Whole, 2_000, 700, kind),
            regel(0, Selection::Whole, 1_000, 0, kind),
        ];
        let s = estimate(Method::Mus, None, &strata, &observations, Confidence::PLAIN);
        assert_eq!(s.estimates[2].upper_bound, Some(Cent(700)));
        assert_eq!(s.estimates[2].geprojecteerd, Cent(700));
    }

    /// Errors 0, 0, 10, 30 in 4 of 100 lines: mean 10, so 1.000; s² = (100 + 100 + 0 + 400) / 3 =
    /// 200; variance 100 × 96 / 4 × 200 = 480.000, standard error 692,82; t(3; 97,5%) = 3,18245, so
    /// the margin is 2.204,86. The lower end is what was found.
    #[test]
    fn lines_by_lot_that_can_be_worked_out_by_hand() {
        let strata = [stratum("alle declaratieregels", 100, 100_000, 4)];
        let observations =
            [0, 0, 10, 30].map(|fout| regel(0, ONE, 1_000, fout, Deviation::TooHigh));
        let out = estimate(Method::Aselect, None, &strata, &observations, Confidence::PLAIN);
        let high = &out.estimates[0];
        assert_eq!(high.geprojecteerd, Cent(1_000));
        assert_eq!((high.lower_bound, high.upper_bound), (Some(Cent(40)), Some(Cent(3_205))));
        assert!(out.opmerkingen[0].contains("minder dan 20"), "{:?}", out.opmerkingen);
        assert_eq!(out.estimates[1].upper_bound, None);
    }

    /// A: errors 0 and 20 in 2 of 10: mean 10, total 100, s² = 200, part 10 × 8 / 2 × 200 = 8.000.
    /// B: all 2 lines seen, error 7. C: errors 6 and 6 in 2 of 50: total 300 and no spread. Together
    /// 407; one degree of freedom: t(97,5%) = 12,7062, margin 12,7062 × √8.000 = 1.136,48.
    #[test]
    fn strata_add_up() {
        let strata = [stratum("a", 10, 0, 2), stratum("b", 2, 0, 2), stratum("c", 50, 0, 2)];
        let errors = [(0, 0), (0, 20), (1, 7), (1, 0), (2, 6), (2, 6)];
        let observations =
            errors.map(|(laag, fout)| regel(laag, ONE, 100, fout, Deviation::TooHigh));
        let methode = Method::Gestratificeerd(StratifyBy::Onderdeel);
        let out = estimate(methode, None, &strata, &observations, Confidence::PLAIN);
        let high = &out.estimates[0];
        assert_eq!(high.geprojecteerd, Cent(407));
        assert_eq!((high.lower_bound, high.upper_bound), (Some(Cent(39)), Some(Cent(1_543))));
        let per_stratum: Vec<Cent> = out.strata.iter().map(|l| l.geprojecteerd[0]).collect();
        assert_eq!(per_stratum, [Cent(100), Cent(7), Cent(300)]);
    }

    #[test]
    fn without_an_error_only_mus_gives_a_bound_in_euros() {
        let strata = [stratum("alle declaratieregels", 1_000, 100_000, 59)];
        let observations = [regel(0, ONE, 100, 0, Deviation::TooHigh); 59];
        let out = estimate(Method::Aselect, None, &strata, &observations, Confidence::PLAIN);
        assert_eq!(out.estimates[0].upper_bound, None);
        assert!(
            out.opmerkingen[0].contains("hoogstens 5,0% van de declaratieregels"),
            "{:?}",
            out.opmerkingen
        );
    }

    /// 400 lines with known errors, 4.000 samples: the mean of the projections is the true error.
    /// Draws and estimates are the real ones; only the population is made up.
    #[test]
    fn on_average_every_method_projects_the_true_error_and_mus_seldom_stays_below_it() {
        use crate::steekproef::drawing::trial_draw;
        let mut rng = SeededRng::new(1, StreamId::Steekproef, 99);
        let bedragen: Vec<Cent> =
            (0..400).map(|_| Cent(rng.between(1, 200) * rng.between(1, 200))).collect();
        let errors: Vec<Cent> = bedragen
            .iter()
            .map(|b| if rng.probability(15) { Cent(rng.between(1, b.0)) } else { Cent::ZERO })
            .collect();
        let echt: Cent = errors.iter().copied().sum();
        for methode in
            [Method::Mus, Method::Aselect, Method::Gestratificeerd(StratifyBy::Onderdeel)]
        {
            const TIMES: u64 = 4_000;
            let (mut sum, mut squares, mut covered) = (0.0, 0.0, 0_u64);
            for seed in 0..TIMES {
                let g = trial_draw(&bedragen, methode, 40, seed);
                let observations: Vec<Observation> = g
                    .posten
                    .into_iter()
                    .map(|(p, l, how)| {
                        regel(l, how, bedragen[p].0, errors[p].0, Deviation::TooHigh)
                    })
                    .collect();
                let out =
                    estimate(methode, g.interval, &g.strata, &observations, Confidence::PLAIN);
                let high = &out.estimates[0];
                sum += centen(high.geprojecteerd);
                squares += centen(high.geprojecteerd).powi(2);
                covered += u64::from(high.upper_bound.is_some_and(|b| b >= echt));
            }
            let mean = sum / TIMES as f64;
            let spreiding = (squares / TIMES as f64 - mean * mean).sqrt();
            let standaardfout = spreiding / (TIMES as f64).sqrt();
            let distance = (mean - centen(echt)) / standaardfout;
            assert!(distance.abs() < 3.0, "{methode:?}: {mean} for {echt}: {distance}");
            if methode == Method::Mus {
                assert!(covered * 100 >= TIMES * 95, "{covered} of {TIMES}");
            }
        }
    }
}
