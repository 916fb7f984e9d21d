//! A dossier in memory: one part, in every pass.

use crate::audit::passes::{Keys, Outcome, Parts, Run, Terms};
use crate::dossier::{AanbiederId, ToewijzingId};
use crate::ground::memory;
use crate::toetsing::{AuditContext, AuditRule, Jeugdigen, PassKey, decision};
use std::convert::Infallible;

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

    fn each(&mut self, pass: PassKey, run: &mut Run<'_>) -> Result<(), Infallible> {
        let (delivering, toewijzingen);
        let keys = match pass {
            PassKey::Aanbieder => Keys::Aanbieders(&self.aanbieders),
            PassKey::Toewijzing => Keys::Toewijzingen,
            PassKey::Jeugdige => {
                delivering = std::mem::take(&mut run.found.delivering);
                let count = self.context.dossier.toewijzingen.len();
                toewijzingen = (0..count).map(ToewijzingId::new).collect::<Vec<_>>();
                Keys::Jeugdigen(Jeugdigen {
                    holds: &|_| true,
                    toewijzingen: &toewijzingen,
                    delivering: &delivering,
                })
            }
        };
        run.part(self.context, keys);
        let passes = PassKey::ALL;
        let place = passes.iter().position(|p| *p == pass).unwrap_or_default();
        (self.done)(place + 1, passes.len());
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
    };
    let mut run = Run::new(&terms);
    let Ok(()) = run.passes(&mut Memory::new(context, done));
    let outcomes = decision(context, rules, run.found.outcomes);
    Outcome { outcomes, counts: run.found.counts }
}
