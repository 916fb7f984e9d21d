//! The lines that a finding rests on.
//!
//! They follow from what the finding is about: all lines that count of its toewijzing, jeugdige,
//! aanbieder or gemeente, for a message all that came in it. Where a rule looks at some of these, it says
//! so of all its findings ([`RestsOn`]) or, where that differs from one to the next, on the finding
//! itself ([`Selection`]). What a rule over all lines decides rests on the lines that it made its sums
//! of: see [`super::KeyedLines`].

use super::context::AuditContext;
use super::grouping::{ByAanbieder, ByJeugdige, ByToewijzing};
use super::line::Line;
use super::outcome::{Bevinding, Selection, Subject};
use super::rule::{AuditRule, RestsOn};
use super::tally::RuleOutcome;
use super::top_lines::{Kept, Rank, TopLines, Underlying};
use crate::dossier::{Bsn, Cent, Dossier, LineId};
use hashbrown::HashSet;
use rayon::prelude::*;
use std::cmp::Reverse;

/// Looks up the lines under all findings of a part, and has each name them by their numbers in it.
/// What a finding is about must be there with all its lines, unless it names them itself.
pub(crate) fn find_lines(context: &AuditContext<'_>, outcomes: &mut [RuleOutcome]) {
    let lines = LinesByKey::of(context, outcomes);
    // Of one rule they are few and large, of another many and small.
    outcomes.par_iter_mut().for_each(|RuleOutcome { rule, outcomes, .. }| {
        let rule = &*rule;
        outcomes.bevindingen.par_iter_mut().for_each(|bevinding| {
            let is_on_line = matches!(bevinding.subject, Subject::Line(_));
            if !is_on_line && bevinding.underlying().is_none() {
                let found = lines.under(rule, bevinding);
                bevinding.selection = Some(Box::new(Selection::Found(found)));
            }
        });
    });
}

/// The lines of what findings are about.
struct LinesByKey<'a> {
    context: &'a AuditContext<'a>,
    per_toewijzing: ByToewijzing,
    per_jeugdige: ByJeugdige,
    per_aanbieder: ByAanbieder,
}

impl<'a> LinesByKey<'a> {
    /// Only of those that a finding is about which doesn't name its lines itself.
    fn of(context: &'a AuditContext<'a>, outcomes: &[RuleOutcome]) -> LinesByKey<'a> {
        let d = context.dossier;
        let mut toewijzingen = vec![false; d.toewijzingen.len()];
        let mut aanbieders = vec![false; d.aanbieders.len()];
        let mut jeugdigen: HashSet<Bsn> = HashSet::new();
        for bevinding in outcomes.iter().flat_map(|u| &u.outcomes.bevindingen) {
            if let Some(Selection::Lines(_) | Selection::Carrying(_) | Selection::Found(_)) =
                bevinding.selection.as_deref()
            {
                continue;
            }
            match bevinding.subject {
                Subject::Toewijzing(id) => toewijzingen[id.place()] = true,
                Subject::Aanbieder(id) | Subject::AanbiederInGemeente(id, _) => {
                    aanbieders[id.0 as usize] = true;
                }
                Subject::Jeugdige(bsn) => {
                    jeugdigen.insert(bsn);
                }
                Subject::Line(_)
                | Subject::Gemeente(_)
                | Subject::Declaratiebericht(_)
                | Subject::Dossier => {}
            }
        }
        LinesByKey {
            context,
            per_toewijzing: ByToewijzing::of_those(d, |id| toewijzingen[id.place()]),
            per_jeugdige: ByJeugdige::of_those(context, |bsn| jeugdigen.contains(&bsn)),
            per_aanbieder: ByAanbieder::of_those(d, |id| aanbieders[id.0 as usize]),
        }
    }

    /// The lines under a finding of this rule.
    fn under(&self, rule: &AuditRule, bevinding: &Bevinding) -> Underlying {
        let of = bevinding.subject;
        match bevinding.selection.as_deref() {
            Some(Selection::Lines(nrs)) => self.kept(of, nrs.iter().copied()),
            Some(Selection::Carrying(lines)) => {
                let mut found = self.kept(of, lines.iter().map(|(id, _)| *id));
                found.shares = lines.iter().map(|(_, part)| *part).collect();
                found
            }
            Some(Selection::Product(id)) => self.among(of, |l| l.data.product == *id),
            Some(Selection::Onderdeel(onderdeel)) => {
                self.among(of, |l| l.product.onderdeel() == Some(*onderdeel))
            }
            Some(Selection::Found(lines)) => lines.clone(),
            None => match (rule.rests_on(), self.context.regelset.rule(rule.code)) {
                (RestsOn::Nothing, _) => Underlying::default(),
                (RestsOn::Where(holds), Some(values)) => self.among(of, |l| holds(l, values)),
                (RestsOn::Subject | RestsOn::Where(_), _) => self.among(of, |_| true),
            },
        }
    }

    /// The lines of a subject for which `holds`. Of a gemeente, a message or the dossier no part has
    /// all lines: the rules on these say what theirs are.
    fn among(&self, subject: Subject, holds: impl Fn(&Line<'_>) -> bool) -> Underlying {
        let c = self.context;
        let holds = |id: &LineId| holds(&c.line(*id));
        let counts = |id: &LineId| c.counts_in_leverjaar(c.dossier.line(*id));
        let of = |nrs: &[LineId]| self.kept(subject, nrs.iter().copied().filter(holds));
        match subject {
            Subject::Toewijzing(id) => of(self.per_toewijzing.of(id)),
            Subject::Jeugdige(bsn) => of(self.per_jeugdige.of(bsn)),
            Subject::Aanbieder(id) => {
                let all = self.per_aanbieder.of(id).iter().copied();
                self.kept(subject, all.filter(counts).filter(holds))
            }
            Subject::AanbiederInGemeente(id, gemeente) => {
                let all = self.per_aanbieder.of(id).iter().copied();
                let in_gemeente = |id: &LineId| c.dossier.line(*id).gemeente == gemeente;
                self.kept(subject, all.filter(counts).filter(in_gemeente).filter(holds))
            }
            Subject::Line(_)
            | Subject::Gemeente(_)
            | Subject::Declaratiebericht(_)
            | Subject::Dossier => Underlying::default(),
        }
    }

    /// Of these lines those that a finding on this subject names.
    fn kept(&self, subject: Subject, nrs: impl Iterator<Item = LineId>) -> Underlying {
        let c = self.context;
        if !is_whole(subject) {
            let lines: Vec<LineId> = nrs.collect();
            let sum = lines.iter().map(|id| c.dossier.line(*id).ingediend_bedrag).sum();
            return Underlying { count: lines.len() as u64, sum, lines, shares: Vec::new() };
        }
        let mut lines = TopLines::new(Kept::Largest);
        nrs.for_each(|id| {
            lines.push(Rank::of(c.dossier.line(id)), || c.ranked(id));
        });
        let nrs = lines.lines().iter().map(|l| l.id).collect();
        Underlying { count: lines.count, sum: lines.sum, lines: nrs, shares: Vec::new() }
    }
}

