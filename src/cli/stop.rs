//! Why a command stops, told to the user, with the exit status.

use super::{ExitStatus, message};
use crate::audit::parts::stream::{StepError, StreamError};
use crate::audit::{AuditError, TooManyFindings};
use crate::bron::SourceError;
use crate::ground::config::ConfigError;
use crate::ground::io_cause;
use crate::poort::Melding;
use crate::vergelijking::ReadReportError;
use crate::writing::WriteError;
use std::io;

/// A reason to stop a command that reads a dossier.
pub(crate) enum CommandError {
    Config(Box<ConfigError>),
    Source(SourceError),
    Rapport(WriteError),
    /// The input isn't what it seems.
    Poort(Vec<Melding>),
    /// A rapport that is compared can't be read.
    Earlier(ReadReportError),
    /// A part of an audit came in that isn't whole, or isn't one.
    Stream(StreamError),
    /// What the rules found doesn't fit in memory.
    Findings(TooManyFindings),
    /// What a part came to could not be passed on.
    Stdout(io::Error),
    /// What was made stands where this sentence says; only showing what it came to failed.
    Screen(io::Error, String),
}

impl From<Box<ConfigError>> for CommandError {
    fn from(e: Box<ConfigError>) -> CommandError {
        CommandError::Config(e)
    }
}

impl From<SourceError> for CommandError {
    fn from(e: SourceError) -> CommandError {
        CommandError::Source(e)
    }
}

impl From<WriteError> for CommandError {
    fn from(e: WriteError) -> CommandError {
        CommandError::Rapport(e)
    }
}

impl From<ReadReportError> for CommandError {
    fn from(e: ReadReportError) -> CommandError {
        CommandError::Earlier(e)
    }
}

impl From<StreamError> for CommandError {
    fn from(e: StreamError) -> CommandError {
        CommandError::Stream(e)
    }
}

impl From<AuditError> for CommandError {
    fn from(e: AuditError) -> CommandError {
        match e {
            AuditError::Config(e) => CommandError::Config(e),
            AuditError::Source(e) => CommandError::Source(e),
            AuditError::Stream(e) => CommandError::Stream(e),
            AuditError::Spill(e) => CommandError::Rapport(e),
            AuditError::Findings(e) => CommandError::Findings(e),
        }
    }
}

impl From<StepError> for CommandError {
    fn from(e: StepError) -> CommandError {
        match e {
            StepError::Source(e) => CommandError::Source(e),
            StepError::Stream(e) => CommandError::Stream(e),
            StepError::Output(e) => CommandError::Stdout(e),
        }
    }
}

impl CommandError {
    /// Tells the user, and gives the exit status.
    pub(crate) fn report(self) -> ExitStatus {
        match self {
            CommandError::Config(e) => {
                message::config_error(&e);
                ExitStatus::Usage
            }
            CommandError::Earlier(e) => {
                message::error(&e.to_string(), e.advice());
                ExitStatus::Input
            }
            CommandError::Source(e) => {
                message::error(&e.to_string(), &e.advice());
                ExitStatus::Input
            }
            CommandError::Rapport(e) => {
                message::error(&e.to_string(), e.advice());
                ExitStatus::Output
            }
            CommandError::Poort(meldingen) => {
                message::poort(&meldingen);
                ExitStatus::Input
            }
            CommandError::Stream(e) => {
                message::error(&e.to_string(), e.advice());
                ExitStatus::Input
            }
            CommandError::Findings(e) => {
                message::error(&e.to_string(), &e.advice());
                ExitStatus::Input
            }
            CommandError::Screen(e, stands) => {
                message::error(
                    &format!("wat het scherm moest tonen, is niet te schrijven: {}", io_cause(&e)),
                    &format!("{stands}; alleen de samenvatting ontbreekt"),
                );
                ExitStatus::Output
            }
            CommandError::Stdout(e) => {
                message::error(
                    &format!("wat eruit komt, kan niet geschreven worden: {}", io_cause(&e)),
                    "kijk of het programma dat de stroom leest nog loopt, en of er ruimte is; voer dit deel dan opnieuw uit",
                );
                ExitStatus::Output
            }
        }
    }
}
