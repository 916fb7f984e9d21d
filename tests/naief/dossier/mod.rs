//! Small dossiers: plain rows, how they look as CSV, and how random ones are made.

mod drawn;
mod written;

use chrono::NaiveDate;
pub use drawn::dossier;
use written::volume;

/// One row of `declaraties`. Volumes in hundredths, amounts in cents.
#[derive(Clone, Debug, PartialEq)]
pub struct Regel {
    pub file: &'static str,
    pub line_number: usize,
    pub declaratie: String,
    pub referentie: String,
    pub previous: String,
    pub ontvangstdatum: Option<NaiveDate>,
    pub gemeente: String,
    pub aanbieder: String,
    pub bsn: String,
    pub toewijzing: String,
    pub categorie: String,
    pub code: String,
    pub begindatum: NaiveDate,
    pub einddatum: NaiveDate,
    pub volume: i128,
    pub eenheid: String,
    pub tarief: Option<i128>,
    pub bedrag: i128,
    pub credit: bool,
    pub no_show: i128,
    pub no_show_minuten: Option<i128>,
    pub functie: String,
    pub hulpverlener: String,
}

/// One row of `toewijzingen`.
#[derive(Clone, Debug)]
pub struct Versie {
    pub nummer: String,
    pub gemeente: String,
    pub aanbieder: String,
    pub bsn: String,
    pub toewijzingsdatum: NaiveDate,
    pub ingangsdatum: NaiveDate,
    pub einddatum: Option<NaiveDate>,
    pub categorie: String,
    pub code: String,
    pub reason: String,
    pub volume: Option<i128>,
    pub eenheid: String,
    pub frequentie: String,
    pub budget: Option<i128>,
    pub budgetsoort: String,
    pub uitvoering: String,
}

impl Versie {
    /// The columns that decide last which version is in force, as they stand in the file.
    pub fn other_cells(&self) -> Vec<String> {
        vec![
            self.aanbieder.clone(),
            self.bsn.clone(),
            self.ingangsdatum.to_string(),
            self.categorie.clone(),
            self.code.clone(),
            self.reason.clone(),
            self.volume.map(volume).unwrap_or_default(),
            self.eenheid.clone(),
            self.frequentie.clone(),
            self.budgetsoort.clone(),
            self.uitvoering.clone(),
        ]
    }
}

/// One row of a tariff table.
#[derive(Clone, Debug)]
pub struct Tarief {
    pub jaar: i32,
    pub key: String,
    pub perceel: String,
    pub aanbieder: String,
    pub eenheid: String,
    pub bedrag: i128,
}

/// One row of `omzet`.
#[derive(Clone, Debug)]
pub struct Omzet {
    pub aanbieder: String,
    pub jaar: i32,
    pub bedrag: i128,
    pub code: String,
}

/// A start or stop message.
#[derive(Clone, Debug)]
pub struct Bericht {
    pub nummer: String,
    pub gemeente: String,
    pub start: bool,
    pub datum: NaiveDate,
    /// RedenBeeindiging: 20 is for a while, and so not empty.
    pub reden: String,
}

/// What the catalogue says of a product.
pub struct Product {
    pub onderdeel: String,
    pub tariefsleutel: String,
}

/// The columns that a file of declaraties has beside the needed ones.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    pub ontvangstdatum: bool,
    pub previous: bool,
    pub tarief: bool,
    pub no_show: bool,
    pub no_show_minuten: bool,
    pub functie: bool,
    pub hulpverlener: bool,
}

impl Columns {
    pub const ALL: Columns = Columns {
        ontvangstdatum: true,
        previous: true,
        tarief: true,
        no_show: true,
        no_show_minuten: true,
        functie: true,
        hulpverlener: true,
    };
}

#[derive(Clone)]
pub struct Dossier {
    pub leverjaar: i32,
    pub contact: bool,
    pub lines: Vec<Regel>,
    pub kolommen: [Columns; 2],
    pub versies: Vec<Versie>,
    pub aanbieders: Vec<(String, String)>,
    pub tarieven: Vec<Tarief>,
    pub omzet: Option<Vec<Omzet>>,
    pub berichten: Option<Vec<Bericht>>,
}

pub const FILES: [&str; 2] = ["declaraties_a.csv", "declaraties_b.csv"];

// --- Random dossiers ---------------------------------------------------------------------------

pub const AANBIEDERS: [&str; 3] = ["99000001", "99000002", "99000003"];

pub const BSNS: [&str; 3] = ["999900006", "999900018", "999900031"];

pub fn dag(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
