//! NS01: more no-shows than allowed.
//!
//! A no-show of individual help may be declared at most twice per jeugdige per year. This counts
//! them per jeugdige and aanbieder, in order, and reports each line that goes above the maximum.
//! Needs NoShow; for an amount at level `maand` also NoShowMinuten. Source: ID 8.5.1(4), ID XIV.

use super::{NO_BEDRAG, NoShows, UNREADABLE, bedrag_of, count};
use crate::dossier::{AanbiederId, Ernst};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, JeugdigeGroup, Outcomes, Rule, needs};
use hashbrown::HashMap;

pub(crate) static RULE: Rule = Rule {
    code: "NS01",
    title: "Meer no-shows dan toegestaan",
    what: "Per jeugdige, aanbieder en leverjaar worden de no-shows op ambulante hulp en dyslexiezorg in volgorde opgeteld. Elke declaratieregel waarmee de som boven het maximum komt, is een fout voor het deel erboven.",
    why: "No-show mag maar een paar keer per jeugdige per jaar worden gedeclareerd; daarna is het risico voor de aanbieder.",
    for_aanbieder: "Er zijn meer no-shows gedeclareerd dan het contract per jeugdige toestaat.",
    needs: needs!("{}; voor een bedrag bij maandregels ook {}", Declaraties(NoShow, NoShowMinuten)),
    parameters: &[MAXIMUM.spec()],
    checks: &[Check::Jeugdige(check)],
    ..Rule::BASE
};

pub(super) const MAXIMUM: Parameter<i64> =
    Parameter::new("maximum", "hoe vaak no-show per jeugdige per jaar mag worden gedeclareerd");

fn check(group: &JeugdigeGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let maximum = settings.at(&MAXIMUM, group.context.last_dag());
    let no_shows = NoShows::of(group);
    out.tested += no_shows.tested;
    for (reason, n) in no_shows.not_testable {
        out.not_testable_times(reason, n);
    }
    let mut sums: HashMap<AanbiederId, u32> = HashMap::new();
    for line in group.in_order(no_shows.lines) {
        let contact = line.contact();
        let sum = sums.entry(line.data.aanbieder).or_default();
        *sum += contact.no_show;
        let above = i64::from(*sum) - maximum;
        let excess = above.clamp(0, i64::from(contact.no_show)) as u32;
        if excess == 0 {
            match no_shows.unknown.contains(&line.data.aanbieder) {
                true => out.not_testable(UNREADABLE),
                false => out.tested(),
            }
            continue;
        }
        let Some(bedrag) = out.known(bedrag_of(&line, &contact, excess)) else { continue };
        out.tested();
        let mut b = line
            .bevinding(Ernst::Fout)
            .bedrag(bedrag)
            .counted(i64::from(*sum), maximum)
            .found(format!("{} in {} bij deze aanbieder", count(*sum), group.context.jaar))
            .expected(format!("hoogstens {maximum} per jeugdige per jaar"))
            .toelichting(format!(
                "Op deze declaratieregel: {}, waarvan {excess} boven het maximum.",
                count(contact.no_show)
            ));
        if bedrag.is_none() {
            b = b.also(NO_BEDRAG);
        }
        out.bevinding(b);
    }
}
