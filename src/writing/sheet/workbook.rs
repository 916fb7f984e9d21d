//! A workbook as a file.

use crate::ground::Shown;
use crate::writing::WriteError;
use rayon::prelude::*;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Builds a workbook and writes it; `build` is given the folder for what is temporary.
pub(crate) fn keep(
    path: &Path,
    build: impl FnOnce(&Path) -> Result<Workbook, XlsxError>,
) -> Result<(), WriteError> {
    let dir = path.parent().unwrap_or(Path::new("."));
    // Sheets go through temporary files; the library panics where one can't be written.
    let outcome =
        catch_unwind(AssertUnwindSafe(|| build(dir).and_then(|mut book| book.save(path))));
    let cause = match outcome {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(XlsxError::IoError(e))) => return Err(WriteError::writing(path, &e)),
        // The library hides why an archive could not be finished, and panics over a sheet.
        Ok(Err(XlsxError::ZipError(_))) | Err(_) => {
            "de schijf is vol of een bestand zou te groot worden".to_owned()
        }
        Ok(Err(other)) => other.to_string(),
    };
    Err(WriteError::Writing { path: path.to_owned(), cause })
}

/// What writes one sheet.
pub(crate) type SheetWriter<'w> =
    Box<dyn FnOnce(&mut Worksheet) -> Result<(), XlsxError> + Send + 'w>;

/// Writes sheets beside each other, each on one that is empty; the caller puts each in its place in the
/// workbook. Every look must have its number by then: see [`Sheet::set_formats`](super::Sheet).
pub(crate) fn side_by_side(
    book: &mut Workbook,
    writers: Vec<SheetWriter<'_>>,
) -> Result<Vec<Worksheet>, XlsxError> {
    let empty = writers.iter().map(|_| book.new_worksheet_with_constant_memory());
    let sheets = empty.collect::<Result<Vec<Worksheet>, _>>()?;
    let written = sheets.into_par_iter().zip(writers).with_max_len(1).map(|(mut sheet, write)| {
        write(&mut sheet)?;
        Ok(sheet)
    });
    written.collect()
}

/// An empty workbook about a year.
pub(crate) fn new_book(
    dir: &Path,
    title: &str,
    regelset: &str,
    jaar: i32,
) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    // What is about children stays in the folder of the rapport, temporary files too.
    book.set_tempdir(dir)?;
    // A sheet of findings repeats itself: the fastest levels already make it small.
    book.set_zip_compression_level(2);
    book.set_properties(
        &DocProperties::new()
            .set_title(&*Shown::from(title))
            .set_subject(format!("{}, leverjaar {jaar}", Shown::from(regelset)))
            .set_author(format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")))
            .set_category("Rechtmatigheid jeugdhulp")
            // No time of the run: the same input gives the same workbook.
            .set_creation_datetime(&ExcelDateTime::from_ymd(
                jaar.clamp(1900, 9999) as u16,
                12,
                31,
            )?),
    );
    Ok(book)
}
