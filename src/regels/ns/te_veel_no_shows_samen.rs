//! NS02: more no-shows than allowed, over all aanbieders together.
//!
//! The contract's maximum is per jeugdige; whether aanbieders answer for each other's no-shows, a
//! person must judge. One finding a jeugdige, where the sum over all aanbieders goes further above
//! the maximum than NS01 found per aanbieder. Needs what NS01 needs. Source: ID 8.5.1(4).

use super::te_veel_no_shows::MAXIMUM;
use super::{NO_BEDRAG, NoShows, UNREADABLE, bedrag_of, count};
use crate::dossier::{AanbiederId, Cent, Ernst};
use crate::regelset::RuleSettings;
use crate::toetsing::{Bevinding, Check, JeugdigeGroup, Line, Outcomes, Rule, Subject, needs};
use hashbrown::HashMap;

pub(crate) static RULE: Rule = Rule {
    code: "NS02",
    title: "Meer no-shows dan toegestaan bij alle aanbieders samen",
    what: "Per jeugdige en leverjaar worden de no-shows van alle aanbieders samen opgeteld. Komt de som verder boven het maximum dan NS01 per aanbieder vond, dan is dat één onzekerheid per jeugdige.",
    why: "Het maximum geldt per jeugdige, niet per aanbieder; of dat een aanbieder te verwijten is, moet een mens beoordelen.",
    for_aanbieder: "Bij alle aanbieders samen zijn er meer no-shows gedeclareerd dan het contract per jeugdige toestaat.",
    needs: needs!("{}; voor een bedrag bij maandregels ook {}", Declaraties(NoShow, NoShowMinuten)),
    parameters: &[MAXIMUM.spec()],
    checks: &[Check::Jeugdige(check)],
    ..Rule::BASE
};

/// A running sum and what the part of it above the maximum costs (`None`: can't be told).
#[derive(Clone, Copy)]
struct NoShowCounts {
    sum: i64,
    excess: i64,
    bedrag: Option<Cent>,
}

impl NoShowCounts {
    const ZERO: NoShowCounts = NoShowCounts { sum: 0, excess: 0, bedrag: Some(Cent::ZERO) };
}

fn check(group: &JeugdigeGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let maximum = settings.at(&MAXIMUM, group.context.last_dag());
    let mut per_aanbieder: HashMap<AanbiederId, NoShowCounts> = HashMap::new();
    let mut together = NoShowCounts::ZERO;
    let no_shows = NoShows::of(group);
    if no_shows.tested == 0 && no_shows.lines.is_empty() {
        if let Some((reason, _)) = no_shows.not_testable.first() {
            out.not_testable(*reason);
        }
        return;
    }
    if !no_shows.unknown.is_empty() {
        return out.not_testable(UNREADABLE);
    }
    out.tested();
    let mut lines: Vec<(Line<'_>, Cent)> = Vec::new();
    for line in group.in_order(no_shows.lines) {
        let contact = line.contact();
        let own = per_aanbieder.entry(line.data.aanbieder).or_insert(NoShowCounts::ZERO);
        // What it carries together, less what it carries of its own aanbieder's.
        let mut carried = Cent::ZERO;
        for (counts, sign) in [(own, -1), (&mut together, 1)] {
            counts.sum += i64::from(contact.no_show);
            let excess = (counts.sum - maximum).clamp(0, i64::from(contact.no_show));
            if excess > 0 {
                counts.excess += excess;
                let part = bedrag_of(&line, &contact, excess as u32).ok().flatten();
                counts.bedrag = counts.bedrag.zip(part).map(|(a, b)| a + b);
                carried += Cent(part.unwrap_or_default().0 * sign);
            }
        }
        lines.push((line, carried));
    }
    let separate: i64 = per_aanbieder.values().map(|t| t.excess).sum();
    if together.excess <= separate {
        return;
    }
    let separate_bedrag =
        per_aanbieder.values().map(|t| t.bedrag).try_fold(Cent::ZERO, |sum, b| b.map(|b| sum + b));
    let bedrag = together.bedrag.zip(separate_bedrag).map(|(s, a)| (s - a).at_least_zero());
    let mut b = Bevinding::new(Ernst::Onzekerheid, Subject::Jeugdige(group.bsn))
        .carried_by(lines)
        .bedrag(bedrag)
        .counted(together.sum, maximum)
        .found(format!(
            "{} in {} bij {} aanbieders samen",
            count(together.sum as u32),
            group.context.jaar,
            per_aanbieder.len()
        ))
        .expected(format!("hoogstens {maximum} per jeugdige per jaar"))
        .toelichting(format!(
            "Samen {} boven het maximum; per aanbieder geteld {separate} (zie NS01).",
            together.excess
        ));
    if bedrag.is_none() {
        b = b.also(NO_BEDRAG);
    }
    out.bevinding(b);
}
