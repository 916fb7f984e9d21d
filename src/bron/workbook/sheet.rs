//! The rows of one sheet, whatever the form of its workbook.

use crate::bron::error::SourceError;
use crate::bron::header::HeaderSpec;
use calamine::{Data, DataRef, Reader, Sheets, XlsxCellReader, XlsxError};
use std::fmt::Display;
use std::io::Cursor;

/// Columns that a sheet can have.
const KOLOMMEN: u32 = 1 << 14;

type Bytes<'b> = Cursor<&'b [u8]>;

/// A cell with its row and its column, from zero.
type PlacedCell<'z> = (u32, u32, DataRef<'z>);

/// The rows of a sheet that have cells.
pub(super) struct SheetRows<'b, 'z> {
    cells: Cells<'b, 'z>,
    ahead: Option<PlacedCell<'z>>,
    at_end: bool,
}

enum Cells<'b, 'z> {
    /// One at a time from the file.
    Stream(Box<XlsxCellReader<'z, Bytes<'b>>>),
    /// Of the forms that are smaller all at once.
    All(std::vec::IntoIter<PlacedCell<'z>>),
}

impl<'b, 'z> SheetRows<'b, 'z> {
    /// The rows of a sheet; `None` where it is none with cells.
    pub(super) fn of(
        book: &'z mut Sheets<Bytes<'b>>,
        name: &str,
        spec: &HeaderSpec<'_>,
    ) -> Result<Option<Self>, SourceError> {
        let cells = match book {
            Sheets::Xlsx(book) => match book.worksheet_cells_reader(name) {
                Ok(cells) => Cells::Stream(Box::new(cells)),
                Err(XlsxError::NotAWorksheet(_)) => return Ok(None),
                Err(e) => return Err(broken(spec, &e)),
            },
            book => {
                let range = book.worksheet_range(name).map_err(|e| broken(spec, &e))?;
                let (row, kolom) = range.start().unwrap_or_default();
                let cells = range
                    .used_cells()
                    .map(|(r, k, cell)| (row + r as u32, kolom + k as u32, of_its_own(cell)));
                Cells::All(cells.collect::<Vec<_>>().into_iter())
            }
        };
        Ok(Some(SheetRows { cells, ahead: None, at_end: false }))
    }

    /// Puts the cells of the next row, each with its column, into `cells`; returns its number from
    /// zero.
    pub(super) fn next(
        &mut self,
        cells: &mut Vec<(u32, DataRef<'z>)>,
        spec: &HeaderSpec<'_>,
    ) -> Result<Option<u32>, SourceError> {
        cells.clear();
        let mut row = None;
        if let Some((r, kolom, value)) = self.ahead.take() {
            row = Some(r);
            cells.push((kolom, value));
        }
        while !self.at_end {
            let Some((r, kolom, value)) = self.cells.next(spec)? else {
                self.at_end = true;
                break;
            };
            if kolom >= KOLOMMEN || matches!(value, DataRef::Empty) {
                continue;
            }
            if *row.get_or_insert(r) != r {
                self.ahead = Some((r, kolom, value));
                break;
            }
            cells.push((kolom, value));
        }
        Ok(row)
    }
}

impl<'z> Cells<'_, 'z> {
    fn next(&mut self, spec: &HeaderSpec<'_>) -> Result<Option<PlacedCell<'z>>, SourceError> {
        match self {
            Cells::All(cells) => Ok(cells.next()),
            Cells::Stream(cells) => {
                let cell = cells.next_cell().map_err(|e| broken(spec, &e))?;
                Ok(cell.map(|cell| {
                    let (row, kolom) = cell.get_position();
                    (row, kolom, cell.get_value().clone())
                }))
            }
        }
    }
}

fn broken(spec: &HeaderSpec<'_>, error: &dyn Display) -> SourceError {
    tracing::debug!("{}: {error}", spec.file);
    spec.damaged("de werkmap is niet te lezen")
}

fn of_its_own<'z>(cell: &Data) -> DataRef<'z> {
    match cell {
        Data::Empty => DataRef::Empty,
        Data::String(text) => DataRef::String(text.clone()),
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::Bool(yes) => DataRef::Bool(*yes),
        Data::DateTime(moment) => DataRef::DateTime(*moment),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
    }
}
