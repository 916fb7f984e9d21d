//! Crisis: how long, and by whom.

pub(crate) mod crisis_te_lang;
pub(crate) mod geen_crisiscontract;
