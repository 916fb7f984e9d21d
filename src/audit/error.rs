//! Why an audit could not be done.

use super::parts::stream::StreamError;
use crate::bron::BronFout;
use crate::ground::config::ConfigFout;
use crate::writing::WriteError;

/// A reason why an audit could not be done. What to do about it is in what it holds.
#[derive(Debug)]
pub enum AuditError {
    /// A choice or a file of settings that can't be followed.
    Config(Box<ConfigFout>),
    /// A dossier that can't be read.
    Bron(BronFout),
    /// Files of lines that don't fit in memory could not be written or read back.
    Spill(WriteError),
    /// A part of an audit came in that isn't whole, or isn't one.
    Stream(StreamError),
}

impl From<Box<ConfigFout>> for AuditError {
    fn from(error: Box<ConfigFout>) -> AuditError {
        AuditError::Config(error)
    }
}

impl From<BronFout> for AuditError {
    fn from(error: BronFout) -> AuditError {
        AuditError::Bron(error)
    }
}

impl From<StreamError> for AuditError {
    fn from(error: StreamError) -> AuditError {
        AuditError::Stream(error)
    }
}
