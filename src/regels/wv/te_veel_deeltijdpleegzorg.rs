//! WV07: deeltijdpleegzorg for more days a week than it is meant for.
//!
//! The limit came with RTP 2.0. Source: RTP 3.3.1.

use super::{etmalen, is_verblijf, met_etmalen};
use crate::dossier::{Ernst, Product, Volume};
use crate::regels::maximum::boven;
use crate::regels::versie::{HOOGSTENS, Versie};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Jeugdigegroep, Regel, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "WV07",
    titel: "Te veel deeltijdpleegzorg",
    wat: "Per jeugdige en maand worden de etmalen deeltijdpleegzorg in volgorde opgeteld. Wat boven het maximum per week maal de weken van de maand komt, is een onzekerheid.",
    waarom: "Deeltijdpleegzorg is voor een deel van de week; wie vaker blijft, krijgt pleegzorg.",
    nodig: "Tariefsleutel van het product; volume in etmalen",
    parameters: &[PER_WEEK.spec(), SLEUTELS.spec(), HOOGSTENS.spec()],
    about: Some(is_verblijf),
    checks: &[Check::Jeugdige(toets)],
    ..Regel::BASE
};

const PER_WEEK: Parameter<i64> = Parameter::new("per_week", "etmalen deeltijdpleegzorg per week");

const SLEUTELS: Parameter<[String]> =
    Parameter::new("tariefsleutels", "tariefsleutels van deeltijdpleegzorg");

fn toets(groep: &Jeugdigegroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let sleutels = instelling.at(&SLEUTELS, groep.controle.laatste_dag());
    let is_deeltijd =
        |p: &Product| p.tariefsleutel().is_some_and(|s| sleutels.iter().any(|d| d == s));
    if !groep.lijnen().any(|l| is_deeltijd(l.product)) {
        return;
    }
    for (maand, lijnen) in groep.per_maand(|l| is_deeltijd(l.product)) {
        for lijn in &lijnen {
            match lijn.etmalen() {
                Ok(_) => uit.getoetst(),
                Err(reden) => uit.niet_toetsbaar(reden),
            }
        }
        let per_week = instelling.at(&PER_WEEK, maand.eind());
        let maximum = Volume::heel(per_week * maand.iso_weken());
        for b in boven(met_etmalen(&lijnen, |_| true), maximum.0) {
            let versie = Versie::op(instelling, b.lijn.regel.begindatum);
            uit.bevinding(
                versie.begrens(
                    b.lijn
                        .bevinding(Ernst::Onzekerheid)
                        .bedrag(b.bedrag)
                        .gevonden(format!(
                            "{} deeltijdpleegzorg in {maand}",
                            etmalen(Volume(b.som))
                        ))
                        .verwacht(format!(
                            "hoogstens {per_week} etmalen per week, {} in {} weken",
                            etmalen(maximum),
                            maand.iso_weken()
                        ))
                        .toelichting("Opvang in de vakantie mag ook: beoordeel of dit het meerdere verklaart."),
                ),
            );
        }
    }
}
