//! Which dossier a rapport was made of, and whether a dossier is that one.

use super::SteekproefError;
use crate::dossier::{Cent, SourceFile, Thousands};
use crate::ground::hex;
use crate::regelset::Regelset;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

/// What comes after the rapport that it is about, and changes nothing in what was declared.
const LATER: [&str; 3] = ["beoordelingen", "openstaand", "reacties"];

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

/// What `manifest.json` says of the run.
#[derive(Clone, Debug)]
pub(crate) struct ReportOrigin {
    pub leverjaar: i32,
    pub regelset: String,
    /// SHA-256 of the manifest itself: which rapport this is.
    pub manifest_sha256: String,
    /// Fingerprint of the key of the pseudonyms.
    pub fingerprint: String,
    /// Live lines of the year, and what they come to.
    pub tested: (u64, Cent),
    /// As given at the time: absolute, or relative to where the program then ran.
    dossier: Option<String>,
    regels: Option<String>,
    /// SHA-256 by name.
    input: BTreeMap<String, String>,
    regelsetbestanden: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Manifest {
    leverjaar: i32,
    regelset: ManifestRegelset,
    opties: BTreeMap<String, String>,
    pseudoniemen: ManifestPseudoniemen,
    invoer: Vec<ManifestFile>,
    getoetst: ManifestCounts,
}

#[derive(Deserialize)]
struct ManifestRegelset {
    naam: String,
    bestanden: Vec<ManifestFile>,
}

#[derive(Deserialize)]
struct ManifestPseudoniemen {
    vingerafdruk: String,
}

#[derive(Deserialize)]
struct ManifestFile {
    bestand: String,
    #[serde(default)]
    soort: String,
    sha256: String,
}

#[derive(Deserialize)]
struct ManifestCounts {
    regels: u64,
    bedrag: i64,
}

fn per_name(files: Vec<ManifestFile>) -> BTreeMap<String, String> {
    files
        .into_iter()
        .filter(|b| !LATER.contains(&b.soort.as_str()))
        .map(|b| (b.bestand, b.sha256))
        .collect()
}

impl ReportOrigin {
    /// Reads the manifest of a rapport.
    pub(crate) fn read(dir: &Path) -> Result<ReportOrigin, SteekproefError> {
        let bytes = std::fs::read(dir.join("manifest.json"))
            .map_err(|_| SteekproefError::NoRapport { dir: dir.to_owned() })?;
        let m: Manifest = serde_json::from_slice(&bytes).map_err(|e| {
            tracing::debug!("{}: {e}", dir.display());
            let what = match e.classify() {
                serde_json::error::Category::Data => {
                    format!(
                        "er ontbreekt iets, of het is van een oudere versie (regel {})",
                        e.line()
                    )
                }
                _ => format!("regel {} is geen JSON", e.line()),
            };
            SteekproefError::Damaged { dir: dir.to_owned(), what }
        })?;
        let option = |name: &str| m.opties.get(name).cloned();
        Ok(ReportOrigin {
            leverjaar: m.leverjaar,
            manifest_sha256: hex(&Sha256::digest(&bytes)),
            fingerprint: m.pseudoniemen.vingerafdruk,
            tested: (m.getoetst.regels, Cent(m.getoetst.bedrag)),
            dossier: option("dossier"),
            regels: option("regels"),
            input: per_name(m.invoer),
            regelsetbestanden: per_name(m.regelset.bestanden),
            regelset: m.regelset.naam,
        })
    }

    /// Where the dossier was; a relative path is looked for from where the program runs now.
    pub(crate) fn dossiermap(&self) -> Result<PathBuf, SteekproefError> {
        let dir = PathBuf::from(self.dossier.as_deref().ok_or(SteekproefError::DossierUnknown)?);
        if dir.is_dir() { Ok(dir) } else { Err(SteekproefError::DossierGone { dir }) }
    }

    /// The folder of rulesets of the user's own, where the rapport was made with one.
    pub(crate) fn regelsmap(&self) -> Option<PathBuf> {
        self.regels.as_deref().map(PathBuf::from)
    }

    /// Refuses files that aren't those of the rapport, by name and SHA-256.
    pub(crate) fn evidence_files(
        &self,
        dir: &Path,
        files: &[SourceFile],
    ) -> Result<(), SteekproefError> {
        let now: BTreeMap<&str, &str> = files
            .iter()
            .filter(|b| !LATER.contains(&b.soort.name()))
            .map(|b| (b.pad.as_str(), b.sha256.as_str()))
            .collect();
        let verschillen = differences(&self.input, &now);
        if verschillen.is_empty() {
            Ok(())
        } else {
            Err(SteekproefError::OtherDossier { dir: dir.to_owned(), differences: verschillen })
        }
    }

    /// Refuses a ruleset that isn't the rapport's: it says which product is of which Onderdeel.
    pub(crate) fn evidence_regelset(&self, set: &Regelset) -> Result<(), SteekproefError> {
        let now = set.files.iter().map(|b| (b.name.as_str(), b.sha256.as_str())).collect();
        let verschillen = differences(&self.regelsetbestanden, &now);
        if verschillen.is_empty() {
            Ok(())
        } else {
            Err(SteekproefError::OtherRegelset { differences: verschillen })
        }
    }

    /// Refuses a population that isn't what the rapport tested, although the files are the same.
    pub(crate) fn evidence_population(
        &self,
        lines: u64,
        bedrag: Cent,
    ) -> Result<(), SteekproefError> {
        if self.tested == (lines, bedrag) {
            return Ok(());
        }
        let sentence = |(n, b): (u64, Cent)| format!("{} regels van samen {b}", Thousands(n));
        Err(SteekproefError::OtherPopulation {
            rapport: sentence(self.tested),
            now: sentence((lines, bedrag)),
        })
    }
}

fn differences(earlier: &BTreeMap<String, String>, now: &BTreeMap<&str, &str>) -> Vec<Mismatch> {
    let names: BTreeSet<&str> =
        earlier.keys().map(String::as_str).chain(now.keys().copied()).collect();
    names
        .into_iter()
        .filter_map(|name| match (earlier.get(name), now.get(name)) {
            (Some(_), None) => Some(Mismatch::Gone(name.to_owned())),
            (None, Some(_)) => Some(Mismatch::Added(name.to_owned())),
            (Some(a), Some(b)) if a != b => Some(Mismatch::Otherwise(name.to_owned())),
            _ => None,
        })
        .collect()
}
