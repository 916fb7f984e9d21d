//! A rapport as it was written, read back.

use super::findings::{Bevinding, FindingTable, Findings};
use crate::bron::read_texts;
use crate::dossier::Cent;
use crate::ground::memory::Budget;
use crate::ground::{io_cause, on_one_line, read_file, read_json_bytes, read_text};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// A reason why a folder can't be read as a rapport.
#[derive(Debug, Error)]
pub(crate) enum ReadReportError {
    #[error(
        "{} is geen map van een rapport: {file} ontbreekt of is niet te lezen",
        crate::ground::shown_path(dir)
    )]
    NoRapport { dir: PathBuf, file: &'static str },
    #[error("{}: {file} is beschadigd: {cause}", crate::ground::shown_path(dir))]
    Damaged { dir: PathBuf, file: &'static str, cause: String },
}

impl ReadReportError {
    /// What the reader of the message can do about it.
    pub(crate) fn advice(&self) -> &'static str {
        match self {
            ReadReportError::NoRapport { .. } => {
                "geef een map die rechtmatig controleer schreef, met samenvatting.json, manifest.json en bevindingen.parquet of bevindingen.csv"
            }
            ReadReportError::Damaged { .. } => "maak dit rapport opnieuw met rechtmatig controleer",
        }
    }
}

/// Lines and amount of a step of the Aansluiting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StepTotals {
    pub key: String,
    pub lines: i64,
    pub bedrag: Cent,
}

/// What a comparison needs of one rapport.
#[derive(Clone, Debug)]
pub(crate) struct ReportReading {
    pub leverjaar: i64,
    /// Name and version.
    pub regelset: String,
    pub program: String,
    pub niveau: String,
    /// Fingerprint of the key of the pseudonyms: with another key a child has another pseudonym.
    pub fingerprint: String,
    /// Totals without double counting.
    pub fout: Cent,
    pub onzekerheid: Cent,
    pub steps: Vec<StepTotals>,
    /// Input files with their SHA-256, by name.
    pub input: Vec<(String, String)>,
    pub bevindingen: Findings,
}

