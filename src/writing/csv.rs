//! CSV for Dutch Excel: `;`, decimal comma, UTF-8 with BOM.

use super::WriteError;
use super::formula::onschadelijk;
use crate::dossier::{Cent, Dag};
use crate::ground::Shown;
use std::fmt::{self, Display, Write as _};
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Writes rows as Dutch Excel reads them; what it would run is made to be only shown.
pub(crate) fn write<const N: usize, T: Into<Shown<'static>>>(
    path: &Path,
    kolommen: &[&str; N],
    rows: impl Iterator<Item = [T; N]>,
) -> Result<(), WriteError> {
    write_with(path, kolommen, |table| {
        for row in rows {
            for cell in row {
                table.text(cell)?;
            }
            table.end_row()?;
        }
        Ok(())
    })
}

/// The same, for rows that `rows` writes cell by cell.
pub(crate) fn write_with(
    path: &Path,
    kolommen: &[&str],
    rows: impl FnOnce(&mut CsvTable) -> io::Result<()>,
) -> Result<(), WriteError> {
    let write = || -> io::Result<()> {
        let mut out = File::create(path)?;
        out.write_all("\u{feff}".as_bytes())?;
        let csv = csv::WriterBuilder::new()
            .delimiter(b';')
            .terminator(csv::Terminator::CRLF)
            .buffer_capacity(1 << 16)
            .from_writer(out);
        let mut table = CsvTable { csv, room: String::new() };
        for kolom in kolommen {
            table.csv.write_field(onschadelijk(kolom).as_bytes())?;
        }
        table.csv.write_record(None::<&[u8]>)?;
        rows(&mut table)?;
        table.csv.flush()
    };
    write().map_err(|e| WriteError::writing(path, &e))
}

/// A table to which cells are added from left to right.
pub(crate) struct CsvTable {
    csv: csv::Writer<File>,
    /// Room to write a cell in.
    room: String,
}

impl CsvTable {
    pub(crate) fn text<'t>(&mut self, cell: impl Into<Shown<'t>>) -> io::Result<()> {
        Ok(self.csv.write_field(onschadelijk(&cell.into()).as_bytes())?)
    }

    /// A number, a code or a date, none of which a spreadsheet would run.
    pub(crate) fn show(&mut self, cell: Option<impl Display>) -> io::Result<()> {
        self.room.clear();
        if let Some(cell) = cell {
            write!(self.room, "{cell}").expect("writing to a String can't fail");
        }
        Ok(self.csv.write_field(&self.room)?)
    }

    pub(crate) fn end_row(&mut self) -> io::Result<()> {
        Ok(self.csv.write_record(None::<&[u8]>)?)
    }
}

pub(crate) fn datum(dag: Option<Dag>) -> Shown<'static> {
    dag.map(|d| Shown::unmasked(d.to_string())).unwrap_or_default()
}

pub(crate) fn bedrag(bedrag: Option<Cent>) -> Shown<'static> {
    bedrag.map(|c| Shown::unmasked(Amount(c).to_string())).unwrap_or_default()
}

/// `1234,56`: no thousands separator, so that a spreadsheet reads a number.
pub(crate) struct Amount(pub(crate) Cent);

impl Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cent = self.0.0.unsigned_abs();
        let character = if self.0 < Cent::ZERO { "-" } else { "" };
        write!(f, "{character}{},{:02}", cent / 100, cent % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_a_number_for_a_spreadsheet_whatever_its_sign() {
        for (cent, text) in [(0, "0,00"), (5, "0,05"), (123_456, "1234,56"), (-30, "-0,30")] {
            assert_eq!(&*bedrag(Some(Cent(cent))), text);
            assert_eq!(onschadelijk(text), text);
        }
        assert_eq!(&*bedrag(None), "");
    }
}
