//! The passes of an audit, written once: each sees all lines of some keys, part by part, and the
//! outcomes of all parts are decided on at the end.

use super::error::TooManyFindings;
use super::reported::ReportedLines;
use crate::dossier::{AanbiederId, Dossier, Niveau, ToewijzingId};
use crate::ground::memory::Allowance;
use crate::regelset::Regelset;
use crate::toetsing::{
    AuditContext, AuditRule, Jeugdigen, LineStatistics, RuleOutcome, check_aanbieders,
    check_jeugdigen, check_toewijzingen, decision,
};
use std::sync::Arc;

/// Under what every part of a dossier is audited.
pub(crate) struct Terms<'a> {
    pub regelset: &'a Regelset,
    pub jaar: i32,
    pub niveau: Niveau,
    pub rules: &'a [AuditRule],
    /// Does the rapport show all lines of a toewijzing that a finding was counted on?
    pub with_history: bool,
    /// What the findings may take.
    pub allowance: Arc<Allowance>,
}

impl<'a> Terms<'a> {
    /// What lines are counted by.
    pub(super) fn without_rules(regelset: &'a Regelset, jaar: i32, niveau: Niveau) -> Terms<'a> {
        let allowance = Arc::default();
        Terms { regelset, jaar, niveau, rules: &[], with_history: false, allowance }
    }

    /// A dossier, or a part of one, as the rules see it. `knows_functions`: does a line name a
    /// function, of this part or of another?
    pub(super) fn context<'c>(
        &'c self,
        dossier: &'c Dossier,
        knows_functions: bool,
    ) -> AuditContext<'c> {
        AuditContext::new(dossier, self.regelset, self.jaar, self.niveau)
            .with_functies_elsewhere(knows_functions)
            .with_allowance(&self.allowance)
    }
}

/// The parts of an audit.
pub(super) trait Parts {
    /// What may keep a part from being had.
    type Error;

    /// Brings each part of each pass to `run`, and keeps of its lines what the next pass needs.
    ///
    /// # Errors
    /// What kept a part from being had.
    fn bring(&mut self, run: &mut Run<'_>) -> Result<(), Self::Error>;
}

/// The keys of which a part holds all lines that a pass needs.
#[derive(Clone, Copy)]
pub(super) enum Keys<'a> {
    /// All lines of these aanbieders, with what crediting made of them.
    Aanbieders(&'a [AanbiederId]),
    /// All live lines on some toewijzingen.
    Toewijzingen,
    /// All lines that count of some jeugdigen and on toewijzingen of theirs, and these.
    Jeugdigen(Jeugdigen<'a>),
}

/// What the parts that are done came to.
#[derive(Default)]
pub(super) struct Found {
    /// Their findings name lines by the numbers of the whole dossier.
    pub outcomes: Vec<RuleOutcome>,
    pub counts: LineStatistics,
    pub reported: ReportedLines,
    /// The toewijzingen with a line that counts in the audited year.
    pub delivering: Vec<ToewijzingId>,
    /// Does a line name a function?
    pub knows_functions: bool,
}

impl Found {
    fn add(&mut self, part: Found) {
        self.outcomes.extend(part.outcomes);
        self.counts.merge(part.counts);
        self.delivering.extend(part.delivering);
        self.knows_functions |= part.knows_functions;
    }
}

/// The rules of one pass over a part.
pub(super) fn check(context: &AuditContext<'_>, rules: &[AuditRule], keys: Keys<'_>) -> Found {
    match keys {
        Keys::Aanbieders(aanbieders) => Found {
            outcomes: check_aanbieders(context, rules, aanbieders),
            counts: LineStatistics::of(context),
            knows_functions: context.knows_functies(),
            ..Found::default()
        },
        Keys::Toewijzingen => {
            let (outcomes, delivering) = check_toewijzingen(context, rules);
            Found { outcomes, delivering, ..Found::default() }
        }
        Keys::Jeugdigen(jeugdigen) => {
            let outcomes = check_jeugdigen(context, rules, jeugdigen);
            Found { outcomes, ..Found::default() }
        }
    }
}

/// What all rules came to, and what the lines came to.
pub struct Outcome {
    pub outcomes: Vec<RuleOutcome>,
    pub counts: LineStatistics,
}

/// An audit on its way through the passes.
pub(super) struct Run<'a> {
    pub terms: &'a Terms<'a>,
    pub found: Found,
}

impl<'a> Run<'a> {
    pub(crate) fn new(terms: &'a Terms<'a>) -> Run<'a> {
        Run { terms, found: Found::default() }
    }

    /// Was there room for all that was found so far?
    ///
    /// # Errors
    /// Where there wasn't: what was found until then.
    pub(super) fn room_for_all(&self) -> Result<(), TooManyFindings> {
        match self.terms.allowance.is_spent() {
            true => Err(TooManyFindings::of(&self.found.outcomes)),
            false => Ok(()),
        }
    }

    /// Has a part go by the rules of one pass.
    pub(crate) fn part(&mut self, context: &AuditContext<'_>, keys: Keys<'_>) {
        self.found.add(check(context, self.terms.rules, keys));
    }

    /// The same with passes that went beside each other.
    pub(crate) fn add(&mut self, found: impl IntoIterator<Item = Found>) {
        found.into_iter().for_each(|part| self.found.add(part));
    }

    /// The same over a part whose lines are let go of: what the rapport shows of them is kept, and
    /// the findings name them by the `numbers` that they have in the whole.
    pub(crate) fn passing_part(&mut self, dossier: &Dossier, numbers: &[u32], keys: Keys<'_>) {
        let context = self.terms.context(dossier, self.found.knows_functions).with_numbers(numbers);
        let before = self.found.outcomes.len();
        self.part(&context, keys);
        let Found { outcomes, reported, .. } = &mut self.found;
        let (outcomes, with_history) = (&mut outcomes[before..], self.terms.with_history);
        reported.keep(&context, Some(numbers), outcomes, with_history);
    }

    /// Decides on what all parts came to, once the lines of none are needed any more.
    pub(crate) fn decide(&mut self, dossier: &Dossier) {
        let context = self.terms.context(dossier, self.found.knows_functions);
        let parts = std::mem::take(&mut self.found.outcomes);
        self.found.outcomes = decision(&context, self.terms.rules, parts);
    }

    /// The same of a part that is the whole, while its lines are there: of what rules over the whole
    /// dossier may rest on no more is kept than what they came to.
    pub(crate) fn decide_on_whole(&mut self, context: &AuditContext<'_>) {
        let Found { outcomes, reported, .. } = &mut self.found;
        *outcomes = decision(context, self.terms.rules, std::mem::take(outcomes));
        reported.keep(context, None, outcomes, self.terms.with_history);
    }

    /// What was decided. `dossier` is left with the lines that the rapport shows.
    pub(crate) fn finish(self, dossier: &mut Dossier) -> Outcome {
        let Found { mut outcomes, counts, reported, .. } = self.found;
        reported.put(dossier, &mut outcomes, self.terms.with_history);
        Outcome { outcomes, counts }
    }
}
