//! VZ02: MST or ZIT for longer than planned.
//!
//! The durations came with RTP 2.0. Source: RTP 2.3.3.

use crate::dossier::{Ernst, Kolom};
use crate::regels::versie::{HOOGSTENS, Versie};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Regel, Toewijzingsgroep, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "VZ02",
    titel: "MST of ZIT langer dan gepland",
    wat: "Een toewijzing voor MST of ZIT die langer loopt dan de geplande duur is een signaal.",
    waarom: "Het traject heeft een vaste duur, waarop het tarief is gebaseerd.",
    nodig: "Ingangsdatum en Einddatum van de toewijzing",
    parameters: &[MST.spec(), ZIT.spec(), HOOGSTENS.spec()],
    checks: &[Check::Toewijzing(toets)],
    ..Regel::BASE
};

const MST: Parameter<i64> = Parameter::new("maanden_mst", "maanden die MST duurt");

const ZIT: Parameter<i64> = Parameter::new("maanden_zit", "maanden die ZIT duurt");

fn toets(groep: &Toewijzingsgroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let duur = |sleutel: &str| match sleutel {
        "MST" => Some(("MST", &MST)),
        "ZIT" => Some(("ZIT", &ZIT)),
        _ => None,
    };
    let Some((nr, t, (naam, parameter))) = groep.van_sleutel(duur, Kolom::Einddatum, uit) else {
        return;
    };
    uit.getoetst();
    let maanden = instelling.at(parameter, t.ingangsdatum);
    if t.termijn().langer_dan_maanden(maanden as i32) {
        let b = groep
            .bevinding(nr, Ernst::Signaal)
            .gevonden(format!("{naam} {}", t.termijn()))
            .verwacht(format!("hoogstens {maanden} maanden"));
        uit.bevinding(Versie::op(instelling, t.ingangsdatum).begrens(b));
    }
}
