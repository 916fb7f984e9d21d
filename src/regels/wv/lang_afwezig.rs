//! WV08: a stay declared during a long absence.
//!
//! Needs stop and start messages with RedenBeeindiging. Source: ID 9.7.

use super::is_verblijf;
use crate::dossier::{Ernst, Pauze, Periode};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Lijn, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "WV08",
    titel: "Verblijf tijdens lange afwezigheid",
    wat: "Een regel voor verblijf met dagen die verder dan het toegestane aantal dagen in een pauze liggen. Het bedrag naar rato van die dagen is een onzekerheid.",
    waarom: "Een plaats mag bij afwezigheid maar beperkt worden doorbetaald.",
    nodig: "startstop met RedenBeeindiging",
    parameters: &[DAGEN.spec()],
    about: Some(is_verblijf),
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

const DAGEN: Parameter<i64> =
    Parameter::new("dagen", "dagen afwezigheid die gedeclareerd mogen worden");

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    let berichten = lijn.berichten_met_reden()?;
    let Some(periode) = lijn.regel.periode() else { return Ok(Uitslag::NietVanToepassing) };
    let toegestaan = instelling.at(&DAGEN, lijn.regel.begindatum);
    let later: Vec<Periode> =
        Pauze::van(berichten).filter_map(|p| p.deel_van(periode, toegestaan + 1)).collect();
    if later.is_empty() {
        return Ok(Uitslag::InOrde);
    }
    // Pauses may overlap: each day counts once.
    let dagen = (0..periode.dagen())
        .map(|n| periode.begin().plus_dagen(n))
        .filter(|dag| later.iter().any(|p| p.bevat(*dag)))
        .count() as i64;
    lijn.bevinding(Ernst::Onzekerheid)
        .bedrag(lijn.deel_van_bedrag(dagen, periode.dagen()))
        .gevonden(format!(
            "{dagen} van de {} dagen na meer dan {toegestaan} dagen afwezigheid",
            periode.dagen()
        ))
        .verwacht(format!("hoogstens {toegestaan} dagen afwezigheid per pauze"))
        .toelichting("Beoordeel of de plaats op verzoek van de gemeente werd aangehouden.")
        .into()
}
