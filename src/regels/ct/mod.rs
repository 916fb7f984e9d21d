//! The contract's term and its settlement.

pub(crate) mod buiten_contracttermijn;
pub(crate) mod na_finale_kwijting;
