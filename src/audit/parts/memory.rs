//! A dossier in memory: one part, in every pass.

use crate::audit::passes::{Keys, Outcome, Parts, Run, Terms};
use crate::dossier::AanbiederNr;
use crate::ground::memory;
use crate::toetsing::{AuditRule, Controle, Sleutelveld, besluit};
use std::convert::Infallible;

/// A joined dossier whose lines are all in memory.
pub(in crate::audit) struct Memory<'a> {
    controle: &'a Controle<'a>,
    aanbieders: Vec<AanbiederNr>,
    /// Told how many of how many passes are done.
    done: &'a (dyn Fn(usize, usize) + Sync),
}

impl<'a> Memory<'a> {
    pub fn new(controle: &'a Controle<'a>, done: &'a (dyn Fn(usize, usize) + Sync)) -> Memory<'a> {
        let aanbieders = controle.dossier.aanbieders.len();
        Memory {
            controle,
            aanbieders: (0..aanbieders).map(|i| AanbiederNr(i as u16)).collect(),
            done,
        }
    }
}

impl Parts for Memory<'_> {
    type Error = Infallible;

    fn each(&mut self, pass: Sleutelveld, run: &mut Run<'_>) -> Result<(), Infallible> {
        let delivering;
        let keys = match pass {
            Sleutelveld::Aanbieder => Keys::Aanbieders(&self.aanbieders),
            Sleutelveld::Toewijzing => Keys::Toewijzingen,
            Sleutelveld::Jeugdige => {
                delivering = std::mem::take(&mut run.found.delivering);
                Keys::Jeugdigen(&delivering)
            }
        };
        run.part(self.controle, keys);
        let passes = Sleutelveld::ALLE;
        let place = passes.iter().position(|p| *p == pass).unwrap_or_default();
        (self.done)(place + 1, passes.len());
        memory::geef_vrij();
        Ok(())
    }
}

/// Runs rules over a dossier in one piece, which keeps all its lines. `done` is told how many of how
/// many passes are done.
pub fn run_whole(
    controle: &Controle<'_>,
    rules: &[AuditRule],
    done: &(dyn Fn(usize, usize) + Sync),
) -> Outcome {
    let terms = Terms {
        regelset: controle.regelset,
        jaar: controle.jaar,
        niveau: controle.niveau,
        rules,
        with_history: false,
    };
    let mut run = Run::new(&terms);
    let Ok(()) = run.passes(&mut Memory::new(controle, done));
    let outcomes = besluit(controle, rules, run.found.outcomes);
    Outcome { outcomes, counts: run.found.counts }
}
