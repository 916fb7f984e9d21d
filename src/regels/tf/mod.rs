//! Tariff: is it the contract's, and does the amount follow from it?

pub mod bedrag_wijkt_af;
pub mod tarief_wijkt_af;
