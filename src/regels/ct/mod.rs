//! The contract's term and its settlement.

pub(crate) mod ander_dan_penvoerder;
pub(crate) mod buiten_contracttermijn;
pub(crate) mod na_finale_kwijting;
pub(crate) mod na_laatste_dag;
