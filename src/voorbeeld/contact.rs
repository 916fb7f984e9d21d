//! Contacts: at that level what was delivered in a month is a line for each of its days.

use super::plan::Plan;
use crate::dossier::{Niveau, Onderdeel, Periode};
use crate::ground::random::SeededRng;

/// Minutes of help by one person: what a contact takes, mostly and at the most.
const MINUTES: ((i64, i64), i64) = ((40, 90), 180);
/// Hours of a group: the same.
const HOURS: ((i64, i64), i64) = ((3, 5), 6);
/// Most minutes, or hours of a group, that an exception may make of a line.
const MOST: (i64, i64) = (300, 8);

/// What a month's volume of a product is declared as: the whole of it, or its contacts in order, on
/// working days that differ. Stays and voorzieningen have no contacts: they are a line a month at
/// either level.
pub(crate) fn contacts(
    plan: &Plan,
    rng: &mut SeededRng,
    product: u16,
    periode: Periode,
    volume: i64,
) -> Vec<(Periode, i64)> {
    let ((shortest, longest), at_most) = match plan.contract.producten[product as usize].onderdeel {
        Onderdeel::Ambulant | Onderdeel::Ed => MINUTES,
        Onderdeel::Groepsaanbod => HOURS,
        _ => return vec![(periode, volume)],
    };
    let all = (0..periode.dagen()).map(|n| periode.begin().plus_dagen(n));
    let all = all.filter_map(|dag| Periode::new(dag, dag));
    let mut days: Vec<Periode> = all.clone().filter(|dag| dag.weekdagen() > 0).collect();
    if days.is_empty() {
        days = all.collect();
    }
    let wanted = volume.div_euclid(rng.between(shortest, longest)) + 1;
    let count = wanted.min(volume).min(days.len() as i64);
    let mut out = Vec::new();
    for n in 0..count {
        let place = |n: i64| n * days.len() as i64 / count;
        let day = rng.between(place(n), place(n + 1) - 1);
        // The parts differ by one at the most, and are together the whole.
        let part = volume * (n + 1) / count - volume * n / count;
        out.push((days[day as usize], part.min(at_most)));
    }
    out
}

/// Can a line of this product have so much? A contact can't last longer than a day.
pub(crate) fn fits(plan: &Plan, product: u16, volume: i64) -> bool {
    let (minutes, hours) = MOST;
    match plan.contract.producten[product as usize].onderdeel {
        _ if plan.niveau == Niveau::Maand => true,
        Onderdeel::Groepsaanbod => volume <= hours,
        _ => volume <= minutes,
    }
}
