//! WV07: deeltijdpleegzorg for more days a week than it is meant for.
//!
//! The limit came with RTP 2.0. Source: RTP 3.3.1.

use super::{etmalen, is_verblijf, with_etmalen};
use crate::dossier::{Ernst, Product, Volume};
use crate::regels::maximum::above;
use crate::regels::version_at::{AT_MOST, VersionAt};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, JeugdigeGroup, Outcomes, Rule};

pub(crate) static RULE: Rule = Rule {
    code: "WV07",
    title: "Te veel deeltijdpleegzorg",
    what: "Per jeugdige en maand worden de etmalen deeltijdpleegzorg in volgorde opgeteld. Wat boven het maximum per week maal de weken van de maand komt, is een onzekerheid.",
    why: "Deeltijdpleegzorg is voor een deel van de week; wie vaker blijft, krijgt pleegzorg.",
    needs: "Tariefsleutel van het product; volume in etmalen",
    parameters: &[PER_WEEK.spec(), KEYS.spec(), AT_MOST.spec()],
    about: Some(is_verblijf),
    checks: &[Check::Jeugdige(check)],
    ..Rule::BASE
};

const PER_WEEK: Parameter<i64> = Parameter::new("per_week", "etmalen deeltijdpleegzorg per week");

const KEYS: Parameter<[String]> =
    Parameter::new("tariefsleutels", "tariefsleutels van deeltijdpleegzorg");

fn check(group: &JeugdigeGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let keys = settings.at(&KEYS, group.context.last_dag());
    let is_deeltijd = |p: &Product| p.tariefsleutel().is_some_and(|s| keys.iter().any(|d| d == s));
    if !group.lines().any(|l| is_deeltijd(l.product)) {
        return;
    }
    for (maand, lines) in group.per_maand(|l| is_deeltijd(l.product)) {
        for line in &lines {
            match line.etmalen() {
                Ok(_) => out.tested(),
                Err(reason) => out.not_testable(reason),
            }
        }
        let per_week = settings.at(&PER_WEEK, maand.end());
        let maximum = Volume::whole(per_week * maand.iso_weken());
        for b in above(with_etmalen(&lines, |_| true), maximum.0) {
            let versie = VersionAt::on(settings, b.line.data.begindatum);
            out.bevinding(
                versie.clamp(
                    b.line
                        .bevinding(Ernst::Onzekerheid)
                        .bedrag(b.bedrag)
                        .found(format!(
                            "{} deeltijdpleegzorg in {maand}",
                            etmalen(Volume(b.sum))
                        ))
                        .expected(format!(
                            "hoogstens {per_week} etmalen per week, {} in {} weken",
                            etmalen(maximum),
                            maand.iso_weken()
                        ))
                        .toelichting("Opvang in de vakantie mag ook: beoordeel of dit het meerdere verklaart."),
                ),
            );
        }
    }
}
