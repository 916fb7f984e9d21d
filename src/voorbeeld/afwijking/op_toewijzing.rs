//! Exceptions of a whole toewijzing, or of all its lines together.

use crate::dossier::{Bsn, Budgetsoort, Frequentie, Gemeente, Onderdeel};
use crate::ground::random::Worp;
use crate::voorbeeld::jeugdige::Jeugdige;
use crate::voorbeeld::plan::Plan;
use crate::voorbeeld::traject::{Hulp, Regel, Traject, naar_boven};

/// How often an aanbieder is drawn to find one that fits.
const POGINGEN: usize = 20;

/// Live lines of the year, by their places.
pub(super) fn toetsbaar(plan: &Plan, t: &Traject) -> Vec<usize> {
    let in_jaar = |r: &Regel| r.is_levend() && r.eind >= plan.eerste_dag;
    (0..t.regels.len()).filter(|&i| in_jaar(&t.regels[i])).collect()
}

/// The numbers of all live lines of the year; `None` without any.
fn alle_toetsbare(plan: &Plan, t: &Traject) -> Option<Vec<u16>> {
    let nummers: Vec<u16> =
        toetsbaar(plan, t).into_iter().map(|i| t.regels[i].volgnummer).collect();
    (!nummers.is_empty()).then_some(nummers)
}

pub(super) fn vind_aanbieder(
    plan: &Plan,
    worp: &mut Worp,
    past: impl Fn(u32) -> bool,
) -> Option<u32> {
    let aantal = plan.aanbieders.len() as u64;
    let mut pogingen = (0..POGINGEN).map(|_| worp.onder(aantal) as u32);
    pogingen.find(|nr| past(*nr)).or_else(|| (0..aantal.min(20) as u32).find(|nr| past(*nr)))
}

/// One line with more no-shows than a child may have, all others without.
pub(super) fn no_shows(
    plan: &Plan,
    worp: &mut Worp,
    t: &mut Traject,
    jeugdige: &mut Jeugdige,
    no_shows_voor: u32,
) -> Option<Vec<u16>> {
    let maximum = plan.contract.grenzen.no_shows;
    if no_shows_voor < maximum || !matches!(t.hulp, Hulp::Ambulant | Hulp::Dyslexie) {
        return None;
    }
    let plaatsen = toetsbaar(plan, t);
    let plaats = *plaatsen.get(worp.onder(plaatsen.len().max(1) as u64) as usize)?;
    t.regels.iter_mut().for_each(Regel::zonder_no_shows);
    t.regels[plaats].met_no_shows(maximum + 1, worp);
    jeugdige.no_shows_over = 0;
    Some(vec![t.regels[plaats].volgnummer])
}

pub(super) fn duurzaam_hoge_groep(plan: &Plan, t: &mut Traject) -> Option<Vec<u16>> {
    if t.hulp != Hulp::Ambulant || !plan.contract.grenzen.duurzaam_is_fout {
        return None;
    }
    let verboden = &plan.contract.grenzen.niet_duurzaam;
    let is_hoog =
        |r: &Regel| verboden.contains(&plan.contract.producten[r.product as usize].sleutel);
    let hoog = toetsbaar(plan, t).into_iter().map(|i| &t.regels[i]).filter(|r| is_hoog(r));
    let nummers: Vec<u16> = hoog.map(|r| r.volgnummer).collect();
    t.budgetsoort = Budgetsoort::Duurzaam;
    (!nummers.is_empty()).then_some(nummers)
}

pub(super) fn duurzaam_groep_zwaar(plan: &Plan, t: &mut Traject) -> Option<Vec<u16>> {
    let verboden = &plan.contract.grenzen.groep_niet_duurzaam;
    let kdc = plan.aanbieders[t.aanbieder as usize].kdc;
    let is_fout = plan.contract.grenzen.duurzaam_is_fout;
    if t.hulp != Hulp::Groep || kdc || !is_fout || !verboden.contains(&t.product(plan).sleutel) {
        return None;
    }
    t.budgetsoort = Budgetsoort::Duurzaam;
    alle_toetsbare(plan, t)
}

pub(super) fn verwijderd(plan: &Plan, t: &mut Traject) -> Option<Vec<u16>> {
    t.verwijderd = true;
    t.versies += 1;
    alle_toetsbare(plan, t)
}

fn naar_aanbieder(t: &mut Traject, aanbieder: u32) {
    t.aanbieder = aanbieder;
    t.regels.iter_mut().for_each(|r| r.aanbieder = aanbieder);
}

pub(super) fn zonder_perceel(plan: &Plan, worp: &mut Worp, t: &mut Traject) -> Option<Vec<u16>> {
    let onderdeel = match t.hulp {
        Hulp::Groep => Onderdeel::Groepsaanbod,
        Hulp::Verblijf => Onderdeel::Verblijf,
        Hulp::Dyslexie => Onderdeel::Ed,
        _ => return None,
    };
    if t.product(plan).alleen_kdc {
        return None;
    }
    let percelen = plan.contract.percelen_van(onderdeel);
    let aanbieder = vind_aanbieder(plan, worp, |nr| {
        let a = &plan.aanbieders[nr as usize];
        !a.noemt && !percelen.iter().any(|p| a.heeft(*p))
    })?;
    naar_aanbieder(t, aanbieder);
    alle_toetsbare(plan, t)
}

