//! Crisis: how long, and by whom.

pub mod crisis_te_lang;
pub mod geen_crisiscontract;
