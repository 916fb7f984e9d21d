//! A table as CSV for Dutch Excel.

use super::super::table::{Content, Table, TableRows, Value};
use crate::writing::WriteError;
use crate::writing::csv::{Amount, CsvTable, write_with};
use std::fmt;
use std::io;
use std::path::Path;

/// `NAME.csv`; nothing for a table without rows of its own.
pub(in super::super) fn csv(
    table: &Table,
    rows: &TableRows<'_>,
    dir: &Path,
) -> Result<(), WriteError> {
    let Content::Rows(_) = table.content else { return Ok(()) };
    let columns: Vec<&str> = table.spec.columns.iter().map(|c| c.name).collect();
    write_with(&dir.join(format!("{}.csv", table.spec.name)), &columns, |out| {
        for row in rows.iter() {
            for value in &row {
                cell(out, value)?;
            }
            out.end_row()?;
        }
        Ok(())
    })
}

fn cell(out: &mut CsvTable, value: &Value<'_>) -> io::Result<()> {
    match value {
        Value::Absent => out.text(""),
        Value::Text(text) => out.text(text),
        Value::Aantal(n) => out.show(Some(n)),
        Value::Bedrag(c) => out.show(Some(Amount(*c))),
        Value::Procent(n) => out.show(Some(Hundredths(*n))),
        Value::Volume(v) => out.show(Some(Hundredths(v.0))),
        Value::Datum(d) => out.show(Some(d)),
        Value::JaNee(yes) => out.text(if *yes { "J" } else { "N" }),
    }
}

/// `12,34`.
struct Hundredths(i64);

impl fmt::Display for Hundredths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let n = self.0.unsigned_abs();
        write!(f, "{sign}{},{:02}", n / 100, n % 100)
    }
}
