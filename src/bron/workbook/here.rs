//! A workbook that is open in this process.

use super::hidden::HiddenRows;
use super::package::{Package, damaged};
use super::sheet::{Cells, RowPlace};
use crate::bron::process::Problem;
use calamine::{Data, DataRef, Reader, SheetType, SheetVisible, Sheets, Xls, XlsError, XlsxError};
use serde::{Deserialize, Serialize};
use std::io::Cursor;

/// What is known of a workbook before its cells are read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct BookFacts {
    pub sheets: Vec<SheetFacts>,
    /// Do its days count from 1904?
    pub from_1904: bool,
}

/// What is known of a sheet before its cells are read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SheetFacts {
    pub name: String,
    /// Or is it a chart, or the like?
    pub has_cells: bool,
    pub is_hidden: bool,
}

/// Said of a workbook in which a reader finds no sense.
pub(super) const SENSELESS: &str = "de inhoud spreekt zichzelf tegen";
const UNREADABLE: &str = "de werkmap is niet te lezen";

/// Opens the workbook of these bytes in this process.
pub(super) fn with_book_here<T, E: From<Problem>>(
    file: &str,
    bytes: &[u8],
    read: impl FnOnce(BookHere<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let package = Package::look(bytes)?;
    let content = package.content(bytes)?;
    let book = open(&content, &package, file)?;
    let sheets = book.sheets_metadata().iter().map(|sheet| SheetFacts {
        name: sheet.name.clone(),
        has_cells: sheet.typ == SheetType::WorkSheet,
        is_hidden: sheet.visible != SheetVisible::Visible,
    });
    let facts = BookFacts { sheets: sheets.collect(), from_1904: package.counts_from_1904(&book) };
    let hidden_rows = package.hidden_rows(&content, book.sheets_metadata());
    read(BookHere { facts, hidden_rows, book })
}

/// A workbook that is open in this process.
pub(crate) struct BookHere<'b> {
    pub(super) facts: BookFacts,
    /// Of each sheet.
    hidden_rows: Vec<HiddenRows>,
    book: Sheets<Cursor<&'b [u8]>>,
}

impl BookHere<'_> {
    /// The cells of the sheet at this place.
    pub(super) fn cells(&mut self, place: usize) -> Result<Cells<'_>, Problem> {
        let name = &*self.facts.sheets[place].name;
        let hidden_rows = &self.hidden_rows[place];
        let mut cells = numbered_cells(&mut self.book, name)?;
        let mut row = RowPlace { number: 0, is_hidden: hidden_rows.contains(0) };
        Ok(Box::new(move || {
            let Some((number, kolom, value)) = cells()? else { return Ok(None) };
            if number != row.number {
                row = RowPlace { number, is_hidden: hidden_rows.contains(number) };
            }
            Ok(Some((row, kolom, value)))
        }))
    }
}

/// A cell with the number of its row and its column.
type NumberedCells<'z> = Box<dyn FnMut() -> Result<Option<(u32, u32, DataRef<'z>)>, Problem> + 'z>;

/// The cells of the sheet with this name.
fn numbered_cells<'z>(
    book: &'z mut Sheets<Cursor<&[u8]>>,
    name: &str,
) -> Result<NumberedCells<'z>, Problem> {
    Ok(match book {
        Sheets::Xlsx(book) => match book.worksheet_cells_reader(name) {
            Ok(mut cells) => Box::new(move || {
                let cell = cells.next_cell().map_err(|e| damaged(UNREADABLE, e))?;
                Ok(cell.map(|cell| {
                    let (row, kolom) = cell.get_position();
                    (row, kolom, cell.get_value().clone())
                }))
            }),
            Err(XlsxError::NotAWorksheet(_)) => Box::new(|| Ok(None)),
            Err(e) => return Err(damaged(UNREADABLE, e)),
        },
        Sheets::Xlsb(book) => {
            let cells = book.worksheet_cells_reader(name);
            let mut cells = cells.map_err(|e| damaged(UNREADABLE, e))?;
            Box::new(move || {
                let cell = cells.next_cell().map_err(|e| damaged(UNREADABLE, e))?;
                Ok(cell.map(|cell| {
                    let (row, kolom) = cell.get_position();
                    (row, kolom, cell.get_value().clone())
                }))
            })
        }
        // Of the older forms all at once.
        book => {
            let range = book.worksheet_range(name).map_err(|e| damaged(UNREADABLE, e))?;
            let (row, kolom) = range.start().unwrap_or_default();
            let mut place = (0, 0);
            Box::new(move || {
                while place.0 < range.height() {
                    let (r, k) = place;
                    place = if k + 1 < range.width() { (r, k + 1) } else { (r + 1, 0) };
                    match range.get((r, k)) {
                        None | Some(Data::Empty) => {}
                        Some(cell) => {
                            let at = (row + r as u32, kolom + k as u32);
                            return Ok(Some((at.0, at.1, of_its_own(cell))));
                        }
                    }
                }
                Ok(None)
            })
        }
    })
}

/// Opens the workbook in whatever form it is.
fn open<'b>(
    bytes: &'b [u8],
    package: &Package,
    file: &str,
) -> Result<Sheets<Cursor<&'b [u8]>>, Problem> {
    let content = Cursor::new(bytes);
    match package {
        Package::Old => match Xls::new(content) {
            Ok(book) => Ok(Sheets::Xls(book)),
            Err(XlsError::Password) => Err(Problem::Protected),
            // A newer workbook of this form has a password.
            Err(_) if !file.to_lowercase().ends_with(".xls") => Err(Problem::Protected),
            Err(e) => Err(damaged(UNREADABLE, e)),
        },
        Package::Binary(_) => {
            calamine::Xlsb::new(content).map(Sheets::Xlsb).map_err(|e| damaged(UNREADABLE, e))
        }
        Package::Open(_) => calamine::Ods::new(content).map(Sheets::Ods).map_err(|e| match e {
            calamine::OdsError::Password => Problem::Protected,
            e => damaged(UNREADABLE, e),
        }),
        Package::Excel(_) => calamine::Xlsx::new(content).map(Sheets::Xlsx).map_err(|e| match e {
            XlsxError::Password => Problem::Protected,
            e => damaged(UNREADABLE, e),
        }),
    }
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
