//! How many persons fit in a group of each product of perceel 5.

use crate::dossier::Dag;
use crate::regelset::{Parameter, RuleSettings};

pub(super) const SMALL: Parameter<i64> =
    Parameter::new("hoogstens_50z09", "personen in een groepstraining 50Z09");

pub(super) const MIDDEL: Parameter<i64> =
    Parameter::new("hoogstens_50z10", "personen in een groepstraining 50Z10");

pub(super) const LARGE: Parameter<i64> =
    Parameter::new("hoogstens_50z11", "personen in een groepstraining 50Z11");

/// What the product itself allows; `None` for one that sets no size.
pub(super) fn of_product(settings: &RuleSettings, code: &str, dag: Dag) -> Option<i64> {
    match code {
        "50Z09" => Some(settings.at(&SMALL, dag)),
        "50Z10" => Some(settings.at(&MIDDEL, dag)),
        "50Z11" => Some(settings.at(&LARGE, dag)),
        _ => None,
    }
}
