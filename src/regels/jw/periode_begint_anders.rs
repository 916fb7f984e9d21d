//! JW05: a period that doesn't begin as a monthly declaration must.
//!
//! The first day of the month, or the Ingangsdatum if that is later; the month is the Einddatum's.
//! Source: iJw TR387.

use crate::dossier::{Ernst, Niveau};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijn, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "JW05",
    titel: "Periode begint niet op de juiste dag",
    wat: "De Begindatum van een maandregel is niet de eerste dag van de maand of, als die later is, de Ingangsdatum van de toewijzing. Dat is een signaal; bij niveau contact geldt het niet.",
    waarom: "Een maandregel beslaat de hele maand of het toegewezen deel ervan.",
    nodig: "ToewijzingNummer",
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

fn toets(lijn: &Lijn<'_>, _: &Regelinstelling) -> Oordeel {
    if lijn.controle.niveau == Niveau::Contact {
        return Ok(Uitslag::NietVanToepassing);
    }
    let t = lijn.toewijzing()?;
    let begin = lijn.regel.einddatum.maandbegin().max(t.ingangsdatum);
    if lijn.regel.begindatum == begin {
        return Ok(Uitslag::InOrde);
    }
    lijn.bevinding(Ernst::Signaal)
        .gevonden(format!("begint op {}", lijn.regel.begindatum))
        .verwacht(format!("een begin op {begin}"))
        .into()
}
