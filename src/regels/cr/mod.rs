//! Crisis: how long, and by whom.

pub(crate) mod crisis_in_keten;
pub(crate) mod crisis_te_lang;
pub(crate) mod geen_crisiscontract;
pub(crate) mod laat_aangevraagd;
