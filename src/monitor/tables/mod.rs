//! The tables of the monitor, one file each.

mod aflopend;
mod budgetten;
mod kengetallen;
mod maand;
mod maatwerk;
mod naleving;
mod omzet;
mod perceel5;
mod verantwoording;
mod verwijzers;

use super::sources::Sources;
use super::table::Table;
use crate::frame::Made;

/// Makes a table.
pub(super) type MakeTable = fn(&Sources<'_>) -> Made<Table>;

/// All of them, in the order in which they are shown.
pub(super) const ALL: &[MakeTable] = &[
    omzet::make,
    verantwoording::make,
    budgetten::make,
    kengetallen::make,
    naleving::make,
    verwijzers::make,
    aflopend::make,
    perceel5::make,
    maatwerk::make,
    maand::make,
];
