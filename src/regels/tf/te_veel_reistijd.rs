//! TF05: more travel time than may be declared for a conversation.
//!
//! Needs ReistijdMinuten and Gesprekken. Source: ID XIV ambulant 3, dyslexie 5.

use crate::dossier::{Ernst, Kolom, Onderdeel, Volume};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Lijn, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TF05",
    titel: "Te veel reistijd per gesprek",
    wat: "De reistijd van een regel voor ambulante hulp of dyslexiezorg is meer dan het maximum maal het aantal gesprekken (leeg = 1). De minuten erboven zijn een fout, naar rato van het bedrag.",
    waarom: "Reistijd is per gesprek begrensd; de rest zit in het tarief.",
    nodig: "ReistijdMinuten en Gesprekken",
    parameters: &[MINUTEN.spec()],
    about: Some(|p| matches!(p.onderdeel(), Some(Onderdeel::Ambulant | Onderdeel::Ed))),
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

const MINUTEN: Parameter<i64> =
    Parameter::new("minuten", "reisminuten die per gesprek gedeclareerd mogen worden");

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    lijn.kolom(Kolom::ReistijdMinuten)?;
    let contact = lijn.contact();
    let reistijd = contact.reistijd_minuten.ok_or(Reden::GeenReistijdMinuten)?;
    let per_gesprek = instelling.at(&MINUTEN, lijn.regel.begindatum);
    if reistijd <= Volume::heel(per_gesprek) {
        return Ok(Uitslag::InOrde);
    }
    lijn.kolom(Kolom::Gesprekken)?;
    let gesprekken = i64::from(contact.gesprekken.unwrap_or(1));
    let maximum = Volume::heel(per_gesprek * gesprekken);
    if reistijd <= maximum {
        return Ok(Uitslag::InOrde);
    }
    let minuten = lijn.honderdste_minuten()?;
    lijn.bevinding(Ernst::Fout)
        .bedrag(lijn.deel_van_bedrag(reistijd.0 - maximum.0, minuten))
        .gevonden(format!(
            "{reistijd} reisminuten bij {}",
            if gesprekken == 1 {
                "1 gesprek".to_owned()
            } else {
                format!("{gesprekken} gesprekken")
            }
        ))
        .verwacht(format!("hoogstens {per_gesprek} minuten per gesprek, samen {maximum}"))
        .into()
}
