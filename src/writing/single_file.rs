//! One file in its place: whole or not at all, for its owner only; never through a link, and nothing
//! is overwritten unasked.

use super::building::{Building, Unfinished, clean_up_abandoned};
use super::error::WriteError;
use super::ours::named;
use crate::ground::system::{for_owner_only, sync_dir};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The place of a file, with a hidden folder beside it in which it is written.
pub(crate) struct OutputFile {
    target: PathBuf,
    building: Building,
    /// How a file begins that may be replaced, if that was asked.
    replaces: Option<&'static [u8]>,
}

impl OutputFile {
    /// Makes ready to write this file. One that is there already is replaced if that is asked
    /// (`overschrijf`) and it begins as this program writes it.
    pub(crate) fn make(
        target: &Path,
        overschrijf: bool,
        begins: &'static [u8],
    ) -> Result<OutputFile, WriteError> {
        let error = |e: io::Error| WriteError::writing(target, &e);
        let target: PathBuf = target.components().collect();
        let Some(name) = target.file_name().and_then(|name| name.to_str()) else {
            let why = "dat is geen naam van een bestand".to_owned();
            return Err(WriteError::NotOurs { path: target, why });
        };
        let out = match target.parent() {
            Some(out) if !out.as_os_str().is_empty() => out,
            _ => Path::new("."),
        };
        let replaces = overschrijf.then_some(begins);
        look(&target, replaces)?;
        clean_up_abandoned(out).map_err(error)?;
        let building = Building::begin(out, name).map_err(error)?;
        Ok(OutputFile { target, building, replaces })
    }

    /// Where the file is written.
    pub(crate) fn path(&self) -> PathBuf {
        self.building.fresh().join("bestand")
    }

    /// What there is of it so far, for whoever ends the program meanwhile.
    pub(crate) fn unfinished(&self) -> Unfinished {
        self.building.unfinished()
    }

    /// Moves the finished file to its place.
    pub(crate) fn put_down(self) -> Result<(), WriteError> {
        let error = |e: io::Error| WriteError::writing(&self.target, &e);
        let path = self.path();
        if !self.building.open_to_others() {
            for_owner_only(&path).map_err(error)?;
        }
        File::open(&path).and_then(|file| file.sync_all()).map_err(error)?;
        self.building.place(|| {
            // Something may have come there since.
            if look(&self.target, self.replaces)? {
                fs::rename(&path, &self.target).map_err(error)
            } else {
                let path = tempfile::TempPath::try_from_path(path).map_err(error)?;
                path.persist_noclobber(&self.target).map_err(|e| error(e.error))
            }
        })?;
        if let Some(out) = self.target.parent()
            && let Err(e) = sync_dir(out)
        {
            tracing::warn!("{}: {e}", out.display());
        }
        Ok(())
    }
}

/// Is there a file to replace? An error where it may not be.
fn look(target: &Path, replaces: Option<&[u8]>) -> Result<bool, WriteError> {
    let kind = match target.symlink_metadata() {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(e) => return Err(WriteError::writing(target, &e)),
        Ok(data) => data.file_type(),
    };
    let refused = |why: String| Err(WriteError::NotOurs { path: target.to_owned(), why });
    if !kind.is_file() {
        return refused(format!("daar staat {}", named(kind)));
    }
    let Some(begins) = replaces else {
        return Err(WriteError::AlreadyExists { path: target.to_owned() });
    };
    let mut head = Vec::new();
    File::open(target)
        .and_then(|file| file.take(begins.len() as u64).read_to_end(&mut head))
        .map_err(|e| WriteError::writing(target, &e))?;
    match head == begins {
        true => Ok(true),
        false => refused("daar staat een bestand dat rechtmatig niet schreef".to_owned()),
    }
}
