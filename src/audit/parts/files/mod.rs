//! Lines of a dossier that doesn't fit in memory: spread over files by the key of a pass, and taken
//! back as many files at a time as memory allows.

mod record;
mod spill;
mod store;

pub(crate) use spill::Spill;
pub(in crate::audit) use store::SpillStore;

use crate::audit::Progress;
use crate::audit::Step;
use crate::audit::passes::{Keys, Parts, Run, Terms};
use crate::dossier::{AanbiederId, Bsn, Declaratieregel, Dossier, LineBlock, Linker, ToewijzingId};
use crate::ground::memory;
use crate::ground::system::memory_in_use;
use crate::toetsing::{Jeugdigen, LineCounter, LineStatistics, PassKey};
use hashbrown::HashSet;
use std::io;
use std::ops::Range;
use std::path::Path;
use store::{BUCKETS, bucket_of_aanbieder, bucket_of_jeugdige, bucket_of_toewijzing};

/// Bytes that a line takes while its part is audited, with its texts and in the groups of a scope: a
/// half more than was seen, for lines in no order and with longer texts.
const BYTES_PER_LINE: u64 = 192;

/// Smallest share of the memory that parts may use, however much is in use already.
const LEAST_SHARE: u64 = 4;

/// The lines of a dossier in files.
pub(in crate::audit) struct Files<'a> {
    /// Everything but lines.
    dossier: &'a mut Dossier,
    linker: &'a Linker,
    /// The files of each pass; those of the first are the lines as they were read.
    by_aanbieder: SpillStore,
    by_toewijzing: SpillStore,
    by_jeugdige: SpillStore,
    /// Bytes that the whole program may use.
    memory: u64,
    tell: &'a (dyn Fn(Progress) + Sync),
    /// What the user should know of the memory that was used, in Dutch sentences.
    notes: Vec<String>,
}

