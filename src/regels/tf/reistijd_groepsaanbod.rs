//! TF09: travel time declared on groepsaanbod.
//!
//! Needs ReistijdMinuten. Source: ID XIV groepsaanbod 10.

use crate::dossier::{Ernst, Kolom, Onderdeel, Volume};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijn, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TF09",
    titel: "Reistijd op groepsaanbod",
    wat: "Reisminuten op een regel voor groepsaanbod zijn een fout, naar rato van het bedrag.",
    waarom: "Reistijd is bij groepsaanbod niet declarabel.",
    nodig: "ReistijdMinuten",
    about: Some(|p| p.onderdeel() == Some(Onderdeel::Groepsaanbod)),
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

fn toets(lijn: &Lijn<'_>, _: &Regelinstelling) -> Oordeel {
    lijn.kolom(Kolom::ReistijdMinuten)?;
    let reistijd = lijn.contact().reistijd_minuten.ok_or(Reden::GeenReistijdMinuten)?;
    if reistijd == Volume::NUL {
        return Ok(Uitslag::InOrde);
    }
    let minuten = lijn.honderdste_minuten()?;
    lijn.bevinding(Ernst::Fout)
        .bedrag(lijn.deel_van_bedrag(reistijd.0, minuten))
        .gevonden(format!("{reistijd} reisminuten"))
        .verwacht("geen reistijd op groepsaanbod")
        .into()
}
