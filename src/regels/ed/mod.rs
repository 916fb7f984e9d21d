//! Dyslexia care (ernstige dyslexie).

pub(crate) mod niet_door_toegang;
pub(crate) mod ruim_toegewezen;
pub(crate) mod stuks_vaker;
pub(crate) mod te_veel_minuten;
pub(crate) mod verkeerde_leeftijd;

use crate::dossier::{Onderdeel, Product};

/// Tariefsleutels of dyslexia care: diagnosis first, each with its word.
const PRODUCTS: [(&str, &str); 2] =
    [("ED_DIAGNOSTIEK", "diagnostiek"), ("ED_BEHANDELING", "behandeling")];

fn is_ed(product: &Product) -> bool {
    product.onderdeel() == Some(Onderdeel::Ed)
}
