//! Why a dossier can't be taken for the one that a rapport was made of.

use crate::dossier::Thousands;
use std::fmt;
use std::path::PathBuf;
use thiserror::Error;

/// How a dossier differs from the one of the rapport.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mismatch {
    Gone(String),
    Added(String),
    Otherwise(String),
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mismatch::Gone(name) => write!(f, "{name} ontbreekt"),
            Mismatch::Added(name) => write!(f, "{name} is erbij gekomen"),
            Mismatch::Otherwise(name) => write!(f, "{name} heeft een andere inhoud"),
        }
    }
}

/// A reason why a rapport's dossier can't be used again.
#[derive(Debug, Error)]
pub(crate) enum OriginError {
    #[error(
        "{} is geen map van een rapport: manifest.json ontbreekt of is niet te lezen",
        crate::ground::shown_path(dir)
    )]
    NoRapport { dir: PathBuf },
    #[error("{}: manifest.json is beschadigd: {what}", crate::ground::shown_path(dir))]
    Damaged { dir: PathBuf, what: String },
    #[error("het rapport zegt niet waar het dossier staat")]
    DossierUnknown,
    #[error(
        "het dossier staat niet meer in {}, waar het volgens het rapport stond",
        crate::ground::shown_path(dir)
    )]
    DossierGone { dir: PathBuf },
    #[error(
        "{} is niet het dossier waarvan het rapport is gemaakt: {}",
        crate::ground::shown_path(dir),
        enumeration(differences)
    )]
    OtherDossier { dir: PathBuf, differences: Vec<Mismatch> },
    #[error("de regelset is niet die van het rapport: {}", enumeration(differences))]
    OtherRegelset { differences: Vec<Mismatch> },
    #[error("het rapport telt {rapport}; het dossier geeft nu {now}")]
    OtherPopulation { rapport: String, now: String },
    #[error("deze sleutel is niet die waarmee het rapport is gemaakt")]
    OtherKey,
}

/// The first few, and how many there are besides.
fn enumeration(differences: &[Mismatch]) -> String {
    let mut sentences: Vec<String> = differences.iter().take(5).map(Mismatch::to_string).collect();
    if differences.len() > 5 {
        sentences.push(format!("en nog {}", Thousands(differences.len() as u64 - 5)));
    }
    sentences.join("; ")
}

impl OriginError {
    /// What the reader of the message can do about it.
    pub(crate) fn advice(&self) -> &'static str {
        match self {
            OriginError::NoRapport { .. } => {
                "geef een map die rechtmatig controleer schreef, zoals reports/2023-ijsselland"
            }
            OriginError::Damaged { .. } => "maak dit rapport opnieuw met rechtmatig controleer",
            OriginError::DossierUnknown | OriginError::DossierGone { .. } => {
                "wijs de map van het dossier aan met --dossier"
            }
            OriginError::OtherDossier { .. } => {
                "wijs met --dossier de map aan met precies de bestanden van toen, of maak eerst een nieuw rapport met rechtmatig controleer"
            }
            OriginError::OtherRegelset { .. } => {
                "wijs met --regels de map aan met de regelset van toen, of maak eerst een nieuw rapport met rechtmatig controleer"
            }
            OriginError::OtherPopulation { .. } => {
                "controle.toml of het programma is veranderd; maak eerst een nieuw rapport met rechtmatig controleer"
            }
            OriginError::OtherKey => {
                "geef met --sleutel het bestand dat bij het rapport is gebruikt, of laat --sleutel weg"
            }
        }
    }
}
