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

use crate::dossier::{AanbiederNr, Dag, Kolom};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Controle, Reden, Uitkomsten};
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
struct Opvallend {
    nr: AanbiederNr,
    waarde: f64,
    mediaan: f64,
    z: f64,
}

/// Limits of a comparison with other aanbieders.
struct Vergelijking {
    /// Robust z above which an aanbieder stands out.
    z: f64,
    aanbieders: i64,
}

impl Vergelijking {
    fn van(instelling: &Regelinstelling, dag: Dag) -> Vergelijking {
        Vergelijking {
            z: als_float(instelling.get(&ROBUUSTE_Z, dag).map(|v| v.value).unwrap_or_default()),
            aanbieders: instelling.at(&AANBIEDERS, dag),
        }
    }

    /// Sets figures against those of the other aanbieders of the same perceel. Counts every figure
    /// as tested or not, and gives those that stand out in the order of the aanbieders.
    fn opvallend(
        &self,
        c: &Controle<'_>,
        waarden: impl IntoIterator<Item = (AanbiederNr, f64)>,
        uit: &mut Uitkomsten,
    ) -> Vec<Opvallend> {
        let mut per_perceel: BTreeMap<u8, Vec<(AanbiederNr, f64)>> = BTreeMap::new();
        for (nr, waarde) in waarden {
            match c.gegevens_met(nr, Kolom::Perceel).map(|g| g.perceel) {
                Ok(Some(perceel)) => per_perceel.entry(perceel).or_default().push((nr, waarde)),
                Ok(None) => uit.niet_toetsbaar(Reden::PerceelOnbekend),
                Err(reden) => uit.niet_toetsbaar(reden),
            }
        }
        let mut opvallend = Vec::new();
        for groep in per_perceel.into_values() {
            let middelste = mediaan(groep.iter().map(|(_, w)| *w));
            let mad = mediaan(groep.iter().map(|(_, w)| (w - middelste).abs()));
            for (nr, waarde) in &groep {
                if (groep.len() as i64) < self.aanbieders {
                    uit.niet_toetsbaar(Reden::TeWeinigAanbieders);
                } else if mad <= 0.0 {
                    uit.niet_toetsbaar(Reden::GeenSpreiding);
                } else {
                    uit.getoetst();
                    let z = SCHAAL * (waarde - middelste) / mad;
                    if z > self.z {
                        let (nr, waarde) = (*nr, *waarde);
                        opvallend.push(Opvallend { nr, waarde, mediaan: middelste, z });
                    }
                }
            }
        }
        opvallend.sort_by_key(|o| o.nr);
        opvallend
    }
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
