//! Signals from the numbers: what stands out, never a breach by itself and never an amount.
//!
//! The only place with floats: a signal is a distance to others, not money.

pub mod eerste_cijfers;
pub mod hoge_tariefgroepen;
pub mod kosten_per_jeugdige;
pub mod meer_dan_een_dag;
pub mod no_show_vaak;
pub mod ronde_volumes;
pub mod vol_budget;

use crate::dossier::{AanbiederNr, Kolom};
use crate::regelset::{Parameter, Parametersoort};
use crate::toetsing::{Controle, Reden};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::collections::BTreeMap;

/// Robust z above which an aanbieder stands out.
const ROBUUSTE_Z: Parameter = Parameter::nieuw(
    "robuuste_z",
    Parametersoort::Decimaal,
    "robuuste z-score (0,6745 × (waarde − mediaan) / MAD) waarboven een aanbieder opvalt",
);

/// Smallest number of aanbieders to compare with.
const AANBIEDERS: Parameter = Parameter::nieuw(
    "aanbieders",
    Parametersoort::Getal,
    "aanbieders van hetzelfde perceel, de aanbieder zelf erbij, die voor een vergelijking nodig zijn",
);

/// What makes the median of absolute deviations comparable with a standard deviation.
const SCHAAL: f64 = 0.6745;

/// An aanbieder's figure among those of its perceel.
struct Vergelijking {
    nr: AanbiederNr,
    waarde: f64,
    mediaan: f64,
    /// How far the figure lies from the median; `Err` where that can't be told.
    z: Result<f64, Reden>,
}

/// Sets figures against those of the other aanbieders of the same perceel, in the order of the
/// aanbieders.
fn vergelijk(
    c: &Controle<'_>,
    waarden: impl IntoIterator<Item = (AanbiederNr, f64)>,
    minstens: i64,
) -> Vec<Result<Vergelijking, Reden>> {
    let mut per_perceel: BTreeMap<u8, Vec<(AanbiederNr, f64)>> = BTreeMap::new();
    let mut uit = Vec::new();
    for (nr, waarde) in waarden {
        match c.gegevens_met(nr, Kolom::Perceel).map(|g| g.perceel) {
            Ok(Some(perceel)) => per_perceel.entry(perceel).or_default().push((nr, waarde)),
            Ok(None) => uit.push(Err(Reden::PerceelOnbekend)),
            Err(reden) => uit.push(Err(reden)),
        }
    }
    let mut vergeleken = Vec::new();
    for groep in per_perceel.into_values() {
        if (groep.len() as i64) < minstens {
            uit.extend(groep.iter().map(|_| Err(Reden::TeWeinigAanbieders)));
            continue;
        }
        let middelste = mediaan(groep.iter().map(|(_, w)| *w));
        let mad = mediaan(groep.iter().map(|(_, w)| (w - middelste).abs()));
        vergeleken.extend(groep.into_iter().map(|(nr, waarde)| Vergelijking {
            nr,
            waarde,
            mediaan: middelste,
            z: if mad > 0.0 {
                Ok(SCHAAL * (waarde - middelste) / mad)
            } else {
                Err(Reden::GeenSpreiding)
            },
        }));
    }
    vergeleken.sort_by_key(|v| v.nr);
    uit.extend(vergeleken.into_iter().map(Ok));
    uit
}

/// The middle value, or the mean of the middle two.
fn mediaan(waarden: impl Iterator<Item = f64>) -> f64 {
    let mut waarden: Vec<f64> = waarden.collect();
    waarden.sort_by(f64::total_cmp);
    let n = waarden.len();
    match n {
        0 => 0.0,
        _ if n % 2 == 1 => waarden[n / 2],
        _ => (waarden[n / 2 - 1] + waarden[n / 2]) / 2.0,
    }
}

fn als_float(d: Decimal) -> f64 {
    d.to_f64().unwrap_or(f64::MAX)
}

/// A number with a decimal comma.
fn getal(waarde: f64, decimalen: usize) -> String {
    format!("{waarde:.decimalen$}").replace('.', ",")
}

/// A share as a percentage with one decimal.
fn procent(deel: f64) -> String {
    format!("{}%", getal(deel * 100.0, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_the_mean_of_the_middle_two() {
        assert_eq!(mediaan([3.0, 1.0, 2.0].into_iter()), 2.0);
        assert_eq!(mediaan([4.0, 1.0, 2.0, 3.0].into_iter()), 2.5);
    }

    #[test]
    fn figures_are_written_with_a_decimal_comma() {
        assert_eq!(getal(0.00221, 4), "0,0022");
        assert_eq!(procent(0.605), "60,5%");
    }
}
