//! What the columns that ride along are called beside those that outputs have.

use super::meegenomen::Meegenomen;
use super::{csv, onderliggend, xlsx};

/// The columns that ride along, by the names that the settings have for them.
pub(crate) fn riding(names: &[String]) -> Meegenomen {
    let ours = csv::KOLOMMEN.into_iter().chain(onderliggend::KOLOMMEN).chain(xlsx::headers());
    Meegenomen::new(names, ours.chain([csv::REACTIE]))
}
