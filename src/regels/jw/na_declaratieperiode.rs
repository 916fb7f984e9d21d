//! JW16: delivered after the period that the message is about.
//!
//! Only on iJw messages. Source: iJw TR319.

use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijn, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "JW16",
    titel: "Geleverd na de declaratieperiode",
    wat: "De Einddatum van een regel ligt na het einde van de DeclaratiePeriode van haar bericht. Dat is een fout.",
    waarom: "Een declaratie gaat over een afgesloten periode.",
    nodig: "iJw-berichten (JW323)",
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

fn toets(lijn: &Lijn<'_>, _: &Regelinstelling) -> Oordeel {
    let bericht = super::bericht_van(lijn)?;
    let eind = bericht.periode.1;
    if lijn.regel.einddatum <= eind {
        return Ok(Uitslag::InOrde);
    }
    lijn.bevinding(Ernst::Fout)
        .gevonden(format!("geleverd tot en met {}", lijn.regel.einddatum))
        .verwacht(format!("levering tot en met {eind}, het einde van de declaratieperiode"))
        .into()
}
