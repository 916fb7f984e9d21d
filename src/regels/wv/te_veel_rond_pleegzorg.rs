//! WV02: more than nine etmalen a week around pleegzorg.
//!
//! Pleegzorg, deeltijdpleegzorg and kdv of one month together, in order. The limit came with RTP
//! 2.0. Source: RTP 3.9.1.

use super::{etmalen, is_rond_pleegzorg, met_etmalen};
use crate::dossier::{Ernst, Volume, Vorm};
use crate::regels::maximum::boven;
use crate::regels::versie::{HOOGSTENS, Versie};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Jeugdigegroep, Regel, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "WV02",
    titel: "Te veel etmalen rond pleegzorg",
    wat: "Per jeugdige en maand met pleegzorg worden de etmalen pleegzorg, deeltijdpleegzorg en kdv in volgorde opgeteld. Wat boven de dagen van de maand plus de extra etmalen per week komt, is een fout op de laatste regels; voor levering van voor de versie die deze grens noemt een onzekerheid.",
    waarom: "Naast pleegzorg is per week maar een beperkt aantal extra etmalen mogelijk.",
    nodig: "Vorm van het product; volume in etmalen",
    parameters: &[EXTRA.spec(), HOOGSTENS.spec()],
    about: Some(|p| p.vorm() == Some(Vorm::Pleegzorg)),
    checks: &[Check::Jeugdige(toets)],
    ..Regel::BASE
};

const EXTRA: Parameter<i64> =
    Parameter::new("extra_per_week", "etmalen die per week boven de zeven dagen mogen");

fn toets(groep: &Jeugdigegroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    for (maand, lijnen) in groep.per_maand(|l| is_rond_pleegzorg(l.product)) {
        if !lijnen.iter().any(|l| l.product.vorm() == Some(Vorm::Pleegzorg)) {
            continue;
        }
        for lijn in &lijnen {
            match lijn.etmalen() {
                Ok(_) => uit.getoetst(),
                Err(reden) => uit.niet_toetsbaar(reden),
            }
        }
        let extra = instelling.at(&EXTRA, maand.eind()) * maand.iso_weken();
        let maximum = Volume::heel(maand.dagen() + extra);
        for b in boven(met_etmalen(&lijnen, is_rond_pleegzorg), maximum.0) {
            let versie = Versie::op(instelling, b.lijn.regel.begindatum);
            uit.bevinding(
                versie.begrens(
                    b.lijn
                        .bevinding(Ernst::Fout)
                        .bedrag(b.bedrag)
                        .gevonden(format!("{} rond pleegzorg in {maand}", etmalen(Volume(b.som))))
                        .verwacht(format!(
                            "hoogstens {}: {} dagen en {extra} extra",
                            etmalen(maximum),
                            maand.dagen()
                        )),
                ),
            );
        }
    }
}
