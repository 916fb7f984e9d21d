//! The lines that a rapport shows: those that findings are about, those under findings, and those
//! that tell how a finding on a toewijzing came about. Of a dossier of millions of lines they are few.

use crate::dossier::{Dossier, LineBlock, LineId};
use crate::toetsing::{AuditContext, RuleOutcome, Scope, Subject, find_lines, put_in_order};
use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;

/// Lines that the rapport shows or may come to show, each of them once.
#[derive(Default)]
pub(super) struct ReportedLines {
    blocks: Vec<LineBlock>,
    numbers: HashSet<u32>,
}

/// Lines that are copied in one task.
const PER_BLOCK: usize = 1 << 12;

impl ReportedLines {
    /// Looks up the lines under the findings of a part, and keeps what the rapport shows of its
    /// lines. `numbers` gives for each of them the number in the whole, by which the findings name
    /// them afterwards; without it the part is the whole.
    pub(crate) fn keep(
        &mut self,
        context: &AuditContext<'_>,
        numbers: Option<&[u32]>,
        outcomes: &mut [RuleOutcome],
        with_history: bool,
    ) {
        find_lines(context, outcomes);
        let dossier = context.dossier;
        let number = |id: LineId| numbers.map_or(id.0, |numbers| numbers[id.0 as usize]);
        // A mark for each line: in the order of the dossier they are soon found and copied.
        let mut shown = shown(dossier, outcomes, with_history);
        for outcome in outcomes {
            for bevinding in &mut outcome.outcomes.bevindingen {
                rename(&mut bevinding.subject, number);
                if let Some(lines) = bevinding.underlying_mut() {
                    lines.lines.iter_mut().for_each(|id| *id = LineId(number(*id)));
                }
            }
            // What the rule will come to may rest on any of these.
            for (_, lines) in outcome.outcomes.lines.all() {
                lines.lines().iter().for_each(|l| shown[l.id.0 as usize] = true);
            }
        }
        let lines = (0_u32..).zip(shown).filter_map(|(id, shown)| shown.then_some(LineId(id)));
        let new: Vec<LineId> = lines.filter(|id| self.numbers.insert(number(*id))).collect();
        self.blocks.par_extend(new.par_chunks(PER_BLOCK).map(|lines| {
            let mut block = LineBlock::with_capacity(lines.len());
            lines.iter().for_each(|id| block.push(dossier, *id, number(*id)));
            block
        }));
    }

    /// The numbers in the whole of all lines that are kept.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u32> {
        self.numbers.iter().copied()
    }

    /// Puts the lines that the rapport shows into a dossier in the place of what it has, and has the
    /// findings name them there.
    pub(crate) fn put(
        self,
        dossier: &mut Dossier,
        outcomes: &mut [RuleOutcome],
        with_history: bool,
    ) {
        let mut block = LineBlock::concat(self.blocks);
        let places: HashMap<u32, u32> = block.numbers.iter().copied().zip(0..).collect();
        dossier.swap_lines(&mut block);
        rename_all(outcomes, |id| places[&id.0]);
        leave_shown(dossier, outcomes, with_history);
    }
}

/// For each line of the dossier: does the rapport show it? The findings name the lines under them.
fn shown(dossier: &Dossier, outcomes: &[RuleOutcome], with_history: bool) -> Vec<bool> {
    let mut shown = vec![false; dossier.lines.len()];
    let mut history = vec![false; dossier.toewijzingen.len()];
    for outcome in outcomes {
        let with_history = with_history && outcome.rule.scopes().contains(&Scope::Toewijzing);
        for bevinding in &outcome.outcomes.bevindingen {
            let toewijzing = match bevinding.subject {
                Subject::Line(id) => {
                    shown[id.0 as usize] = true;
                    dossier.line(id).toewijzing
                }
                Subject::Toewijzing(id) => Some(id),
                _ => None,
            };
            for id in bevinding.underlying().iter().flat_map(|under| &under.lines) {
                shown[id.0 as usize] = true;
            }
            if let Some(id) = toewijzing.filter(|_| with_history) {
                history[id.place()] = true;
            }
        }
    }
    if history.contains(&true) {
        shown.par_iter_mut().zip(&dossier.lines).for_each(|(shown, r)| {
            *shown |= r.counts() && r.toewijzing.is_some_and(|t| history[t.place()]);
        });
    }
    shown
}

/// Leaves in a dossier the lines that the rapport shows and no others, and puts the lines under each
/// finding in order.
pub(super) fn leave_shown(dossier: &mut Dossier, outcomes: &mut [RuleOutcome], with_history: bool) {
    let shown = shown(dossier, outcomes, with_history);
    if shown.contains(&false) {
        let before = |count: &mut u32, shown: &bool| {
            let place = *count;
            *count += u32::from(*shown);
            Some(place)
        };
        let places: Vec<u32> = shown.iter().scan(0, before).collect();
        let mut which = shown.iter();
        dossier.lines.retain(|_| which.next().is_some_and(|shown| *shown));
        rename_all(outcomes, |id| places[id.0 as usize]);
    }
    let dossier = &*dossier;
    // Of one rule they are few and large, of another many and small.
    outcomes.par_iter_mut().for_each(|outcome| {
        let bevindingen = outcome.outcomes.bevindingen.par_iter_mut();
        bevindingen.for_each(|bevinding| put_in_order(dossier, bevinding));
    });
}

/// Has a finding on a line name it by another number.
fn rename(subject: &mut Subject, number: impl Fn(LineId) -> u32) {
    if let Subject::Line(id) = subject {
        *id = LineId(number(*id));
    }
}

/// Has findings name all their lines by other numbers.
fn rename_all(outcomes: &mut [RuleOutcome], number: impl Fn(LineId) -> u32 + Sync) {
    outcomes.par_iter_mut().with_max_len(1).for_each(|outcome| {
        for bevinding in &mut outcome.outcomes.bevindingen {
            rename(&mut bevinding.subject, &number);
            if let Some(lines) = bevinding.underlying_mut() {
                lines.lines.iter_mut().for_each(|id| *id = LineId(number(*id)));
            }
        }
    });
}
