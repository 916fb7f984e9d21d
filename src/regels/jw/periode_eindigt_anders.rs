//! JW06: a period that doesn't end as a monthly declaration must.
//!
//! The last day of the month, or the toewijzing's Einddatum if that is earlier. Source: iJw TR388.

use crate::dossier::{Ernst, Kolom, Niveau};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijn, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "JW06",
    titel: "Periode eindigt niet op de juiste dag",
    wat: "De Einddatum van een maandregel is niet de laatste dag van de maand of, als die eerder is, de Einddatum van de toewijzing. Dat is een signaal; bij niveau contact geldt het niet.",
    waarom: "Een maandregel beslaat de hele maand of het toegewezen deel ervan.",
    nodig: "ToewijzingNummer; Einddatum van de toewijzing",
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

fn toets(lijn: &Lijn<'_>, _: &Regelinstelling) -> Oordeel {
    if lijn.controle.niveau == Niveau::Contact {
        return Ok(Uitslag::NietVanToepassing);
    }
    let t = lijn.toewijzing_met(Kolom::Einddatum)?;
    let maandeinde = lijn.regel.einddatum.maandeinde();
    let eind = t.einddatum.map_or(maandeinde, |e| e.min(maandeinde));
    if lijn.regel.einddatum == eind {
        return Ok(Uitslag::InOrde);
    }
    lijn.bevinding(Ernst::Signaal)
        .gevonden(format!("eindigt op {}", lijn.regel.einddatum))
        .verwacht(format!("een einde op {eind}"))
        .into()
}
