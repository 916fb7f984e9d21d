//! Exceptions of a whole toewijzing, or of all its lines together.

use crate::dossier::{Bsn, Budgetsoort, Frequentie, Gemeente, Niveau, Onderdeel};
use crate::ground::random::SeededRng;
use crate::voorbeeld::contact::fits;
use crate::voorbeeld::jeugdige::Jeugdige;
use crate::voorbeeld::plan::Plan;
use crate::voorbeeld::traject::{Hulp, Prestatie, Traject, round_up};

/// How often an aanbieder is drawn to find one that fits.
const ATTEMPTS: usize = 20;

/// Live lines of the year, by their places.
pub(super) fn testable(plan: &Plan, t: &Traject) -> Vec<usize> {
    let in_jaar = |r: &Prestatie| r.is_live() && r.end >= plan.first_dag;
    (0..t.lines.len()).filter(|&i| in_jaar(&t.lines[i])).collect()
}

/// The numbers of all live lines of the year; `None` without any.
fn all_testable(plan: &Plan, t: &Traject) -> Option<Vec<u16>> {
    let ids: Vec<u16> = testable(plan, t).into_iter().map(|i| t.lines[i].volgnummer).collect();
    (!ids.is_empty()).then_some(ids)
}

pub(super) fn find_aanbieder(
    plan: &Plan,
    rng: &mut SeededRng,
    fits: impl Fn(u32) -> bool,
) -> Option<u32> {
    let count = plan.aanbieders.len() as u64;
    let mut attempts = (0..ATTEMPTS).map(|_| rng.under(count) as u32);
    attempts.find(|id| fits(*id)).or_else(|| (0..count.min(20) as u32).find(|id| fits(*id)))
}

/// One line with more no-shows than a child may have, all others without; or contacts of which the last
/// is one too many.
pub(super) fn no_shows(
    plan: &Plan,
    rng: &mut SeededRng,
    t: &mut Traject,
    jeugdige: &mut Jeugdige,
    no_shows_for: u32,
) -> Option<Vec<u16>> {
    let maximum = plan.contract.limits.no_shows;
    if no_shows_for < maximum || !matches!(t.hulp, Hulp::Ambulant | Hulp::Dyslexie) {
        return None;
    }
    let mut places = testable(plan, t);
    let (lines, of_each) = match plan.niveau {
        Niveau::Maand => (1, maximum + 1),
        Niveau::Contact => (maximum as usize + 1, 1),
    };
    if lines > 1 {
        places.sort_by_key(|&i| t.lines[i].begin);
        places.dedup_by_key(|i| t.lines[*i].begin);
    }
    let choices = (places.len() + 1).saturating_sub(lines).max(1);
    let first = rng.under(choices as u64) as usize;
    let chosen = places.get(first..first + lines)?;
    t.lines.iter_mut().for_each(Prestatie::without_no_shows);
    for &place in chosen {
        t.lines[place].with_no_shows(of_each, plan.niveau, rng);
    }
    jeugdige.no_shows_over = 0;
    chosen.last().map(|&place| vec![t.lines[place].volgnummer])
}

pub(super) fn duurzaam_high_group(plan: &Plan, t: &mut Traject) -> Option<Vec<u16>> {
    if t.hulp != Hulp::Ambulant || !plan.contract.limits.duurzaam_is_fout {
        return None;
    }
    let forbidden = &plan.contract.limits.niet_duurzaam;
    let is_high =
        |r: &Prestatie| forbidden.contains(&plan.contract.producten[r.product as usize].key);
    let high = testable(plan, t).into_iter().map(|i| &t.lines[i]).filter(|r| is_high(r));
    let ids: Vec<u16> = high.map(|r| r.volgnummer).collect();
    t.budgetsoort = Budgetsoort::Duurzaam;
    (!ids.is_empty()).then_some(ids)
}

pub(super) fn duurzaam_group_zwaar(plan: &Plan, t: &mut Traject) -> Option<Vec<u16>> {
    let forbidden = &plan.contract.limits.groep_niet_duurzaam;
    let kdc = plan.aanbieders[t.aanbieder as usize].kdc;
    let is_error = plan.contract.limits.duurzaam_is_fout;
    if t.hulp != Hulp::Groep || kdc || !is_error || !forbidden.contains(&t.product(plan).key) {
        return None;
    }
    t.budgetsoort = Budgetsoort::Duurzaam;
    all_testable(plan, t)
}

pub(super) fn removed(plan: &Plan, t: &mut Traject) -> Option<Vec<u16>> {
    t.removed = true;
    t.versies += 1;
    let removal = t.version_dag(i32::from(t.versies) - 1);
    // The aanbieder must have known of it at every delivery.
    let known = testable(plan, t).into_iter().all(|i| t.lines[i].end >= removal);
    all_testable(plan, t).filter(|_| known)
}

fn to_aanbieder(t: &mut Traject, aanbieder: u32) {
    t.aanbieder = aanbieder;
    t.lines.iter_mut().for_each(|r| r.aanbieder = aanbieder);
}

