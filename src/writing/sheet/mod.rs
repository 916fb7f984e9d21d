//! What every workbook is built of: sheets that are written from top to bottom, without being held
//! in memory, and that print on A4.

mod cell;
mod formats;
mod workbook;
mod worksheet;

pub(crate) use cell::{Cell, ColumnFormat};
pub(crate) use formats::Formats;
pub(crate) use workbook::{SheetWriter, keep, new_book, side_by_side};
pub(crate) use worksheet::{SAMENVATTING, Sheet, StackedChart};
