//! NS04: no-show declared where only a real stay counts.
//!
//! Absence may be declared for stays, but not for deeltijdpleegzorg. Needs NoShow.
//! Source: ID 9.7.

use crate::dossier::Ernst;
use crate::dossier::{Kolom, Volume};
use crate::regelset::{Parameter, Parametersoort, Regelinstelling};
use crate::toetsing::{Lijn, Oordeel, Reden, Regel, Toets, Uitslag};

pub static REGEL: Regel = Regel {
    code: "NS04",
    titel: "No-show op deeltijdpleegzorg",
    wat: "Een regel van deeltijdpleegzorg met een of meer no-shows is een fout voor die etmalen.",
    waarom: "Bij deeltijdpleegzorg is alleen het werkelijke verblijf declarabel.",
    nodig: "NoShow",
    parameters: &[SLEUTELS],
    toets: Toets::GelijkOfElk(samen, toets),
};

const SLEUTELS: Parameter = Parameter::nieuw(
    "tariefsleutels",
    Parametersoort::Woorden,
    "tariefsleutels waarop alleen werkelijk verblijf declarabel is",
);

/// Is the line of a product that the rule is about?
fn past(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Result<bool, Reden> {
    let sleutels = instelling.woorden(&SLEUTELS, lijn.regel.einddatum);
    lijn.kolom(Kolom::NoShow)?;
    lijn.onderdeel()?;
    Ok(lijn.product.tariefsleutel().is_some_and(|s| sleutels.iter().any(|w| w == s)))
}

fn samen(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Option<Oordeel> {
    match past(lijn, instelling) {
        Ok(true) => None,
        Ok(false) => Some(Ok(Uitslag::NietVanToepassing)),
        Err(reden) => Some(Err(reden)),
    }
}

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    if !past(lijn, instelling)? {
        return Ok(Uitslag::NietVanToepassing);
    }
    let no_show = Volume::heel(i64::from(lijn.no_show()));
    if no_show == Volume::NUL {
        return Ok(Uitslag::InOrde);
    }
    let volume = lijn.regel.geleverd_volume;
    if volume == Volume::NUL {
        return Err(Reden::VolumeNul);
    }
    let bedrag = lijn.regel.ingediend_bedrag.naar_rato(no_show.min(volume).0, volume.0);
    Ok(lijn
        .bevinding(Ernst::Fout, instelling)
        .bedrag(bedrag)
        .gevonden(format!(
            "{no_show} {} no-show van {volume}",
            if no_show == Volume::heel(1) { "etmaal" } else { "etmalen" }
        ))
        .verwacht("alleen werkelijk verblijf")
        .toelichting("Afwezigheid is bij deeltijdpleegzorg niet declarabel.")
        .into())
}
