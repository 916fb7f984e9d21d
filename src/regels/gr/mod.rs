//! Groepsaanbod of the highest intensities.

pub(crate) mod behandeling_naast_groep;
pub(crate) mod geen_kdc_odc;
pub(crate) mod te_veel_uren;

use crate::dossier::Product;

/// Groups in which all treatment is included.
fn is_all_inclusive(product: &Product) -> bool {
    matches!(product.tariefsleutel(), Some("GROEP_EXTRA_ZWAAR" | "GROEP_INTENSIEF"))
}
