//! SG05: volumes that are whole hours too often.
//!
//! Source: own signal.

use super::procent;
use crate::dossier::{Ernst, Onderdeel};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Aanbiedergroep, Check, Lijn, Reden, Regel, RestsOn, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "SG05",
    titel: "Ronde volumes",
    wat: "Per aanbieder wordt geteld welk deel van de ambulante regels een volume in hele uren heeft. Meer dan de grens is een signaal.",
    waarom: "Werkelijk bestede tijd komt zelden steeds op hele uren uit.",
    nodig: "Volume in minuten, uren of dagdelen",
    parameters: &[DEEL.spec(), REGELS.spec()],
    checks: &[Check::Aanbieder(toets)],
    rests_on: RestsOn::Where(|l, _| is_ambulant(l) && l.honderdste_minuten().is_ok()),
    ..Regel::BASE
};

const DEEL: Parameter<i64> =
    Parameter::new("deel", "percentage van de regels waarboven dat opvalt");

const REGELS: Parameter<i64> = Parameter::new("regels", "regels die voor een uitspraak nodig zijn");

/// Hundredths of a minute in an hour.
const UUR: i64 = 6_000;

fn is_ambulant(lijn: &Lijn<'_>) -> bool {
    lijn.product.onderdeel() == Some(Onderdeel::Ambulant)
}

fn toets(groep: &Aanbiedergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let (mut alle, mut rond) = (0_i64, 0_i64);
    for lijn in groep.tellende_lijnen() {
        if !is_ambulant(&lijn) {
            continue;
        }
        if let Ok(minuten) = lijn.honderdste_minuten() {
            alle += 1;
            rond += i64::from(minuten % UUR == 0);
        }
    }
    if alle == 0 {
        return;
    }
    let dag = groep.controle.laatste_dag();
    if alle < instelling.at(&REGELS, dag) {
        return uit.niet_toetsbaar(Reden::TeWeinigRegels);
    }
    uit.getoetst();
    let deel = instelling.at(&DEEL, dag);
    if rond * 100 > alle * deel {
        uit.bevinding(
            groep
                .bevinding(Ernst::Signaal)
                .gevonden(format!(
                    "{rond} van {alle} ambulante regels ({}) in hele uren",
                    procent(rond as f64 / alle as f64)
                ))
                .verwacht(format!("hoogstens {deel}%")),
        );
    }
}
