//! A dossier whose lines are counted beside the rules, in memory or part by part.

use super::parts::Files;
use super::parts::stream::{Fingerprint, GatheredCounts};
use super::passes::Terms;
use super::setup::{Said, riding};
use super::{AuditError, Joined, Progress, Setup, Step, Workspace};
use crate::bron::Stamgegevens;
use crate::dossier::LineBlock;
use crate::ground::memory;
use crate::toetsing::{AuditContext, LineCounter, LineStatistics};
use std::io::Read;

/// Has `counter` see all lines at once.
fn counted_whole(
    context: &AuditContext<'_>,
    counter: &mut dyn LineCounter,
) -> Result<LineStatistics, AuditError> {
    let counted = counter.credited(context).and_then(|()| counter.live(context));
    counted.map_err(|e| AuditError::not_counted(&e))?;
    Ok(LineStatistics::of(context))
}

/// What a count goes by: no rule.
fn terms(setup: &Setup, jaar: i32) -> Terms<'_> {
    let niveau = setup.settings.niveau;
    Terms::without_rules(&setup.regelset, jaar, niveau)
}

impl Setup {
    /// Puts together what was counted of all parts, each stream with its name for messages; the dossier
    /// comes without lines.
    ///
    /// # Errors
    /// Streams that aren't those of this dossier, whole and each once.
    pub(crate) fn gather_counts(
        mut self,
        jaar: i32,
        counter: &mut dyn LineCounter,
        streams: impl IntoIterator<Item = (String, Box<dyn Read>)>,
    ) -> Result<Joined, AuditError> {
        let fingerprint = Fingerprint::new(&terms(&self, jaar), riding(&self.options));
        let gathered = GatheredCounts::read(streams, &fingerprint, counter, self.budget())?;
        let tables = self.read_tables(&gathered.state().bestanden)?;
        let (dossier, warnings) = gathered.merge(&terms(&self, jaar), tables.rows, counter)?;
        let Stamgegevens { beoordelingen, reacties, .. } = tables;
        let said = Said { beoordelingen, reacties, errors: Vec::new(), warnings };
        Ok(self.joined(dossier, said))
    }

    /// Reads and joins the dossier and has `counter` see its lines; it comes back without them.
    ///
    /// # Errors
    /// A dossier that can't be audited, or lines that could not be put aside or counted.
    pub(crate) fn count(
        self,
        jaar: i32,
        counter: &mut dyn LineCounter,
        workspace: Workspace<'_>,
        tell: &(dyn Fn(Progress) + Sync),
    ) -> Result<Joined, AuditError> {
        let (read, spilled) = workspace.read(&self, tell)?;
        let bytes = self.budget().bytes();
        tell(Progress::Step(Step::Joining));
        let (mut joined, linker) = self.join_tables(read);
        let counts;
        match spilled {
            None => {
                linker.link_whole(&mut joined.dossier);
                tell(Progress::Step(Step::Counting));
                counts = counted_whole(&joined.context(jaar), counter)?;
                joined.dossier.swap_lines(&mut LineBlock::default());
            }
            Some(store) => {
                let Joined { dossier, regelset, niveau, .. } = &mut joined;
                let niveau = *niveau;
                let terms = Terms::without_rules(regelset, jaar, niveau);
                let folder = workspace.folder();
                let mut files = Files::new(dossier, &linker, store, folder, bytes, tell);
                counts = files.count(&terms, counter).map_err(|e| workspace.error(&e))?;
                files.into_notes().into_iter().for_each(|note| tell(Progress::Note(note)));
            }
        }
        memory::release();
        joined.warnings.extend(counts.empty_jaar(jaar));
        Ok(joined)
    }
}
