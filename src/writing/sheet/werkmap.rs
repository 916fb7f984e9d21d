//! A workbook as a file.

use crate::writing::WriteError;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Builds a workbook and writes it; `bouw` is given the folder for what is temporary.
pub(crate) fn bewaar(
    pad: &Path,
    bouw: impl FnOnce(&Path) -> Result<Workbook, XlsxError>,
) -> Result<(), WriteError> {
    let map = pad.parent().unwrap_or(Path::new("."));
    // Sheets go through temporary files; the library panics where one can't be written.
    let uitkomst = catch_unwind(AssertUnwindSafe(|| bouw(map).and_then(|mut boek| boek.save(pad))));
    let oorzaak = match uitkomst {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(XlsxError::IoError(e))) => return Err(WriteError::schrijven(pad, &e)),
        // The library hides why an archive could not be finished, and panics over a sheet.
        Ok(Err(XlsxError::ZipError(_))) | Err(_) => {
            "de schijf is vol of een bestand zou te groot worden".to_owned()
        }
        Ok(Err(ander)) => ander.to_string(),
    };
    Err(WriteError::Schrijven { pad: pad.to_owned(), oorzaak })
}

/// An empty workbook about a year.
pub(crate) fn nieuw_boek(
    map: &Path,
    titel: &str,
    regelset: &str,
    jaar: i32,
) -> Result<Workbook, XlsxError> {
    let mut boek = Workbook::new();
    // What is about children stays in the folder of the rapport, temporary files too.
    boek.set_tempdir(map)?;
    // A sheet of findings repeats itself: the fastest levels already make it small.
    boek.set_zip_compression_level(2);
    boek.set_properties(
        &DocProperties::new()
            .set_title(titel)
            .set_subject(format!("{regelset}, leverjaar {jaar}"))
            .set_author(format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")))
            .set_category("Rechtmatigheid jeugdhulp")
            // No time of the run: the same input gives the same workbook.
            .set_creation_datetime(&ExcelDateTime::from_ymd(
                jaar.clamp(1900, 9999) as u16,
                12,
                31,
            )?),
    );
    Ok(boek)
}
