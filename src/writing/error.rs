//! What can go wrong in writing.

use crate::ground::io_cause;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// A reason why files could not be written; then nothing of them is left.
#[derive(Debug, Error)]
pub enum WriteError {
    #[error("{} bestaat al", crate::ground::shown_path(path))]
    AlreadyExists { path: PathBuf },
    /// What is there isn't known to be made by this program, or is read from.
    #[error("{} wordt niet vervangen: {why}", crate::ground::shown_path(path))]
    NotOurs { path: PathBuf, why: String },
    #[error("{} kan niet geschreven worden: {cause}", crate::ground::shown_path(path))]
    Writing { path: PathBuf, cause: String },
    #[error("{what}: {cause}")]
    Assembling { what: &'static str, cause: String },
}

impl WriteError {
    /// What the reader of the message can do about it.
    pub(crate) fn advice(&self) -> &'static str {
        match self {
            WriteError::AlreadyExists { .. } => {
                "kies een andere plaats, of vervang wat rechtmatig daar eerder schreef met --overschrijf"
            }
            WriteError::NotOurs { .. } => {
                "kies een andere plaats, of zet eerst zelf opzij wat daar staat; er is niets veranderd"
            }
            WriteError::Writing { .. } => {
                "maak ruimte, sluit wat u daar open hebt of kies een andere map met --uit; er is niets half geschreven"
            }
            WriteError::Assembling { .. } => {
                "dit is een fout in rechtmatig; meld hem met de opties die u gebruikte"
            }
        }
    }

    /// What went wrong with a file or folder that is written, a temporary one too.
    pub(crate) fn writing(path: &Path, e: &std::io::Error) -> WriteError {
        WriteError::Writing { path: path.to_owned(), cause: io_cause(e) }
    }
}
