//! ZL06: a time-out for longer than five working days.
//!
//! Counts the etmalen of a toewijzing on products of perceel 4; more of them than the days that five
//! working days can span. Source: C13 perceel 4.

use crate::dossier::{Ernst, Volume};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Reden, Regel, Toewijzingsgroep, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "ZL06",
    titel: "Time-out te lang",
    wat: "De etmalen op een toewijzing voor producten van perceel 4 zijn samen meer dan de dagen waarin vijf werkdagen passen. Dat is een signaal.",
    waarom: "Een time-out duurt hoogstens vijf werkdagen.",
    nodig: "Perceel van het product; volume in etmalen",
    parameters: &[PERCEEL.spec(), ETMALEN.spec()],
    checks: &[Check::Toewijzing(toets)],
    ..Regel::BASE
};

const PERCEEL: Parameter<i64> = Parameter::new("perceel", "perceel van de time-outvoorzieningen");

const ETMALEN: Parameter<i64> =
    Parameter::new("etmalen", "etmalen waarin vijf werkdagen passen: met een weekend erin zeven");

fn toets(groep: &Toewijzingsgroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let Some((nr, _)) = groep.in_leverjaar() else { return };
    let c = groep.controle;
    let perceel = instelling.at(&PERCEEL, c.laatste_dag());
    let mut som = None;
    let mut lijnen = Vec::new();
    for lijn in groep.lijnen() {
        match &lijn.product.catalogus {
            None if c.in_leverjaar(lijn.regel) => uit.niet_toetsbaar(Reden::ProductOnbekend),
            Some(p) if p.perceel.map(i64::from) == Some(perceel) => {
                lijnen.push(lijn);
                *som.get_or_insert(0) += lijn.etmalen().map_or(0, |v| v.0);
            }
            _ => {}
        }
    }
    let Some(som) = som else { return };
    uit.getoetst();
    let etmalen = instelling.at(&ETMALEN, c.laatste_dag());
    if som > Volume::heel(etmalen).0 {
        uit.bevinding(
            groep
                .bevinding(nr, Ernst::Signaal)
                .on_lines(lijnen)
                .gevonden(format!("{} etmalen time-out", Volume(som)))
                .verwacht(format!("hoogstens {etmalen} etmalen, vijf werkdagen met een weekend")),
        );
    }
}
