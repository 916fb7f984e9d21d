//! A workbook that is open: here, or in another process.

use super::here::{BookFacts, BookHere, SENSELESS, with_book_here};
use super::sheet::SheetRows;
use super::there::BookThere;
use crate::bron::error::SourceError;
use crate::bron::process::{Problem, Process, WORKBOOK};

/// A workbook that is open.
pub(crate) enum Book<'b> {
    Here(Box<BookHere<'b>>),
    There(BookThere),
}

/// Opens the workbook of these bytes, in another process where this is the program itself, which may
/// use so many bytes of memory.
pub(crate) fn with_book<T>(
    file: &str,
    bytes: &[u8],
    memory: u64,
    read: impl FnOnce(&mut Book<'_>) -> Result<T, SourceError>,
) -> Result<T, SourceError> {
    let said = |problem: Problem| problem.of(file);
    match Process::start(WORKBOOK, (file, bytes), memory, SENSELESS)? {
        Some(process) => read(&mut Book::There(BookThere::open(process).map_err(said)?)),
        None => with_book_here(file, bytes, |book| Ok(read(&mut Book::Here(Box::new(book)))))
            .map_err(said)?,
    }
}

impl Book<'_> {
    pub(crate) fn facts(&self) -> &BookFacts {
        match self {
            Book::Here(book) => &book.facts,
            Book::There(book) => book.facts(),
        }
    }

    /// The rows of the sheet at this place.
    pub(crate) fn rows(&mut self, place: usize) -> Result<SheetRows<'_>, Problem> {
        match self {
            Book::Here(book) => book.cells(place).map(SheetRows::new),
            Book::There(book) => book.cells(place).map(SheetRows::new),
        }
    }
}
