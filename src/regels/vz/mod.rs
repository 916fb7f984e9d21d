//! Voorzieningen: MST and ZIT, paid per trajectory.

pub(crate) mod traject_op_meer_toewijzingen;
pub(crate) mod traject_te_lang;
pub(crate) mod traject_vaker;

use crate::dossier::Product;

/// Tariefsleutels of trajectories, each with the name that people know.
fn trajecten() -> [(&'static str, &'static str); 2] {
    [("MST", "MST"), ("ZIT", "ZIT")]
}

fn is_traject(product: &Product) -> bool {
    product.tariefsleutel().is_some_and(|key| trajecten().iter().any(|(of, _)| *of == key))
}
