//! What went wrong with a file, in Dutch.

use std::fs::File;
use std::io::{Error, ErrorKind, Read};
use std::path::Path;

/// Opens a file to read it. What is no file, such as a pipe, a device or a socket, is left alone: what
/// it gives may never begin, or never end.
pub(crate) fn open_file(path: &Path) -> Result<File, Error> {
    let kind = std::fs::metadata(path)?.file_type();
    match kind.is_file() || kind.is_dir() {
        true => File::open(path),
        false => Err(Error::other("het is geen bestand, maar een pijp, apparaat of socket")),
    }
}

/// The bytes of a file.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    open_file(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The bytes of a JSON file of a rapport, which somebody else may have made: no rapport of ours has
/// one that is longer than this reads.
pub(crate) fn read_json_bytes(path: &Path) -> Result<Vec<u8>, Error> {
    /// Bytes of the longest. That of a national year has some 20 million.
    const LONGEST: u64 = 256 << 20;
    let file = open_file(path)?;
    if file.metadata()?.len() > LONGEST {
        return Err(Error::other("het is groter dan 256 MB"));
    }
    let mut bytes = Vec::new();
    file.take(LONGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The text of a file.
pub(crate) fn read_text(path: &Path) -> Result<String, Error> {
    let mut text = String::new();
    open_file(path)?.read_to_string(&mut text)?;
    Ok(text)
}

/// The text of a file that people write: settings, rulesets.
pub(crate) fn read_short_text(path: &Path) -> Result<String, Error> {
    /// Bytes of the longest.
    const LONGEST: u64 = 16 << 20;
    let file = open_file(path)?;
    if file.metadata()?.len() > LONGEST {
        return Err(Error::other("het is groter dan 16 MB"));
    }
    let mut text = String::new();
    file.take(LONGEST).read_to_string(&mut text)?;
    Ok(text)
}

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
