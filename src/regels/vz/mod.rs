//! Voorzieningen: MST and ZIT, paid per trajectory.

pub mod traject_te_lang;
pub mod traject_vaker;
