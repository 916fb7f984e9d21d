//! Voorzieningen: MST and ZIT, paid per trajectory.

pub(crate) mod traject_te_lang;
pub(crate) mod traject_vaker;
