//! A dossier in memory: one part, in every pass, and passes beside each other.

use crate::audit::passes::{Keys, Outcome, Parts, Run, Terms, check};
use crate::dossier::{AanbiederId, ToewijzingId};
use crate::ground::memory;
use crate::toetsing::{
    AuditContext, AuditRule, Jeugdigen, PassKey, decision, find_lines, put_in_order,
};
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A joined dossier whose lines are all in memory.
pub(in crate::audit) struct Memory<'a> {
    context: &'a AuditContext<'a>,
    aanbieders: Vec<AanbiederId>,
    /// Told how many of how many passes are done.
    done: &'a (dyn Fn(usize, usize) + Sync),
}

impl<'a> Memory<'a> {
    pub(crate) fn new(
        context: &'a AuditContext<'a>,
        done: &'a (dyn Fn(usize, usize) + Sync),
    ) -> Memory<'a> {
        let aanbieders = context.dossier.aanbieders.len();
        Memory {
            context,
            aanbieders: (0..aanbieders).map(|i| AanbiederId(i as u16)).collect(),
            done,
        }
    }
}

impl Parts for Memory<'_> {
    type Error = Infallible;

    /// The pass by aanbieder needs nothing of the others: beside them it takes the time that they
    /// leave while they group and merge.
    fn bring(&mut self, run: &mut Run<'_>) -> Result<(), Infallible> {
        let passes = AtomicUsize::new(0);
        let pass = |keys: Keys<'_>| {
            let found = check(self.context, run.terms.rules, keys);
            (self.done)(passes.fetch_add(1, Ordering::Relaxed) + 1, PassKey::ALL.len());
            found
        };
        let count = self.context.dossier.toewijzingen.len();
        let all: Vec<ToewijzingId> = (0..count).map(ToewijzingId::new).collect();
        let (aanbieders, (toewijzingen, jeugdigen)) = rayon::join(
            || pass(Keys::Aanbieders(&self.aanbieders)),
            || {
                let toewijzingen = pass(Keys::Toewijzingen);
                let jeugdigen = pass(Keys::Jeugdigen(Jeugdigen {
                    holds: &|_| true,
                    toewijzingen: &all,
                    delivering: &toewijzingen.delivering,
                }));
                (toewijzingen, jeugdigen)
            },
        );
        run.add([aanbieders, toewijzingen, jeugdigen]);
        memory::release();
        Ok(())
    }
}

/// Runs rules over a dossier in one piece, which keeps all its lines. `done` is told how many of how
/// many passes are done.
pub fn run_whole(
    context: &AuditContext<'_>,
    rules: &[AuditRule],
    done: &(dyn Fn(usize, usize) + Sync),
) -> Outcome {
    let terms = Terms {
        regelset: context.regelset,
        jaar: context.jaar,
        niveau: context.niveau,
        rules,
        with_history: false,
        allowance: Arc::default(),
    };
    let mut run = Run::new(&terms);
    let Ok(()) = Memory::new(context, done).bring(&mut run);
    find_lines(context, &mut run.found.outcomes);
    let mut outcomes = decision(context, rules, run.found.outcomes);
    for bevinding in outcomes.iter_mut().flat_map(|u| &mut u.outcomes.bevindingen) {
        put_in_order(context.dossier, bevinding);
    }
    Outcome { outcomes, counts: run.found.counts }
}
