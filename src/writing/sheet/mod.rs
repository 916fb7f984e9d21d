//! What every workbook is built of: sheets that are written from top to bottom, without being held
//! in memory, and that print on A4.

mod cell;
mod formats;
mod workbook;
mod worksheet;

pub(crate) use cell::{Cell, ColumnFormat};
pub(crate) use formats::Formats;
pub(crate) use workbook::{keep, new_book};
pub(crate) use worksheet::{SAMENVATTING, Sheet, StackedChart};
