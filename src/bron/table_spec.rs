//! A table before it is read: which file it is, where its bytes come from and how they are written. And what
//! is known of it when it was.

use super::error::SourceError;
use super::form::{FileForm, TablePlace};
use super::forms::{Forms, Knowledge};
use super::gz::{Meter, unpacked};
use super::header::{Header, HeaderSpec};
use super::location::Location;
use super::mapping::Mapping;
use super::report::ReadReport;
use crate::dossier::{Columns, FileId, FileKind, Kolom};
use crate::ground::memory::Budget;
use std::io::Read;

/// How all files of a dossier are to be read.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReadMode {
    /// How the exports of this dossier are written.
    pub mapping: Mapping,
    /// What is known before any file is read.
    pub known: Knowledge,
    /// Codes of products that may be declared without a Bsn.
    pub without_bsn: Vec<String>,
    /// Memory that reading may take.
    pub budget: Budget,
}

impl ReadMode {
    /// How the cells of files of this kind are written.
    pub(crate) fn forms(&self, kind: FileKind) -> Forms<'_> {
        Forms {
            amounts: self.mapping.amounts.get(kind),
            dates: self.mapping.dates.get(kind),
            words: &self.mapping.words,
            gemeenten: &self.known.gemeenten,
            plausible: self.known.plausible,
            credit_by_sign: true,
        }
    }

    /// Needed columns of this kind that may be missing all the same.
    fn may_be_absent(&self, kind: FileKind) -> Columns {
        if kind == FileKind::Declaraties && !self.without_bsn.is_empty() {
            Columns::default().with(Kolom::Bsn)
        } else {
            Columns::default()
        }
    }
}

/// What was read of a file besides its rows.
#[derive(Debug)]
pub(crate) struct TableReading {
    pub header: Header,
    pub report: ReadReport,
    /// What the user should know of it, in Dutch sentences that its name goes before.
    pub notes: Vec<String>,
    pub bytes: u64,
    pub sha256: String,
    /// Of the bytes that a packed file holds; else the same.
    pub sha256_unpacked: String,
}

/// Where a table's bytes come from.
pub(crate) enum Input<'a> {
    File(&'a Location),
    Bytes(&'a [u8]),
}

impl Input<'_> {
    /// The bytes, unpacked if `gz` is given: then it and `progress` see them as they were packed.
    pub(crate) fn open<'s>(
        &'s self,
        name: &str,
        gz: Option<&Meter>,
        progress: &'s (dyn Fn(u64) + Sync),
    ) -> Result<Box<dyn Read + Send + 's>, SourceError> {
        match self {
            Input::Bytes(bytes) => Ok(Box::new(*bytes)),
            Input::File(location) => {
                if location.path().is_dir() {
                    return Err(SourceError::IsDir { file: name.to_owned() });
                }
                let file = location.open().map_err(|e| SourceError::from_io(name, &e))?;
                match gz {
                    None => Ok(file),
                    Some(_) if location.bytes() == 0 => {
                        Err(SourceError::Empty { file: name.to_owned() })
                    }
                    Some(meter) => {
                        Ok(Box::new(unpacked(file, location.packed(), meter.clone(), progress)))
                    }
                }
            }
        }
    }

    /// How many they are.
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Input::Bytes(bytes) => bytes.len() as u64,
            Input::File(location) => location.bytes(),
        }
    }

    /// Size and time of change, to see whether a file was written to while it was read.
    pub(crate) fn fingerprint(&self) -> Option<(u64, Option<std::time::SystemTime>)> {
        match self {
            Input::Bytes(_) => None,
            Input::File(location) => location.fingerprint(),
        }
    }
}

/// A kind of file, its name for messages, and its number in the dossier.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TableSpec<'a> {
    pub name: &'a str,
    pub kind: FileKind,
    pub id: FileId,
    pub form: FileForm,
    pub place: &'a TablePlace,
}

impl TableSpec<'_> {
    pub(crate) fn header_spec<'s>(&'s self, mode: &'s ReadMode) -> HeaderSpec<'s> {
        HeaderSpec {
            file: self.name,
            kind: self.kind,
            names: &mode.mapping.columns,
            may_be_absent: mode.may_be_absent(self.kind),
            place: self.place,
        }
    }
}

/// The rows of one block, and what was noted of them.
pub(crate) struct BlockRows<Chunk> {
    pub chunk: Chunk,
    pub report: ReadReport,
}
