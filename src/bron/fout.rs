//! What can be wrong with a dossier, for the person who can mend it.

use crate::dossier::{BestandNr, Kolom, Soort};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use thiserror::Error;

use super::gz::Gebroken;
use super::ijw::Berichtfout;
use super::velden::Leesreden;
use crate::ground::io_oorzaak;

/// A reason why the dossier can't be audited. The message says where; [`BronFout::raad`] what to do.
#[derive(Debug, Error)]
pub enum BronFout {
    #[error("de map {} bestaat niet of is niet te lezen: {oorzaak}", map.display())]
    GeenMap { map: PathBuf, oorzaak: String },
    #[error("{} is geen map", pad.display())]
    GeenMapMaarBestand { pad: PathBuf },
    #[error("in {} staat geen bestand waarvan de naam begint met '{soort}'", map.display())]
    SoortOntbreekt { map: PathBuf, soort: Soort },
    #[error("{bestand}: kan niet gelezen worden: {oorzaak}")]
    Onleesbaar { bestand: String, oorzaak: String },
    #[error("{bestand} is een map, geen bestand")]
    IsMap { bestand: String },
    #[error("{bestand}: deze vorm ({vorm}) wordt niet gelezen")]
    VormOnbekend { bestand: String, vorm: String },
    #[error("{bestand}: het bestand is beschadigd: {oorzaak}")]
    Beschadigd { bestand: String, oorzaak: String },
    #[error("{bestand}: de werkmap heeft een wachtwoord of de oude vorm van Excel (xls)")]
    Beveiligd { bestand: String },
    #[error("{bestand}: uitgepakt is het bestand te groot om een tabel te zijn")]
    TeGrootUitgepakt { bestand: String },
    #[error("{bestand}: {oorzaak}")]
    Zip { bestand: String, oorzaak: &'static str },
    #[error("{bestand}: de kolom {kolom} heeft een type dat niet gelezen wordt")]
    KolomVorm { bestand: String, kolom: Kolom },
    #[error("{bestand}: het bestand is leeg")]
    Leeg { bestand: String },
    #[error("{bestand}: het bestand is UTF-16")]
    Utf16 { bestand: String },
    #[error("{bestand}, regel {regel}: er staat een NUL-teken in het bestand")]
    Nul { bestand: String, regel: u64 },
    #[error("{bestand}, regel {regel}: de regel is langer dan {} MB", grens >> 20)]
    RegelTeLang { bestand: String, regel: u64, grens: usize },
    #[error("{bestand}, regel {regel}: het aanhalingsteken dat hier begint, wordt niet gesloten")]
    AanhalingOpen { bestand: String, regel: u64 },
    #[error("{bestand}, regel {regel}: de kolom {kolom} ontbreekt; gevonden: {}", gevonden.join(", "))]
    KolomOntbreekt {
        bestand: String,
        regel: u64,
        kolom: Kolom,
        gevonden: Vec<String>,
        lijkt_op: Option<String>,
    },
    #[error(
        "{bestand}, regel {regel}: de kolom {kolom} komt twee keer voor ('{eerste}' en '{tweede}')"
    )]
    KolomDubbel { bestand: String, regel: u64, kolom: Kolom, eerste: String, tweede: String },
    #[error("{bestand}: de kop is gescheiden met {kop}, maar regel {regel} met {rij}")]
    ScheidingVerschilt { bestand: String, kop: &'static str, rij: &'static str, regel: u64 },
    #[error("{0}")]
    TeVeelAfgekeurd(Box<Afkeuring>),
    /// `eerste` says where the first refused row is, and why; empty where none was read.
    #[error(
        "geen enkele declaratieregel gevonden ({gelezen} gelezen, {afgekeurd} afgekeurd){eerste}"
    )]
    GeenDeclaraties { gelezen: u64, afgekeurd: u64, eerste: String },
    #[error(
        "geen enkele declaratieregel gevonden; {aantal} berichten zijn geweigerd. Het eerste: {bestand}: {fout}"
    )]
    AlleenGeweigerd { aantal: usize, bestand: String, fout: Berichtfout },
    #[error("{bestand}, regel {regel}: {wat} staat ook op regel {eerder}{}, met een andere inhoud",
        ander_bestand.as_ref().map(|b| format!(" van {b}")).unwrap_or_default())]
    Dubbel { bestand: String, regel: u64, eerder: u64, ander_bestand: Option<String>, wat: String },
    #[error("{bestand}: het bestand veranderde tijdens het lezen")]
    Veranderd { bestand: String },
    #[error("meer dan {grens} {wat} in één dossier")]
    TeVeel { grens: usize, wat: &'static str },
    /// Of a dossier that is read file by file.
    #[error("{bestand} {wat}")]
    Leesdeel { bestand: String, wat: &'static str },
    /// In the words of another process, that read the file.
    #[error("{tekst}")]
    Overgenomen { tekst: String, raad: String },
}

/// A file of which too many rows were refused, and the reason that came most.
#[derive(Debug, Error)]
#[error(
    "{bestand}: {afgekeurd} van de {gelezen} regels zijn afgekeurd, meer dan {grens}%.\n  Meest voorkomend ({aantal} keer, voor het eerst op regel {regel}): kolom {kolom}, waarde '{waarde}': {reden}"
)]
pub struct Afkeuring {
    pub bestand: String,
    pub afgekeurd: u64,
    pub gelezen: u64,
    pub grens: String,
    pub aantal: u64,
    pub regel: u64,
    pub kolom: String,
    pub waarde: String,
    pub reden: String,
}

