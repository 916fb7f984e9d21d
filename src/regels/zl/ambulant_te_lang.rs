//! ZL08: ambulant support for longer than a year.
//!
//! Source: C13 perceel 3.

use crate::dossier::{Ernst, Kolom, Onderdeel};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Outcomes, Rule, ToewijzingGroup};

pub(crate) static RULE: Rule = Rule {
    code: "ZL08",
    title: "Ambulante ondersteuning te lang",
    what: "Een toewijzing voor een ambulant product van perceel 3 die langer loopt dan de termijn is een signaal.",
    why: "Ambulante ondersteuning duurt in beginsel hoogstens een jaar.",
    needs: "Perceel en Onderdeel van het product; Einddatum van de toewijzing",
    parameters: &[PERCEEL.spec(), MAANDEN.spec()],
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

const PERCEEL: Parameter<i64> = Parameter::new("perceel", "perceel van de ambulante ondersteuning");

const MAANDEN: Parameter<i64> =
    Parameter::new("maanden", "maanden die ambulante ondersteuning duurt");

fn check(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let Some((id, t)) = group.in_leverjaar() else { return };
    let product = group.product();
    let (perceel, onderdeel) = match product.and_then(|p| Ok((p.perceel?, p.onderdeel?))) {
        Ok(both) => both,
        Err(reason) => return out.not_testable(reason),
    };
    let asked = settings.at(&PERCEEL, t.ingangsdatum);
    if perceel.map(i64::from) != Some(asked) || onderdeel != Onderdeel::Ambulant {
        return;
    }
    if let Err(reason) = group.context.kolom(t.file, Kolom::Einddatum) {
        return out.not_testable(reason);
    }
    out.tested();
    let maanden = settings.at(&MAANDEN, t.ingangsdatum) as i32;
    // Whole years keep to their own rule for 29 February.
    let longer = match (maanden / 12, maanden % 12) {
        (jaren, 0) => t.termijn().at_least_jaren(jaren),
        _ => t.termijn().longer_than_maanden(maanden),
    };
    if longer {
        out.bevinding(
            group
                .bevinding(id, Ernst::Signaal)
                .found(format!("ambulante ondersteuning {}", t.termijn()))
                .expected(format!("hoogstens {maanden} maanden")),
        );
    }
}
