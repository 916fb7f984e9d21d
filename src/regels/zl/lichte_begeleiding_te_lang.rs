//! ZL07: light support for longer than half a year.
//!
//! Not where the toewijzing is explicitly duurzaam. Source: C13 perceel 6.

use crate::dossier::{Budgetsoort, Ernst, Kolom};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Regel, Toewijzingsgroep, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "ZL07",
    titel: "Lichte begeleiding te lang",
    wat: "Een toewijzing voor een product van perceel 6 die langer loopt dan de termijn en niet uitdrukkelijk duurzaam is, is een signaal.",
    waarom: "Lichte begeleiding gericht op uitstroom is kort.",
    nodig: "Perceel van het product; Einddatum en Budgetsoort van de toewijzing",
    parameters: &[PERCEEL.spec(), MAANDEN.spec()],
    checks: &[Check::Toewijzing(toets)],
    ..Regel::BASE
};

const PERCEEL: Parameter<i64> = Parameter::new("perceel", "perceel van de lichte begeleiding");

const MAANDEN: Parameter<i64> = Parameter::new("maanden", "maanden die lichte begeleiding duurt");

fn toets(groep: &Toewijzingsgroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let Some((nr, t)) = groep.in_leverjaar() else { return };
    let perceel = match groep.product().and_then(|p| p.perceel) {
        Ok(perceel) => perceel.map(i64::from),
        Err(reden) => return uit.niet_toetsbaar(reden),
    };
    if perceel != Some(instelling.at(&PERCEEL, t.ingangsdatum)) {
        return;
    }
    if let Err(reden) = groep.controle.kolom(t.bestand, Kolom::Einddatum) {
        return uit.niet_toetsbaar(reden);
    }
    uit.getoetst();
    let maanden = instelling.at(&MAANDEN, t.ingangsdatum);
    let duurzaam = t.budgetsoort == Some(Budgetsoort::Duurzaam);
    if !duurzaam && t.termijn().langer_dan_maanden(maanden as i32) {
        let mut b = groep
            .bevinding(nr, Ernst::Signaal)
            .gevonden(format!("lichte begeleiding {}", t.termijn()))
            .verwacht(format!("hoogstens {maanden} maanden, of uitdrukkelijk duurzaam"));
        if groep.controle.kolom(t.bestand, Kolom::Budgetsoort).is_err() {
            b = b.ook("De kolom Budgetsoort, waarin duurzaam kan staan, ontbreekt.");
        }
        uit.bevinding(b);
    }
}
