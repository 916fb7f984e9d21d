//! A table as Parquet, typed, for other programs.

use super::super::assembling;
use super::super::table::{Content, Table};
use crate::writing::WriteError;
use polars_io::parquet::write::{ParquetCompression, ParquetWriter};
use std::path::Path;

/// `NAME.parquet`; nothing for a table without rows of its own.
pub(in super::super) fn parquet(table: &Table, dir: &Path) -> Result<(), WriteError> {
    let Content::Rows(frame) = &table.content else { return Ok(()) };
    let mut bytes = Vec::new();
    // Into memory first: what goes wrong on the disk is then said as for every other file.
    ParquetWriter::new(&mut bytes)
        .with_compression(ParquetCompression::Snappy)
        .finish(&mut frame.clone())
        .map_err(|e| assembling(&e))?;
    let path = dir.join(format!("{}.parquet", table.spec.name));
    std::fs::write(&path, bytes).map_err(|e| WriteError::writing(&path, &e))
}
