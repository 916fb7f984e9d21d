//! The lines that a finding rests on.
//!
//! They follow from what the finding is about: all lines that count of its toewijzing, jeugdige,
//! aanbieder or gemeente, for a message all that came in it. Where a rule looks at some of these, it says
//! so of all its findings ([`RestsOn`]) or, where that differs from one to the next, on the finding
//! itself ([`Selection`]). So nothing is kept of a finding that rests on all lines of a key.

use super::controle::Controle;
use super::groepen::{PerAanbieder, PerJeugdige, PerToewijzing};
use super::lijn::Lijn;
use super::rule::{AuditRule, RestsOn};
use super::uitkomst::{Bevinding, Onderwerp, Selection};
use crate::dossier::{AanbiederNr, Cent, Gemeente, RegelNr};

/// A line under a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnderlyingLine {
    pub nr: RegelNr,
    /// What of the finding's amount it carries, where the lines carry it together.
    pub share: Option<Cent>,
}

/// Looks up lines under findings of an audit whose lines are all there.
pub struct UnderlyingLines<'a> {
    controle: &'a Controle<'a>,
    per_toewijzing: PerToewijzing,
    per_jeugdige: PerJeugdige,
    per_aanbieder: PerAanbieder,
}

impl<'a> UnderlyingLines<'a> {
    pub fn new(controle: &'a Controle<'a>) -> UnderlyingLines<'a> {
        UnderlyingLines {
            controle,
            per_toewijzing: PerToewijzing::nieuw(controle.dossier),
            per_jeugdige: PerJeugdige::nieuw(controle),
            per_aanbieder: PerAanbieder::nieuw(controle.dossier),
        }
    }

    /// The lines under a finding of this rule.
    ///
    /// Each carries its own amount where those add up to the finding's: then the finding is for all
    /// that was declared on them. A finding that sets a sum against a limit is for no line in
    /// particular.
    pub fn of(&self, rule: &AuditRule, bevinding: &Bevinding) -> Vec<UnderlyingLine> {
        if let Onderwerp::Regel(nr) = bevinding.onderwerp {
            return vec![UnderlyingLine { nr, share: bevinding.bedrag }];
        }
        let nrs = match bevinding.selection.as_deref() {
            Some(Selection::Lines(nrs)) => nrs.clone(),
            Some(Selection::Product(nr)) => {
                self.among(bevinding.onderwerp, |l| l.regel.product == *nr)
            }
            Some(Selection::Onderdeel(onderdeel)) => {
                self.among(bevinding.onderwerp, |l| l.product.onderdeel() == Some(*onderdeel))
            }
            None => match (rule.rests_on(), self.controle.regelset.regel(rule.code)) {
                (RestsOn::Nothing, _) => Vec::new(),
                (RestsOn::Where(holds), Some(values)) => {
                    self.among(bevinding.onderwerp, |l| holds(l, values))
                }
                (RestsOn::Subject | RestsOn::Where(_), _) => {
                    self.among(bevinding.onderwerp, |_| true)
                }
            },
        };
        let amount = |nr: RegelNr| self.controle.dossier.regel(nr).ingediend_bedrag;
        let sum: Cent = nrs.iter().map(|nr| amount(*nr)).sum();
        let carried = bevinding.bedrag == Some(sum);
        let line = |nr| UnderlyingLine { nr, share: carried.then(|| amount(nr)) };
        nrs.into_iter().map(line).collect()
    }

    /// The lines of a subject for which `holds`.
    fn among(&self, subject: Onderwerp, holds: impl Fn(&Lijn<'_>) -> bool) -> Vec<RegelNr> {
        let c = self.controle;
        let holds = |nr: &RegelNr| holds(&c.lijn(*nr));
        let of = |nrs: &[RegelNr]| nrs.iter().copied().filter(holds).collect();
        match subject {
            Onderwerp::Regel(nr) => vec![nr],
            Onderwerp::Toewijzing(nr) => of(self.per_toewijzing.van(nr)),
            Onderwerp::Jeugdige(bsn) => of(self.per_jeugdige.van(bsn)),
            Onderwerp::Aanbieder(nr) => self.of_aanbieder(nr, |_| true).filter(holds).collect(),
            Onderwerp::AanbiederInGemeente(nr, gemeente) => {
                let in_gemeente = |nr: &RegelNr| c.dossier.regel(*nr).gemeente == gemeente;
                self.of_aanbieder(nr, in_gemeente).filter(holds).collect()
            }
            Onderwerp::Gemeente(gemeente) => {
                let all = (0..c.dossier.regels.len() as u32).map(RegelNr);
                all.filter(|nr| self.is_of_gemeente(*nr, gemeente)).filter(holds).collect()
            }
            Onderwerp::Declaratiebericht(plaats) => {
                let berichten = c.dossier.declaratieberichten.as_deref().unwrap_or_default();
                let Some(bericht) = berichten.get(plaats as usize) else { return Vec::new() };
                let all = (0..c.dossier.regels.len() as u32).map(RegelNr);
                all.filter(|nr| c.dossier.regel(*nr).bestand == bericht.bestand).collect()
            }
        }
    }

    /// The lines of an aanbieder that count in the audited year.
    fn of_aanbieder(
        &self,
        nr: AanbiederNr,
        past: impl Fn(&RegelNr) -> bool,
    ) -> impl Iterator<Item = RegelNr> {
        let c = self.controle;
        let counts = move |nr: &RegelNr| c.telt_mee_in_leverjaar(c.dossier.regel(*nr)) && past(nr);
        self.per_aanbieder.van(nr).iter().copied().filter(counts)
    }

    /// Does the line count, on a toewijzing of this gemeente or, without one, for it?
    fn is_of_gemeente(&self, nr: RegelNr, gemeente: Gemeente) -> bool {
        let lijn = self.controle.lijn(nr);
        let van = lijn.toewijzing().map_or(lijn.gemeente(), |t| t.gemeente);
        van == gemeente && self.controle.telt_mee_in_leverjaar(lijn.regel)
    }
}
