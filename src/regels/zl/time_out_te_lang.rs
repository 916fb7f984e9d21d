//! ZL06: a time-out for longer than five working days.
//!
//! Counts the etmalen of a toewijzing on products of perceel 4; more of them than the days that five
//! working days can span. Source: C13 perceel 4.

use crate::dossier::{Ernst, Volume};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Outcomes, Reason, Rule, ToewijzingGroup};

pub(crate) static RULE: Rule = Rule {
    code: "ZL06",
    title: "Time-out te lang",
    what: "De etmalen op een toewijzing voor producten van perceel 4 zijn samen meer dan de dagen waarin vijf werkdagen passen. Dat is een signaal.",
    why: "Een time-out duurt hoogstens vijf werkdagen.",
    needs: "Perceel van het product; volume in etmalen",
    parameters: &[PERCEEL.spec(), ETMALEN.spec()],
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

const PERCEEL: Parameter<i64> = Parameter::new("perceel", "perceel van de time-outvoorzieningen");

const ETMALEN: Parameter<i64> =
    Parameter::new("etmalen", "etmalen waarin vijf werkdagen passen: met een weekend erin zeven");

fn check(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let Some((id, _)) = group.in_leverjaar() else { return };
    let c = group.context;
    let perceel = settings.at(&PERCEEL, c.last_dag());
    let mut sum = None;
    let mut lines = Vec::new();
    for line in group.lines() {
        match &line.product.catalogus {
            None if c.in_leverjaar(line.data) => out.not_testable(Reason::ProductOnbekend),
            Some(p) if p.perceel.map(i64::from) == Some(perceel) => {
                lines.push(line);
                *sum.get_or_insert(0) += line.etmalen().map_or(0, |v| v.0);
            }
            _ => {}
        }
    }
    let Some(sum) = sum else { return };
    out.tested();
    let etmalen = settings.at(&ETMALEN, c.last_dag());
    if sum > Volume::whole(etmalen).0 {
        out.bevinding(
            group
                .bevinding(id, Ernst::Signaal)
                .on_lines(lines)
                .found(format!("{} etmalen time-out", Volume(sum)))
                .expected(format!("hoogstens {etmalen} etmalen, vijf werkdagen met een weekend")),
        );
    }
}
