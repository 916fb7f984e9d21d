//! What can be wrong with a dossier, for the person who can mend it.

use crate::dossier::{FileId, FileKind, Kolom};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use thiserror::Error;

use super::fields::ParseError;
use super::gz::Broken;
use super::ijw::BerichtError;
use crate::ground::io_cause;

/// A reason why the dossier can't be audited. The message says where; [`SourceError::advice`] what to do.
#[derive(Debug, Error)]
pub enum SourceError {
    #[error("de map {} bestaat niet of is niet te lezen: {cause}", crate::ground::shown_path(dir))]
    NoDir { dir: PathBuf, cause: String },
    #[error("{} is geen map", crate::ground::shown_path(path))]
    FileNotDir { path: PathBuf },
    #[error(
        "in {} staat geen bestand waarvan de naam begint met '{kind}'",
        crate::ground::shown_path(dir)
    )]
    KindMissing { dir: PathBuf, kind: FileKind },
    #[error("{file}: kan niet gelezen worden: {cause}")]
    Unreadable { file: String, cause: String },
    #[error("{file} is een map, geen bestand")]
    IsDir { file: String },
    #[error("{file}: deze vorm ({form}) wordt niet gelezen")]
    FormUnknown { file: String, form: String },
    #[error("{file}: het bestand is beschadigd: {cause}")]
    Damaged { file: String, cause: String },
    #[error("{file}: de werkmap heeft een wachtwoord")]
    Protected { file: String },
    #[error("{file}: de werkmap heeft geen blad {sheet}, dat controle.toml aanwijst")]
    NoSheet { file: String, sheet: String },
    #[error("{file}: alleen een verborgen blad heeft de kolommen: {sheets}")]
    OnlyHiddenSheets { file: String, sheets: String },
    #[error("{file}: uitgepakt is het bestand te groot om een tabel te zijn")]
    TooLargeUnpacked { file: String },
    #[error("{file}: dit bestand vraagt bij het lezen meer geheugen of tijd dan ervoor is")]
    NoRoom { file: String },
    #[error("{file}: {cause}")]
    Zip { file: String, cause: &'static str },
    #[error("{file}: de kolom {kolom} heeft een type dat niet gelezen wordt")]
    KolomForm { file: String, kolom: String },
    #[error("{file}: het bestand is leeg")]
    Empty { file: String },
    #[error("{file}: het bestand is UTF-16")]
    Utf16 { file: String },
    #[error("{file}, regel {line}: er staat een NUL-teken in het bestand")]
    Zero { file: String, line: u64 },
    #[error("{file}, regel {line}: de regel is langer dan {} MB", limit >> 20)]
    LineTooLong { file: String, line: u64, limit: usize },
    #[error("{file}, regel {line}: het aanhalingsteken dat hier begint, wordt niet gesloten")]
    QuoteOpen { file: String, line: u64 },
    #[error(
        "{file}, regel {line}: het aanhalingsteken dat hier begint, loopt over hele regels heen"
    )]
    QuoteSwallows { file: String, line: u64 },
    #[error("{0}")]
    KolommenMissing(Box<MissingColumns>),
    #[error("{file}, regel {line}: de kolom {kolom} komt twee keer voor ('{first}' en '{second}')")]
    KolomDuplicate { file: String, line: u64, kolom: Kolom, first: String, second: String },
    #[error(
        "{file}, regel {line}: de kolom {column}, die volgens [meenemen] meegaat, komt twee keer voor"
    )]
    RidingTwice { file: String, line: u64, column: String },
    #[error(
        "{file}: er is geen kolom {column}, die volgens [meenemen] in controle.toml meegaat{}",
        if own.is_empty() { String::new() } else { format!("; eigen kolommen zijn: {own}") }
    )]
    RidingMissing { file: String, column: String, own: String },
    #[error("{file}: de kop is gescheiden met {header}, maar regel {line} met {row}")]
    DelimiterDiffers { file: String, header: &'static str, row: &'static str, line: u64 },
    #[error(
        "{file}, regel {line}: '{value}' in kolom {kolom} is alleen een datum in de andere volgorde van dag en maand; de hele kolom is geweigerd"
    )]
    DateOrder { file: String, line: u64, kolom: String, value: String },
    #[error("{0}")]
    TooManyRejected(Box<TooManyRefused>),
    /// `first` says where the first refused row is and why, or which files have no rows.
    #[error("geen enkele declaratieregel gevonden ({read} gelezen, {rejected} afgekeurd){first}")]
    NoDeclaraties { read: u64, rejected: u64, first: String },
    #[error(
        "geen enkele declaratieregel gevonden; {count} berichten zijn geweigerd. Het eerste: {file}: {fout}"
    )]
    OnlyRefused { count: usize, file: String, fout: BerichtError },
    #[error("{file}, regel {line}: {what} staat ook op regel {earlier}{}, met een andere inhoud",
        other_file.as_ref().map(|b| format!(" van {b}")).unwrap_or_default())]
    Duplicate { file: String, line: u64, earlier: u64, other_file: Option<String>, what: String },
    #[error("{file}: het bestand veranderde tijdens het lezen")]
    Changed { file: String },
    #[error("meer dan {limit} {what} in één dossier")]
    TooMany { limit: usize, what: &'static str },
    /// Of a dossier that is read file by file.
    #[error("{file} {what}")]
    ReadPart { file: String, what: &'static str },
    /// In the words of another process, that read the file.
    #[error("{text}")]
    TakenOver { text: String, advice: String },
}

/// A header that may well be a missing column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub header: String,
    /// What its cells hold, where that is why.
    pub holds: Option<&'static str>,
}

