//! An audit sample: lines drawn from what was audited, for a person to check, and the errors that
//! the person found projected back onto all of it.
//!
//! The [`Population`] is the live lines of the audited year, re-read from the dossier that a rapport
//! was made of and proved to be the same ([`ReportOrigin`]). A [`Steekproef`] is drawn from it under an
//! [`SampleDesign`]; a file with the outcome is checked against the same draw, done again, and becomes an
//! [`Evaluation`]. Amounts are whole cents; only estimates are floats, rounded to cents at the end.
//! Formulas and their sources are in `docs/voor-accountants.md`.

mod checked;
mod design;
mod drawing;
mod evaluation;
mod filling_in;
mod origin;
mod population;
mod probabilities;
mod report;
mod writing;

pub(crate) use design::{Method, SampleDesign, StratifyBy};
pub(crate) use drawing::Steekproef;
pub(crate) use evaluation::{Estimate, Evaluation};
pub(crate) use filling_in::{check_list, design_of};
pub(crate) use origin::{Mismatch, ReportOrigin};
pub(crate) use population::Population;
pub(crate) use probabilities::Confidence;
pub(crate) use report::write_evaluation;
pub(crate) use writing::write_sample;

use crate::bron::SourceError;
use crate::dossier::Thousands;
use std::path::PathBuf;
use thiserror::Error;

/// A reason why no sample can be drawn or evaluated.
#[derive(Debug, Error)]
pub(crate) enum SteekproefError {
    #[error("{} is geen map van een rapport: manifest.json ontbreekt of is niet te lezen", dir.display())]
    NoRapport { dir: PathBuf },
    #[error("{}: manifest.json is beschadigd: {what}", dir.display())]
    Damaged { dir: PathBuf, what: String },
    #[error("het rapport zegt niet waar het dossier staat")]
    DossierUnknown,
    #[error("het dossier staat niet meer in {}, waar het volgens het rapport stond", dir.display())]
    DossierGone { dir: PathBuf },
    #[error("{} is niet het dossier waarvan het rapport is gemaakt: {}", dir.display(), enumeration(differences))]
    OtherDossier { dir: PathBuf, differences: Vec<Mismatch> },
    #[error("de regelset is niet die van het rapport: {}", enumeration(differences))]
    OtherRegelset { differences: Vec<Mismatch> },
    #[error("het rapport telt {rapport}; het dossier geeft nu {now}")]
    OtherPopulation { rapport: String, now: String },
    #[error("er is niets om uit te trekken: het dossier heeft geen levende regels van {jaar}")]
    Empty { jaar: i32 },
    #[error(
        "alle levende regels van {jaar} zijn van € 0,00: daaruit kan met mus niets worden getrokken"
    )]
    AllZero { jaar: i32 },
    #[error(
        "een omvang van {size} is te klein: met {strata} lagen zijn ten minste {needs} regels nodig, 2 per laag"
    )]
    SizeTooSmall { size: u32, strata: usize, needs: u64 },
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error("{file}: {what}")]
    List { file: String, what: String, advice: &'static str },
}

fn enumeration(differences: &[Mismatch]) -> String {
    let mut sentences: Vec<String> = differences.iter().take(5).map(Mismatch::to_string).collect();
    if differences.len() > 5 {
        sentences.push(format!("en nog {}", Thousands(differences.len() as u64 - 5)));
    }
    sentences.join("; ")
}

impl SteekproefError {
    /// What the reader of the message can do about it.
    pub(crate) fn advice(&self) -> String {
        match self {
            SteekproefError::NoRapport { .. } => {
                "geef een map die rechtmatig controleer schreef, zoals reports/2023-ijsselland"
            }
            SteekproefError::Damaged { .. } => {
                "maak dit rapport opnieuw met rechtmatig controleer"
            }
            SteekproefError::DossierUnknown | SteekproefError::DossierGone { .. } => {
                "wijs de map van het dossier aan met --dossier"
            }
            SteekproefError::OtherDossier { .. } => {
                "wijs met --dossier de map aan met precies de bestanden van toen, of maak eerst een nieuw rapport met rechtmatig controleer"
            }
            SteekproefError::OtherRegelset { .. } => {
                "wijs met --regels de map aan met de regelset van toen, of maak eerst een nieuw rapport met rechtmatig controleer"
            }
            SteekproefError::OtherPopulation { .. } => {
                "controle.toml of het programma is veranderd; maak eerst een nieuw rapport met rechtmatig controleer"
            }
            SteekproefError::Empty { .. } => "controleer het leverjaar van het rapport",
            SteekproefError::AllZero { .. } => "kies --methode aselect",
            SteekproefError::SizeTooSmall { .. } => {
                "vraag meer regels met --omvang, of kies minder lagen met --per"
            }
            SteekproefError::Source(e) => return e.advice(),
            SteekproefError::List { advice: raad, .. } => raad,
        }
        .to_owned()
    }
}