impl<'a> Files<'a> {
    /// `read` are the lines as they were read; the files of the later passes come in `folder`.
    pub(crate) fn new(
        dossier: &'a mut Dossier,
        linker: &'a Linker,
        read: SpillStore,
        folder: &Path,
        memory: u64,
        tell: &'a (dyn Fn(Progress) + Sync),
    ) -> Files<'a> {
        let store = |pass: PassKey| SpillStore::new(folder, pass.name());
        Files {
            dossier,
            linker,
            by_aanbieder: read,
            by_toewijzing: store(PassKey::Toewijzing),
            by_jeugdige: store(PassKey::Jeugdige),
            memory,
            tell,
            notes: Vec::new(),
        }
    }

    /// What the user should know of the memory that was used, in Dutch sentences.
    pub(crate) fn into_notes(self) -> Vec<String> {
        self.notes
    }

    /// Crediting, and the rules over all lines of one aanbieder; live lines go on by toewijzing.
    fn aanbieders(&mut self, run: &mut Run<'_>) -> io::Result<()> {
        (self.tell)(Progress::Step(Step::TestingBy(PassKey::Aanbieder)));
        let buckets = self.aanbieders_per_bucket();
        let mut rejections = self.linker.refusals(self.dossier);
        let Files { dossier, linker, by_aanbieder, by_toewijzing, notes, .. } = self;
        let budget = Budget { memory: self.memory, tell: self.tell };
        notes.extend(budget.parts(PassKey::Aanbieder, by_aanbieder, |range, block| {
            dossier.swap_lines(block);
            linker.link(dossier, rejections.as_mut());
            run.passing_part(dossier, &block.numbers, Keys::Aanbieders(&buckets[range].concat()));
            dossier.swap_lines(block);
            by_toewijzing
                .push(block, 0..block.lines.len(), |r| r.is_live().then(|| bucket_of_toewijzing(r)))
        })?);
        self.dossier.answers = rejections.map(|r| r.counts());
        Ok(())
    }

    /// Has `counter` see all lines: as crediting left them, then those that are live.
    ///
    /// # Errors
    /// What kept a part from being had, or from being counted.
    pub(in crate::audit) fn count(
        &mut self,
        terms: &Terms<'_>,
        counter: &mut dyn LineCounter,
    ) -> io::Result<LineStatistics> {
        let mut counts = LineStatistics::default();
        (self.tell)(Progress::Step(Step::Counting));
        let mut rejections = self.linker.refusals(self.dossier);
        let Files { dossier, linker, by_aanbieder, by_toewijzing, notes, .. } = self;
        // What is counted is in memory beside the lines.
        let budget = Budget { memory: self.memory / 2, tell: self.tell };
        notes.extend(budget.parts(PassKey::Aanbieder, by_aanbieder, |_, block| {
            dossier.swap_lines(block);
            linker.link(dossier, rejections.as_mut());
            let context = terms.context(dossier, false);
            counter.credited(&context).map_err(io::Error::other)?;
            counts.merge(LineStatistics::of(&context));
            drop(context);
            dossier.swap_lines(block);
            by_toewijzing
                .push(block, 0..block.lines.len(), |r| r.is_live().then(|| bucket_of_toewijzing(r)))
        })?);
        dossier.answers = rejections.map(|r| r.counts());
        notes.extend(budget.parts(PassKey::Toewijzing, by_toewijzing, |_, block| {
            dossier.swap_lines(block);
            counter.live(&terms.context(dossier, false)).map_err(io::Error::other)?;
            dossier.swap_lines(block);
            Ok(())
        })?);
        Ok(counts)
    }

    /// The rules over lines and toewijzingen; lines that count go on by jeugdige.
    fn toewijzingen(&mut self, run: &mut Run<'_>) -> io::Result<()> {
        (self.tell)(Progress::Step(Step::TestingBy(PassKey::Toewijzing)));
        let Files { dossier, by_toewijzing, by_jeugdige, notes, .. } = self;
        let budget = Budget { memory: self.memory, tell: self.tell };
        notes.extend(budget.parts(PassKey::Toewijzing, by_toewijzing, |_, block| {
            dossier.swap_lines(block);
            run.passing_part(dossier, &block.numbers, Keys::Toewijzingen);
            dossier.swap_lines(block);
            let own = |r: &Declaratieregel| {
                (r.counts() && r.bsn != Bsn::NONE).then(|| bucket_of_jeugdige(r.bsn))
            };
            by_jeugdige.push(block, 0..block.lines.len(), own)?;
            // A line on another's toewijzing belongs to what that one was granted, too.
            by_jeugdige.push(block, 0..block.lines.len(), |r| {
                let granted_to = dossier.toewijzing(r.toewijzing.filter(|_| r.counts())?).bsn;
                let bucket = bucket_of_jeugdige(granted_to);
                (own(r) != Some(bucket)).then_some(bucket)
            })
        })?);
        Ok(())
    }

    /// The rules over all that one jeugdige got.
    fn jeugdigen(&mut self, run: &mut Run<'_>) -> io::Result<()> {
        (self.tell)(Progress::Step(Step::TestingBy(PassKey::Jeugdige)));
        let all = (0..self.dossier.toewijzingen.len()).map(ToewijzingId::new);
        let toewijzingen = self.by_jeugdige_bucket(all);
        let delivering = std::mem::take(&mut run.found.delivering);
        let delivering = self.by_jeugdige_bucket(delivering.into_iter());
        let Files { dossier, by_jeugdige, notes, .. } = self;
        let budget = Budget { memory: self.memory, tell: self.tell };
        notes.extend(budget.parts(PassKey::Jeugdige, by_jeugdige, |range, block| {
            // A line for two jeugdigen of the part stands in it once.
            let mut seen = HashSet::new();
            block.retain(|r, number| {
                let granted_to = r.toewijzing.map(|id| dossier.toewijzing(id).bsn);
                granted_to.is_none_or(|of| of == r.bsn) || seen.insert(number)
            });
            dossier.swap_lines(block);
            let keys = Keys::Jeugdigen(Jeugdigen {
                holds: &|bsn| range.contains(&usize::from(bucket_of_jeugdige(bsn))),
                toewijzingen: &toewijzingen[range.clone()].concat(),
                delivering: &delivering[range.clone()].concat(),
            });
            run.passing_part(dossier, &block.numbers, keys);
            dossier.swap_lines(block);
            Ok(())
        })?);
        Ok(())
    }

    /// For each file these toewijzingen of the jeugdigen whose lines are in it.
    fn by_jeugdige_bucket(
        &self,
        toewijzingen: impl Iterator<Item = ToewijzingId>,
    ) -> Vec<Vec<ToewijzingId>> {
        let mut buckets = vec![Vec::new(); BUCKETS];
        for id in toewijzingen {
            let bucket = bucket_of_jeugdige(self.dossier.toewijzing(id).bsn);
            buckets[usize::from(bucket)].push(id);
        }
        buckets
    }

    /// For each file the aanbieders whose lines are in it; those without lines are in the first.
    fn aanbieders_per_bucket(&self) -> Vec<Vec<AanbiederId>> {
        let mut bucket = vec![0_u8; self.dossier.aanbieders.len()];
        for (as_read, id) in self.linker.aanbieders() {
            bucket[id.0 as usize] = bucket_of_aanbieder(as_read);
        }
        let mut buckets = vec![Vec::new(); BUCKETS];
        for (i, bucket) in bucket.into_iter().enumerate() {
            buckets[usize::from(bucket)].push(AanbiederId(i as u16));
        }
        buckets
    }
}

