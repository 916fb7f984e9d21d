//! WV04: extra one-to-one support for longer than allowed.
//!
//! Source: ID 8.5.3, 9.7.

use super::EEN_OP_EEN;
use crate::dossier::{Ernst, Kolom};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Regel, Toewijzingsgroep, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "WV04",
    titel: "Extra 1-op-1 te lang",
    wat: "Een toewijzing voor extra 1-op-1-begeleiding die langer loopt dan de termijn, of geen einde heeft, is een onzekerheid.",
    waarom: "Extra 1-op-1 is tijdelijk; verlenging vraagt een nieuwe afweging.",
    nodig: "Ingangsdatum en Einddatum van de toewijzing",
    parameters: &[MAANDEN.spec()],
    checks: &[Check::Toewijzing(toets)],
    ..Regel::BASE
};

const MAANDEN: Parameter<i64> =
    Parameter::new("maanden", "maanden die een toewijzing voor extra 1-op-1 hoogstens loopt");

fn toets(groep: &Toewijzingsgroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let een_op_een = |sleutel: &str| (sleutel == EEN_OP_EEN).then_some(());
    let Some((nr, t, ())) = groep.van_sleutel(een_op_een, Kolom::Einddatum, uit) else { return };
    uit.getoetst();
    let maanden = instelling.at(&MAANDEN, t.ingangsdatum);
    if t.termijn().langer_dan_maanden(maanden as i32) {
        uit.bevinding(
            groep
                .bevinding(nr, Ernst::Onzekerheid)
                .gevonden(format!("extra 1-op-1 {}", t.termijn()))
                .verwacht(format!("hoogstens {maanden} maanden"))
                .toelichting("Beoordeel of de gemeente een langere inzet heeft afgewogen."),
        );
    }
}
