//! A rapport as it was written, read back.

use crate::dossier::Cent;
use polars_core::prelude::*;
use polars_io::SerReader;
use polars_io::prelude::ParquetReader;
use serde_json::Value;
use std::fs::File;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// A reason why a folder can't be read as a rapport.
#[derive(Debug, Error)]
pub enum Leesfout {
    #[error("{} is geen map van een rapport: {bestand} ontbreekt of is niet te lezen", map.display())]
    GeenRapport { map: PathBuf, bestand: &'static str },
    #[error("{}: {bestand} is beschadigd: {oorzaak}", map.display())]
    Beschadigd { map: PathBuf, bestand: &'static str, oorzaak: String },
}

impl Leesfout {
    /// What the reader of the message can do about it.
    pub fn raad(&self) -> &'static str {
        match self {
            Leesfout::GeenRapport { .. } => {
                "geef een map die rechtmatig controleer schreef, met samenvatting.json, manifest.json en bevindingen.parquet of bevindingen.csv"
            }
            Leesfout::Beschadigd { .. } => "maak dit rapport opnieuw met rechtmatig controleer",
        }
    }
}

/// A finding of a rapport, as far as a comparison needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bevinding {
    pub id: String,
    pub regel: String,
    pub ernst: String,
    pub aanbieder: String,
    pub gemeente: String,
    /// ReferentieNummer, else ToewijzingNummer; empty for a finding about neither.
    pub nummer: String,
    pub bedrag: Option<Cent>,
    pub gevonden: String,
    pub verwacht: String,
}

/// Lines and amount of a step of the Aansluiting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stap {
    pub sleutel: String,
    pub regels: i64,
    pub bedrag: Cent,
}

/// What a comparison needs of one rapport.
#[derive(Clone, Debug)]
pub struct Gelezen {
    pub map: PathBuf,
    pub leverjaar: i64,
    /// Name and version.
    pub regelset: String,
    pub programma: String,
    pub niveau: String,
    /// Fingerprint of the key of the pseudonyms: with another key a child has another pseudonym.
    pub vingerafdruk: String,
    /// Totals without double counting.
    pub fout: Cent,
    pub onzekerheid: Cent,
    pub stappen: Vec<Stap>,
    /// Input files with their SHA-256, by name.
    pub invoer: Vec<(String, String)>,
    pub bevindingen: Vec<Bevinding>,
}

impl Gelezen {
    pub fn lees(map: &Path) -> Result<Gelezen, Leesfout> {
        let samenvatting = json(map, "samenvatting.json")?;
        let manifest = json(map, "manifest.json")?;
        let tekst = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let cent = |v: &Value| Cent(v.as_i64().unwrap_or_default());
        let lijst = |v: &Value| v.as_array().cloned().unwrap_or_default();
        let set = &samenvatting["regelset"];
        let mut invoer: Vec<(String, String)> = lijst(&manifest["invoer"])
            .iter()
            .map(|b| (tekst(&b["bestand"]), tekst(&b["sha256"])))
            .collect();
        invoer.sort();
        Ok(Gelezen {
            map: map.to_owned(),
            leverjaar: samenvatting["leverjaar"].as_i64().unwrap_or_default(),
            regelset: format!("{} {}", tekst(&set["naam"]), tekst(&set["versie"])),
            programma: tekst(&manifest["programma"]["versie"]),
            niveau: tekst(&samenvatting["niveau"]),
            vingerafdruk: tekst(&manifest["pseudoniemen"]["vingerafdruk"]),
            fout: cent(&samenvatting["totalen"]["fout"]),
            onzekerheid: cent(&samenvatting["totalen"]["onzekerheid"]),
            stappen: lijst(&samenvatting["aansluiting"]["stappen"])
                .iter()
                .map(|s| Stap {
                    sleutel: tekst(&s["stap"]),
                    regels: s["regels"].as_i64().unwrap_or_default(),
                    bedrag: cent(&s["bedrag"]),
                })
                .collect(),
            invoer,
            bevindingen: bevindingen(map)?,
        })
    }
}

fn json(map: &Path, bestand: &'static str) -> Result<Value, Leesfout> {
    let tekst = std::fs::read(map.join(bestand))
        .map_err(|_| Leesfout::GeenRapport { map: map.to_owned(), bestand })?;
    serde_json::from_slice(&tekst).map_err(|e| Leesfout::Beschadigd {
        map: map.to_owned(),
        bestand,
        oorzaak: format!("regel {}", e.line()),
    })
}

