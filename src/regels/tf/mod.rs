//! Tariff and contract: is it the contract's, does the amount follow from it, and was the aanbieder
//! contracted for it?

pub(crate) mod andere_eenheid;
pub(crate) mod bedrag_wijkt_af;
pub(crate) mod functie_onbekend;
pub(crate) mod perceel_niet_gecontracteerd;
pub(crate) mod perceelkeuze;
pub(crate) mod perceelvoorwaarden;
pub(crate) mod product_niet_gecontracteerd;
pub(crate) mod reistijd_groepsaanbod;
pub(crate) mod tarief_wijkt_af;
pub(crate) mod tariefgroep_boven_functie;
pub(crate) mod te_veel_reistijd;

use crate::dossier::{Cent, Ernst};
use crate::toetsing::{Bevinding, LineKind};
use std::cmp::Ordering;

/// A finding on a line with another tariff than the contract's in the same unit: above it a `fout` for
/// the difference over the volume, below it a signal. `None` where they are equal.
pub(super) fn bevinding_over_tarief(
    kind: &LineKind<'_>,
    own: Cent,
    contract: Cent,
) -> Option<Bevinding> {
    let ernst = match own.cmp(&contract) {
        Ordering::Equal => return None,
        Ordering::Less => Ernst::Signaal,
        Ordering::Greater => Ernst::Fout,
    };
    Some(kind.bevinding_per_eenheid(ernst, (own - contract).at_least_zero()))
}

/// The number of a tariff group: 3 of `TG3`.
fn tariefgroep(key: &str) -> Option<u8> {
    match key.as_bytes() {
        [b'T', b'G', n @ b'1'..=b'7'] => Some(n - b'0'),
        _ => None,
    }
}

fn is_tariefgroep(key: &str) -> bool {
    tariefgroep(key).is_some()
}
