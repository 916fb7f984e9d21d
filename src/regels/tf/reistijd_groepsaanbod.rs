//! TF09: travel time declared on groepsaanbod.
//!
//! Needs ReistijdMinuten. Source: ID XIV groepsaanbod 10.

use crate::dossier::Ernst;
use crate::dossier::{Kolom, Onderdeel, Volume};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Lijn, Oordeel, Reden, Regel, Toets, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TF09",
    titel: "Reistijd op groepsaanbod",
    wat: "Reisminuten op een regel voor groepsaanbod zijn een fout, naar rato van het bedrag.",
    waarom: "Reistijd is bij groepsaanbod niet declarabel.",
    nodig: "ReistijdMinuten",
    parameters: &[],
    toets: Toets::Product(|p| p.onderdeel() == Some(Onderdeel::Groepsaanbod), toets),
};

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    lijn.onderdeel()?;
    lijn.kolom(Kolom::ReistijdMinuten)?;
    let reistijd = lijn.contact().reistijd_minuten.ok_or(Reden::GeenReistijdMinuten)?;
    if reistijd == Volume::NUL {
        return Ok(Uitslag::InOrde);
    }
    let minuten = lijn.honderdste_minuten()?;
    Ok(lijn
        .bevinding(Ernst::Fout, instelling)
        .bedrag(lijn.deel_van_bedrag(reistijd.0, minuten))
        .gevonden(format!("{reistijd} reisminuten"))
        .verwacht("geen reistijd op groepsaanbod")
        .into())
}
