//! Signals from the numbers: what stands out, never a breach by itself and never an amount.
//!
//! The only place with floats: a signal is a distance to others, not money.

pub(crate) mod eerste_cijfers;
pub(crate) mod hoge_tariefgroepen;
pub(crate) mod kosten_per_jeugdige;
pub(crate) mod meer_dan_een_dag;
pub(crate) mod no_show_vaak;
pub(crate) mod ronde_volumes;
pub(crate) mod vaak_afwezig_groep;
pub(crate) mod vaak_voortijdig_beeindigd;
pub(crate) mod vol_budget;

use crate::dossier::{AanbiederId, Dag, Kolom};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{AuditContext, Outcomes, Reason};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::collections::BTreeMap;

/// Robust z above which an aanbieder stands out.
const ROBUUSTE_Z: Parameter<Decimal> = Parameter::new(
    "robuuste_z",
    "robuuste z-score (0,6745 × (waarde − mediaan) / MAD) waarboven een aanbieder opvalt",
);

/// Smallest number of aanbieders to compare with.
const AANBIEDERS: Parameter<i64> = Parameter::new(
    "aanbieders",
    "aanbieders van hetzelfde perceel, de aanbieder zelf erbij, die voor een vergelijking nodig zijn",
);

/// What makes the median of absolute deviations comparable with a standard deviation.
const SCHAAL: f64 = 0.6745;

/// An aanbieder whose figure lies far above those of its perceel.
struct Outlier {
    id: AanbiederId,
    value: f64,
    median: f64,
    z: f64,
}

/// Limits of a comparison with other aanbieders.
struct PeerComparison {
    /// Robust z above which an aanbieder stands out.
    z: f64,
    aanbieders: i64,
}

impl PeerComparison {
    fn of(settings: &RuleSettings, dag: Dag) -> PeerComparison {
        PeerComparison {
            z: as_float(settings.get(&ROBUUSTE_Z, dag).map(|v| v.value).unwrap_or_default()),
            aanbieders: settings.at(&AANBIEDERS, dag),
        }
    }

    /// Sets figures against those of the other aanbieders of the same perceel. Counts every figure
    /// as tested or not, and gives those that stand out in the order of the aanbieders.
    fn outliers(
        &self,
        c: &AuditContext<'_>,
        values: impl IntoIterator<Item = (AanbiederId, f64)>,
        out: &mut Outcomes,
    ) -> Vec<Outlier> {
        let mut per_perceel: BTreeMap<u8, Vec<(AanbiederId, f64)>> = BTreeMap::new();
        for (id, value) in values {
            match c.data_with(id, Kolom::Perceel).map(|g| g.perceel) {
                Ok(Some(perceel)) => per_perceel.entry(perceel).or_default().push((id, value)),
                Ok(None) => out.not_testable(Reason::PerceelOnbekend),
                Err(reason) => out.not_testable(reason),
            }
        }
        let mut outliers = Vec::new();
        for group in per_perceel.into_values() {
            let middle = median(group.iter().map(|(_, w)| *w));
            let mad = median(group.iter().map(|(_, w)| (w - middle).abs()));
            for (id, value) in &group {
                if (group.len() as i64) < self.aanbieders {
                    out.not_testable(Reason::TeWeinigAanbieders);
                } else if mad <= 0.0 {
                    out.not_testable(Reason::GeenSpreiding);
                } else {
                    out.tested();
                    let z = SCHAAL * (value - middle) / mad;
                    if z > self.z {
                        let (id, value) = (*id, *value);
                        outliers.push(Outlier { id, value, median: middle, z });
                    }
                }
            }
        }
        outliers.sort_by_key(|o| o.id);
        outliers
    }
}

/// The middle value, or the mean of the middle two.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let n = values.len();
    match n {
        0 => 0.0,
        _ if n % 2 == 1 => values[n / 2],
        _ => (values[n / 2 - 1] + values[n / 2]) / 2.0,
    }
}

fn as_float(d: Decimal) -> f64 {
    d.to_f64().unwrap_or(f64::MAX)
}

/// A number with a decimal comma.
fn number(value: f64, decimals: usize) -> String {
    format!("{value:.decimals$}").replace('.', ",")
}

/// A share as a percentage with one decimal.
fn procent(part: f64) -> String {
    format!("{}%", number(part * 100.0, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_the_mean_of_the_middle_two() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), 2.0);
        assert_eq!(median([4.0, 1.0, 2.0, 3.0].into_iter()), 2.5);
    }

    #[test]
    fn figures_are_written_with_a_decimal_comma() {
        assert_eq!(number(0.00221, 4), "0,0022");
        assert_eq!(procent(0.605), "60,5%");
    }
}
