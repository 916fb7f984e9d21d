//! What writes files, whatever is in them: a folder that is put in its place whole, sheets, CSV for
//! Excel, JSON.

pub(crate) mod csv;
mod error;
mod formula;
mod json;
mod placement;
pub(crate) mod sheet;

pub(crate) use csv::{bedrag as csv_bedrag, datum as csv_datum, write as csv_for_excel};
pub(crate) use error::WriteError;
pub(crate) use formula::WITHOUT_WIDTH;
pub(crate) use json::write_value as write_json;
pub(crate) use placement::HiddenDir;
pub use placement::OutputDir;
