//! VZ02: MST or ZIT for longer than planned.
//!
//! The durations came with RTP 2.0. Source: RTP 2.3.3.

use crate::dossier::{Ernst, Kolom};
use crate::regels::version_at::{AT_MOST, VersionAt};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Outcomes, Rule, ToewijzingGroup, needs};

pub(crate) static RULE: Rule = Rule {
    code: "VZ02",
    title: "MST of ZIT langer dan gepland",
    what: "Een toewijzing voor MST of ZIT die langer loopt dan de geplande duur is een signaal.",
    why: "Het traject heeft een vaste duur, waarop het tarief is gebaseerd.",
    for_aanbieder: "MST of ZIT duurt langer dan gepland.",
    needs: needs!("{} en {} van de toewijzing", Toewijzingen(Ingangsdatum, Einddatum)),
    parameters: &[MST.spec(), ZIT.spec(), AT_MOST.spec()],
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

const MST: Parameter<i64> = Parameter::new("maanden_mst", "maanden die MST duurt");

const ZIT: Parameter<i64> = Parameter::new("maanden_zit", "maanden die ZIT duurt");

fn check(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let duur = |key: &str| match key {
        "MST" => Some(("MST", &MST)),
        "ZIT" => Some(("ZIT", &ZIT)),
        _ => None,
    };
    let Some((id, t, (name, parameter))) = group.of_key(duur, Kolom::Einddatum, out) else {
        return;
    };
    let Some(term) = out.known(t.termijn()) else { return };
    out.tested();
    let maanden = settings.at(parameter, t.ingangsdatum);
    if term.longer_than_maanden(maanden as i32) {
        let b = group
            .bevinding(id, Ernst::Signaal)
            .found(format!("{name} {term}"))
            .expected(format!("hoogstens {maanden} maanden"));
        out.bevinding(VersionAt::on(settings, t.ingangsdatum).clamp(b));
    }
}
