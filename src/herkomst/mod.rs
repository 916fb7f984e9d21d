//! Where a rapport comes from: which dossier it was made of, where that stands, under which options,
//! and whether a dossier is that one.

mod error;
mod known;

pub(crate) use error::{Mismatch, OriginError};
pub(crate) use known::{is_pseudonym, known_pseudonyms};

use crate::dossier::{Cent, SourceFile, declaratieregels};
use crate::ground::{DossierPlace, hex, io_cause, read_json_bytes};
use crate::regelset::Regelset;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What comes after the rapport that it is about, and changes nothing in what was declared.
const LATER: [&str; 3] = ["beoordelingen", "openstaand", "reacties"];

/// What `manifest.json` says of the run.
#[derive(Clone, Debug)]
pub(crate) struct ReportOrigin {
    pub leverjaar: i32,
    pub regelset: String,
    /// Version of the program that wrote it.
    pub program: String,
    /// SHA-256 of the manifest itself: which rapport this is.
    pub manifest_sha256: String,
    /// Fingerprint of the key of the pseudonyms.
    pub fingerprint: String,
    /// Live lines of the year, and what they come to.
    pub tested: (u64, Cent),
    /// What was given on the command line, by name.
    pub options: BTreeMap<String, String>,
    pub formats: Vec<String>,
    /// When it was begun, and by whom.
    pub begin: String,
    pub by: String,
    /// What the rapport holds beside its manifest: files, and folders with a `/` behind.
    pub output: Vec<String>,
    /// Where the dossier may stand, the likeliest place first.
    dossier: Vec<PathBuf>,
    regels: Vec<PathBuf>,
    /// SHA-256 of `controle.toml`, where there is one.
    settings: Option<String>,
    /// Kind and SHA-256 by name.
    input: BTreeMap<String, (String, String)>,
    regelsetbestanden: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Manifest {
    programma: ManifestProgram,
    uitgevoerd: ManifestRun,
    leverjaar: i32,
    regelset: ManifestRegelset,
    opties: BTreeMap<String, String>,
    formaten: Vec<String>,
    pseudoniemen: ManifestPseudoniemen,
    #[serde(default)]
    plaats: DossierPlace,
    #[serde(default)]
    instellingen_sha256: Option<String>,
    invoer: Vec<ManifestFile>,
    getoetst: ManifestCounts,
    #[serde(default)]
    uitvoer: Vec<String>,
}

#[derive(Deserialize)]
struct ManifestProgram {
    versie: String,
}

#[derive(Deserialize)]
struct ManifestRun {
    begin: String,
    door: String,
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

impl ReportOrigin {
    /// Reads the manifest of a rapport.
    pub(crate) fn read(dir: &Path) -> Result<ReportOrigin, OriginError> {
        let bytes = read_json_bytes(&dir.join("manifest.json")).map_err(|e| match e.kind() {
            ErrorKind::Other => OriginError::Damaged { dir: dir.to_owned(), what: io_cause(&e) },
            _ => OriginError::NoRapport { dir: dir.to_owned() },
        })?;
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
            OriginError::Damaged { dir: dir.to_owned(), what }
        })?;
        let given = |name: &str| m.opties.get(name).map(PathBuf::from);
        Ok(ReportOrigin {
            leverjaar: m.leverjaar,
            manifest_sha256: hex(&Sha256::digest(&bytes)),
            fingerprint: m.pseudoniemen.vingerafdruk,
            tested: (m.getoetst.regels, Cent(m.getoetst.bedrag)),
            dossier: m.plaats.dossiers(dir).into_iter().chain(given("dossier")).collect(),
            regels: m.plaats.rulesets().cloned().into_iter().chain(given("regels")).collect(),
            options: m.opties,
            formats: m.formaten,
            program: m.programma.versie,
            begin: m.uitgevoerd.begin,
            by: m.uitgevoerd.door,
            output: m.uitvoer,
            settings: m.instellingen_sha256,
            input: m.invoer.into_iter().map(|b| (b.bestand, (b.soort, b.sha256))).collect(),
            regelsetbestanden: m
                .regelset
                .bestanden
                .into_iter()
                .map(|b| (b.bestand, b.sha256))
                .collect(),
            regelset: m.regelset.naam,
        })
    }