/// Of `samenvatting.json` what is compared; the rest of it, mostly totals, isn't kept.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Samenvatting {
    leverjaar: i64,
    niveau: String,
    regelset: Version,
    totalen: SummaryTotals,
    aansluiting: SummarySteps,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Version {
    naam: String,
    versie: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SummaryTotals {
    fout: i64,
    onzekerheid: i64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SummarySteps {
    stappen: Vec<SummaryStep>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SummaryStep {
    stap: String,
    regels: i64,
    bedrag: i64,
}

/// Of `manifest.json` what is compared.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Manifest {
    programma: Version,
    pseudoniemen: ManifestKey,
    invoer: Vec<ManifestFile>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ManifestKey {
    vingerafdruk: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ManifestFile {
    bestand: String,
    sha256: String,
}

impl ReportReading {
    pub(crate) fn read(dir: &Path) -> Result<ReportReading, ReadReportError> {
        let samenvatting: Samenvatting = json(dir, "samenvatting.json")?;
        let manifest: Manifest = json(dir, "manifest.json")?;
        let text = |text: &str| on_one_line(text).into_owned();
        let Version { naam, versie } = &samenvatting.regelset;
        let files = manifest.invoer.iter();
        let mut input: Vec<(String, String)> =
            files.map(|file| (text(&file.bestand), text(&file.sha256))).collect();
        input.sort();
        let steps = samenvatting.aansluiting.stappen.iter();
        Ok(ReportReading {
            leverjaar: samenvatting.leverjaar,
            regelset: format!("{} {}", text(naam), text(versie)),
            program: text(&manifest.programma.versie),
            niveau: text(&samenvatting.niveau),
            fingerprint: text(&manifest.pseudoniemen.vingerafdruk),
            fout: Cent(samenvatting.totalen.fout),
            onzekerheid: Cent(samenvatting.totalen.onzekerheid),
            steps: steps
                .map(|step| StepTotals {
                    key: text(&step.stap),
                    lines: step.regels,
                    bedrag: Cent(step.bedrag),
                })
                .collect(),
            input,
            bevindingen: bevindingen(dir)?,
        })
    }
}

fn json<T: DeserializeOwned>(dir: &Path, file: &'static str) -> Result<T, ReadReportError> {
    let damaged = |cause| ReadReportError::Damaged { dir: dir.to_owned(), file, cause };
    let text = read_json_bytes(&dir.join(file)).map_err(|e| match e.kind() {
        ErrorKind::Other => damaged(io_cause(&e)),
        _ => ReadReportError::NoRapport { dir: dir.to_owned(), file },
    })?;
    serde_json::from_slice(&text).map_err(|e| damaged(format!("regel {}", e.line())))
}

/// From the Parquet file, else from the CSV.
fn bevindingen(dir: &Path) -> Result<Findings, ReadReportError> {
    const FILE: &str = "bevindingen.parquet";
    let parquet = dir.join(FILE);
    if !parquet.is_file() {
        return from_csv(dir);
    }
    from_parquet(&parquet, FILE).map_err(|cause| {
        tracing::debug!("{}: {cause}", parquet.display());
        ReadReportError::Damaged {
            dir: dir.to_owned(),
            file: FILE,
            cause: "het is geen leesbare tabel van bevindingen".to_owned(),
        }
    })
}

/// Somebody else may have made it: it is read as files of a dossier are, where it can do no harm.
fn from_parquet(path: &Path, name: &str) -> Result<Findings, String> {
    let bytes = read_file(path).map_err(|e| e.to_string())?;
    let mut out = FindingTable::default();
    let mut is_whole = true;
    let [t0, t1, t2, t3, t4, t5, t6, t7, t8] = TEXTS;
    let columns = [t0, t1, t2, t3, t4, t5, t6, t7, t8, "BedragInGeding"];
    let memory = Budget::default().of_reader();
    read_texts((name, bytes), memory, columns, &mut |[texts @ .., bedrag]| {
        let cents = Some(bedrag).filter(|text| !text.is_empty()).map(str::parse);
        is_whole &= cents.as_ref().is_none_or(Result::is_ok);
        out.push(finding(texts, cents.and_then(Result::ok).map(Cent)));
    })
    .map_err(|e| e.to_string())?;
    is_whole.then(|| out.whole()).ok_or_else(|| "an amount is none".to_owned())
}

/// The texts of a finding that are compared, in `bevindingen.parquet` and `bevindingen.csv`.
const TEXTS: [&str; 9] = [
    "Id",
    "Regel",
    "Ernst",
    "Aanbieder",
    "Gemeente",
    "ReferentieNummer",
    "ToewijzingNummer",
    "Gevonden",
    "Verwacht",
];

/// A finding by its texts, in the order of [`TEXTS`].
fn finding(texts: [&str; TEXTS.len()], bedrag: Option<Cent>) -> Bevinding<'_> {
    let [id, rule, ernst, aanbieder, gemeente, referentie, toewijzing, found, expected] = texts;
    let nummer = if referentie.is_empty() { toewijzing } else { referentie };
    Bevinding { id, rule, ernst, aanbieder, gemeente, nummer, bedrag, found, expected }
}

fn from_csv(dir: &Path) -> Result<Findings, ReadReportError> {
    const FILE: &str = "bevindingen.csv";
    let text = read_text(&dir.join(FILE))
        .map_err(|_| ReadReportError::NoRapport { dir: dir.to_owned(), file: FILE })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let damaged =
        |cause: String| ReadReportError::Damaged { dir: dir.to_owned(), file: FILE, cause };
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|_| damaged("geen kop".to_owned()))?.clone();
    let place = |name: &str| {
        headers
            .iter()
            .position(|k| k == name)
            .ok_or_else(|| damaged(format!("kolom {name} ontbreekt")))
    };
    let places = TEXTS.map(place).into_iter().collect::<Result<Vec<usize>, _>>()?;
    let bedrag = place("BedragInGeding")?;
    let mut out = FindingTable::default();
    for row in reader.records() {
        let row = row.map_err(|e| {
            let line = e.position().map_or(0, csv::Position::line);
            damaged(format!("regel {line}"))
        })?;
        let text = |column: usize| row.get(places[column]).unwrap_or_default();
        let bedrag = match row.get(bedrag).unwrap_or_default() {
            "" => None,
            text => Some(
                text.replace(',', "")
                    .parse()
                    .map(Cent)
                    .map_err(|_| damaged("een bedrag is geen bedrag".to_owned()))?,
            ),
        };
        out.push(finding(std::array::from_fn(text), bedrag));
    }
    Ok(out.whole())
}
