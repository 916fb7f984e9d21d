//! WV07: deeltijdpleegzorg for more days a week than it is meant for.
//!
//! The limit came with RTP 2.0. Source: RTP 3.3.1.

use super::{etmalen, is_verblijf, with_etmalen};
use crate::dossier::{Cent, Ernst, LineId, Periode, Product, Volume};
use crate::regels::maximum::{Above, above};
use crate::regels::version_at::{AT_MOST, VersionAt};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Bevinding, Check, JeugdigeGroup, Line, Outcomes, Rule, needs};
use std::collections::BTreeMap;

pub(crate) static RULE: Rule = Rule {
    code: "WV07",
    title: "Te veel deeltijdpleegzorg",
    what: "Per jeugdige worden de etmalen deeltijdpleegzorg in volgorde opgeteld, per maand en over het leverjaar. Wat boven het maximum per week maal de weken van de maand komt, is een onzekerheid. Wat in het jaar boven het maximum maal de weken van het jaar komt en niet al per maand is gevonden, ook, op de laatste declaratieregels; elke krijgt één bevinding, de grootste.",
    why: "Deeltijdpleegzorg is opvang van hoogstens drie dagen per week, of in de vakantie; wie vaker blijft, krijgt pleegzorg.",
    for_aanbieder: "Er is meer deeltijdpleegzorg gedeclareerd dan is toegestaan.",
    needs: needs!("{} van het product; volume in etmalen", Producten(Tariefsleutel)).and_volume(),
    parameters: &[PER_WEEK.spec(), KEYS.spec(), AT_MOST.spec()],
    about: Some(is_verblijf),
    checks: &[Check::Jeugdige(check)],
    ..Rule::BASE
};

const PER_WEEK: Parameter<i64> = Parameter::new("per_week", "etmalen deeltijdpleegzorg per week");

const KEYS: Parameter<[String]> =
    Parameter::new("tariefsleutels", "tariefsleutels van deeltijdpleegzorg");

fn check(group: &JeugdigeGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    let keys = settings.at(&KEYS, c.last_dag());
    let is_deeltijd = |p: &Product| p.tariefsleutel().is_some_and(|s| keys.iter().any(|d| d == s));
    if !group.lines().any(|l| is_deeltijd(l.product)) {
        return;
    }
    let mut findings: BTreeMap<LineId, (Cent, Bevinding)> = BTreeMap::new();
    // What the months give, in etmalen.
    let mut given = 0;
    for (maand, lines) in group.per_maand(|l| is_deeltijd(l.product)) {
        for line in &lines {
            match line.etmalen() {
                Ok(_) => out.tested(),
                Err(reason) => out.not_testable(reason),
            }
        }
        let per_week = settings.at(&PER_WEEK, maand.end());
        let maximum = Volume::whole(per_week * maand.iso_weken());
        let sum: i64 = with_etmalen(&lines, |_| true).map(|(_, volume)| volume).sum();
        given += (sum - maximum.0).max(0);
        for b in above(with_etmalen(&lines, |_| true), maximum.0) {
            findings.insert(b.line.id(), (b.bedrag, bevinding(&b, maximum, maand, per_week)));
        }
    }
    let lines: Vec<LineId> =
        group.lines().filter(|l| is_deeltijd(l.product)).map(|l| l.id()).collect();
    let lines: Vec<Line<'_>> = group.in_order(lines).collect();
    if let Some(jaar) = Periode::new(c.first_dag(), c.last_dag()) {
        let per_week = settings.at(&PER_WEEK, jaar.end());
        let maximum = Volume::whole(per_week * jaar.iso_weken());
        for b in above(with_etmalen(&lines, |_| true), maximum.0 + given) {
            // One finding a line: the larger.
            if findings.get(&b.line.id()).is_none_or(|(of_maand, _)| *of_maand < b.bedrag) {
                let of_year = bevinding(&b, maximum, jaar, per_week);
                findings.insert(b.line.id(), (b.bedrag, of_year));
            }
        }
    }
    for line in lines {
        if let Some((_, bevinding)) = findings.remove(&line.id()) {
            out.bevinding(VersionAt::on(settings, line.data.begindatum).clamp(bevinding));
        }
    }
}

/// A line that goes above the maximum of its month, or of the year.
fn bevinding(b: &Above<'_>, maximum: Volume, periode: Periode, per_week: i64) -> Bevinding {
    b.line
        .bevinding(Ernst::Onzekerheid)
        .bedrag(b.bedrag)
        .found(format!("{} deeltijdpleegzorg in {periode}", etmalen(Volume(b.sum))))
        .expected(format!(
            "hoogstens {per_week} etmalen per week, {} in {} weken",
            etmalen(maximum),
            periode.iso_weken()
        ))
        .toelichting("Opvang in de vakantie mag ook: beoordeel of dit het meerdere verklaart.")
}
