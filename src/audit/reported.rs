//! The lines that a rapport shows: those that findings are about, and those that tell how a finding
//! on a toewijzing came about. Of a dossier of millions of lines they are few.

use crate::dossier::{Dossier, LineBlock, LineId};
use crate::toetsing::{RuleOutcome, Scope, Selection, Subject};
use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;

/// Lines that the rapport shows, each of them once.
#[derive(Default)]
pub(super) struct ReportedLines {
    blocks: Vec<LineBlock>,
    numbers: HashSet<u32>,
}

/// Lines that are copied in one task.
const PER_BLOCK: usize = 1 << 12;

impl ReportedLines {
    /// Keeps what the rapport shows of these outcomes of a part. `numbers` gives for each of its
    /// lines the number in the whole, by which the findings name them afterwards; without it the
    /// part is the whole.
    pub(crate) fn keep(
        &mut self,
        dossier: &Dossier,
        numbers: Option<&[u32]>,
        outcomes: &mut [RuleOutcome],
        with_history: bool,
    ) {
        let number = |id: LineId| numbers.map_or(id.0, |numbers| numbers[id.0 as usize]);
        // A mark for each line: in the order of the dossier they are soon found and copied.
        let mut shown = vec![false; dossier.lines.len()];
        let mut history = vec![false; dossier.toewijzingen.len()];
        for outcome in outcomes {
            let with_history = with_history && outcome.rule.ranges().contains(&Scope::Toewijzing);
            for bevinding in &mut outcome.outcomes.bevindingen {
                let toewijzing = match &mut bevinding.subject {
                    Subject::Line(id) => {
                        shown[id.0 as usize] = true;
                        let toewijzing = dossier.line(*id).toewijzing;
                        *id = LineId(number(*id));
                        toewijzing
                    }
                    Subject::Toewijzing(id) => Some(*id),
                    _ => None,
                };
                if let Some(Selection::Lines(nrs)) = bevinding.selection.as_deref_mut() {
                    nrs.iter_mut().for_each(|id| *id = LineId(number(*id)));
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

    /// Puts the lines into a dossier in the place of what it has, and has the findings name them
    /// there.
    pub(crate) fn put(self, dossier: &mut Dossier, outcomes: &mut [RuleOutcome]) {
        let mut block = LineBlock::concat(self.blocks);
        let places: HashMap<u32, u32> = block.numbers.iter().copied().zip(0..).collect();
        outcomes.par_iter_mut().with_max_len(1).for_each(|outcome| {
            for bevinding in &mut outcome.outcomes.bevindingen {
                if let Subject::Line(id) = &mut bevinding.subject {
                    *id = LineId(places[&id.0]);
                }
            }
        });
        dossier.swap_lines(&mut block);
    }
}