impl BronFout {
    /// A file that can't be read, or not be unpacked.
    pub fn van_io(bestand: &str, e: &std::io::Error) -> BronFout {
        let bestand = bestand.to_owned();
        match e.get_ref().and_then(|e| e.downcast_ref::<Gebroken>()) {
            Some(gebroken) => BronFout::Beschadigd { bestand, oorzaak: gebroken.to_string() },
            None => BronFout::Onleesbaar { bestand, oorzaak: io_oorzaak(e) },
        }
    }

    /// What the reader of the message can do about it.
    pub fn raad(&self) -> String {
        match self {
            BronFout::GeenMap { .. } => {
                "controleer het pad; geef de map waarin de bestanden declaraties* en toewijzingen* staan".into()
            }
            BronFout::GeenMapMaarBestand { .. } => {
                "geef de map waarin het bestand staat, niet het bestand zelf".into()
            }
            BronFout::SoortOntbreekt { soort, .. } => format!(
                "zet het bestand in de map (of één map dieper) en laat de naam beginnen met '{soort}', bijvoorbeeld {soort}.csv"
            ),
            BronFout::Onleesbaar { .. } => {
                "controleer of het bestand er nog staat en of u het mag lezen".into()
            }
            BronFout::IsMap { .. } => {
                "geef de map een andere naam; een bestand met deze naam hoort een csv-bestand te zijn".into()
            }
            BronFout::VormOnbekend { .. } => {
                "sla het bestand op als xlsx of csv (in Excel: Opslaan als), en geef het de naam die daarbij hoort".into()
            }
            BronFout::Beschadigd { .. } => {
                "kopieer het bestand opnieuw of maak de export opnieuw; gaat het in Excel wel open, sla het dan opnieuw op".into()
            }
            BronFout::Beveiligd { .. } => {
                "open het bestand in Excel, haal het wachtwoord eraf en sla het op als xlsx".into()
            }
            BronFout::Zip { .. } => {
                "pak de zip zelf uit in een map van het dossier en haal de zip weg".into()
            }
            BronFout::TeGrootUitgepakt { .. } => {
                "open het bestand alleen als u de afzender vertrouwt; vraag om een nieuwe export, liefst als csv".into()
            }
            BronFout::KolomVorm { .. } => {
                "lever deze kolom als tekst, getal, datum of ja/nee".into()
            }
            BronFout::Leeg { .. } => {
                "maak de export opnieuw; een bestand heeft ten minste een kopregel met kolomnamen".into()
            }
            BronFout::Utf16 { .. } => {
                "sla het bestand op als UTF-8 (in Excel: Opslaan als, CSV UTF-8)".into()
            }
            BronFout::Nul { .. } => {
                "het bestand is beschadigd of geen csv-bestand; maak de export opnieuw".into()
            }
            BronFout::RegelTeLang { .. } => {
                "het bestand is beschadigd of heeft geen regeleinden; maak de export opnieuw".into()
            }
            BronFout::AanhalingOpen { .. } => {
                "sluit het veld op die regel met een aanhalingsteken, of maak de export opnieuw".into()
            }
            BronFout::KolomOntbreekt { kolom, lijkt_op, .. } => match lijkt_op {
                Some(eigen) => format!(
                    "bedoelt u '{eigen}'? Zet dan in controle.toml onder [kolommen]: {} = \"{kolom}\"",
                    // Quotes and backslashes in a header are written as TOML wants them.
                    toml::Value::from(eigen.as_str())
                ),
                None => format!(
                    "neem de kolom op in de export, of wijs in controle.toml onder [kolommen] uw eigen kolom aan: \"uw kop\" = \"{kolom}\""
                ),
            },
            BronFout::KolomDubbel { .. } => {
                "verwijder of hernoem één van de twee kolommen".into()
            }
            BronFout::ScheidingVerschilt { .. } => {
                "gebruik in de kop hetzelfde scheidingsteken als in de regels".into()
            }
            BronFout::TeVeelAfgekeurd(_) => {
                "waarschijnlijk wijst een kolom verkeerd of heeft de export een andere vorm; herstel dat, of sta het toe met --max-afgekeurd".into()
            }
            BronFout::GeenDeclaraties { .. } => {
                "controleer of de export van declaraties gevuld is".into()
            }
            BronFout::AlleenGeweigerd { .. } => {
                "vraag de berichten opnieuw op, of geef de declaraties in een andere vorm".into()
            }
            BronFout::Dubbel { .. } => "laat één van de twee regels staan".into(),
            BronFout::Veranderd { .. } => {
                "wacht tot de export klaar is en start de controle opnieuw".into()
            }
            BronFout::TeVeel { .. } => "controleer of de juiste kolom wordt gelezen".into(),
            BronFout::Leesdeel { .. } => {
                "lees elk bestand dat rechtmatig deel --inventaris noemt, en lees het één keer".into()
            }
            BronFout::Overgenomen { raad, .. } => raad.clone(),
        }
    }
}

/// What became of the row of an unreadable value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Gevolg {
    RegelAfgekeurd,
    WaardeGenegeerd,
    BerichtGeweigerd,
}

impl Gevolg {
    pub fn naam(self) -> &'static str {
        match self {
            Gevolg::RegelAfgekeurd => "regel afgekeurd",
            Gevolg::WaardeGenegeerd => "waarde genegeerd",
            Gevolg::BerichtGeweigerd => "bericht geweigerd",
        }
    }
}

/// One unreadable value: a row of `invoerfouten.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoerfout {
    pub bestand: BestandNr,
    pub regelnummer: u32,
    pub kolom: Option<Kolom>,
    /// At most 200 characters, with anything that could be a BSN masked.
    pub waarde: Box<str>,
    pub reden: Leesreden,
    pub gevolg: Gevolg,
}
