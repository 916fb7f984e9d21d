//! The work of rules over units, spread over threads, and what each rule comes to.
//!
//! Pieces are merged in their own order: what comes out doesn't depend on the number of threads. A rule
//! that panics is reported as failed and gives no findings; the others go on.

use super::outcome::Outcomes;
use super::rule::AuditRule;
use super::running::RunningRule;
use crate::ground::memory::Allowance;
use crate::regelset::RuleSettings;
use rayon::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// What one rule came to.
pub struct RuleOutcome {
    pub rule: AuditRule,
    pub outcomes: Outcomes,
    /// What went wrong in the rule itself; then there are no outcomes.
    pub failed: Option<String>,
}

impl RuleOutcome {
    pub(super) fn merge(&mut self, part: RuleOutcome) {
        self.outcomes.merge(part.outcomes);
        self.failed = self.failed.take().or(part.failed);
    }
}

/// What a rule comes to while it runs.
#[derive(Default)]
pub(super) struct Tally {
    pub outcomes: Outcomes,
    pub failed: Option<String>,
}

impl Tally {
    fn within(allowance: &Arc<Allowance>) -> Tally {
        Tally { outcomes: Outcomes::within(allowance), failed: None }
    }

    /// Adds what some work of the rule comes to, with the source of the rule on each finding; a rule
    /// that panicked has failed, and does no more, nor does one whose findings there is no room for.
    pub(super) fn attempt(&mut self, values: &RuleSettings, work: impl FnOnce(&mut Outcomes)) {
        if self.failed.is_some() || self.outcomes.is_cut_short() {
            return;
        }
        let earlier = self.outcomes.bevindingen.len();
        if let Err(error) = catch_unwind(AssertUnwindSafe(|| work(&mut self.outcomes))) {
            self.failed = Some(panic_text(&*error));
        }
        for bevinding in &mut self.outcomes.bevindingen[earlier..] {
            bevinding.source = values.source.clone();
        }
    }

    fn merge(&mut self, part: Tally) {
        self.outcomes.merge(part.outcomes);
        self.failed = self.failed.take().or(part.failed);
    }

    /// The rule's outcomes: none where it failed.
    pub(super) fn of(self, rule: &AuditRule) -> RuleOutcome {
        let outcomes = if self.failed.is_some() { Outcomes::default() } else { self.outcomes };
        RuleOutcome { rule: rule.clone(), outcomes, failed: self.failed }
    }
}

/// Places of the units of one piece of work.
pub(super) type UnitRange = std::ops::Range<usize>;

/// How units of work are spread over threads: so many to a piece, and at most so many pieces that one
/// thread takes at once.
pub(super) struct Chunking {
    per_part: usize,
    most_parts: usize,
}

impl Chunking {
    pub(super) fn per(per_part: usize) -> Chunking {
        Chunking { per_part, most_parts: usize::MAX }
    }

    /// Of units that differ: a few of them may be most of the work.
    pub(super) const UNEQUAL: Chunking = Chunking { per_part: 1, most_parts: 8 };
}

/// Every rule over every unit, `per_part` units at a time: `make` makes the units of a piece once
/// for all rules. Pieces are merged in their order.
pub(super) fn run<T>(
    Chunking { per_part, most_parts }: Chunking,
    allowance: &Arc<Allowance>,
    rules: &[RunningRule<'_>],
    count: usize,
    make: impl Fn(UnitRange) -> T + Sync,
    work: impl Fn(&RunningRule<'_>, &T, &mut Outcomes) + Sync,
) -> Vec<RuleOutcome> {
    let empty = || -> Vec<Tally> { rules.iter().map(|_| Tally::within(allowance)).collect() };
    let parts = count.div_ceil(per_part);
    // What a thread has begun no other can take over: so many pieces at a time.
    let most = (parts / (16 * rayon::current_num_threads())).clamp(1, most_parts);
    // Next to each other in the order of the pieces: what comes out is in that order.
    let out = (0..parts)
        .into_par_iter()
        .with_max_len(most)
        .fold(empty, |mut out, part| {
            let units = make(part * per_part..((part + 1) * per_part).min(count));
            for (tally, rule) in out.iter_mut().zip(rules) {
                tally.attempt(rule.values, |out| work(rule, &units, out));
            }
            out
        })
        .reduce(empty, |mut out, part| {
            out.iter_mut().zip(part).for_each(|(tally, part)| tally.merge(part));
            out
        });
    out.into_iter().zip(rules).map(|(tally, rule)| tally.of(rule)).collect()
}

fn panic_text(error: &(dyn std::any::Any + Send)) -> String {
    let text = error
        .downcast_ref::<&str>()
        .map(|s| (*s).to_owned())
        .or_else(|| error.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "onbekende oorzaak".to_owned());
    crate::ground::masked(&text).into_owned()
}
