//! Why a command stops, told to the user, with the exit status.

use super::{Status, melding};
use crate::audit::AuditError;
use crate::audit::parts::stream::{StepError, StreamError};
use crate::bron::BronFout;
use crate::ground::config::ConfigFout;
use crate::ground::io_oorzaak;
use crate::writing::WriteError;
use std::io;

/// A reason to stop a command that reads a dossier.
pub enum Stop {
    Config(Box<ConfigFout>),
    Bron(BronFout),
    Rapport(WriteError),
    /// A part of an audit came in that isn't whole, or isn't one.
    Stroom(StreamError),
    /// What a part came to could not be passed on.
    Stdout(io::Error),
}

impl From<Box<ConfigFout>> for Stop {
    fn from(e: Box<ConfigFout>) -> Stop {
        Stop::Config(e)
    }
}

impl From<BronFout> for Stop {
    fn from(e: BronFout) -> Stop {
        Stop::Bron(e)
    }
}

impl From<WriteError> for Stop {
    fn from(e: WriteError) -> Stop {
        Stop::Rapport(e)
    }
}

impl From<StreamError> for Stop {
    fn from(e: StreamError) -> Stop {
        Stop::Stroom(e)
    }
}

impl From<AuditError> for Stop {
    fn from(e: AuditError) -> Stop {
        match e {
            AuditError::Config(e) => Stop::Config(e),
            AuditError::Bron(e) => Stop::Bron(e),
            AuditError::Stream(e) => Stop::Stroom(e),
            AuditError::Spill(e) => Stop::Rapport(e),
        }
    }
}

impl From<StepError> for Stop {
    fn from(e: StepError) -> Stop {
        match e {
            StepError::Bron(e) => Stop::Bron(e),
            StepError::Stroom(e) => Stop::Stroom(e),
            StepError::Uitvoer(e) => Stop::Stdout(e),
        }
    }
}

impl Stop {
    /// Tells the user, and gives the exit status.
    pub fn meld(self) -> Status {
        match self {
            Stop::Config(e) => {
                melding::config_fout(&e);
                Status::Gebruik
            }
            Stop::Bron(e) => {
                melding::fout(&e.to_string(), &e.raad());
                Status::Invoer
            }
            Stop::Rapport(e) => {
                melding::fout(&e.to_string(), e.raad());
                Status::Uitvoer
            }
            Stop::Stroom(e) => {
                melding::fout(&e.to_string(), e.raad());
                Status::Invoer
            }
            Stop::Stdout(e) => {
                melding::fout(
                    &format!("wat eruit komt, kan niet geschreven worden: {}", io_oorzaak(&e)),
                    "kijk of het programma dat de stroom leest nog loopt, en of er ruimte is; voer dit deel dan opnieuw uit",
                );
                Status::Uitvoer
            }
        }
    }
}