/// Is it an aanbieder, a gemeente or the dossier as a whole, under which many lines lie?
fn is_whole(subject: Subject) -> bool {
    match subject {
        Subject::Line(_)
        | Subject::Toewijzing(_)
        | Subject::Jeugdige(_)
        | Subject::Declaratiebericht(_) => false,
        Subject::Aanbieder(_)
        | Subject::Gemeente(_)
        | Subject::AanbiederInGemeente(..)
        | Subject::Dossier => true,
    }
}

/// Puts the lines under a finding in the order in which they are shown: those of an aanbieder, a
/// gemeente or the dossier the largest first, others in the order in which rules count.
pub(crate) fn put_in_order(dossier: &Dossier, bevinding: &mut Bevinding) {
    let largest_first = is_whole(bevinding.subject);
    let Some(lines) = bevinding.underlying_mut() else { return };
    let of = |id: LineId| dossier.line(id);
    let mut order: Vec<usize> = (0..lines.lines.len()).collect();
    order.sort_by(|i, j| {
        let (a, b) = (lines.lines[*i], lines.lines[*j]);
        let by_amount = match largest_first {
            true => Reverse(of(a).ingediend_bedrag).cmp(&Reverse(of(b).ingediend_bedrag)),
            false => std::cmp::Ordering::Equal,
        };
        by_amount.then_with(|| dossier.compare(a, b))
    });
    lines.lines = order.iter().map(|i| lines.lines[*i]).collect();
    if !lines.shares.is_empty() {
        lines.shares = order.iter().map(|i| lines.shares[*i]).collect();
    }
}

/// What each line under a finding carries of its amount, in the order of [`Underlying::lines`], which
/// must be that of [`put_in_order`]; `None` where lines carry nothing of it.
///
/// Where the rule says so itself, that. Else a finding on a toewijzing or a jeugdige is carried by the
/// lines of the audited year, from the last one back, each up to what it declares: the first lines
/// fill up what was allowed, and where all that was declared is in question each carries its own. A
/// finding on an aanbieder, a gemeente or a message sets a sum against another and is for no line in
/// particular, unless it is for all that was declared on its lines. Money that the lines don't hold
/// is carried by none.
pub fn shares(context: &AuditContext<'_>, bevinding: &Bevinding) -> Option<Vec<Cent>> {
    let (bedrag, under) = (bevinding.bedrag?, bevinding.underlying()?);
    if !under.shares.is_empty() {
        return Some(under.shares.clone());
    }
    let lines = || under.lines.iter().map(|id| context.dossier.line(*id));
    match bevinding.subject {
        Subject::Toewijzing(_) | Subject::Jeugdige(_) => {
            let mut rest = bedrag;
            let mut shares: Vec<Cent> = lines()
                .rev()
                .map(|r| {
                    let of_year = context.in_leverjaar(r).then_some(r.ingediend_bedrag);
                    let part = of_year.unwrap_or_default().min(rest);
                    rest = rest - part;
                    part
                })
                .collect();
            shares.reverse();
            (rest == Cent::ZERO).then_some(shares)
        }
        Subject::Aanbieder(_) | Subject::Gemeente(_) | Subject::AanbiederInGemeente(..) => {
            (bedrag == under.sum).then(|| lines().map(|r| r.ingediend_bedrag).collect())
        }
        Subject::Line(_) | Subject::Declaratiebericht(_) | Subject::Dossier => None,
    }
}
