//! What every stage may use and that knows no stage: small things without a home of their own.

mod bsn;
pub(crate) mod config;
mod hex;
mod io;
mod line;
mod mask;
pub(crate) mod memory;
mod place;
pub(crate) mod random;
mod screen;
pub(crate) mod system;
mod unpacked;
mod words;

pub(crate) use bsn::could_be_bsn;
pub use bsn::passes_elfproef;
pub(crate) use hex::hex;
pub(crate) use io::{io_cause, open_file, read_file, read_json_bytes, read_short_text, read_text};
pub(crate) use line::{on_its_lines, on_one_line, shown_path, sign};
pub(crate) use mask::{Shown, masked};
pub use place::DossierPlace;
pub(crate) use screen::{COLUMNS, fold, fold_to};
pub(crate) use unpacked::is_bomb;
pub(crate) use words::words;