pub(super) fn niet_gecontracteerd(
    plan: &Plan,
    worp: &mut Worp,
    t: &mut Traject,
) -> Option<Vec<u16>> {
    if t.hulp != Hulp::Groep || t.product(plan).alleen_kdc {
        return None;
    }
    let percelen = plan.contract.percelen_van(Onderdeel::Groepsaanbod);
    let aanbieder = vind_aanbieder(plan, worp, |nr| {
        let a = &plan.aanbieders[nr as usize];
        a.noemt
            && percelen.iter().any(|p| a.heeft(*p))
            && !a.producten.contains(&(t.product as usize))
    })?;
    naar_aanbieder(t, aanbieder);
    alle_toetsbare(plan, t)
}

fn naar_gemeente(t: &mut Traject, gemeente: Gemeente) {
    t.gemeente = gemeente;
    t.regels.iter_mut().for_each(|r| r.gemeente = gemeente);
}

pub(super) fn alle_naar(plan: &Plan, t: &mut Traject, gemeente: Gemeente) -> Option<Vec<u16>> {
    naar_gemeente(t, gemeente);
    alle_toetsbare(plan, t)
}

pub(super) fn gemeente_doet_niet_mee(plan: &Plan, t: &mut Traject) -> Option<Vec<u16>> {
    let onderdeel = match t.hulp {
        Hulp::Ambulant => Onderdeel::Ambulant,
        Hulp::Groep => Onderdeel::Groepsaanbod,
        _ => return None,
    };
    let niet = |o: &Option<Vec<Onderdeel>>| o.as_ref().is_some_and(|o| !o.contains(&onderdeel));
    let plaats = plan.contract.plaatsen.iter().find(|p| niet(&p.onderdelen))?;
    alle_naar(plan, t, plaats.gemeente)
}

pub(super) fn te_oud(plan: &Plan, t: &mut Traject, jeugdige: &Jeugdige) -> Option<Vec<u16>> {
    if t.hulp != Hulp::Dyslexie {
        return None;
    }
    let (_, tot) = plan.contract.grenzen.dyslexie_leeftijd;
    let (bsn, geboren) = (1..plan.bsns.len())
        .map(|stap| (jeugdige.bsn + stap) % plan.bsns.len())
        .map(|bsn| (bsn, plan.geboren(bsn)))
        .find(|(_, geboren)| geboren.is_minstens(tot, t.ingang))?;
    (t.bsn, t.geboren) = (plan.bsns[bsn], geboren);
    for r in &mut t.regels {
        r.bsn = t.bsn;
        r.zonder_no_shows();
    }
    alle_toetsbare(plan, t)
}

pub(super) fn ongeldig_bsn(plan: &Plan, t: &mut Traject) -> Option<Vec<u16>> {
    t.bsn = (t.bsn + 1..).find(|n| !Bsn(*n).is_geldig())?;
    t.regels.iter_mut().for_each(|r| r.bsn = t.bsn);
    alle_toetsbare(plan, t)
}

/// The last live line in the rules' order, with its place; `None` where it isn't of the year.
fn laatste(plan: &Plan, t: &Traject) -> Option<usize> {
    let levend = (0..t.regels.len()).filter(|&i| t.regels[i].is_levend());
    let volgorde = |&i: &usize| {
        let r = &t.regels[i];
        (r.begin, r.ontvangen, r.volgnummer)
    };
    levend.max_by_key(volgorde).filter(|&i| t.regels[i].eind >= plan.eerste_dag)
}

/// On a term of at most a year, so that it is over in each reading of the budget.
pub(super) fn over_budget(plan: &Plan, worp: &mut Worp, t: &mut Traject) -> Option<Vec<u16>> {
    let budget = t.budget?;
    if t.einde.is_none_or(|e| e >= t.ingang.plus_maanden(12)) {
        return None;
    }
    let plaats = laatste(plan, t)?;
    let som: i64 = t.levende().map(|r| r.bedrag).sum();
    let regel = &mut t.regels[plaats];
    let over = budget - (som - regel.bedrag);
    regel.volume = over / regel.tarief + worp.tussen(1, 30);
    regel.bereken();
    Some(vec![regel.volgnummer])
}

pub(super) fn over_totaal(plan: &Plan, t: &mut Traject) -> Option<Vec<u16>> {
    if t.hulp != Hulp::Dyslexie {
        return None;
    }
    let plaats = laatste(plan, t)?;
    let som: i64 = t.levende().map(|r| r.volume).sum();
    let regel = &t.regels[plaats];
    let volume = som - naar_boven(regel.volume, 2);
    let omvang = t.omvang.as_mut().filter(|o| o.frequentie == Frequentie::TOTAAL)?;
    if t.regels.iter().any(|r| r.volume > volume) || som == volume {
        return None;
    }
    omvang.volume = volume;
    Some(vec![t.regels[plaats].volgnummer])
}
