//! What writes files, whatever is in them: a folder that is put in its place whole, sheets, CSV for
//! Excel, JSON.

mod building;
pub(crate) mod csv;
mod error;
mod formula;
mod json;
pub(crate) mod letter;
mod ours;
mod placement;
pub(crate) mod sheet;
mod single_file;
mod template;

pub(crate) use building::Unfinished;
pub(crate) use csv::{bedrag as csv_bedrag, datum as csv_datum, write as csv_for_excel};
pub(crate) use error::WriteError;
pub(crate) use formula::WITHOUT_WIDTH;
pub(crate) use json::write_value as write_json;
pub use ours::Inputs;
pub(crate) use placement::HiddenDir;
pub use placement::OutputDir;
pub(crate) use single_file::OutputFile;
pub(crate) use template::{render, templates};
