//! The contract's term and its settlement.

pub mod buiten_contracttermijn;
pub mod na_finale_kwijting;
