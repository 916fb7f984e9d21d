//! What gemeenten answered to the declarations of a dossier in messages, and what aanbieders did then:
//! what was refused is declared once more, without a credit: what was refused isn't taken back.

use super::block::BatchOfChildren;
use super::plan::Plan;
use super::traject::Prestatie;
use crate::dossier::Dag;
use crate::ground::random::{SeededRng, StreamId};
use std::collections::HashSet;

/// Of 100 lawful lines so many are refused at first.
const REFUSED: u64 = 3;
/// Days from receipt to answer, and months after the year in which gemeenten still answered.
const DAYS: i64 = 7;
const MONTHS: i32 = 1;

/// A refused line, by the number of its toewijzing and its own.
pub(crate) type RefusedLine = (u64, u16);

/// The day of the answer to a line; `None` where it isn't answered yet.
pub(crate) fn answer_day(plan: &Plan, line: &Prestatie) -> Option<Dag> {
    let dag = line.ontvangen.plus_dagen(DAYS);
    (dag <= plan.last_dag.plus_maanden(MONTHS)).then_some(dag)
}

/// Has gemeenten refuse some lines of a block in which nothing is planted, and aanbieders declare them
/// again.
pub(crate) fn refuse(plan: &Plan, block: &mut BatchOfChildren) -> HashSet<RefusedLine> {
    let planted: HashSet<u64> =
        block.planted.iter().flat_map(|g| [g.traject, g.toewijzing]).collect();
    let mut refused = HashSet::new();
    for t in block.trajecten.iter_mut().filter(|t| !planted.contains(&t.nummer)) {
        let mut rng = SeededRng::new(plan.seed, StreamId::Antwoord, t.nummer);
        let mut nummer = t.next_nummer();
        let mut later = Vec::new();
        let lines = t.lines.iter_mut().filter(|r| r.is_live());
        for line in lines.filter(|r| answer_day(plan, r).is_some()) {
            if !rng.probability(REFUSED) {
                continue;
            }
            let after = plan.gecorrigeerd(line.aanbieder, line.end.maandeinde());
            later.push(Prestatie { volgnummer: nummer, ontvangen: after, ..line.clone() });
            nummer += 1;
            line.withdrawn = true;
            refused.insert((t.nummer, line.volgnummer));
        }
        t.lines.extend(later);
    }
    refused
}
