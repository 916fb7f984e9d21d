//! What every workbook is built of: sheets that are written from top to bottom, without being held
//! in memory, and that print on A4.

mod cel;
mod opmaak;
mod werkblad;
mod werkmap;

pub(crate) use cel::{Cel, Vorm};
pub(crate) use opmaak::Opmaak;
pub(crate) use werkblad::{Blad, SAMENVATTING};
pub(crate) use werkmap::{bewaar, nieuw_boek};
