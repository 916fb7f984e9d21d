//! Tariff and contract: is it the contract's, does the amount follow from it, and was the aanbieder
//! contracted for it?

pub mod bedrag_wijkt_af;
pub mod functie_onbekend;
pub mod perceel_niet_gecontracteerd;
pub mod perceelvoorwaarden;
pub mod product_niet_gecontracteerd;
pub mod reistijd_groepsaanbod;
pub mod tarief_wijkt_af;
pub mod tariefgroep_boven_functie;
pub mod te_veel_reistijd;

use crate::dossier::Ernst;
use crate::dossier::{Cent, half_omhoog};
use crate::toetsing::Lijn;
use std::cmp::Ordering;

/// A line's own tariff against the contract's in the same unit: `None` where they are equal; above
/// it a `fout` for the difference over the volume, below it a signal.
pub(super) fn verschil_met_contract(
    lijn: &Lijn<'_>,
    eigen: Cent,
    contract: Cent,
) -> Option<(Ernst, Cent)> {
    match eigen.cmp(&contract) {
        Ordering::Equal => None,
        Ordering::Less => Some((Ernst::Signaal, Cent::NUL)),
        Ordering::Greater => {
            let verschil = i128::from((eigen - contract).0);
            let te_veel = half_omhoog(verschil * i128::from(lijn.regel.geleverd_volume.0), 100);
            Some((Ernst::Fout, lijn.hoogstens_ingediend(Cent(te_veel))))
        }
    }
}

/// The number of a tariff group: 3 of `TG3`.
fn tariefgroep(sleutel: &str) -> Option<u8> {
    match sleutel.as_bytes() {
        [b'T', b'G', n @ b'1'..=b'7'] => Some(n - b'0'),
        _ => None,
    }
}

fn is_tariefgroep(sleutel: &str) -> bool {
    tariefgroep(sleutel).is_some()
}
