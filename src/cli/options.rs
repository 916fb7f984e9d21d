//! Options that several commands share, with the meaning that they have in each.

use super::stop::CommandError;
use crate::audit::{Audit, Spec};
use crate::dossier::Dag;
use crate::ground::config::ConfigError;
use crate::ground::masked;
use crate::ground::shown_path;
use crate::rapport::{Format, Party, Pseudonyms};
use crate::vergelijking::ReportReading;
use crate::writing::Inputs;
use chrono::NaiveDate;
use clap::Args;
use rust_decimal::Decimal;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// What is audited, and how.
#[derive(Args)]
pub(crate) struct AuditOptions {
    /// Map met het hele dossier, ook voor een deel ervan
    #[arg(value_name = "DOSSIER")]
    pub dossier: PathBuf,
    /// Leverjaar, bijvoorbeeld 2023 (of jaar in controle.toml)
    #[arg(long, value_name = "JAAR", value_parser = jaar)]
    pub jaar: Option<i32>,
    /// Regelset (of in controle.toml) [standaard: ijsselland]
    #[arg(long, value_name = "NAAM")]
    pub regio: Option<String>,
    /// Map met eigen regelsets
    #[arg(long, value_name = "MAP")]
    pub regels: Option<PathBuf>,
    /// Alleen deze regels, families of soorten (formeel, materieel, risico), zoals NS01,TL
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub alleen: Vec<String>,
    /// Zonder deze regels, families of soorten
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub zonder: Vec<String>,
    /// Aantal draden [standaard: alle processorkernen]
    #[arg(long, value_name = "N", value_parser = threads, hide_long_help = true)]
    pub draden: Option<usize>,
    #[command(flatten)]
    memory: MemoryOption,
    /// Hoogste deel afgekeurde regels per bestand [standaard: 5%]
    #[arg(long, value_name = "DEEL", value_parser = percentage, hide_long_help = true)]
    pub max_afgekeurd: Option<Decimal>,
}

/// How much memory a command takes.
#[derive(Args)]
pub(crate) struct MemoryOption {
    /// Geheugen, zoals 2GB [standaard: de helft van de machine]
    #[arg(long, value_name = "BYTES", value_parser = geheugenmaat, hide_long_help = true)]
    pub geheugen: Option<u64>,
}

impl AuditOptions {
    /// The audit that these options describe; its threads are set from here on.
    pub(crate) fn open(&self) -> Result<Audit, CommandError> {
        if let Some(n) = self.draden {
            // The global pool is still unused; a second call in one process keeps the first.
            let _ = rayon::ThreadPoolBuilder::new().num_threads(n).build_global();
        }
        Ok(Audit::open(&Spec {
            jaar: self.jaar,
            regio: self.regio.clone(),
            rulesets: self.regels.clone(),
            only: self.alleen.clone(),
            without: self.zonder.clone(),
            max_rejected: self.max_afgekeurd.unwrap_or(Spec::MAX_REJECTED),
            memory: self.memory.geheugen,
            ..Spec::new(&self.dossier)
        })?)
    }

    /// These options as given, for the manifest.
    pub(crate) fn given(&self) -> Vec<(String, String)> {
        let path = |p: &Path| masked(&shown_path(p)).into_owned();
        let codes = |codes: &[String]| (!codes.is_empty()).then(|| codes.join(","));
        let options = [
            ("dossier", Some(path(&self.dossier))),
            ("jaar", self.jaar.map(|j| j.to_string())),
            ("regio", self.regio.clone()),
            ("regels", self.regels.as_deref().map(path)),
            ("alleen", codes(&self.alleen)),
            ("zonder", codes(&self.zonder)),
            ("draden", self.draden.map(|n| n.to_string())),
            ("geheugen", self.memory.geheugen.map(|bytes| bytes.to_string())),
            ("max_afgekeurd", self.max_afgekeurd.map(|p| format!("{p}%"))),
        ];
        options.into_iter().filter_map(|(name, w)| Some((name.to_owned(), w?))).collect()
    }
}

/// What is made of an audit.
#[derive(Args)]
pub(crate) struct RapportOptions {
    /// Map waarin het rapport komt
    #[arg(long, value_name = "MAP", default_value = "reports", hide_default_value = true)]
    pub uit: PathBuf,
    /// Vervang een bestaand rapport
    #[arg(long)]
    pub overschrijf: bool,
    #[arg(long, value_name = "LIJST", value_delimiter = ',', value_parser = Format::from_str, hide_long_help = true,
        help = format!("{} [standaard: alle]", Format::ALL.map(Format::name).join(",")))]
    formaten: Vec<Format>,
    /// Sleutel voor pseudoniemen; wordt zo nodig gemaakt
    #[arg(long, value_name = "BESTAND", env = "RECHTMATIG_SLEUTEL_BESTAND", hide_env = true)]
    sleutel: Option<PathBuf>,
    /// Toon het Bsn in plaats van een pseudoniem
    #[arg(long)]
    bsn_tonen: bool,
    /// Eerder rapport; de bladzijde zegt wat er sindsdien veranderde
    #[arg(long, value_name = "RAPPORT", hide_long_help = true)]
    vorige: Option<PathBuf>,
    /// Eindig met status 1 als er een fout is gevonden
    #[arg(long)]
    pub strikt: bool,
    /// Maak per aanbieder een werkmap en een brief
    #[arg(long)]
    per_aanbieder: bool,
    /// Maak per gemeente een werkmap
    #[arg(long)]
    per_gemeente: bool,
    /// Geef een jeugdige bij elke aanbieder hetzelfde pseudoniem
    #[arg(long, hide_long_help = true)]
    een_pseudoniem: bool,
    /// Open de bladzijde van het rapport na afloop
    #[arg(long)]
    pub open: bool,
    /// Geen voortgang en geen samenvatting
    #[arg(long)]
    pub stil: bool,
    /// Toon de hele samenvatting, langer dan één scherm
    #[arg(long, hide_long_help = true)]
    pub alles: bool,
    /// Ga door als de invoer niet is wat zij lijkt
    #[arg(long)]
    pub toch: bool,
}

