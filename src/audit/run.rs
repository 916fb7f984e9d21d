//! An audit from its settings to what all rules came to.

use super::choice::choose_rules;
use super::error::TooManyFindings;
use super::parts::memory::Memory;
use super::parts::stream::{self, Fingerprint, Gathered, StepError};
use super::parts::{Files, Spill, SpillStore};
use super::passes::{Outcome, Parts, Run, Terms};
use super::setup::{Said, riding};
use super::{AuditError, Joined, Progress, Setup, Spec, Step, UnderstoodRow, first_rows};
use crate::bron::{ReadDossier, ReadProgress, Stamgegevens, read_dossier};
use crate::dossier::{AnswerCounts, Dossier};
use crate::ground::memory::{self, Allowance, Budget};
use crate::poort::{self, Melding, ProductProposal};
use crate::regels::REGISTER;
use crate::regelset::Regelset;
use crate::toetsing::{AuditRule, LineCounter, LineStatistics, PassKey, RuleOutcome};
use crate::writing::WriteError;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;

/// A dossier that is about to be audited: nothing of it is read yet but its settings.
pub struct Audit {
    pub setup: Setup,
    pub jaar: i32,
    pub rules: Vec<AuditRule>,
    /// Rows of each file that are kept as they were understood.
    pub(crate) rows_to_show: usize,
}

/// What an audit came to. Of all lines the dossier has those that the rapport shows.
pub(crate) struct Audited {
    pub joined: Joined,
    pub jaar: i32,
    pub outcomes: Vec<RuleOutcome>,
    pub counts: LineStatistics,
    /// What the input says against itself.
    pub meldingen: Vec<Melding>,
    /// The first rows as they were understood, where they were asked for; none of a dossier that
    /// doesn't fit in memory.
    pub first_rows: Vec<UnderstoodRow>,
}

impl Audited {
    /// Products that the catalogue lacks, with proposals for them; none where they are few.
    pub(crate) fn proposals(&self) -> Vec<ProductProposal> {
        if !self.meldingen.iter().any(Melding::is_of_unknown_products) {
            return Vec::new();
        }
        poort::proposals(&self.counts.input.unknown, &self.joined.regelset, self.jaar)
    }
}

/// Where lines go that don't fit in memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Workspace<'a> {
    /// A folder that is the audit's own; without one all lines stay in memory.
    pub folder: Option<&'a Path>,
}

/// Share of the memory that lines may take when a dossier is audited in one piece, in eighths: the
/// rest is for toewijzingen, groups, findings and what is written.
const EIGHTHS_FOR_LINES: u64 = 3;

/// Share of the memory that findings may take, in eighths, and bytes that they may take however little
/// that is.
const EIGHTHS_FOR_FINDINGS: u64 = 4;
const LEAST_FOR_FINDINGS: u64 = 100_000_000;

impl<'a> Workspace<'a> {
    /// The folder, of which there is nothing where all lines stay in memory.
    pub(super) fn folder(self) -> &'a Path {
        self.folder.unwrap_or(Path::new(""))
    }

    fn spill(self, budget: Budget) -> Spill {
        let limit = match self.folder {
            Some(_) => budget.bytes() / 8 * EIGHTHS_FOR_LINES,
            None => u64::MAX,
        };
        Spill::new(self.folder(), usize::try_from(limit).unwrap_or(usize::MAX))
    }

    /// What it means that files in its folder could not be written or read back.
    pub(super) fn error(self, e: &io::Error) -> AuditError {
        AuditError::Spill(WriteError::writing(self.folder(), e))
    }

    /// Reads a dossier; the lines are in files where memory can't hold them.
    pub(super) fn read(
        self,
        setup: &Setup,
        tell: &(dyn Fn(Progress) + Sync),
    ) -> Result<(ReadDossier, Option<SpillStore>), AuditError> {
        tell(Progress::Step(Step::Reading));
        let done = |state: ReadProgress| {
            let (done, total) = (state.bytes, state.total);
            tell(Progress::Done { done, total, lines: state.lines });
        };
        let mut spill = self.spill(setup.budget());
        let read = read_dossier(&setup.dossier, &setup.options, &mut spill, &done)?;
        memory::release();
        tracing::debug!("gelezen");
        Ok((read, spill.finish().map_err(|e| self.error(&e))?))
    }
}

impl Audit {
    /// Reads the settings and the ruleset, and settles the year and the rules.
    ///
    /// # Errors
    /// A choice that can't be followed, or a file of settings that can't be read.
    pub fn open(spec: &Spec) -> Result<Audit, AuditError> {
        Audit::new(spec, Setup::open(spec)?)
    }

    /// The same under a ruleset that is at hand.
    ///
    /// # Errors
    /// The same, but for the ruleset.
    pub fn under(spec: &Spec, regelset: Regelset) -> Result<Audit, AuditError> {
        Audit::new(spec, Setup::under(spec, regelset)?)
    }

    fn new(spec: &Spec, setup: Setup) -> Result<Audit, AuditError> {
        let jaar = setup.leverjaar(spec.jaar)?;
        let all = AuditRule::all(REGISTER, &setup.regelset);
        let rules = choose_rules(&all, &spec.only, &spec.without)?;
        Ok(Audit { setup, jaar, rules, rows_to_show: 0 })
    }

