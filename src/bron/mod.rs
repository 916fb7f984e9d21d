//! From files to typed rows: which files there are, how they are written, which rows can't be read.

mod berichten;
mod checklist;
mod clean;
mod collect;
mod content;
mod csv;
mod declaraties;
mod discovery;
mod earlier;
mod error;
mod fields;
mod form;
mod forms;
mod grootboek;
mod gz;
mod header;
mod ijw;
mod koppen;
mod line_sink;
mod location;
mod mapping;
mod mapping_toml;
mod meegenomen;
mod number;
mod order;
mod parquet;
mod parse_error;
mod part;
mod process;
mod reader;
mod record;
mod report;
mod riding;
mod row;
mod sample;
mod settings;
mod side_by_side;
mod single_files;
mod small;
mod stamgegevens;
mod startstop;
mod table;
mod table_spec;
mod text;
mod toewijzingen;
mod totals;
mod unreadable_value;
mod workbook;

pub(crate) use berichten::{removals, take_back};
pub(crate) use checklist::{Checklist, ChecklistRow, Oordeel, ReadProblem, read_controlelijst};
pub(crate) use content::{Content, is_date};
pub(crate) use error::{Consequence, InputError, SourceError};
pub(crate) use fields::{ParseError, bijzonderheden, tijd};
pub(crate) use forms::{GemeenteNames, Knowledge, PlausibleDates};
pub(crate) use grootboek::Grootboek;
pub(crate) use ijw::BerichtError;
pub(crate) use koppen::{candidates, column_of, genormaliseerd, proposals};
pub(crate) use line_sink::{InMemory, LineSink};
pub(crate) use parquet::read_texts;
pub(crate) use report::Mended;
pub(crate) use sample::{RawContent, RawFile, RawSheet, sample};
pub use settings::DossierSettings;
pub(crate) use settings::{Ondertekening, has_settings};
pub(crate) use single_files::{FileReading, FileReport, Inventory, Stamgegevens};
pub(crate) use table_spec::ReadMode;

use crate::dossier::{Beoordeling, CatalogusRow, FileKind, RawDossier, Reactie, TariefRow};
pub(crate) use discovery::is_dir;
use discovery::{FoundFile, find};
use order::steps;
use reader::DossierReader;
use rust_decimal::Decimal;
pub(crate) use small::{double_tarief, read_catalogus, read_tarieven};
use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// What a process with this only argument does: reads a file for the one that started it. `None` for
/// any other process.
pub(crate) fn reader_for_another(argument: &OsStr) -> Option<fn() -> io::Result<()>> {
    match argument.to_str()? {
        process::PARQUET => Some(parquet::serve),
        process::WORKBOOK => Some(workbook::serve),
        _ => None,
    }
}

/// How a dossier is read.
#[derive(Clone, Debug)]
pub(crate) struct ReadOptions {
    pub mode: ReadMode,
    /// More refused rows than this percentage of a file stop the run.
    pub max_rejected: Decimal,
    /// Does every line need a toewijzing, so that a dossier without them can't be audited?
    pub toewijzingen_needed: bool,
}

impl ReadOptions {
    /// The kinds of file without which a dossier can't be audited.
    fn needs(&self) -> &'static [FileKind] {
        if self.toewijzingen_needed {
            &[FileKind::Declaraties, FileKind::Toewijzingen]
        } else {
            &[FileKind::Declaraties]
        }
    }
}

/// All that was read of a dossier, not yet joined.
#[derive(Debug)]
pub struct ReadDossier {
    pub rows: RawDossier,
    /// Rows of `producten` and `tarieven`, by the file that they stood in.
    pub(crate) producten: Vec<CatalogusRow>,
    pub(crate) tarieven: Vec<TariefRow>,
    /// Verdicts on findings of an earlier run.
    pub(crate) beoordelingen: Vec<Beoordeling>,
    /// What aanbieders said of these.
    pub(crate) reacties: Vec<Reactie>,
    pub errors: Vec<InputError>,
    /// What the user should know of the input, in Dutch sentences.
    pub warnings: Vec<String>,
}

/// How far the reading of a dossier is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadProgress {
    /// Bytes read, of how many.
    pub bytes: u64,
    pub total: u64,
    /// Declaratieregels taken over so far.
    pub lines: u64,
}

/// Reads the files of a dossier; its lines go to `sink`. `progress` is told how far it is.
///
/// # Errors
/// Files that can't be read, too many refused rows, or nothing to audit.
pub(crate) fn read_dossier(
    dir: &Path,
    options: &ReadOptions,
    sink: &mut dyn LineSink,
    progress: &(dyn Fn(ReadProgress) + Sync),
) -> Result<ReadDossier, SourceError> {
    let found = find(dir, options.needs(), &options.mode.mapping.files)?;
    let total = found.files.iter().map(|v| v.bytes).sum::<u64>();
    let state = AtomicU64::new(0);
    let lines = AtomicU64::new(0);
    let report = |bytes: u64| {
        let so_far = state.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let lines = lines.load(Ordering::Relaxed);
        progress(ReadProgress { bytes: so_far.min(total), total, lines });
    };
    let files = found.files.iter().map(FoundFile::empty_file).collect();
    let mut reader = DossierReader::new(options, files, &report, &lines)?;
    reader.out.warnings = found.warnings;
    reader.refuse_found(found.refused);
    for step in steps(&found.files) {
        reader.read(&step, sink)?;
        if step.kind == FileKind::Toewijzingen {
            // The sooner, the less there is in memory beside them.
            reader.out.rows.choose_versies();
        }
    }
    let back = std::mem::take(&mut reader.withdrawn);
    if let Some(all) = &mut reader.out.rows.startstop {
        let found = take_back(all, &back);
        reader.out.rows.removals = removals(&back);
        reader.out.rows.removals.merge(&found);
    }
    let agbs = reader.out.rows.all_agbs().len();
    reader.finish(agbs)
}
