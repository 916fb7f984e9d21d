//! One file of one kind: found, opened, decoded, and handed out row by row.

use super::clean::Cleaner;
use super::collect::{Collect, ReadRows};
use super::csv::{Block, BlockGroups};
use super::error::SourceError;
use super::form::FileForm;
use super::forms::Forms;
use super::header::Header;
use super::parquet;
use super::record::RecordBlock;
use super::report::ReadReport;
use super::row::Row;
use super::table_spec::{BlockRows, Input, ReadMode, TableReading, TableSpec};
use super::text::{Encoding, Text};
use super::workbook::{self, WorkbookReading};
use crate::dossier::FileId;
use crate::ground::hex;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Settles what some chunks need of each other.
pub(crate) fn settle<'d, R: ReadRows>(rows: &mut R, chunks: impl Iterator<Item = &'d mut R::Chunk>)
where
    R::Chunk: 'd,
{
    rows.settle(&mut chunks.collect::<Vec<_>>());
}

impl TableSpec<'_> {
    /// Reads all rows.
    ///
    /// A file that turns out not to be UTF-8 is read again as Windows-1252.
    pub(crate) fn read<R: ReadRows>(
        &self,
        input: &Input<'_>,
        mode: &ReadMode,
        rows: &mut R,
        whole: &mut impl Collect<R::Chunk>,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<TableReading, SourceError> {
        let fingerprint = input.fingerprint();
        let gelezen = if matches!(self.form, FileForm::Workbook | FileForm::Parquet) {
            self.read_binary(input, mode, rows, whole, progress)?
        } else {
            match self.try_to(input, mode, Encoding::Utf8, rows, whole, progress)? {
                Some(gelezen) => gelezen,
                None => {
                    whole.rollback();
                    self.try_to(input, mode, Encoding::Windows1252, rows, whole, progress)?
                        .expect("every byte means something in Windows-1252")
                }
            }
        };
        if fingerprint != input.fingerprint() {
            return Err(SourceError::Changed { file: self.name.to_owned() });
        }
        Ok(gelezen)
    }

    /// Reads a workbook or a Parquet file, of which all bytes are in memory at once. A library that
    /// panics on its bytes makes it a broken file.
    fn read_binary<R: ReadRows>(
        &self,
        input: &Input<'_>,
        mode: &ReadMode,
        rows: &mut R,
        whole: &mut impl Collect<R::Chunk>,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<TableReading, SourceError> {
        // All of it is in memory at once: here, and in the process that reads it.
        if mode.budget.is_spent_with(input.bytes().saturating_mul(2)) {
            return Err(SourceError::NoRoom { file: self.name.to_owned() });
        }
        let mut content = Vec::new();
        let mut source = input.open(self.name, None, progress)?;
        source.read_to_end(&mut content).map_err(|e| SourceError::from_io(self.name, &e))?;
        if content.is_empty() {
            return Err(SourceError::Empty { file: self.name.to_owned() });
        }
        let bytes = content.len() as u64;
        let sha256 = hex(&Sha256::digest(&content));
        let spec = self.header_spec(mode);
        let forms = mode.forms(self.kind);
        let mut report = ReadReport::default();
        let (mut own_werk, mut is_spent) = (false, false);
        let memory = mode.budget.of_reader();
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let mut send = |header: &Header, blocks: &[RecordBlock]| {
                is_spent |= mode.budget.is_spent();
                if is_spent {
                    return;
                }
                own_werk = true;
                let read = &*rows;
                let mut parts: Vec<BlockRows<R::Chunk>> = blocks
                    .par_iter()
                    .map(|block| read_records(self.id, header, block, &forms, read))
                    .collect();
                settle(rows, parts.iter_mut().map(|part| &mut part.chunk));
                for part in parts {
                    whole.take(part.chunk);
                    report.merge(part.report);
                }
                own_werk = false;
            };
            match self.form {
                FileForm::Parquet => {
                    let header = parquet::read(content, memory, &spec, &mut send)?;
                    Ok(WorkbookReading { header, totals: Vec::new(), notes: Vec::new() })
                }
                _ => workbook::read(&content, memory, &spec, &mut send),
            }
        }));
        let WorkbookReading { header, totals, notes } = match outcome {
            Ok(outcome) => outcome?,
            Err(panic) if own_werk => resume_unwind(panic),
            Err(_) => return Err(spec.damaged("de inhoud spreekt zichzelf tegen")),
        };
        if is_spent {
            return Err(SourceError::NoRoom { file: self.name.to_owned() });
        }
        for total in totals {
            report.note_total(self.id, total.line, total.kolom, &total.value);
        }
        progress(bytes);
        let sha256_unpacked = sha256.clone();
        Ok(TableReading { header, report, notes, bytes, sha256, sha256_unpacked })
    }

    /// `None` when the file isn't in this character set.
    fn try_to<R: ReadRows>(
        &self,
        input: &Input<'_>,
        mode: &ReadMode,
        encoding: Encoding,
        rows: &mut R,
        whole: &mut impl Collect<R::Chunk>,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<Option<TableReading>, SourceError> {
        let Text { header, mut reader, meter } = self.open_text(input, mode, None, progress)?;
        let blocks = BlockGroups::new(&mut reader);
        let forms = mode.forms(self.kind);
        let (mut report, mut fits) = (ReadReport::default(), true);
        let mut ready: Vec<Option<BlockRows<R::Chunk>>> = Vec::new();
        loop {
            let (previous, read) = (std::mem::take(&mut ready), &*rows);
            let take = || {
                for part in previous {
                    fits &= part.is_some();
                    if let Some(part) = part.filter(|_| fits) {
                        whole.take(part.chunk);
                        report.merge(part.report);
                    }
                }
            };
            let read = |block: &Block| {
                let part = self.read_block(&header, block, encoding, &forms, read);
                if meter.is_none() && part.is_some() {
                    progress(block.bytes.len() as u64);
                }
                part
            };
            ready = blocks.next(read, take)?;
            if mode.budget.is_spent_with(whole.next_growth()) {
                return Err(SourceError::NoRoom { file: self.name.to_owned() });
            }
            if ready.is_empty() {
                break;
            }
            settle(rows, ready.iter_mut().flatten().map(|part| &mut part.chunk));
        }
        Ok(fits.then(|| Text { header, reader, meter }.finish(report)))
    }
}

/// Reads records that don't come from text, of this file.
fn read_records<R: ReadRows>(
    id: FileId,
    header: &Header,
    block: &RecordBlock,
    forms: &Forms<'_>,
    rows: &R,
) -> BlockRows<R::Chunk> {
    let (mut chunk, mut report) = (rows.chunk(block.size()), ReadReport::default());
    add_records(id, header, block, forms, rows, &mut chunk, &mut report);
    BlockRows { chunk, report }
}

/// The same, to rows of other files.
pub(crate) fn add_records<R: ReadRows>(
    id: FileId,
    header: &Header,
    block: &RecordBlock,
    forms: &Forms<'_>,
    rows: &R,
    chunk: &mut R::Chunk,
    report: &mut ReadReport,
) {
    let mut cleaner = Cleaner::new(block.bytes());
    for record in block.records() {
        let record = cleaner.clean(record);
        if header.is_row(&record, id, report) {
            rows.row(Row::new(record, header, id, forms, report), chunk);
        }
    }
}
