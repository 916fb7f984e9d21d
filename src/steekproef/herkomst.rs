//! Which dossier a rapport was made of, and whether a dossier is that one.

use super::SteekproefFout;
use crate::dossier::{Bestand, Cent, Duizendtallen};
use crate::ground::hex;
use crate::regelset::Regelset;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

/// Verdicts come after the rapport that they are about, and change nothing in what was declared.
const LATER: &str = "beoordelingen";

/// How a dossier differs from the one of the rapport.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verschil {
    Weg(String),
    Erbij(String),
    Anders(String),
}

impl fmt::Display for Verschil {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verschil::Weg(naam) => write!(f, "{naam} ontbreekt"),
            Verschil::Erbij(naam) => write!(f, "{naam} is erbij gekomen"),
            Verschil::Anders(naam) => write!(f, "{naam} heeft een andere inhoud"),
        }
    }
}

/// What `manifest.json` says of the run.
#[derive(Clone, Debug)]
pub struct Herkomst {
    pub leverjaar: i32,
    pub regelset: String,
    /// SHA-256 of the manifest itself: which rapport this is.
    pub manifest_sha256: String,
    /// Fingerprint of the key of the pseudonyms.
    pub vingerafdruk: String,
    /// Live lines of the year, and what they come to.
    pub getoetst: (u64, Cent),
    /// As given at the time: absolute, or relative to where the program then ran.
    dossier: Option<String>,
    regels: Option<String>,
    /// SHA-256 by name.
    invoer: BTreeMap<String, String>,
    regelsetbestanden: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Manifest {
    leverjaar: i32,
    regelset: ManifestRegelset,
    opties: BTreeMap<String, String>,
    pseudoniemen: ManifestPseudoniemen,
    invoer: Vec<ManifestBestand>,
    getoetst: ManifestTelling,
}

#[derive(Deserialize)]
struct ManifestRegelset {
    naam: String,
    bestanden: Vec<ManifestBestand>,
}

#[derive(Deserialize)]
struct ManifestPseudoniemen {
    vingerafdruk: String,
}

#[derive(Deserialize)]
struct ManifestBestand {
    bestand: String,
    #[serde(default)]
    soort: String,
    sha256: String,
}

#[derive(Deserialize)]
struct ManifestTelling {
    regels: u64,
    bedrag: i64,
}

fn per_naam(bestanden: Vec<ManifestBestand>) -> BTreeMap<String, String> {
    bestanden.into_iter().filter(|b| b.soort != LATER).map(|b| (b.bestand, b.sha256)).collect()
}

impl Herkomst {
    /// Reads the manifest of a rapport.
    pub fn lees(map: &Path) -> Result<Herkomst, SteekproefFout> {
        let bytes = std::fs::read(map.join("manifest.json"))
            .map_err(|_| SteekproefFout::GeenRapport { map: map.to_owned() })?;
        let m: Manifest = serde_json::from_slice(&bytes).map_err(|e| {
            tracing::debug!("{}: {e}", map.display());
            let wat = match e.classify() {
                serde_json::error::Category::Data => {
                    format!(
                        "er ontbreekt iets, of het is van een oudere versie (regel {})",
                        e.line()
                    )
                }
                _ => format!("regel {} is geen JSON", e.line()),
            };
            SteekproefFout::Beschadigd { map: map.to_owned(), wat }
        })?;
        let optie = |naam: &str| m.opties.get(naam).cloned();
        Ok(Herkomst {
            leverjaar: m.leverjaar,
            manifest_sha256: hex(&Sha256::digest(&bytes)),
            vingerafdruk: m.pseudoniemen.vingerafdruk,
            getoetst: (m.getoetst.regels, Cent(m.getoetst.bedrag)),
            dossier: optie("dossier"),
            regels: optie("regels"),
            invoer: per_naam(m.invoer),
            regelsetbestanden: per_naam(m.regelset.bestanden),
            regelset: m.regelset.naam,
        })
    }

    /// Where the dossier was; a relative path is looked for from where the program runs now.
    pub fn dossiermap(&self) -> Result<PathBuf, SteekproefFout> {
        let map = PathBuf::from(self.dossier.as_deref().ok_or(SteekproefFout::DossierOnbekend)?);
        if map.is_dir() { Ok(map) } else { Err(SteekproefFout::DossierWeg { map }) }
    }

    /// The folder of rulesets of the user's own, where the rapport was made with one.
    pub fn regelsmap(&self) -> Option<PathBuf> {
        self.regels.as_deref().map(PathBuf::from)
    }

    /// Refuses files that aren't those of the rapport, by name and SHA-256.
    pub fn bewijs_bestanden(
        &self,
        map: &Path,
        bestanden: &[Bestand],
    ) -> Result<(), SteekproefFout> {
        let nu: BTreeMap<&str, &str> = bestanden
            .iter()
            .filter(|b| b.soort.naam() != LATER)
            .map(|b| (b.pad.as_str(), b.sha256.as_str()))
            .collect();
        let verschillen = verschillen(&self.invoer, &nu);
        if verschillen.is_empty() {
            Ok(())
        } else {
            Err(SteekproefFout::AnderDossier { map: map.to_owned(), verschillen })
        }
    }

    /// Refuses a ruleset that isn't the rapport's: it says which product is of which Onderdeel.
    pub fn bewijs_regelset(&self, set: &Regelset) -> Result<(), SteekproefFout> {
        let nu = set.bestanden.iter().map(|b| (b.naam.as_str(), b.sha256.as_str())).collect();
        let verschillen = verschillen(&self.regelsetbestanden, &nu);
        if verschillen.is_empty() {
            Ok(())
        } else {
            Err(SteekproefFout::AndereRegelset { verschillen })
        }
    }

    /// Refuses a population that isn't what the rapport tested, although the files are the same.
    pub fn bewijs_populatie(&self, regels: u64, bedrag: Cent) -> Result<(), SteekproefFout> {
        if self.getoetst == (regels, bedrag) {
            return Ok(());
        }
        let zin = |(n, b): (u64, Cent)| format!("{} regels van samen {b}", Duizendtallen(n));
        Err(SteekproefFout::AnderePopulatie {
            rapport: zin(self.getoetst),
            nu: zin((regels, bedrag)),
        })
    }
}

fn verschillen(toen: &BTreeMap<String, String>, nu: &BTreeMap<&str, &str>) -> Vec<Verschil> {
    let namen: BTreeSet<&str> = toen.keys().map(String::as_str).chain(nu.keys().copied()).collect();
    namen
        .into_iter()
        .filter_map(|naam| match (toen.get(naam), nu.get(naam)) {
            (Some(_), None) => Some(Verschil::Weg(naam.to_owned())),
            (None, Some(_)) => Some(Verschil::Erbij(naam.to_owned())),
            (Some(a), Some(b)) if a != b => Some(Verschil::Anders(naam.to_owned())),
            _ => None,
        })
        .collect()
}
