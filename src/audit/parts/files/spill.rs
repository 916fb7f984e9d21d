//! Where lines go while a dossier is read, once there are more than memory may hold.

use super::store::{Checkpoint, SpillStore, bucket_of_aanbieder};
use crate::dossier::{Declaratieregel, LineBlock, Onverbonden};
use std::io;
use std::path::Path;

/// Lines are kept in memory up to a limit; past it all of them go to files, by aanbieder.
#[derive(Debug)]
pub struct Spill {
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
    pub fn new(folder: &Path, limit: usize) -> Spill {
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
    fn write(&mut self, rows: &mut Onverbonden) -> io::Result<()> {
        if self.error.is_some() {
            // The run ends once all is read: nothing is kept meanwhile.
            rows.regels.clear();
            return Ok(());
        }
        let regels = std::mem::take(&mut rows.regels);
        let count = u32::try_from(regels.len()).ok().and_then(|n| self.spilled.checked_add(n));
        let end = count.ok_or_else(|| io::Error::other("meer dan vier miljard regels"))?;
        let block = LineBlock {
            numbers: (self.spilled..end).collect(),
            lines: regels,
            texts: std::mem::take(&mut rows.teksten),
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

impl Onverbonden {
    /// Lines read so far, in memory and in files.
    pub fn aantal_regels(&self) -> usize {
        self.regels.len() + self.uitwijk.as_ref().map_or(0, |u| u.spilled as usize)
    }

    /// Makes room for lines and texts of this size, or moves to files at once if that would be more
    /// than memory may hold.
    pub fn verwacht(&mut self, regels: usize, tekstbytes: usize) {
        let bytes = regels.saturating_mul(size_of::<Declaratieregel>()).saturating_add(tekstbytes);
        match &mut self.uitwijk {
            Some(spill) if bytes > spill.limit => spill.begun = true,
            _ => {
                self.regels.reserve_exact(regels);
                self.teksten.reserveer(tekstbytes);
            }
        }
    }

    /// Moves the lines in memory to files, if there are too many or others went there already.
    pub fn wijk_uit(&mut self) {
        let Some(mut spill) = self.uitwijk.take() else { return };
        let bytes = self.regels.len() * size_of::<Declaratieregel>() + self.teksten.omvang();
        spill.begun |= bytes > spill.limit;
        if spill.begun {
            let result = spill.write(self);
            spill.note(result);
        }
        self.uitwijk = Some(spill);
    }

    /// Marks the beginning of a file, for [`Onverbonden::begin_opnieuw`].
    pub fn begin_bestand(&mut self) {
        let Some(mut spill) = self.uitwijk.take() else { return };
        let checkpoint = spill.begun.then(|| spill.store.checkpoint()).transpose();
        spill.file_start = FileStart {
            in_memory: self.regels.len(),
            spilled: spill.spilled,
            store: checkpoint.unwrap_or_else(|error| {
                spill.error.get_or_insert(error);
                None
            }),
        };
        self.uitwijk = Some(spill);
    }

    /// Takes back the lines of this file that went to files, and gives how many lines of earlier
    /// files are in memory; `None` where nothing went to files.
    pub fn begin_opnieuw(&mut self) -> Option<usize> {
        let mut spill = self.uitwijk.take()?;
        let begin = &spill.file_start;
        let place = begin.in_memory;
        if spill.begun && spill.error.is_none() {
            spill.spilled = begin.spilled;
            let result = match &begin.store {
                Some(checkpoint) => spill.store.rollback(checkpoint),
                None => spill.store.clear(),
            };
            spill.note(result);
        }
        self.uitwijk = Some(spill);
        Some(place)
    }
}
