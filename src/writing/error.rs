//! What can go wrong in writing.

use super::Tijdelijk;
use crate::ground::io_oorzaak;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// A reason why the rapport could not be written; then nothing of it is left.
#[derive(Debug, Error)]
pub enum RapportFout {
    #[error("{} bestaat al", map.display())]
    BestaatAl { map: PathBuf },
    #[error("{} kan niet geschreven worden: {oorzaak}", pad.display())]
    Schrijven { pad: PathBuf, oorzaak: String },
    #[error("{wat}: {oorzaak}")]
    Samenstellen { wat: &'static str, oorzaak: String },
}

impl RapportFout {
    /// What the reader of the message can do about it.
    pub fn raad(&self) -> &'static str {
        match self {
            RapportFout::BestaatAl { .. } => {
                "kies een andere map met --uit, of vervang het oude rapport met --overschrijf"
            }
            RapportFout::Schrijven { .. } => {
                "maak ruimte of kies een andere map met --uit; er is niets half geschreven"
            }
            RapportFout::Samenstellen { .. } => {
                "dit is een fout in rechtmatig; meld hem met de opties die u gebruikte"
            }
        }
    }

    /// What went wrong with the temporary files of a run.
    pub fn tijdelijk(map: &Tijdelijk, e: &std::io::Error) -> RapportFout {
        RapportFout::schrijven(map.map(), e)
    }

    pub(crate) fn schrijven(pad: &Path, e: &std::io::Error) -> RapportFout {
        RapportFout::Schrijven { pad: pad.to_owned(), oorzaak: io_oorzaak(e) }
    }
}