    fn terms(&self) -> Terms<'_> {
        Terms {
            regelset: &self.setup.regelset,
            jaar: self.jaar,
            niveau: self.setup.settings.niveau,
            rules: &self.rules,
            // Which forms the rapport gets, is known only when it is made.
            with_history: true,
            allowance: self.allowance(),
        }
    }

    /// What the findings of all rules may take.
    fn allowance(&self) -> Arc<Allowance> {
        let bytes = self.setup.budget().bytes() / 8 * EIGHTHS_FOR_FINDINGS;
        Arc::new(Allowance::new(bytes.max(LEAST_FOR_FINDINGS)))
    }

    /// What all parts of this audit must have in common.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        Fingerprint::new(&self.terms(), riding(&self.setup.options))
    }

    /// Runs one pass over the one part that comes in as rows, has `counter` see its lines, and writes
    /// what came of it as rows.
    ///
    /// # Errors
    /// Rows that aren't those of a part of this audit, or that could not be written.
    pub(crate) fn run_pass(
        mut self,
        pass: PassKey,
        counter: Option<&mut dyn LineCounter>,
        from: impl Read,
        to: impl Write,
    ) -> Result<(), StepError> {
        let part = stream::take_in_part(pass, &self.fingerprint(), from, self.setup.budget())?;
        let tables = self.setup.read_tables(&part.state.bestanden)?;
        stream::run_pass(pass, &self.terms(), part, tables.rows, counter, to)
    }

    /// Puts together what all parts of all passes wrote; each stream comes with its name for
    /// messages.
    ///
    /// # Errors
    /// Streams that aren't those of this audit, whole and each once.
    pub(crate) fn gather(
        mut self,
        streams: impl IntoIterator<Item = (String, Box<dyn Read>)>,
    ) -> Result<Audited, AuditError> {
        let rules = self.rules.clone();
        let mut gathered =
            Gathered::read(streams, &self.fingerprint(), &rules, self.setup.budget())?;
        let errors = gathered.invoerfouten();
        let tables = self.setup.read_tables(&gathered.state().bestanden)?;
        let (dossier, outcome, warnings) = gathered.merge(&self.terms(), tables.rows)?;
        let Stamgegevens { beoordelingen, reacties, .. } = tables;
        let said = Said { beoordelingen, reacties, errors, warnings };
        Ok(Audited::new(self.setup.joined(dossier, said), self.jaar, outcome))
    }

    /// Reads and joins the dossier, and runs the rules. `with_history`: does the rapport show all
    /// lines of a toewijzing that a finding was counted on?
    ///
    /// # Errors
    /// A dossier that can't be audited, or lines that could not be put aside.
    pub(crate) fn run(
        self,
        workspace: Workspace<'_>,
        with_history: bool,
        tell: &(dyn Fn(Progress) + Sync),
    ) -> Result<Audited, AuditError> {
        let allowance = self.allowance();
        let Audit { setup, jaar, rules, rows_to_show } = self;
        let spill_error = |e| workspace.error(&e);
        let (read, spilled) = workspace.read(&setup, tell)?;
        let memory = setup.budget().bytes();
        tell(Progress::Step(Step::Joining));
        let (mut joined, linker) = setup.join_tables(read);
        let dossier = &mut joined.dossier;
        let terms = Terms {
            regelset: &joined.regelset,
            jaar,
            niveau: joined.niveau,
            rules: &rules,
            with_history,
            allowance,
        };
        let mut run = Run::new(&terms);
        let mut rows = Vec::new();
        match spilled {
            None => {
                linker.link_whole(dossier);
                if rows_to_show > 0 {
                    rows = first_rows(dossier, rows_to_show);
                }
                memory::release();
                tracing::debug!("gekoppeld");
                tell(Progress::Step(Step::Testing));
                run.whole(dossier, tell)?;
            }
            Some(store) => {
                let folder = workspace.folder();
                let mut files = Files::new(dossier, &linker, store, folder, memory, tell);
                files.bring(&mut run).map_err(spill_error)?;
                files.into_notes().into_iter().for_each(|note| tell(Progress::Note(note)));
                run.room_for_all()?;
                run.decide(dossier);
            }
        }
        run.found.counts.merge(LineStatistics::of_startstop(dossier));
        let outcome = run.finish(dossier);
        Ok(Audited { first_rows: rows, ..Audited::new(joined, jaar, outcome) })
    }
}

impl Audited {
    fn new(mut joined: Joined, jaar: i32, outcome: Outcome) -> Audited {
        let Outcome { outcomes, counts } = outcome;
        let Joined { dossier, warnings, .. } = &mut joined;
        warnings.extend(dossier.answers.iter().flat_map(AnswerCounts::warnings));
        warnings.extend(counts.empty_jaar(jaar));
        warnings.extend(counts.empty_toewijzingen(dossier));
        let input = poort::Input {
            dossier: &joined.dossier,
            counts: &counts,
            outcomes: &outcomes,
            regelset: &joined.regelset,
            jaar,
        };
        let meldingen = poort::meldingen(&input);
        Audited { joined, jaar, outcomes, counts, meldingen, first_rows: Vec::new() }
    }
}

impl Run<'_> {
    /// All passes over a dossier in one piece, and the decision.
    ///
    /// # Errors
    /// Where there is no room for what was found.
    fn whole(
        &mut self,
        dossier: &Dossier,
        tell: &(dyn Fn(Progress) + Sync),
    ) -> Result<(), TooManyFindings> {
        let lines = dossier.lines.len() as u64;
        let done = |n: usize, of: usize| {
            let (done, total) = (n as u64, of as u64);
            tell(Progress::Done { done, total, lines: lines * done / total });
        };
        let context = self.terms.context(dossier, false);
        let Ok(()) = Memory::new(&context, &done).bring(self);
        self.room_for_all()?;
        self.decide_on_whole(&context);
        Ok(())
    }
}
