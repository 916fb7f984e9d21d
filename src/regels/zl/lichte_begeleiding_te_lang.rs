//! ZL07: light support for longer than half a year.
//!
//! Not where the toewijzing is explicitly duurzaam. Source: C13 perceel 6.

use crate::dossier::{Budgetsoort, Ernst, Kolom};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Outcomes, Rule, ToewijzingGroup};

pub(crate) static RULE: Rule = Rule {
    code: "ZL07",
    title: "Lichte begeleiding te lang",
    what: "Een toewijzing voor een product van perceel 6 die langer loopt dan de termijn en niet uitdrukkelijk duurzaam is, is een signaal.",
    why: "Lichte begeleiding gericht op uitstroom is kort.",
    needs: "Perceel van het product; Einddatum en Budgetsoort van de toewijzing",
    parameters: &[PERCEEL.spec(), MAANDEN.spec()],
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

const PERCEEL: Parameter<i64> = Parameter::new("perceel", "perceel van de lichte begeleiding");

const MAANDEN: Parameter<i64> = Parameter::new("maanden", "maanden die lichte begeleiding duurt");

fn check(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let Some((id, t)) = group.in_leverjaar() else { return };
    let perceel = match group.product().and_then(|p| p.perceel) {
        Ok(perceel) => perceel.map(i64::from),
        Err(reason) => return out.not_testable(reason),
    };
    if perceel != Some(settings.at(&PERCEEL, t.ingangsdatum)) {
        return;
    }
    if let Err(reason) = group.context.kolom(t.file, Kolom::Einddatum) {
        return out.not_testable(reason);
    }
    out.tested();
    let maanden = settings.at(&MAANDEN, t.ingangsdatum);
    let duurzaam = t.budgetsoort == Some(Budgetsoort::Duurzaam);
    if !duurzaam && t.termijn().longer_than_maanden(maanden as i32) {
        let mut b = group
            .bevinding(id, Ernst::Signaal)
            .found(format!("lichte begeleiding {}", t.termijn()))
            .expected(format!("hoogstens {maanden} maanden, of uitdrukkelijk duurzaam"));
        if group.context.kolom(t.file, Kolom::Budgetsoort).is_err() {
            b = b.also("De kolom Budgetsoort, waarin duurzaam kan staan, ontbreekt.");
        }
        out.bevinding(b);
    }
}
