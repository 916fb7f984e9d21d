//! NS04: no-show declared where only a real stay counts.
//!
//! Absence may be declared for stays, but not for deeltijdpleegzorg. Needs NoShow.
//! Source: ID 9.7.

use crate::dossier::{Ernst, Kolom, Volume};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Lijn, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "NS04",
    titel: "No-show op deeltijdpleegzorg",
    wat: "Een regel van deeltijdpleegzorg met een of meer no-shows is een fout voor die etmalen.",
    waarom: "Bij deeltijdpleegzorg is alleen het werkelijke verblijf declarabel.",
    nodig: "NoShow",
    parameters: &[SLEUTELS.spec()],
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

const SLEUTELS: Parameter<[String]> = Parameter::new(
    "tariefsleutels",
    "tariefsleutels waarop alleen werkelijk verblijf declarabel is",
);

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    lijn.kolom(Kolom::NoShow)?;
    lijn.onderdeel()?;
    let sleutels = instelling.at(&SLEUTELS, lijn.regel.einddatum);
    if !lijn.product.tariefsleutel().is_some_and(|s| sleutels.iter().any(|w| w == s)) {
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
    lijn.bevinding(Ernst::Fout)
        .bedrag(bedrag)
        .gevonden(format!(
            "{no_show} {} no-show van {volume}",
            if no_show == Volume::heel(1) { "etmaal" } else { "etmalen" }
        ))
        .verwacht("alleen werkelijk verblijf")
        .toelichting("Afwezigheid is bij deeltijdpleegzorg niet declarabel.")
        .into()
}
