//! The lines that a rapport shows: those that findings are about, and those that tell how a finding
//! on a toewijzing came about. Of a dossier of millions of lines they are few.

use crate::dossier::{Dossier, LineBlock, RegelNr};
use crate::toetsing::{Bereik, Onderwerp, Regeluitkomst, Selection};
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
    pub fn keep(
        &mut self,
        dossier: &Dossier,
        numbers: Option<&[u32]>,
        outcomes: &mut [Regeluitkomst],
        with_history: bool,
    ) {
        let number = |nr: RegelNr| numbers.map_or(nr.0, |numbers| numbers[nr.0 as usize]);
        // A mark for each line: in the order of the dossier they are soon found and copied.
        let mut shown = vec![false; dossier.regels.len()];
        let mut history = vec![false; dossier.toewijzingen.len()];
        for outcome in outcomes {
            let with_history =
                with_history && outcome.regel.bereiken().contains(&Bereik::Toewijzing);
            for bevinding in &mut outcome.uitkomsten.bevindingen {
                let toewijzing = match &mut bevinding.onderwerp {
                    Onderwerp::Regel(nr) => {
                        shown[nr.0 as usize] = true;
                        let toewijzing = dossier.regel(*nr).toewijzing;
                        *nr = RegelNr(number(*nr));
                        toewijzing
                    }
                    Onderwerp::Toewijzing(nr) => Some(*nr),
                    _ => None,
                };
                if let Some(Selection::Lines(nrs)) = bevinding.selection.as_deref_mut() {
                    nrs.iter_mut().for_each(|nr| *nr = RegelNr(number(*nr)));
                }
                if let Some(nr) = toewijzing.filter(|_| with_history) {
                    history[nr.plaats()] = true;
                }
            }
        }
        if history.contains(&true) {
            shown.par_iter_mut().zip(&dossier.regels).for_each(|(shown, r)| {
                *shown |= r.telt_mee() && r.toewijzing.is_some_and(|t| history[t.plaats()]);
            });
        }
        let lines = (0_u32..).zip(shown).filter_map(|(nr, shown)| shown.then_some(RegelNr(nr)));
        let new: Vec<RegelNr> = lines.filter(|nr| self.numbers.insert(number(*nr))).collect();
        self.blocks.par_extend(new.par_chunks(PER_BLOCK).map(|lines| {
            let mut block = LineBlock::with_capacity(lines.len());
            lines.iter().for_each(|nr| block.push(dossier, *nr, number(*nr)));
            block
        }));
    }

    /// The numbers in the whole of all lines that are kept.
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        self.numbers.iter().copied()
    }

    /// Puts the lines into a dossier in the place of what it has, and has the findings name them
    /// there.
    pub fn put(self, dossier: &mut Dossier, outcomes: &mut [Regeluitkomst]) {
        let mut block = LineBlock::concat(self.blocks);
        let places: HashMap<u32, u32> = block.numbers.iter().copied().zip(0..).collect();
        outcomes.par_iter_mut().with_max_len(1).for_each(|outcome| {
            for bevinding in &mut outcome.uitkomsten.bevindingen {
                if let Onderwerp::Regel(nr) = &mut bevinding.onderwerp {
                    *nr = RegelNr(places[&nr.0]);
                }
            }
        });
        dossier.swap_lines(&mut block);
    }
}
