//! Why an audit could not be done.

use super::parts::stream::StreamError;
use crate::bron::SourceError;
use crate::ground::config::ConfigError;
use crate::toetsing::CountError;
use crate::writing::WriteError;

/// A reason why an audit could not be done. What to do about it is in what it holds.
#[derive(Debug)]
pub enum AuditError {
    /// A choice or a file of settings that can't be followed.
    Config(Box<ConfigError>),
    /// A dossier that can't be read.
    Source(SourceError),
    /// Files of lines that don't fit in memory could not be written or read back, or lines not
    /// counted.
    Spill(WriteError),
    /// A part of an audit came in that isn't whole, or isn't one.
    Stream(StreamError),
}

impl AuditError {
    /// What it means that lines could not be counted.
    pub(super) fn not_counted(e: &CountError) -> AuditError {
        let what = "de declaratieregels kunnen niet worden geteld";
        AuditError::Spill(WriteError::Assembling { what, cause: e.to_string() })
    }
}

impl From<Box<ConfigError>> for AuditError {
    fn from(error: Box<ConfigError>) -> AuditError {
        AuditError::Config(error)
    }
}

impl From<SourceError> for AuditError {
    fn from(error: SourceError) -> AuditError {
        AuditError::Source(error)
    }
}

impl From<StreamError> for AuditError {
    fn from(error: StreamError) -> AuditError {
        AuditError::Stream(error)
    }
}
