//! How the workbooks of a rapport look.

use crate::rapport::Rapport;
use crate::writing::sheet::ColumnFormat;

/// A column's header, its width and how most of its cells look.
pub(super) type SheetColumn<'h> = (&'h str, f64, Option<ColumnFormat>);

pub(super) const TEXT: Option<ColumnFormat> = Some(ColumnFormat::Text);
pub(super) const LONG: Option<ColumnFormat> = Some(ColumnFormat::Long);
pub(super) const NUMBER: Option<ColumnFormat> = Some(ColumnFormat::Number);
pub(super) const GELD: Option<ColumnFormat> = Some(ColumnFormat::Money);
pub(super) const DATUM: Option<ColumnFormat> = Some(ColumnFormat::Datum);

/// What stands at the foot of each page.
pub(super) fn foot(rapport: &Rapport<'_>) -> String {
    let set = rapport.regelset();
    format!(
        "{}, leverjaar {}, regelset {} versie {}",
        set.title, rapport.context.jaar, set.name, set.versie
    )
}
