//! What is to come back, read back from a rapport.

use super::{FILE, Terugvordering};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// A reason why a rapport gives nothing to ask back.
#[derive(Debug, Error)]
pub(crate) enum ReadClaimsError {
    #[error("{} is geen map van een rapport: manifest.json ontbreekt", crate::ground::shown_path(.0))]
    NoRapport(PathBuf),
    #[error("in {} is geen bevinding beoordeeld als terugvorderen", crate::ground::shown_path(.0))]
    Nothing(PathBuf),
    #[error("{}: {FILE} is niet te lezen: {cause}", crate::ground::shown_path(dir))]
    Damaged { dir: PathBuf, cause: String },
}

impl ReadClaimsError {
    /// What the reader of the message can do about it.
    pub(crate) fn advice(&self) -> &'static str {
        match self {
            ReadClaimsError::NoRapport(_) => "geef een map die rechtmatig controleer schreef",
            ReadClaimsError::Nothing(_) => {
                "kies terugvorderen in de kolom Oordeel van het blad Lijst in rapport.xlsx, zet die werkmap als beoordelingen.xlsx in het dossier, draai controleer opnieuw en geef dat rapport"
            }
            ReadClaimsError::Damaged { .. } => "maak dit rapport opnieuw met rechtmatig controleer",
        }
    }
}

impl Terugvordering {
    /// Of the rapport in this folder.
    pub(crate) fn read(dir: &Path) -> Result<Terugvordering, ReadClaimsError> {
        let damaged = |cause: String| ReadClaimsError::Damaged { dir: dir.to_owned(), cause };
        let text = match crate::ground::read_json_bytes(&dir.join(FILE)) {
            Ok(text) => text,
            Err(e) if e.kind() != ErrorKind::NotFound => {
                return Err(damaged(crate::ground::io_cause(&e)));
            }
            Err(_) if dir.join("manifest.json").is_file() => {
                return Err(ReadClaimsError::Nothing(dir.to_owned()));
            }
            Err(_) => return Err(ReadClaimsError::NoRapport(dir.to_owned())),
        };
        let read: Terugvordering =
            serde_json::from_slice(&text).map_err(|e| damaged(format!("regel {}", e.line())))?;
        match read.is_empty() {
            true => Err(ReadClaimsError::Nothing(dir.to_owned())),
            false => Ok(read),
        }
    }
}