/// A file that lacks needed columns.
#[derive(Debug, Error)]
#[error("{file}, regel {line}: {} {}; gevonden: {}", what(columns), names(columns), found.join(", "))]
pub struct MissingColumns {
    pub file: String,
    pub line: u64,
    pub kind: FileKind,
    /// Those that are missing, each with the headers that may well be it.
    pub(crate) columns: Vec<(Kolom, Vec<Candidate>)>,
    pub found: Vec<String>,
    /// The headers that mean nothing to us, with their places.
    pub(crate) unknown: Vec<(usize, String)>,
}

fn what(columns: &[(Kolom, Vec<Candidate>)]) -> &'static str {
    if columns.len() == 1 { "de kolom" } else { "de kolommen" }
}

fn names(columns: &[(Kolom, Vec<Candidate>)]) -> String {
    let names: Vec<&str> = columns.iter().map(|(kolom, _)| kolom.name()).collect();
    match names.as_slice() {
        [one] => format!("{one} ontbreekt"),
        [first @ .., last] => format!("{} en {last} ontbreken", first.join(", ")),
        [] => String::new(),
    }
}

impl MissingColumns {
    /// A block to paste, with the likeliest header of each column.
    fn advice(&self) -> String {
        let mut out = format!(
            "neem op in de export wat ontbreekt, of wijs in controle.toml uw eigen koppen aan:\n\n[kolommen.{}]\n",
            self.kind
        );
        for (kolom, candidates) in &self.columns {
            for (nr, Candidate { header, holds }) in candidates.iter().enumerate() {
                // Quotes and backslashes in a header are written as TOML wants them.
                let key = toml::Value::from(header.as_str());
                let off = if nr == 0 { "" } else { "# of: " };
                let why = holds.map(|what| format!("   # bevat {what}")).unwrap_or_default();
                out += &format!("{off}{key} = \"{kolom}\"{why}\n");
            }
            if candidates.is_empty() {
                out += &format!("# \"uw kop\" = \"{kolom}\"\n");
            }
        }
        out.trim_end().to_owned()
    }
}

/// A file of which too many rows were refused, and the reason that came most.
#[derive(Debug, Error)]
#[error(
    "{file}: {rejected} van de {read} regels {} afgekeurd, meer dan {limit}%.\n  Meest voorkomend ({count} keer, voor het eerst op regel {line}): kolom {kolom}, waarde '{value}': {reason}",
    if *rejected == 1 { "is" } else { "zijn" }
)]
pub struct TooManyRefused {
    pub file: String,
    pub rejected: u64,
    pub read: u64,
    pub limit: String,
    pub count: u64,
    pub line: u64,
    pub kolom: String,
    pub value: String,
    pub reason: String,
}

impl SourceError {
    /// A file that can't be read, or not be unpacked.
    pub(crate) fn from_io(file: &str, e: &std::io::Error) -> SourceError {
        let file = file.to_owned();
        match e.get_ref().and_then(|e| e.downcast_ref::<Broken>()) {
            Some(Broken::TooLarge) => SourceError::TooLargeUnpacked { file },
            Some(broken) => SourceError::Damaged { file, cause: broken.to_string() },
            None => SourceError::Unreadable { file, cause: io_cause(e) },
        }
    }

