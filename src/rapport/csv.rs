//! CSV for Dutch Excel: `;`, decimal comma, UTF-8 with BOM.

use super::formule::onschadelijk;
use super::totalen::Doorbelasting;
use super::{Rapport, RapportFout};
use crate::dossier::{Cent, Dag};
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Write};
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
    schrijf(
        pad,
        &KOLOMMEN,
        rapport.rijen().map(|r| {
            let code = |c: Option<String>| c.unwrap_or_default();
            let nummer = |t: Option<Cow<'_, str>>| t.unwrap_or_default().into_owned();
            [
                r.id(),
                r.regel().to_owned(),
                r.ernst().naam().to_owned(),
                code(r.aanbieder().map(|a| a.to_string())),
                code(r.gemeente().map(|g| g.to_string())),
                r.jeugdige().unwrap_or_default(),
                nummer(r.toewijzing_nummer()),
                nummer(r.declaratie_nummer()),
                nummer(r.referentie_nummer()),
                r.bestand().unwrap_or_default().to_owned(),
                code(r.regelnummer().map(|n| n.to_string())),
                datum(r.begindatum()),
                datum(r.einddatum()),
                nummer(r.product_code()),
                bedrag(r.ingediend_bedrag()),
                bedrag(r.bedrag_in_geding()),
                r.gevonden().to_owned(),
                r.verwacht().to_owned(),
                r.toelichting().to_owned(),
                r.bron().to_owned(),
                r.oordeel().unwrap_or_default().to_owned(),
            ]
        }),
    )
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
    let fout = |e: std::io::Error| RapportFout::schrijven(pad, &e);
    let mut uit = BufWriter::with_capacity(1 << 16, File::create(pad).map_err(fout)?);
    uit.write_all("\u{feff}".as_bytes()).map_err(fout)?;
    let mut csv = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer(uit);
    let schrijf = |csv: &mut csv::Writer<BufWriter<File>>| -> std::io::Result<()> {
        csv.write_record(kolommen)?;
        for rij in rijen {
            for cel in &rij {
                csv.write_field(onschadelijk(cel).as_bytes())?;
            }
            csv.write_record(None::<&[u8]>)?;
        }
        csv.flush()
    };
    schrijf(&mut csv).map_err(fout)
}

fn datum(dag: Option<Dag>) -> String {
    dag.map(|d| d.to_string()).unwrap_or_default()
}

/// `1234,56`: no thousands separator, so that a spreadsheet reads a number.
fn bedrag(bedrag: Option<Cent>) -> String {
    bedrag.map(|c| format!("{},{:02}", c.0 / 100, c.0 % 100)).unwrap_or_default()
}