pub(super) fn without_perceel(
    plan: &Plan,
    rng: &mut SeededRng,
    t: &mut Traject,
) -> Option<Vec<u16>> {
    let onderdeel = match t.hulp {
        Hulp::Groep => Onderdeel::Groepsaanbod,
        Hulp::Verblijf => Onderdeel::Verblijf,
        Hulp::Dyslexie => Onderdeel::Ed,
        _ => return None,
    };
    if t.product(plan).only_kdc {
        return None;
    }
    let percelen = plan.contract.percelen_of(onderdeel);
    let aanbieder = find_aanbieder(plan, rng, |id| {
        let a = &plan.aanbieders[id as usize];
        !a.names && !percelen.iter().any(|p| a.has(*p))
    })?;
    to_aanbieder(t, aanbieder);
    all_testable(plan, t)
}

pub(super) fn niet_gecontracteerd(
    plan: &Plan,
    rng: &mut SeededRng,
    t: &mut Traject,
) -> Option<Vec<u16>> {
    if t.hulp != Hulp::Groep || t.product(plan).only_kdc {
        return None;
    }
    let percelen = plan.contract.percelen_of(Onderdeel::Groepsaanbod);
    let aanbieder = find_aanbieder(plan, rng, |id| {
        let a = &plan.aanbieders[id as usize];
        a.names
            && percelen.iter().any(|p| a.has(*p))
            && !a.producten.contains(&(t.product as usize))
    })?;
    to_aanbieder(t, aanbieder);
    all_testable(plan, t)
}

fn to_gemeente(t: &mut Traject, gemeente: Gemeente) {
    t.gemeente = gemeente;
    t.lines.iter_mut().for_each(|r| r.gemeente = gemeente);
}

pub(super) fn all_to(plan: &Plan, t: &mut Traject, gemeente: Gemeente) -> Option<Vec<u16>> {
    to_gemeente(t, gemeente);
    all_testable(plan, t)
}

pub(super) fn gemeente_doet_niet_mee(plan: &Plan, t: &mut Traject) -> Option<Vec<u16>> {
    let onderdeel = match t.hulp {
        Hulp::Ambulant => Onderdeel::Ambulant,
        Hulp::Groep => Onderdeel::Groepsaanbod,
        _ => return None,
    };
    let not = |o: &Option<Vec<Onderdeel>>| o.as_ref().is_some_and(|o| !o.contains(&onderdeel));
    let place = plan.contract.places.iter().find(|p| not(&p.onderdelen))?;
    all_to(plan, t, place.gemeente)
}

pub(super) fn too_old(plan: &Plan, t: &mut Traject, jeugdige: &Jeugdige) -> Option<Vec<u16>> {
    if t.hulp != Hulp::Dyslexie {
        return None;
    }
    let (_, until) = plan.contract.limits.dyslexie_leeftijd;
    let (bsn, geboren) = (1..plan.bsns.len())
        .map(|step| (jeugdige.bsn + step) % plan.bsns.len())
        .map(|bsn| (bsn, plan.geboren(bsn)))
        .find(|(_, geboren)| geboren.is_at_least(until, t.ingang))?;
    (t.bsn, t.geboren) = (plan.bsns[bsn], geboren);
    for r in &mut t.lines {
        r.bsn = t.bsn;
        r.without_no_shows();
    }
    all_testable(plan, t)
}

pub(super) fn invalid_bsn(plan: &Plan, t: &mut Traject) -> Option<Vec<u16>> {
    t.bsn = (t.bsn + 1..).find(|n| !Bsn(*n).is_valid())?;
    t.lines.iter_mut().for_each(|r| r.bsn = t.bsn);
    all_testable(plan, t)
}

/// The last live line in the rules' order, with its place; `None` where it isn't of the year.
fn last(plan: &Plan, t: &Traject) -> Option<usize> {
    let levend = (0..t.lines.len()).filter(|&i| t.lines[i].is_live());
    let order = |&i: &usize| {
        let r = &t.lines[i];
        (r.begin, r.ontvangen, r.volgnummer)
    };
    levend.max_by_key(order).filter(|&i| t.lines[i].end >= plan.first_dag)
}

/// On a term of at most a year, so that it is over in each reading of the budget.
pub(super) fn over_budget(plan: &Plan, rng: &mut SeededRng, t: &mut Traject) -> Option<Vec<u16>> {
    let budget = t.budget?;
    if t.end.is_none_or(|e| e >= t.ingang.plus_maanden(12)) {
        return None;
    }
    let place = last(plan, t)?;
    let sum: i64 = t.live_lines().map(|r| r.bedrag).sum();
    let line = &mut t.lines[place];
    let over = budget - (sum - line.bedrag);
    line.volume = over / line.tarief + rng.between(1, 30);
    line.compute();
    let fits = fits(plan, line.product, line.volume)
        && (plan.niveau == Niveau::Maand || line.no_shows == 0);
    fits.then(|| vec![line.volgnummer])
}

pub(super) fn over_total(plan: &Plan, t: &mut Traject) -> Option<Vec<u16>> {
    if t.hulp != Hulp::Dyslexie {
        return None;
    }
    let place = last(plan, t)?;
    let sum: i64 = t.live_lines().map(|r| r.volume).sum();
    let line = &t.lines[place];
    let volume = sum - round_up(line.volume, 2);
    let most = t.most_in_a_month();
    let size = t.size.as_mut().filter(|o| o.frequentie == Frequentie::TOTAL)?;
    if t.lines.iter().any(|r| r.volume > volume) || most > volume || sum == volume {
        return None;
    }
    size.volume = volume;
    Some(vec![t.lines[place].volgnummer])
}