    /// What the reader of the message can do about it.
    pub fn advice(&self) -> String {
        match self {
            SourceError::NoDir { .. } => {
                "controleer het pad; geef de map waarin de bestanden declaraties* en toewijzingen* staan".into()
            }
            SourceError::FileNotDir { .. } => {
                "geef de map waarin het bestand staat, niet het bestand zelf".into()
            }
            SourceError::KindMissing { kind, .. } => format!(
                "zet het bestand in de map (of één map dieper) en laat de naam beginnen met '{kind}', bijvoorbeeld {kind}.csv"
            ),
            SourceError::Unreadable { .. } => {
                "controleer of het bestand er nog staat en of u het mag lezen".into()
            }
            SourceError::IsDir { .. } => {
                "geef de map een andere naam; een bestand met deze naam hoort een csv-bestand te zijn".into()
            }
            SourceError::FormUnknown { .. } => {
                "sla het bestand op als xlsx of csv (in Excel: Opslaan als), en geef het de naam die daarbij hoort".into()
            }
            SourceError::Damaged { .. } => {
                "kopieer het bestand opnieuw of maak de export opnieuw; gaat het in Excel wel open, sla het dan opnieuw op".into()
            }
            SourceError::Protected { .. } => {
                "open het bestand in Excel, haal het wachtwoord eraf en sla het op als xlsx".into()
            }
            SourceError::NoSheet { .. } => {
                "verbeter de naam achter blad in controle.toml onder [bestanden], of laat blad weg".into()
            }
            SourceError::OnlyHiddenSheets { .. } => {
                "maak het blad zichtbaar, of wijs het aan met blad in controle.toml onder [bestanden]".into()
            }
            SourceError::Zip { .. } => {
                "pak de zip zelf uit in een map van het dossier en haal de zip weg".into()
            }
            SourceError::TooLargeUnpacked { .. } => {
                "open het bestand alleen als u de afzender vertrouwt; vraag om een nieuwe export, liefst als csv".into()
            }
            SourceError::NoRoom { .. } => {
                "vertrouwt u de afzender, geef dan meer geheugen met --geheugen, of splits het bestand; werkmappen en parquet vragen als csv het minst".into()
            }
            SourceError::KolomForm { .. } => {
                "lever deze kolom als tekst, getal, datum of ja/nee".into()
            }
            SourceError::Empty { .. } => {
                "maak de export opnieuw; een bestand heeft ten minste een kopregel met kolomnamen".into()
            }
            SourceError::Utf16 { .. } => {
                "sla het bestand op als UTF-8 (in Excel: Opslaan als, CSV UTF-8)".into()
            }
            SourceError::Zero { .. } => {
                "het bestand is beschadigd of geen csv-bestand; maak de export opnieuw".into()
            }
            SourceError::LineTooLong { .. } => {
                "het bestand is beschadigd of heeft geen regeleinden; maak de export opnieuw".into()
            }
            SourceError::QuoteSwallows { .. } => {
                "haal het losse aanhalingsteken op die regel weg, of maak de export opnieuw: zo zouden regels verloren gaan".into()
            }
            SourceError::QuoteOpen { .. } => {
                "sluit het veld op die regel met een aanhalingsteken, of maak de export opnieuw".into()
            }
            SourceError::KolommenMissing(missing) => missing.advice(),
            SourceError::KolomDuplicate { .. } => {
                "verwijder of hernoem één van de twee kolommen".into()
            }
            SourceError::RidingTwice { .. } => {
                "verwijder of hernoem één van de twee kolommen, of haal de naam weg onder [meenemen] in controle.toml".into()
            }
            SourceError::RidingMissing { .. } => {
                "verbeter de naam onder [meenemen] in controle.toml, of haal haar daar weg".into()
            }
            SourceError::DelimiterDiffers { .. } => {
                "gebruik in de kop hetzelfde scheidingsteken als in de regels".into()
            }
            SourceError::DateOrder { .. } => {
                "staat in deze export de maand vóór de dag, zet dan in controle.toml onder [datums]: volgorde = \"mdj\" (voor één soort bestand onder [datums.declaraties]); anders staat daar volgorde = \"dmj\", of niets".into()
            }
            SourceError::TooManyRejected(_) => {
                "waarschijnlijk wijst een kolom verkeerd of heeft de export een andere vorm; herstel dat, of sta het toe met --max-afgekeurd".into()
            }
            SourceError::NoDeclaraties { .. } => {
                "controleer of de export van declaraties gevuld is".into()
            }
            SourceError::OnlyRefused { .. } => {
                "vraag de berichten opnieuw op, of geef de declaraties in een andere vorm".into()
            }
            SourceError::Duplicate { .. } => "laat één van de twee regels staan".into(),
            SourceError::Changed { .. } => {
                "wacht tot de export klaar is en start de controle opnieuw".into()
            }
            SourceError::TooMany { .. } => "controleer of de juiste kolom wordt gelezen".into(),
            SourceError::ReadPart { .. } => {
                "lees elk bestand dat rechtmatig deel --inventaris noemt, en lees het één keer".into()
            }
            SourceError::TakenOver { advice: raad, .. } => raad.clone(),
        }
    }
}

/// What became of the row of an unreadable value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Consequence {
    #[serde(rename = "RegelAfgekeurd")]
    LineRejected,
    #[serde(rename = "WaardeGenegeerd")]
    ValueIgnored,
    #[serde(rename = "BerichtGeweigerd")]
    BerichtRefused,
}

impl Consequence {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Consequence::LineRejected => "regel afgekeurd",
            Consequence::ValueIgnored => "waarde genegeerd",
            Consequence::BerichtRefused => "bericht geweigerd",
        }
    }
}

/// One unreadable value: a row of `invoerfouten.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputError {
    pub file: FileId,
    pub line_number: u32,
    pub kolom: Option<Kolom>,
    /// At most 200 characters, with anything that could be a BSN masked.
    pub value: Box<str>,
    pub reason: ParseError,
    pub(crate) consequence: Consequence,
}
