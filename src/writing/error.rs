//! What can go wrong in writing.

use crate::ground::io_oorzaak;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// A reason why files could not be written; then nothing of them is left.
#[derive(Debug, Error)]
pub enum WriteError {
    #[error("{} bestaat al", map.display())]
    BestaatAl { map: PathBuf },
    #[error("{} kan niet geschreven worden: {oorzaak}", pad.display())]
    Schrijven { pad: PathBuf, oorzaak: String },
    #[error("{wat}: {oorzaak}")]
    Samenstellen { wat: &'static str, oorzaak: String },
}

impl WriteError {
    /// What the reader of the message can do about it.
    pub fn raad(&self) -> &'static str {
        match self {
            WriteError::BestaatAl { .. } => {
                "kies een andere map met --uit, of vervang het oude rapport met --overschrijf"
            }
            WriteError::Schrijven { .. } => {
                "maak ruimte of kies een andere map met --uit; er is niets half geschreven"
            }
            WriteError::Samenstellen { .. } => {
                "dit is een fout in rechtmatig; meld hem met de opties die u gebruikte"
            }
        }
    }

    /// What went wrong with a file or folder that is written, a temporary one too.
    pub fn schrijven(pad: &Path, e: &std::io::Error) -> WriteError {
        WriteError::Schrijven { pad: pad.to_owned(), oorzaak: io_oorzaak(e) }
    }
}
