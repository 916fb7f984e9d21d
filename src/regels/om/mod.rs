//! Turnover from one year to the next.

pub mod omzet_verschoven;
