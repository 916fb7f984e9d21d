//! CSV for Dutch Excel: `;`, decimal comma, UTF-8 with BOM.

use super::WriteError;
use super::formula::onschadelijk;
use crate::dossier::{Cent, Dag};
use std::fmt::{self, Display, Write as _};
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Writes rows as Dutch Excel reads them; what it would run is made to be only shown.
pub fn schrijf<const N: usize>(
    pad: &Path,
    kolommen: &[&str; N],
    rijen: impl Iterator<Item = [String; N]>,
) -> Result<(), WriteError> {
    schrijf_met(pad, kolommen, |tabel| {
        for rij in rijen {
            for cel in &rij {
                tabel.tekst(cel)?;
            }
            tabel.einde_rij()?;
        }
        Ok(())
    })
}

/// The same, for rows that `rijen` writes cell by cell.
pub(crate) fn schrijf_met(
    pad: &Path,
    kolommen: &[&str],
    rijen: impl FnOnce(&mut Tabel) -> io::Result<()>,
) -> Result<(), WriteError> {
    let schrijf = || -> io::Result<()> {
        let mut uit = File::create(pad)?;
        uit.write_all("\u{feff}".as_bytes())?;
        let csv = csv::WriterBuilder::new()
            .delimiter(b';')
            .terminator(csv::Terminator::CRLF)
            .buffer_capacity(1 << 16)
            .from_writer(uit);
        let mut tabel = Tabel { csv, ruimte: String::new() };
        tabel.csv.write_record(kolommen)?;
        rijen(&mut tabel)?;
        tabel.csv.flush()
    };
    schrijf().map_err(|e| WriteError::schrijven(pad, &e))
}

/// A table to which cells are added from left to right.
pub(crate) struct Tabel {
    csv: csv::Writer<File>,
    /// Room to write a cell in.
    ruimte: String,
}

impl Tabel {
    pub(crate) fn tekst(&mut self, cel: &str) -> io::Result<()> {
        Ok(self.csv.write_field(onschadelijk(cel).as_bytes())?)
    }

    /// A number, a code or a date, none of which a spreadsheet would run.
    pub(crate) fn toon(&mut self, cel: Option<impl Display>) -> io::Result<()> {
        self.ruimte.clear();
        if let Some(cel) = cel {
            write!(self.ruimte, "{cel}").expect("writing to a String can't fail");
        }
        Ok(self.csv.write_field(&self.ruimte)?)
    }

    pub(crate) fn einde_rij(&mut self) -> io::Result<()> {
        Ok(self.csv.write_record(None::<&[u8]>)?)
    }
}

pub(crate) fn datum(dag: Option<Dag>) -> String {
    dag.map(|d| d.to_string()).unwrap_or_default()
}

pub(crate) fn bedrag(bedrag: Option<Cent>) -> String {
    bedrag.map(|c| Bedrag(c).to_string()).unwrap_or_default()
}

/// `1234,56`: no thousands separator, so that a spreadsheet reads a number.
pub(crate) struct Bedrag(pub(crate) Cent);

impl Display for Bedrag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cent = self.0.0.unsigned_abs();
        let teken = if self.0 < Cent::NUL { "-" } else { "" };
        write!(f, "{teken}{},{:02}", cent / 100, cent % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_a_number_for_a_spreadsheet_whatever_its_sign() {
        for (cent, tekst) in [(0, "0,00"), (5, "0,05"), (123_456, "1234,56"), (-30, "-0,30")] {
            assert_eq!(bedrag(Some(Cent(cent))), tekst);
            assert_eq!(onschadelijk(tekst), tekst);
        }
        assert_eq!(bedrag(None), "");
    }
}