    /// Where the dossier stands: where it stood, or as far from the rapport as it then did.
    pub(crate) fn dossiermap(&self) -> Result<PathBuf, OriginError> {
        let first = self.dossier.first().ok_or(OriginError::DossierUnknown)?;
        let found = self.dossier.iter().find(|dir| dir.is_dir());
        found.cloned().ok_or_else(|| OriginError::DossierGone { dir: first.clone() })
    }

    /// The folder of rulesets of the user's own, where the rapport was made with one.
    pub(crate) fn rules_dir(&self) -> Option<PathBuf> {
        let found = self.regels.iter().find(|dir| dir.is_dir());
        found.or(self.regels.first()).cloned()
    }

    /// Refuses files that aren't those of the rapport, by name and SHA-256.
    pub(crate) fn evidence_files(
        &self,
        dir: &Path,
        files: &[SourceFile],
    ) -> Result<(), OriginError> {
        match self.other_files(files, |soort| !LATER.contains(&soort)) {
            differences if differences.is_empty() => Ok(()),
            differences => Err(OriginError::OtherDossier { dir: dir.to_owned(), differences }),
        }
    }

    /// How these files differ from those of the rapport, verdicts included.
    pub(crate) fn differences(&self, files: &[SourceFile]) -> Vec<Mismatch> {
        self.other_files(files, |_| true)
    }

    fn other_files(&self, files: &[SourceFile], counts: impl Fn(&str) -> bool) -> Vec<Mismatch> {
        let now: BTreeMap<&str, &str> = files
            .iter()
            .filter(|b| counts(b.soort.name()))
            .map(|b| (b.pad.as_str(), b.sha256.as_str()))
            .collect();
        let then = self.input.iter().filter(|(_, (soort, _))| counts(soort));
        differences(then.map(|(name, (_, sha))| (name.as_str(), sha.as_str())).collect(), &now)
    }

    /// Was there another `controle.toml` then, by its SHA-256?
    pub(crate) fn has_other_settings(&self, now: Option<&str>) -> bool {
        self.settings.as_deref() != now
    }

    /// How the files of this ruleset differ from those of the rapport.
    pub(crate) fn other_regelset(&self, set: &Regelset) -> Vec<Mismatch> {
        let now = set.files.iter().map(|b| (b.name.as_str(), b.sha256.as_str())).collect();
        let then = self.regelsetbestanden.iter();
        differences(then.map(|(name, sha)| (name.as_str(), sha.as_str())).collect(), &now)
    }

    /// Refuses a ruleset that isn't the rapport's: it says which product is of which Onderdeel.
    pub(crate) fn evidence_regelset(&self, set: &Regelset) -> Result<(), OriginError> {
        match self.other_regelset(set) {
            differences if differences.is_empty() => Ok(()),
            differences => Err(OriginError::OtherRegelset { differences }),
        }
    }

    /// Refuses a population that isn't what the rapport tested, although the files are the same.
    pub(crate) fn evidence_population(&self, lines: u64, bedrag: Cent) -> Result<(), OriginError> {
        if self.tested == (lines, bedrag) {
            return Ok(());
        }
        let sentence = |(n, b): (u64, Cent)| format!("{} van samen {b}", declaratieregels(n));
        Err(OriginError::OtherPopulation {
            rapport: sentence(self.tested),
            now: sentence((lines, bedrag)),
        })
    }
}

fn differences(earlier: BTreeMap<&str, &str>, now: &BTreeMap<&str, &str>) -> Vec<Mismatch> {
    let names: BTreeSet<&str> = earlier.keys().chain(now.keys()).copied().collect();
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