impl RapportOptions {
    pub(crate) fn formats(&self) -> Vec<Format> {
        match self.formaten.is_empty() {
            true => Format::ALL.to_vec(),
            false => self.formaten.clone(),
        }
    }

    /// The parties that get a workbook of their own.
    pub(crate) fn parties(&self) -> Vec<Party> {
        [(self.per_aanbieder, Party::Aanbieder), (self.per_gemeente, Party::Gemeente)]
            .into_iter()
            .filter_map(|(asked, party)| asked.then_some(party))
            .collect()
    }

    pub(crate) fn pseudonyms(&self) -> Result<Pseudonyms, Box<ConfigError>> {
        pseudonyms(self.sleutel.as_deref(), self.bsn_tonen)
            .map(|pseudonyms| pseudonyms.for_all_alike(self.een_pseudoniem))
    }

    /// What the audit reads and its key: no folder that holds any of it is replaced.
    pub(crate) fn inputs(&self, audit: &AuditOptions) -> Inputs {
        Inputs::of_dossier(&audit.dossier)
            .and(audit.regels.as_deref())
            .and(self.sleutel.as_deref())
            .and(self.vorige.as_deref())
    }

    /// The earlier rapport that was named, read.
    pub(crate) fn earlier(&self) -> Result<Option<(String, ReportReading)>, CommandError> {
        let read = |dir: &PathBuf| {
            let name = masked(&shown_path(dir)).into_owned();
            Ok((name, ReportReading::read(dir)?))
        };
        self.vorige.as_ref().map(read).transpose()
    }

    /// The switches that were given, for the manifest.
    pub(crate) fn given(&self) -> impl Iterator<Item = (String, String)> {
        let gegeven = [
            ("bsn_tonen", self.bsn_tonen),
            ("een_pseudoniem", self.een_pseudoniem),
            ("overschrijf", self.overschrijf),
            ("per_aanbieder", self.per_aanbieder),
            ("per_gemeente", self.per_gemeente),
            ("strikt", self.strikt),
            ("toch", self.toch),
        ];
        let gegeven = gegeven.into_iter().filter(|(_, gegeven)| *gegeven);
        let switches = gegeven.map(|(name, _)| (name.to_owned(), "ja".to_owned()));
        let vorige = self.vorige.as_ref();
        let vorige = vorige.map(|dir| masked(&shown_path(dir)).into_owned());
        switches.chain(vorige.map(|dir| ("vorige".to_owned(), dir)))
    }
}

pub(crate) fn jaar(text: &str) -> Result<i32, String> {
    text.parse()
        .ok()
        .filter(|j| (1900..=9998).contains(j))
        .ok_or_else(|| "verwacht een jaar als 2023".to_owned())
}

pub(crate) fn threads(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|n| (1..=1024).contains(n))
        .ok_or_else(|| "verwacht een aantal van 1 tot en met 1024".to_owned())
}

pub(crate) fn percentage(text: &str) -> Result<Decimal, String> {
    Decimal::from_str(&text.trim_end_matches('%').replace(',', "."))
        .ok()
        .filter(|p| *p >= Decimal::ZERO && *p <= Decimal::ONE_HUNDRED)
        .ok_or_else(|| "verwacht een percentage als 5%".to_owned())
}

/// The key in this file, or one for this run alone.
pub(crate) fn pseudonyms(
    key: Option<&Path>,
    bsn_showing: bool,
) -> Result<Pseudonyms, Box<ConfigError>> {
    match key {
        None => Ok(Pseudonyms::eenmalig(bsn_showing)),
        Some(path) => Pseudonyms::from_file(path, bsn_showing).map_err(|cause| {
            ConfigError::loose(
                format!("de sleutel in {} is niet te gebruiken: {cause}", shown_path(path)),
                "geef een bestand dat rechtmatig eerder maakte en dat alleen u mag lezen (chmod 600), of een pad waar nog niets staat; wie de sleutel kent, kan elk pseudoniem terugrekenen",
            )
        }),
    }
}

/// A number of bytes: `500MB`, `2GB`, `1,5GB`; units are decimal.
fn geheugenmaat(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let eenheid = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "B" => 1,
        "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        _ => 0,
    };
    Decimal::from_str(&digits.trim_end().replace(',', "."))
        .ok()
        .and_then(|number| number.checked_mul(Decimal::from(eenheid)))
        .and_then(|bytes| u64::try_from(bytes).ok())
        .filter(|bytes| *bytes > 0)
        .ok_or_else(|| "verwacht een hoeveelheid als 500MB of 2GB".to_owned())
}

/// A day as people or programs write it.
pub(crate) fn dag(text: &str) -> Result<Dag, String> {
    let dates = ["%Y-%m-%d", "%d-%m-%Y"].map(|form| NaiveDate::parse_from_str(text, form).ok());
    let dag = dates.into_iter().flatten().next().and_then(Dag::from_datum);
    dag.ok_or_else(|| "verwacht een datum als 2023-09-30 of 30-09-2023".to_owned())
}
