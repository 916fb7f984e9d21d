//! What writes files, whatever is in them: a folder that is put in its place whole, sheets, CSV for
//! Excel, JSON.

pub(crate) mod csv;
mod error;
mod formula;
mod json;
mod placement;
pub(crate) mod sheet;

pub use csv::schrijf as csv_voor_excel;
pub(crate) use csv::{bedrag as csv_bedrag, datum as csv_datum};
pub use error::WriteError;
pub(crate) use formula::ZONDER_BREEDTE;
pub(crate) use json::schrijf_waarde as schrijf_json;
pub use placement::{Plaats, Tijdelijk};
