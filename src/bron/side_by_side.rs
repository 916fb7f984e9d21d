//! Very many small tables: each is read by one thread, beside others, and taken over in their order.

use super::collect::{Collect, ReadRows};
use super::error::SourceError;
use super::form::FileForm;
use super::header::Header;
use super::order::NumberedFile;
use super::report::ReadReport;
use super::table::settle;
use super::table_spec::{Input, ReadMode, TableReading, TableSpec};
use super::text::Encoding;
use crate::dossier::FileId;
use rayon::prelude::*;

/// A larger text is read by all threads together.
const SMALL: u64 = 1 << 17;

/// Bytes of the texts that are read before what they gave is taken over.
const AT_ONCE: u64 = 1 << 22;

/// A table, and where its bytes are.
pub(crate) type Source<'v> = (TableSpec<'v>, Input<'v>);

/// All rows of one small text.
struct ReadAlone<Chunk> {
    chunks: Vec<Chunk>,
    reading: TableReading,
}

/// A table whose turn it is to be taken over.
pub(crate) struct Turn<'v, Chunk> {
    source: Source<'v>,
    /// What it gave, where it was read beside others.
    read: Option<Result<ReadAlone<Chunk>, SourceError>>,
}

/// The tables in their order: those that are read beside each other together, any other by itself.
pub(crate) fn batches<'f, 'v>(
    mut tables: &'f [NumberedFile<'v>],
) -> impl Iterator<Item = &'f [NumberedFile<'v>]> {
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = |(_, found): &&NumberedFile<'_>| {
            bytes += found.bytes;
            found.form() == Some(FileForm::Csv) && found.bytes <= SMALL && bytes <= AT_ONCE
        };
        let together = tables.iter().take_while(fits).count().max(1);
        let (batch, rest) = tables.split_at_checked(together)?;
        tables = rest;
        Some(batch)
    })
}

/// The turns of a batch of tables, in their order, read beside each other; one by itself isn't read yet,
/// since all threads do that together [when it is its turn](Turn::finish).
pub(crate) fn read<'v, R: ReadRows>(
    batch: Vec<Source<'v>>,
    mode: &ReadMode,
    rows: &mut R,
    progress: &(dyn Fn(u64) + Sync),
) -> Vec<Turn<'v, R::Chunk>> {
    let mut read = read_batch(&batch, mode, rows, progress).into_iter();
    batch.into_iter().map(|source| Turn { source, read: read.next() }).collect()
}

/// What each table of a batch gives; nothing where there is but one.
fn read_batch<R: ReadRows>(
    batch: &[Source<'_>],
    mode: &ReadMode,
    rows: &mut R,
    progress: &(dyn Fn(u64) + Sync),
) -> Vec<Result<ReadAlone<R::Chunk>, SourceError>> {
    let [first, others @ ..] = batch else { return Vec::new() };
    if others.is_empty() {
        return Vec::new();
    }
    let read = |(table, input): &Source<'_>, known: Option<&Header>| {
        table.read_alone(input, mode, &*rows, known, progress)
    };
    let mut all = vec![read(first, None)];
    // Most have the header of the first.
    if let Ok(ReadAlone { reading, .. }) = &all[0] {
        let known =
            |(table, _): &Source<'_>| (table.place == first.0.place).then_some(&reading.header);
        let others = others.par_iter().with_min_len(8).map(|source| read(source, known(source)));
        let others: Vec<_> = others.collect();
        all.extend(others);
    }
    settle(rows, all.iter_mut().flatten().flat_map(|read| &mut read.chunks));
    all
}

impl<Chunk> Turn<'_, Chunk> {
    pub(crate) fn id(&self) -> FileId {
        self.source.0.id
    }

    /// Has all rows of the table taken over: of one that was read beside others, or reads them now.
    pub(crate) fn finish<R: ReadRows<Chunk = Chunk>>(
        self,
        mode: &ReadMode,
        rows: &mut R,
        whole: &mut impl Collect<Chunk>,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<TableReading, SourceError> {
        let (table, input) = &self.source;
        let Some(read) = self.read else { return table.read(input, mode, rows, whole, progress) };
        let ReadAlone { chunks, reading } = read?;
        chunks.into_iter().for_each(|chunk| whole.take(chunk));
        match mode.budget.is_spent_with(whole.next_growth()) {
            true => Err(SourceError::NoRoom { file: table.name.to_owned() }),
            false => Ok(reading),
        }
    }
}

impl TableSpec<'_> {
    /// Reads all rows of a small text on this thread; nothing is taken over yet. `known` is the header
    /// of a file that is read in the same way.
    fn read_alone<R: ReadRows>(
        &self,
        input: &Input<'_>,
        mode: &ReadMode,
        rows: &R,
        known: Option<&Header>,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<ReadAlone<R::Chunk>, SourceError> {
        let fingerprint = input.fingerprint();
        let forms = mode.forms(self.kind);
        let read = |encoding| -> Result<Option<ReadAlone<R::Chunk>>, SourceError> {
            let mut text = self.open_text(input, mode, known, progress)?;
            let (mut chunks, mut report) = (Vec::new(), ReadReport::default());
            while let Some(block) = text.reader.next()? {
                let part = self.read_block(&text.header, &block, encoding, &forms, rows);
                let Some(part) = part else { return Ok(None) };
                chunks.push(part.chunk);
                report.merge(part.report);
                progress(block.bytes.len() as u64);
            }
            Ok(Some(ReadAlone { chunks, reading: text.finish(report) }))
        };
        let read = match read(Encoding::Utf8)? {
            Some(read) => read,
            None => read(Encoding::Windows1252)?.expect("Windows-1252 gives every byte a meaning"),
        };
        match fingerprint == input.fingerprint() {
            true => Ok(read),
            false => Err(SourceError::Changed { file: self.name.to_owned() }),
        }
    }
}
