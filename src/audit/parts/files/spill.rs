//! Where lines go while a dossier is read, once there are more than memory may hold.

use super::store::{Checkpoint, SpillStore, bucket_of_aanbieder};
use crate::bron::LineSink;
use crate::dossier::{Declaratieregel, LineBlock, RawDossier};
use std::io;
use std::path::Path;

/// Lines are kept in memory up to a limit; past it all of them go to files, by aanbieder.
#[derive(Debug)]
pub(crate) struct Spill {
    /// Bytes of lines and texts that may stay in memory.
    limit: usize,
    store: SpillStore,
    begun: bool,
    /// Lines that went to files; the next one gets this number.
    spilled: u32,
    /// How far the dossier had come before the file that is read now.
    file_start: FileStart,
    error: Option<io::Error>,
}

#[derive(Debug)]
struct FileStart {
    in_memory: usize,
    spilled: u32,
    store: Option<Checkpoint>,
}

impl Spill {
    /// `folder` is where the files come.
    pub(crate) fn new(folder: &Path, limit: usize) -> Spill {
        Spill {
            limit,
            store: SpillStore::new(folder, "aanbieder"),
            begun: false,
            spilled: 0,
            file_start: FileStart { in_memory: 0, spilled: 0, store: None },
            error: None,
        }
    }

    /// The files, if lines went there.
    ///
    /// # Errors
    /// What went wrong in writing them.
    pub(in crate::audit) fn finish(self) -> io::Result<Option<SpillStore>> {
        match self.error {
            Some(error) => Err(error),
            None => Ok(self.begun.then_some(self.store)),
        }
    }

    fn note(&mut self, result: io::Result<()>) {
        if let Err(error) = result {
            self.error.get_or_insert(error);
        }
    }

    /// All lines in memory to the files.
    fn write(&mut self, rows: &mut RawDossier) -> io::Result<()> {
        if self.error.is_some() {
            // The run ends once all is read: nothing is kept meanwhile.
            rows.lines.clear();
            return Ok(());
        }
        let lines = std::mem::take(&mut rows.lines);
        let count = u32::try_from(lines.len()).ok().and_then(|n| self.spilled.checked_add(n));
        let end = count.ok_or_else(|| io::Error::other("meer dan vier miljard regels"))?;
        let block = LineBlock {
            numbers: (self.spilled..end).collect(),
            lines,
            texts: std::mem::take(&mut rows.texts),
        };
        let bucket = |r: &Declaratieregel| Some(bucket_of_aanbieder(r.aanbieder));
        let earlier = self.file_start.in_memory.min(block.lines.len());
        if earlier > 0 {
            // Lines of earlier files stay, even when this file must be read again.
            self.store.push(&block, 0..earlier, bucket)?;
            self.file_start = FileStart {
                in_memory: 0,
                spilled: self.spilled + earlier as u32,
                store: Some(self.store.checkpoint()?),
            };
        }
        self.store.push(&block, earlier..block.lines.len(), bucket)?;
        self.spilled = end;
        Ok(())
    }
}

impl LineSink for Spill {
    fn len(&self, rows: &RawDossier) -> usize {
        rows.lines.len() + self.spilled as usize
    }

    /// Makes room, or moves to files at once if there would be more than memory may hold.
    fn expect(&mut self, rows: &mut RawDossier, lines: usize, text_bytes: usize) {
        let bytes = lines.saturating_mul(size_of::<Declaratieregel>()).saturating_add(text_bytes);
        if bytes > self.limit {
            self.begun = true;
        } else {
            rows.lines.reserve_exact(lines);
            rows.texts.reserve(text_bytes);
        }
    }

    fn begin_file(&mut self, rows: &RawDossier) {
        let checkpoint = self.begun.then(|| self.store.checkpoint()).transpose();
        self.file_start = FileStart {
            in_memory: rows.lines.len(),
            spilled: self.spilled,
            store: checkpoint.unwrap_or_else(|error| {
                self.error.get_or_insert(error);
                None
            }),
        };
    }

    /// Moves the lines in memory to files, if there are too many or others went there already.
    fn added(&mut self, rows: &mut RawDossier) {
        let bytes = rows.lines.len() * size_of::<Declaratieregel>() + rows.texts.byte_len();
        self.begun |= bytes > self.limit;
        if self.begun {
            let result = self.write(rows);
            self.note(result);
        }
    }

    fn rollback(&mut self, rows: &mut RawDossier) {
        rows.lines.truncate(self.file_start.in_memory);
        if self.begun && self.error.is_none() {
            self.spilled = self.file_start.spilled;
            let result = match &self.file_start.store {
                Some(checkpoint) => self.store.rollback(checkpoint),
                None => self.store.clear(),
            };
            self.note(result);
        }
    }
}