/// From the Parquet file, else from the CSV.
fn bevindingen(map: &Path) -> Result<Vec<Bevinding>, Leesfout> {
    let parquet = map.join("bevindingen.parquet");
    if parquet.is_file() {
        uit_parquet(&parquet).map_err(|e| {
            tracing::debug!("{}: {e}", parquet.display());
            Leesfout::Beschadigd {
                map: map.to_owned(),
                bestand: "bevindingen.parquet",
                oorzaak: "het is geen leesbare tabel van bevindingen".to_owned(),
            }
        })
    } else {
        uit_csv(map)
    }
}

fn uit_parquet(pad: &Path) -> PolarsResult<Vec<Bevinding>> {
    let tabel = ParquetReader::new(File::open(pad)?).finish()?;
    let teksten = |naam: &str| -> PolarsResult<Vec<String>> {
        let kolom = tabel.column(naam)?.str()?;
        Ok(kolom.iter().map(|t| t.unwrap_or_default().to_owned()).collect())
    };
    let bedragen: Vec<Option<Cent>> =
        tabel.column("BedragInGeding")?.i64()?.iter().map(|b| b.map(Cent)).collect();
    let [id, regel, ernst, aanbieder, gemeente, referentie, toewijzing, gevonden, verwacht] = [
        "Id",
        "Regel",
        "Ernst",
        "Aanbieder",
        "Gemeente",
        "ReferentieNummer",
        "ToewijzingNummer",
        "Gevonden",
        "Verwacht",
    ]
    .map(teksten);
    let (id, regel, ernst, aanbieder, gemeente) = (id?, regel?, ernst?, aanbieder?, gemeente?);
    let (referentie, toewijzing, gevonden, verwacht) =
        (referentie?, toewijzing?, gevonden?, verwacht?);
    Ok((0..tabel.height())
        .map(|i| Bevinding {
            id: id[i].clone(),
            regel: regel[i].clone(),
            ernst: ernst[i].clone(),
            aanbieder: aanbieder[i].clone(),
            gemeente: gemeente[i].clone(),
            nummer: een_van(&referentie[i], &toewijzing[i]),
            bedrag: bedragen[i],
            gevonden: gevonden[i].clone(),
            verwacht: verwacht[i].clone(),
        })
        .collect())
}

fn een_van(referentie: &str, toewijzing: &str) -> String {
    if referentie.is_empty() { toewijzing.to_owned() } else { referentie.to_owned() }
}

fn uit_csv(map: &Path) -> Result<Vec<Bevinding>, Leesfout> {
    const BESTAND: &str = "bevindingen.csv";
    let tekst = std::fs::read_to_string(map.join(BESTAND))
        .map_err(|_| Leesfout::GeenRapport { map: map.to_owned(), bestand: BESTAND })?;
    let tekst = tekst.strip_prefix('\u{feff}').unwrap_or(&tekst);
    let beschadigd =
        |oorzaak: String| Leesfout::Beschadigd { map: map.to_owned(), bestand: BESTAND, oorzaak };
    let mut lezer = csv::ReaderBuilder::new().delimiter(b';').from_reader(tekst.as_bytes());
    let koppen = lezer.headers().map_err(|_| beschadigd("geen kop".to_owned()))?.clone();
    let plaats = |naam: &str| {
        koppen
            .iter()
            .position(|k| k == naam)
            .ok_or_else(|| beschadigd(format!("kolom {naam} ontbreekt")))
    };
    let plaatsen = [
        "Id",
        "Regel",
        "Ernst",
        "Aanbieder",
        "Gemeente",
        "ReferentieNummer",
        "ToewijzingNummer",
        "BedragInGeding",
        "Gevonden",
        "Verwacht",
    ]
    .map(plaats)
    .into_iter()
    .collect::<Result<Vec<usize>, _>>()?;
    let mut uit = Vec::new();
    for rij in lezer.records() {
        let rij = rij.map_err(|e| {
            let regel = e.position().map_or(0, csv::Position::line);
            beschadigd(format!("regel {regel}"))
        })?;
        let cel = |i: usize| rij.get(plaatsen[i]).unwrap_or_default().to_owned();
        let bedrag = match cel(7).as_str() {
            "" => None,
            tekst => Some(
                tekst
                    .replace(',', "")
                    .parse()
                    .map(Cent)
                    .map_err(|_| beschadigd("een bedrag is geen bedrag".to_owned()))?,
            ),
        };
        uit.push(Bevinding {
            id: cel(0),
            regel: cel(1),
            ernst: cel(2),
            aanbieder: cel(3),
            gemeente: cel(4),
            nummer: een_van(&cel(5), &cel(6)),
            bedrag,
            gevonden: cel(8),
            verwacht: cel(9),
        });
    }
    Ok(uit)
}
