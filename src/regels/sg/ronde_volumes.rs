//! SG05: volumes that are whole hours too often.
//!
//! Source: own signal.

use super::procent;
use crate::dossier::{Ernst, Onderdeel};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{AanbiederGroup, Check, Line, Outcomes, Reason, RestsOn, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "SG05",
    title: "Ronde volumes",
    what: "Per aanbieder wordt geteld welk deel van de ambulante declaratieregels een volume in hele uren heeft. Meer dan de grens is een signaal.",
    why: "Werkelijk bestede tijd komt zelden steeds op hele uren uit.",
    for_aanbieder: "Uw volumes zijn opvallend vaak rond.",
    needs: needs!("Volume in minuten, uren of dagdelen").and_volume(),
    parameters: &[PART.spec(), REGELS.spec()],
    checks: &[Check::Aanbieder(check)],
    rests_on: RestsOn::Where(|l, _| is_ambulant(l) && l.hundredth_minuten().is_ok()),
    ..Rule::BASE
};

const PART: Parameter<i64> =
    Parameter::new("deel", "percentage van de declaratieregels waarboven dat opvalt");

const REGELS: Parameter<i64> =
    Parameter::new("regels", "declaratieregels die voor een uitspraak nodig zijn");

/// Hundredths of a minute in an hour.
const HOUR: i64 = 6_000;

fn is_ambulant(line: &Line<'_>) -> bool {
    line.product.onderdeel() == Some(Onderdeel::Ambulant)
}

fn check(group: &AanbiederGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let (mut all, mut round) = (0_i64, 0_i64);
    for line in group.counting_lines() {
        if !is_ambulant(&line) {
            continue;
        }
        if let Ok(minuten) = line.hundredth_minuten() {
            all += 1;
            round += i64::from(minuten % HOUR == 0);
        }
    }
    if all == 0 {
        return;
    }
    let dag = group.context.last_dag();
    if all < settings.at(&REGELS, dag) {
        return out.not_testable(Reason::TeWeinigRegels);
    }
    out.tested();
    let part = settings.at(&PART, dag);
    if round * 100 > all * part {
        out.bevinding(
            group
                .bevinding(Ernst::Signaal)
                .found(format!(
                    "{round} van {all} ambulante declaratieregels ({}) in hele uren",
                    procent(round as f64 / all as f64)
                ))
                .expected(format!("hoogstens {part}%")),
        );
    }
}
