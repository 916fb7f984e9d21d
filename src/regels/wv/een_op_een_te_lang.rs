//! WV04: extra one-to-one support for longer than allowed.
//!
//! Source: ID 8.5.3, 9.7.

use super::ONE_TO_ONE;
use crate::dossier::{Ernst, Kolom};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Outcomes, Rule, ToewijzingGroup, needs};

pub(crate) static RULE: Rule = Rule {
    code: "WV04",
    title: "Extra 1-op-1 te lang",
    what: "Een toewijzing voor extra 1-op-1-begeleiding die langer loopt dan de termijn, of geen einde heeft, is een onzekerheid.",
    why: "Extra 1-op-1 is tijdelijk; verlenging vraagt een nieuwe afweging.",
    for_aanbieder: "De extra 1-op-1-begeleiding duurt langer dan is toegestaan.",
    needs: needs!("{} en {} van de toewijzing", Toewijzingen(Ingangsdatum, Einddatum)),
    parameters: &[MAANDEN.spec()],
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

const MAANDEN: Parameter<i64> =
    Parameter::new("maanden", "maanden die een toewijzing voor extra 1-op-1 hoogstens loopt");

fn check(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let one_on_one = |key: &str| (key == ONE_TO_ONE).then_some(());
    let Some((id, t, ())) = group.of_key(one_on_one, Kolom::Einddatum, out) else { return };
    let Some(term) = out.known(t.termijn()) else { return };
    out.tested();
    let maanden = settings.at(&MAANDEN, t.ingangsdatum);
    if term.longer_than_maanden(maanden as i32) {
        out.bevinding(
            group
                .bevinding(id, Ernst::Onzekerheid)
                .found(format!("extra 1-op-1 {term}"))
                .expected(format!("hoogstens {maanden} maanden"))
                .toelichting("Beoordeel of de gemeente een langere inzet heeft afgewogen."),
        );
    }
}
