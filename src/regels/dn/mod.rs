//! Who takes part, and for what: gemeenten of the region and the reach of the contract.

pub mod buiten_reikwijdte;
pub mod gemeente_buiten_regio;
pub mod gemeente_doet_niet_mee;
