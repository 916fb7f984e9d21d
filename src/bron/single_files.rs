//! Reading a dossier in parts: every large file by itself, in whatever process, and then what only
//! all files together can tell. Refused rows, totals, warnings and errors are those of
//! [`read_dossier`](super::read_dossier), in its order.

use super::discovery::{FoundFile, FoundFiles, find, find_tables};
use super::ijw::BerichtError;
use super::line_sink::InMemory;
use super::order::{Stap, is_large, small_kinds, steps};
use super::reader::DossierReader;
use super::report::{Mended, ReadReport};
use super::{InputError, ReadDossier, ReadOptions, SourceError};
use crate::dossier::{
    Agb, Beoordeling, CatalogusRow, FileId, RawDossier, Reactie, SourceFile, Startstop, TariefRow,
};
use crate::ground::masked;
use rust_decimal::Decimal;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::atomic::AtomicU64;

/// A file to be read by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReadTask {
    pub file: String,
    pub bytes: u64,
}

/// The files of a dossier.
#[derive(Debug)]
pub(crate) struct Inventory(FoundFiles);

/// What was read of one file besides its rows.
#[derive(Debug)]
pub(crate) struct FileReport {
    pub file: SourceFile,
    /// As if the file were the only one of its dossier.
    pub errors: Vec<InputError>,
    pub warnings: Vec<String>,
    /// What was mended in values, per column.
    pub mended: Vec<Mended>,
    /// The aanbieders that the rows name.
    pub agbs: Vec<Agb>,
    /// Why the message that the file holds is refused.
    pub refused: Option<BerichtError>,
    /// Afzender, Identificatie and Dagtekening of the message that the file holds.
    pub bericht: Option<[String; 3]>,
}

/// What was read of one file, as the only file of its dossier.
#[derive(Debug)]
pub(crate) struct FileReading {
    pub report: FileReport,
    pub rows: RawDossier,
    /// Starts and stops that take one back.
    pub withdrawn: Vec<Startstop>,
}

/// What the small tables hold.
#[derive(Debug)]
pub(crate) struct Stamgegevens {
    /// All files, and no rows of large ones.
    pub rows: RawDossier,
    pub producten: Vec<CatalogusRow>,
    pub tarieven: Vec<TariefRow>,
    pub beoordelingen: Vec<Beoordeling>,
    pub reacties: Vec<Reactie>,
}

/// What all files together came to.
#[derive(Debug)]
pub(crate) struct Whole {
    pub files: Vec<SourceFile>,
    /// For each file: is it a message that was refused? Then none of its rows count.
    pub refused: Vec<bool>,
    /// The aanbieders that any file names, by AGB code.
    pub agbs: Vec<Agb>,
    pub errors: Vec<InputError>,
    pub warnings: Vec<String>,
}

impl Stamgegevens {
    /// Reads the small tables of a dossier of which all files are known. They must be the same ones.
    pub(crate) fn read(
        dir: &Path,
        options: &ReadOptions,
        files: &[SourceFile],
    ) -> Result<Stamgegevens, SourceError> {
        let lines = AtomicU64::new(0);
        let found = find_tables(dir, &options.mode.mapping.files)?.files;
        let mut reader = DossierReader::new(options, files.to_vec(), &|_| {}, &lines)?;
        for kind in small_kinds() {
            let of_kind = files.iter().enumerate().filter(|(_, b)| b.soort == kind);
            let finds = of_kind.map(|(i, file)| {
                let hit = found.iter().find(|v| v.name == file.pad);
                hit.map(|v| (FileId::new(i), v)).ok_or_else(|| vanished(&file.pad))
            });
            let finds = finds.collect::<Result<Vec<_>, SourceError>>()?;
            reader.read(&Stap::new(kind, finds), &mut InMemory::default())?;
        }
        let ReadDossier { rows, producten, tarieven, beoordelingen, reacties, .. } = reader.out;
        let mut together = rows.files.iter().zip(files);
        match together.find(|(now, earlier)| now.sha256 != earlier.sha256) {
            None => Ok(Stamgegevens { rows, producten, tarieven, beoordelingen, reacties }),
            Some((now, _)) => Err(SourceError::Changed { file: now.pad.clone() }),
        }
    }
}

impl Inventory {
    /// The files in this folder; those that every dossier needs may not be missing.
    pub(crate) fn of(dir: &Path, options: &ReadOptions) -> Result<Inventory, SourceError> {
        find(dir, options.needs(), &options.mode.mapping.files).map(Inventory)
    }

