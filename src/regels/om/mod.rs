//! Turnover from one year to the next.

pub(crate) mod omzet_verschoven;
