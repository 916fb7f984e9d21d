//! TW06: delivery after the toewijzing ends.
//!
//! Needs Einddatum of the toewijzing. Source: iJw TR308.

use crate::dossier::{Ernst, Kolom};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijn, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TW06",
    titel: "Na de einddatum van de toewijzing",
    wat: "De Einddatum van de regel ligt na de Einddatum van de toewijzing.",
    waarom: "Hulp na de einddatum is niet toegewezen.",
    nodig: "ToewijzingNummer; Einddatum van de toewijzing",
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

fn toets(lijn: &Lijn<'_>, _: &Regelinstelling) -> Oordeel {
    let Some(t) = super::toewijzing_met(lijn, Kolom::Einddatum)? else {
        return Ok(Uitslag::NietVanToepassing);
    };
    match t.einddatum {
        Some(einde) if lijn.regel.einddatum > einde => lijn
            .bevinding(Ernst::Fout)
            .gevonden(format!("eindigt op {}", lijn.regel.einddatum))
            .verwacht(format!("niet na {einde}"))
            .into(),
        _ => Ok(Uitslag::InOrde),
    }
}
