//! Which exception comes next, and how many are still to come.

use super::kind::Afwijking;
use super::planted::Planted;
use crate::ground::random::SeededRng;
use crate::voorbeeld::jeugdige::Jeugdige;
use crate::voorbeeld::plan::{Plan, WHOLE};
use crate::voorbeeld::traject::Traject;
use std::collections::VecDeque;

/// As many exceptions behind as this, one in a toewijzing isn't enough.
const BEHIND: i64 = 3 * WHOLE;

/// The kinds of exception of a block in turn, and its share of them.
pub(crate) struct PlantingQueue {
    /// The one that was planted longest ago first.
    kinds: VecDeque<Afwijking>,
    /// Exceptions still to plant, in 100,000ths.
    credit_left: i64,
}

impl PlantingQueue {
    pub(crate) fn new(rng: &mut SeededRng) -> PlantingQueue {
        let mut kinds: VecDeque<Afwijking> = Afwijking::ALL.into();
        kinds.rotate_left(rng.under(Afwijking::ALL.len() as u64) as usize);
        PlantingQueue { kinds, credit_left: 0 }
    }

    /// Plants what is due by now, with the lines of this toewijzing, in it: one exception, and more on
    /// lines of their own where one falls short of the share that was asked. `no_shows_for` is how
    /// many no-shows the child had over before it.
    pub(crate) fn plant(
        &mut self,
        plan: &Plan,
        rng: &mut SeededRng,
        t: &mut Traject,
        jeugdige: &mut Jeugdige,
        no_shows_for: u32,
    ) -> Vec<Planted> {
        let mut here: Vec<Planted> = Vec::new();
        let share = plan.fouten as i64;
        self.credit_left += t.lines.len() as i64 * share;
        let mut due = WHOLE;
        while self.credit_left >= due {
            let another = !here.is_empty();
            let mut kinds =
                (0..self.kinds.len()).filter(|&i| !another || self.kinds[i].on_one_line());
            let before = t.lines.len();
            let planted = kinds.find_map(|place| {
                let planted = self.kinds[place].plant(plan, rng, t, jeugdige, no_shows_for, &here);
                (!planted.is_empty()).then_some((place, planted))
            });
            let Some((place, planted)) = planted else { break };
            let kind = self.kinds.remove(place).expect("its place");
            self.kinds.push_back(kind);
            self.credit_left += (t.lines.len() - before) as i64 * share;
            self.credit_left -= planted.len() as i64 * WHOLE;
            here.extend(planted);
            if kind.needs_the_rest(plan.niveau) {
                break;
            }
            due = BEHIND;
        }
        here
    }
}
