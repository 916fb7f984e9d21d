//! Who takes part, and for what: gemeenten of the region and the reach of the contract.

pub(crate) mod buiten_reikwijdte;
pub(crate) mod gemeente_buiten_regio;
pub(crate) mod gemeente_doet_niet_mee;