    /// The files to be read by themselves, in the order of their paths.
    pub(crate) fn taken(&self) -> impl Iterator<Item = ReadTask> + '_ {
        let large = self.0.files.iter().filter(|v| is_large(v.kind));
        large.map(|v| ReadTask { file: v.name.clone(), bytes: v.bytes })
    }

    /// Reads one of these files.
    pub(crate) fn read(
        &self,
        file: &str,
        options: &ReadOptions,
    ) -> Result<FileReading, SourceError> {
        let found = self.0.files.iter().find(|v| v.name == file);
        let found = found.ok_or_else(|| vanished(&masked(file)))?;
        let mut options = options.clone();
        if found.bericht().is_some() {
            // Messages are judged together, once all of a kind are read.
            options.max_rejected = Decimal::ONE_HUNDRED;
        }
        let lines = AtomicU64::new(0);
        let mut reader = DossierReader::new(&options, vec![found.empty_file()], &|_| {}, &lines)?;
        if is_large(found.kind) {
            let step = Stap::new(found.kind, [(FileId(0), found)]);
            reader.read(&step, &mut InMemory::default())?;
        }
        let DossierReader { mut out, mended, refused, earlier, withdrawn: back, .. } = reader;
        let report = FileReport {
            file: out.rows.files.remove(0),
            errors: out.errors,
            warnings: out.warnings,
            mended: mended.into_iter().map(|((repair, kolom), n)| (repair, kolom, n)).collect(),
            agbs: out.rows.all_agbs(),
            refused: refused.into_iter().next().map(|(_, error)| error),
            bericht: earlier.into_key(),
        };
        Ok(FileReading { report, rows: out.rows, withdrawn: back })
    }

    /// What all files together come to. Of every file that is read by itself there must be one
    /// report, or the reason why it can't be read.
    pub(crate) fn whole(
        self,
        options: &ReadOptions,
        reports: Vec<(String, Result<FileReport, SourceError>)>,
    ) -> Result<Whole, SourceError> {
        let lines = AtomicU64::new(0);
        let FoundFiles { files, warnings, refused, .. } = self.0;
        let empty = files.iter().map(FoundFile::empty_file).collect();
        let mut together = PartsGathered {
            reader: DossierReader::new(options, empty, &|_| {}, &lines)?,
            reports: per_file(&files, reports)?,
            refused: vec![false; files.len()],
            agbs: BTreeSet::new(),
        };
        together.reader.out.warnings = warnings;
        together.reader.refuse_found(refused);
        for step in steps(&files) {
            if is_large(step.kind) {
                together.tables(&step)?;
                together.berichten(&step)?;
            } else {
                together.reader.read(&step, &mut InMemory::default())?;
            }
        }
        let PartsGathered { reader, refused, mut agbs, .. } = together;
        agbs.extend(reader.out.rows.all_agbs());
        let out = reader.finish(agbs.len())?;
        Ok(Whole {
            files: out.rows.files,
            refused,
            agbs: agbs.into_iter().collect(),
            errors: out.errors,
            warnings: out.warnings,
        })
    }
}

fn vanished(file: &str) -> SourceError {
    SourceError::Unreadable {
        file: file.to_owned(),
        cause: "het staat niet meer in het dossier".to_owned(),
    }
}

/// Reports of all files that are read by themselves, put together.
struct PartsGathered<'a> {
    reader: DossierReader<'a>,
    reports: HashMap<FileId, Result<FileReport, SourceError>>,
    refused: Vec<bool>,
    agbs: BTreeSet<Agb>,
}

/// The reports by the file that they are of: one of each, and no others.
fn per_file(
    files: &[FoundFile],
    reports: Vec<(String, Result<FileReport, SourceError>)>,
) -> Result<HashMap<FileId, Result<FileReport, SourceError>>, SourceError> {
    let mut out = HashMap::with_capacity(reports.len());
    for (name, report) in reports {
        let place = files.binary_search_by(|v| v.name.as_bytes().cmp(name.as_bytes()));
        let Some(place) = place.ok().filter(|i| is_large(files[*i].kind)) else {
            return Err(SourceError::ReadPart { file: name, what: "hoort niet bij dit dossier" });
        };
        if out.insert(FileId::new(place), report).is_some() {
            return Err(SourceError::ReadPart { file: name, what: "is twee keer gelezen" });
        }
    }
    let without =
        |(i, v): &(usize, &FoundFile)| is_large(v.kind) && !out.contains_key(&FileId::new(*i));
    match files.iter().enumerate().find(without) {
        None => Ok(out),
        Some((_, v)) => {
            Err(SourceError::ReadPart { file: v.name.clone(), what: "is niet gelezen" })
        }
    }
}

impl PartsGathered<'_> {
    fn report(&mut self, id: FileId) -> Result<FileReport, SourceError> {
        let mut verslag = self.reports.remove(&id).expect("every file has a report")?;
        verslag.errors.iter_mut().for_each(|f| f.file = id);
        Ok(verslag)
    }

    fn tables(&mut self, step: &Stap<'_>) -> Result<(), SourceError> {
        for &(id, _) in &step.tables {
            let report = self.report(id)?;
            self.reader.out.warnings.extend(report.warnings);
            self.reader.out.errors.extend(report.errors);
            self.reader.out.rows.files[id.place()] = report.file;
            self.reader.count_mended(report.mended);
            self.agbs.extend(report.agbs);
        }
        Ok(())
    }

    /// Messages of one kind of table: a double is refused, and refused rows count together.
    fn berichten(&mut self, step: &Stap<'_>) -> Result<(), SourceError> {
        let mut together = ReadReport::default();
        for &(id, found, bericht) in &step.berichten {
            let report = self.report(id)?;
            self.reader.out.rows.files[id.place()].sha256.clone_from(&report.file.sha256);
            let first_time = match (report.refused, report.bericht) {
                (Some(error), _) => Err(error),
                (None, Some(key)) => self.reader.first_time(id, bericht, &key),
                (None, None) => Ok(()),
            };
            let file = &mut self.reader.out.rows.files[id.place()];
            match first_time {
                Ok(()) => {
                    together.read += report.file.gelezen;
                    together.rejected += report.file.afgekeurd;
                    report.errors.into_iter().for_each(|e| together.note_of_file(e));
                    for (repair, kolom, count) in report.mended {
                        together.count_times(repair, kolom, count);
                    }
                    *file = report.file;
                    self.agbs.extend(report.agbs);
                }
                Err(error) => {
                    (file.bytes, file.sha256) = (report.file.bytes, report.file.sha256);
                    self.reader.refuse(id, &found.name, error);
                    self.refused[id.place()] = true;
                }
            }
        }
        self.reader.close_berichten(together, step.berichten.len())
    }
}
