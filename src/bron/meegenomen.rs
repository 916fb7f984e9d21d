//! Columns that ride along: what of them a row has, and which files lack one.

use super::SourceError;
use super::header::{ColumnNames, Header};
use super::row::Row;
use crate::dossier::{FileKind, Lacking, SourceFile, join_cells};
use std::borrow::Cow;

/// What a file lacks of them.
pub(super) fn lacking(
    names: &ColumnNames,
    kind: FileKind,
    header: &Header,
) -> Option<Box<Lacking>> {
    let pairs = names.meegenomen(kind).iter().zip(&header.meegenomen);
    let columns: Vec<String> =
        pairs.filter(|(_, place)| place.is_none()).map(|(own, _)| own.clone()).collect();
    (!columns.is_empty()).then(|| Box::new(Lacking { columns, own: header.unknown.clone() }))
}

/// Of columns that some files have and others lack a warning for each of these.
///
/// # Errors
/// A column that no file has.
pub(super) fn check(names: &ColumnNames, files: &[SourceFile]) -> Result<Vec<String>, SourceError> {
    let kind = FileKind::Declaraties;
    // A message has no header, and so no columns.
    let tables = || files.iter().filter(|f| f.soort == kind && f.kolommen != Default::default());
    let lacks = |f: &&SourceFile, column: &String| {
        f.lacks.as_ref().is_some_and(|lacking| lacking.columns.contains(column))
    };
    for column in names.meegenomen(kind) {
        let missing = |file: &str, own: &[String]| SourceError::RidingMissing {
            file: file.to_owned(),
            column: column.clone(),
            own: own.join(", "),
        };
        if tables().all(|f| lacks(&f, column)) {
            return Err(match tables().next() {
                Some(first) => {
                    let own = first.lacks.as_ref().map(|l| l.own.as_slice()).unwrap_or_default();
                    missing(&first.pad, own)
                }
                None => missing("declaraties", &[]),
            });
        }
    }
    let warning = |f: &SourceFile| {
        let lacking = f.lacks.as_ref()?;
        Some(format!(
            "{}: heeft geen kolom {}, die volgens [meenemen] meegaat; bij deze regels blijft zij leeg",
            f.pad,
            lacking.columns.join(" of ")
        ))
    };
    Ok(tables().filter_map(warning).collect())
}

impl<'r> Row<'r> {
    /// What rides along of this row, as one text.
    #[inline]
    pub(super) fn meegenomen(&self) -> Cow<'r, str> {
        if self.header.meegenomen.is_empty() {
            return Cow::Borrowed("");
        }
        self.riding_cells()
    }

    #[cold]
    fn riding_cells(&self) -> Cow<'r, str> {
        let cell = |place: &Option<u16>| {
            let cell = place.map_or(&[][..], |place| self.record.cell(usize::from(place)));
            str::from_utf8(cell).expect("a block is valid UTF-8 before it is read")
        };
        Cow::Owned(join_cells(self.header.meegenomen.iter().map(cell)))
    }
}
