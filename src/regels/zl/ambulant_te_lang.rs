//! ZL08: ambulant support for longer than a year.
//!
//! Source: C13 perceel 3.

use crate::dossier::{Ernst, Kolom, Onderdeel};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Regel, Toewijzingsgroep, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "ZL08",
    titel: "Ambulante ondersteuning te lang",
    wat: "Een toewijzing voor een ambulant product van perceel 3 die langer loopt dan de termijn is een signaal.",
    waarom: "Ambulante ondersteuning duurt in beginsel hoogstens een jaar.",
    nodig: "Perceel en Onderdeel van het product; Einddatum van de toewijzing",
    parameters: &[PERCEEL.spec(), MAANDEN.spec()],
    checks: &[Check::Toewijzing(toets)],
    ..Regel::BASE
};

const PERCEEL: Parameter<i64> = Parameter::new("perceel", "perceel van de ambulante ondersteuning");

const MAANDEN: Parameter<i64> =
    Parameter::new("maanden", "maanden die ambulante ondersteuning duurt");

fn toets(groep: &Toewijzingsgroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let Some((nr, t)) = groep.in_leverjaar() else { return };
    let product = groep.product();
    let (perceel, onderdeel) = match product.and_then(|p| Ok((p.perceel?, p.onderdeel?))) {
        Ok(beide) => beide,
        Err(reden) => return uit.niet_toetsbaar(reden),
    };
    let gevraagd = instelling.at(&PERCEEL, t.ingangsdatum);
    if perceel.map(i64::from) != Some(gevraagd) || onderdeel != Onderdeel::Ambulant {
        return;
    }
    if let Err(reden) = groep.controle.kolom(t.bestand, Kolom::Einddatum) {
        return uit.niet_toetsbaar(reden);
    }
    uit.getoetst();
    let maanden = instelling.at(&MAANDEN, t.ingangsdatum) as i32;
    // Whole years keep to their own rule for 29 February.
    let langer = match (maanden / 12, maanden % 12) {
        (jaren, 0) => t.termijn().minstens_jaren(jaren),
        _ => t.termijn().langer_dan_maanden(maanden),
    };
    if langer {
        uit.bevinding(
            groep
                .bevinding(nr, Ernst::Signaal)
                .gevonden(format!("ambulante ondersteuning {}", t.termijn()))
                .verwacht(format!("hoogstens {maanden} maanden")),
        );
    }
}
