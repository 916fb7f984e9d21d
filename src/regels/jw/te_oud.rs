//! JW08: declared more than five years after delivery.
//!
//! Needs DeclaratieDagtekening. Source: iJw TR335.

use crate::dossier::{Ernst, Kolom};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Lijn, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "JW08",
    titel: "Ouder dan de verjaringstermijn",
    wat: "De DeclaratieDagtekening ligt meer dan de termijn na de Einddatum van de regel. Dat is een fout.",
    waarom: "Een vordering van zo lang geleden is verjaard.",
    nodig: "DeclaratieDagtekening",
    parameters: &[JAREN.spec()],
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

const JAREN: Parameter<i64> =
    Parameter::new("jaren", "jaren waarna een levering niet meer kan worden gedeclareerd");

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    lijn.kolom(Kolom::DeclaratieDagtekening)?;
    let dagtekening = lijn.regel.declaratie_dagtekening.ok_or(Reden::GeenDeclaratieDagtekening)?;
    let jaren = instelling.at(&JAREN, lijn.regel.einddatum) as i32;
    let uiterlijk = lijn.regel.einddatum.plus_jaren(jaren);
    if uiterlijk >= dagtekening {
        return Ok(Uitslag::InOrde);
    }
    lijn.bevinding(Ernst::Fout)
        .gevonden(format!(
            "geleverd tot en met {}, declaratie van {dagtekening}",
            lijn.regel.einddatum
        ))
        .verwacht(format!("een declaratie uiterlijk op {uiterlijk}"))
        .into()
}
