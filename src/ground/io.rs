//! What went wrong with a file, in Dutch.

use std::io::{Error, ErrorKind};

/// Why a file could not be read or written, as the end of a sentence.
pub(crate) fn io_cause(e: &Error) -> String {
    match e.kind() {
        ErrorKind::NotFound => "het bestaat niet".into(),
        ErrorKind::PermissionDenied => "geen toestemming".into(),
        ErrorKind::StorageFull => "de schijf is vol".into(),
        ErrorKind::FileTooLarge => "het bestand zou te groot worden".into(),
        ErrorKind::ReadOnlyFilesystem => "de schijf is alleen-lezen".into(),
        ErrorKind::IsADirectory => "het is een map".into(),
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
            "op dit pad staat een bestand, geen map".into()
        }
        ErrorKind::InvalidData => "het is geen UTF-8".into(),
        _ => e.to_string(),
    }
}
