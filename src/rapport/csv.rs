//! CSV for Dutch Excel: `;`, decimal comma, UTF-8 with BOM.

use super::formule::onschadelijk;
use super::totalen::Doorbelasting;
use super::{Rapport, RapportFout};
use crate::dossier::{Cent, Dag};
use std::fmt::{self, Display, Write as _};
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// The columns of `bevindingen`, in every format.
pub const KOLOMMEN: [&str; 21] = [
    "Id",
    "Regel",
    "Ernst",
    "Aanbieder",
    "Gemeente",
    "Jeugdige",
    "ToewijzingNummer",
    "DeclaratieNummer",
    "ReferentieNummer",
    "Bestand",
    "Regelnummer",
    "Begindatum",
    "Einddatum",
    "ProductCode",
    "IngediendBedrag",
    "BedragInGeding",
    "Gevonden",
    "Verwacht",
    "Toelichting",
    "Bron",
    "Oordeel",
];

pub fn bevindingen(rapport: &Rapport<'_>, pad: &Path) -> Result<(), RapportFout> {
    schrijf_met(pad, &KOLOMMEN, |tabel| {
        for r in rapport.rijen() {
            tabel.tekst(&r.id())?;
            tabel.tekst(r.regel())?;
            tabel.tekst(r.ernst().naam())?;
            tabel.toon(r.aanbieder())?;
            tabel.toon(r.gemeente())?;
            tabel.tekst(&r.jeugdige().unwrap_or_default())?;
            tabel.tekst(&r.toewijzing_nummer().unwrap_or_default())?;
            tabel.tekst(&r.declaratie_nummer().unwrap_or_default())?;
            tabel.tekst(&r.referentie_nummer().unwrap_or_default())?;
            tabel.tekst(r.bestand().unwrap_or_default())?;
            tabel.toon(r.regelnummer())?;
            tabel.toon(r.begindatum())?;
            tabel.toon(r.einddatum())?;
            tabel.tekst(&r.product_code().unwrap_or_default())?;
            tabel.toon(r.ingediend_bedrag().map(Bedrag))?;
            tabel.toon(r.bedrag_in_geding().map(Bedrag))?;
            tabel.tekst(r.gevonden())?;
            tabel.tekst(r.verwacht())?;
            tabel.tekst(r.toelichting())?;
            tabel.tekst(r.bron())?;
            tabel.tekst(r.oordeel().unwrap_or_default())?;
            tabel.einde_rij()?;
        }
        Ok(())
    })
}

pub fn invoerfouten(rapport: &Rapport<'_>, pad: &Path) -> Result<(), RapportFout> {
    let d = rapport.dossier();
    let kolommen = ["Bestand", "Regelnummer", "Kolom", "Waarde", "Reden", "Gevolg"];
    schrijf(
        pad,
        &kolommen,
        rapport.invoerfouten.iter().map(|f| {
            [
                d.bestand(f.bestand).pad.clone(),
                f.regelnummer.to_string(),
                f.kolom.map(|k| k.naam().to_owned()).unwrap_or_default(),
                f.waarde.to_string(),
                f.reden.to_string(),
                f.gevolg.naam().to_owned(),
            ]
        }),
    )
}

/// What to charge on to each gemeente.
pub fn doorbelasting(
    rapport: &Rapport<'_>,
    rijen: &[Doorbelasting],
    pad: &Path,
) -> Result<(), RapportFout> {
    let kolommen = [
        "Gemeente",
        "GemeenteNaam",
        "Aanbieder",
        "AanbiederNaam",
        "ProductCategorie",
        "ProductCode",
        "Regels",
        "Gedeclareerd",
        "Fout",
        "Onzekerheid",
        "DoorTeBelasten",
    ];
    schrijf(
        pad,
        &kolommen,
        rijen.iter().map(|r| {
            let product = rapport.dossier().product(r.product);
            [
                r.gemeente.to_string(),
                rapport.naam_van_gemeente(r.gemeente).to_owned(),
                r.aanbieder.to_string(),
                rapport.naam_van_aanbieder(r.aanbieder).to_owned(),
                rapport.pseudoniemen.nummer(&product.categorie).into_owned(),
                rapport.pseudoniemen.nummer(&product.code).into_owned(),
                r.regels.to_string(),
                bedrag(Some(r.gedeclareerd)),
                bedrag(Some(r.in_geding.fout)),
                bedrag(Some(r.in_geding.onzekerheid)),
                bedrag(Some(r.door_te_belasten())),
            ]
        }),
    )
}

/// Writes rows as Dutch Excel reads them; what it would run is made to be only shown.
pub fn schrijf<const N: usize>(
    pad: &Path,
    kolommen: &[&str; N],
    rijen: impl Iterator<Item = [String; N]>,
) -> Result<(), RapportFout> {
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
fn schrijf_met(
    pad: &Path,
    kolommen: &[&str],
    rijen: impl FnOnce(&mut Tabel) -> io::Result<()>,
) -> Result<(), RapportFout> {
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
    schrijf().map_err(|e| RapportFout::schrijven(pad, &e))
}

/// A table to which cells are added from left to right.
struct Tabel {
    csv: csv::Writer<File>,
    /// Room to write a cell in.
    ruimte: String,
}

impl Tabel {
    fn tekst(&mut self, cel: &str) -> io::Result<()> {
        Ok(self.csv.write_field(onschadelijk(cel).as_bytes())?)
    }

    /// A number, a code or a date, none of which a spreadsheet would run.
    fn toon(&mut self, cel: Option<impl Display>) -> io::Result<()> {
        self.ruimte.clear();
        if let Some(cel) = cel {
            write!(self.ruimte, "{cel}").expect("writing to a String can't fail");
        }
        Ok(self.csv.write_field(&self.ruimte)?)
    }

    fn einde_rij(&mut self) -> io::Result<()> {
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
struct Bedrag(Cent);

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
