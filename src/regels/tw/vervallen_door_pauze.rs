//! TW15: a toewijzing that lapsed because groepsaanbod stood still too long.
//!
//! Needs stop and start messages with RedenBeeindiging. Source: ID XIV groepsaanbod 9.

use crate::dossier::{Ernst, Onderdeel, Product};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Lijn, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TW15",
    titel: "Toewijzing vervallen door een pauze",
    wat: "Groepsaanbod werd tijdelijk gestopt en niet binnen de termijn hervat. Elke regel die later dan die termijn na de stop begint, is een onzekerheid.",
    waarom: "Na een te lange pauze vervalt de toewijzing en is een nieuwe nodig.",
    nodig: "startstop met RedenBeeindiging",
    parameters: &[WEKEN.spec()],
    about: Some(|p: &Product| p.onderdeel() == Some(Onderdeel::Groepsaanbod)),
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

const WEKEN: Parameter<i64> = Parameter::new(
    "weken",
    "weken waarbinnen groepsaanbod na een tijdelijke stop moet zijn hervat",
);

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    if super::toewijzing(lijn)?.is_none() {
        return Ok(Uitslag::NietVanToepassing);
    }
    let berichten = lijn.berichten_met_reden()?;
    let weken = instelling.at(&WEKEN, lijn.regel.begindatum);
    let vervallen = berichten.iter().filter(|b| b.is_tijdelijke_stop()).find(|stop| {
        let uiterlijk = stop.datum.plus_dagen(7 * weken);
        let hervat =
            berichten.iter().any(|b| b.is_start() && stop.datum <= b.datum && b.datum <= uiterlijk);
        !hervat && lijn.regel.begindatum > uiterlijk
    });
    let Some(stop) = vervallen else { return Ok(Uitslag::InOrde) };
    lijn.bevinding(Ernst::Onzekerheid)
        .gevonden(format!(
            "tijdelijk gestopt op {} en niet binnen {weken} weken hervat",
            stop.datum
        ))
        .verwacht(format!(
            "hervatting uiterlijk op {}, of een nieuwe toewijzing",
            stop.datum.plus_dagen(7 * weken)
        ))
        .toelichting(
            "Beoordeel of de toewijzing is vervallen of de gemeente een langere pauze toestond.",
        )
        .into()
}