impl Parts for Files<'_> {
    type Error = io::Error;

    fn bring(&mut self, run: &mut Run<'_>) -> io::Result<()> {
        PassKey::ALL.into_iter().try_for_each(|pass| match pass {
            PassKey::Aanbieder => self.aanbieders(run),
            PassKey::Toewijzing => self.toewijzingen(run),
            PassKey::Jeugdige => self.jeugdigen(run),
        })
    }
}

/// The memory that parts have to keep within.
struct Budget<'a> {
    /// Bytes that the whole program may use.
    memory: u64,
    tell: &'a (dyn Fn(Progress) + Sync),
}

impl Budget<'_> {
    /// Has `work` do every part of a pass: as many files at a time as fit. Tells where that was too
    /// many.
    fn parts(
        &self,
        pass: PassKey,
        store: &mut SpillStore,
        mut work: impl FnMut(Range<usize>, &mut LineBlock) -> io::Result<()>,
    ) -> io::Result<Option<String>> {
        let total: u64 = (0..BUCKETS).map(|i| store.lines(i)).sum();
        let (mut begin, mut done, mut too_large) = (0, 0, 0);
        while begin < BUCKETS {
            memory::release();
            let room = self.lines();
            let mut lines = store.lines(begin);
            let mut end = begin + 1;
            too_large += u64::from(lines > room);
            while end < BUCKETS && lines + store.lines(end) <= room {
                lines += store.lines(end);
                end += 1;
            }
            let mut block = store.take(begin..end)?;
            work(begin..end, &mut block)?;
            done += lines;
            (self.tell)(Progress::Done { done, total, lines: done });
            tracing::debug!("{} {begin}..{end}: {lines} regels", pass.name());
            begin = end;
        }
        Ok((too_large > 0).then(|| {
            format!(
                "bij de controles per {} paste{} {too_large} {} niet in het geheugen van --geheugen; daarvoor is meer gebruikt",
                pass.name(),
                if too_large == 1 { "" } else { "n" },
                if too_large == 1 { "deel" } else { "delen" },
            )
        }))
    }

    /// Lines that a part may have now.
    fn lines(&self) -> u64 {
        let free = self.memory.saturating_sub(memory_in_use().unwrap_or(0));
        free.max(self.memory / LEAST_SHARE) / BYTES_PER_LINE
    }
}
