//! The lines that a finding rests on.
//!
//! They follow from what the finding is about: all lines that count of its toewijzing, jeugdige,
//! aanbieder or gemeente, for a message all that came in it. Where a rule looks at some of these, it says
//! so of all its findings ([`RestsOn`]) or, where that differs from one to the next, on the finding
//! itself ([`Selection`]). So nothing is kept of a finding that rests on all lines of a key.

use super::context::AuditContext;
use super::grouping::{ByAanbieder, ByJeugdige, ByToewijzing};
use super::line::Line;
use super::outcome::{Bevinding, Selection, Subject};
use super::rule::{AuditRule, RestsOn};
use crate::dossier::{AanbiederId, Cent, Gemeente, LineId};

/// A line under a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnderlyingLine {
    pub id: LineId,
    /// What of the finding's amount it carries, where the lines carry it together.
    pub share: Option<Cent>,
}

/// Looks up lines under findings of an audit whose lines are all there.
pub struct UnderlyingLines<'a> {
    context: &'a AuditContext<'a>,
    per_toewijzing: ByToewijzing,
    per_jeugdige: ByJeugdige,
    per_aanbieder: ByAanbieder,
}

impl<'a> UnderlyingLines<'a> {
    pub fn new(context: &'a AuditContext<'a>) -> UnderlyingLines<'a> {
        UnderlyingLines {
            context,
            per_toewijzing: ByToewijzing::new(context.dossier),
            per_jeugdige: ByJeugdige::new(context),
            per_aanbieder: ByAanbieder::new(context.dossier),
        }
    }

    /// The lines under a finding of this rule.
    ///
    /// Each carries its own amount where those add up to the finding's: then the finding is for all
    /// that was declared on them. A finding that sets a sum against a limit is for no line in
    /// particular.
    pub fn of(&self, rule: &AuditRule, bevinding: &Bevinding) -> Vec<UnderlyingLine> {
        if let Subject::Line(id) = bevinding.subject {
            return vec![UnderlyingLine { id, share: bevinding.bedrag }];
        }
        let nrs = match bevinding.selection.as_deref() {
            Some(Selection::Lines(nrs)) => nrs.clone(),
            Some(Selection::Product(id)) => {
                self.among(bevinding.subject, |l| l.data.product == *id)
            }
            Some(Selection::Onderdeel(onderdeel)) => {
                self.among(bevinding.subject, |l| l.product.onderdeel() == Some(*onderdeel))
            }
            None => match (rule.rests_on(), self.context.regelset.rule(rule.code)) {
                (RestsOn::Nothing, _) => Vec::new(),
                (RestsOn::Where(holds), Some(values)) => {
                    self.among(bevinding.subject, |l| holds(l, values))
                }
                (RestsOn::Subject | RestsOn::Where(_), _) => {
                    self.among(bevinding.subject, |_| true)
                }
            },
        };
        let amount = |id: LineId| self.context.dossier.line(id).ingediend_bedrag;
        let sum: Cent = nrs.iter().map(|id| amount(*id)).sum();
        let carried = bevinding.bedrag == Some(sum);
        let line = |id| UnderlyingLine { id, share: carried.then(|| amount(id)) };
        nrs.into_iter().map(line).collect()
    }

    /// The lines of a subject for which `holds`.
    fn among(&self, subject: Subject, holds: impl Fn(&Line<'_>) -> bool) -> Vec<LineId> {
        let c = self.context;
        let holds = |id: &LineId| holds(&c.line(*id));
        let of = |nrs: &[LineId]| nrs.iter().copied().filter(holds).collect();
        match subject {
            Subject::Line(id) => vec![id],
            Subject::Toewijzing(id) => of(self.per_toewijzing.of(id)),
            Subject::Jeugdige(bsn) => of(self.per_jeugdige.of(bsn)),
            Subject::Aanbieder(id) => self.of_aanbieder(id, |_| true).filter(holds).collect(),
            Subject::AanbiederInGemeente(id, gemeente) => {
                let in_gemeente = |id: &LineId| c.dossier.line(*id).gemeente == gemeente;
                self.of_aanbieder(id, in_gemeente).filter(holds).collect()
            }
            Subject::Gemeente(gemeente) => {
                let all = (0..c.dossier.lines.len() as u32).map(LineId);
                all.filter(|id| self.is_of_gemeente(*id, gemeente)).filter(holds).collect()
            }
            Subject::Dossier => {
                let all = (0..c.dossier.lines.len() as u32).map(LineId);
                let counts = |id: &LineId| c.counts_in_leverjaar(c.dossier.line(*id));
                all.filter(counts).filter(holds).collect()
            }
            Subject::Declaratiebericht(place) => {
                let berichten = c.dossier.declaratieberichten.as_deref().unwrap_or_default();
                let Some(bericht) = berichten.get(place as usize) else { return Vec::new() };
                let all = (0..c.dossier.lines.len() as u32).map(LineId);
                all.filter(|id| c.dossier.line(*id).file == bericht.bestand).collect()
            }
        }
    }

    /// The lines of an aanbieder that count in the audited year.
    fn of_aanbieder(
        &self,
        id: AanbiederId,
        fits: impl Fn(&LineId) -> bool,
    ) -> impl Iterator<Item = LineId> {
        let c = self.context;
        let counts = move |id: &LineId| c.counts_in_leverjaar(c.dossier.line(*id)) && fits(id);
        self.per_aanbieder.of(id).iter().copied().filter(counts)
    }

    /// Does the line count, on a toewijzing of this gemeente or, without one, for it?
    fn is_of_gemeente(&self, id: LineId, gemeente: Gemeente) -> bool {
        let line = self.context.line(id);
        let of = line.toewijzing().map_or(line.gemeente(), |t| t.gemeente);
        of == gemeente && self.context.counts_in_leverjaar(line.data)
    }
}
