//! TW17: groepsaanbod declared while it stood still.
//!
//! Needs stop and start messages with RedenBeeindiging. Source: ID XIV groepsaanbod 9.

use crate::dossier::{Ernst, Onderdeel, Pauze, Product};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijn, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TW17",
    titel: "Gedeclareerd tijdens een pauze",
    wat: "Een regel voor groepsaanbod die geheel in een pauze valt, is een fout; een die er voor een deel in valt, een onzekerheid. Een pauze loopt van de dag na een tijdelijke stop tot en met de dag voor de volgende start.",
    waarom: "Tijdens een pauze wordt niet geleverd en dus niet gedeclareerd.",
    nodig: "startstop met RedenBeeindiging",
    about: Some(|p: &Product| p.onderdeel() == Some(Onderdeel::Groepsaanbod)),
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

fn toets(lijn: &Lijn<'_>, _: &Regelinstelling) -> Oordeel {
    if super::toewijzing(lijn)?.is_none() {
        return Ok(Uitslag::NietVanToepassing);
    }
    let berichten = lijn.berichten_met_reden()?;
    let Some(periode) = lijn.regel.periode() else { return Ok(Uitslag::NietVanToepassing) };
    // Pauses that share a day end on the same day, and none borders on another: the one that holds
    // most of the period tells whether it lies wholly in one.
    let geraakt = Pauze::van(berichten)
        .filter_map(|p| Some((p, p.deel_van(periode, 1)?.dagen())))
        .max_by_key(|(_, dagen)| *dagen);
    let Some((pauze, dagen)) = geraakt else { return Ok(Uitslag::InOrde) };
    let geheel = dagen == periode.dagen();
    let ernst = if geheel { Ernst::Fout } else { Ernst::Onzekerheid };
    let tot = match pauze.start {
        Some(start) => format!("tot de start op {start}"),
        None => "zonder latere start".to_owned(),
    };
    let mut b = lijn
        .bevinding(ernst)
        .gevonden(format!(
            "{} in een pauze na de tijdelijke stop van {}, {tot}",
            if geheel { "geheel" } else { "gedeeltelijk" },
            pauze.stop
        ))
        .verwacht("geen declaratie over dagen in een pauze");
    if !geheel {
        b = b.toelichting("Beoordeel of alle hulp op de dagen buiten de pauze is geleverd.");
    }
    b.into()
}
