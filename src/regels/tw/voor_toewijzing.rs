//! TW05: delivery before the toewijzing begins.
//!
//! In a crisis time before the toewijzing may be declared: a person judges. Needs Begindatum.
//! Source: iJw TR307; ID XIV ambulant 3.

use crate::dossier::{Bijzonderheid, Ernst};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijn, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TW05",
    titel: "Voor de ingangsdatum van de toewijzing",
    wat: "De Begindatum van de regel ligt voor de Ingangsdatum van de toewijzing. Bij crisis is dat een onzekerheid.",
    waarom: "Hulp voor de ingangsdatum is niet toegewezen; alleen tijd tussen een crisismelding en de toewijzing kan declarabel zijn.",
    nodig: "ToewijzingNummer; Bijzonderheid van de toewijzing",
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

fn toets(lijn: &Lijn<'_>, _: &Regelinstelling) -> Oordeel {
    let Some(t) = super::toewijzing(lijn)? else { return Ok(Uitslag::NietVanToepassing) };
    if lijn.regel.begindatum >= t.ingangsdatum {
        return Ok(Uitslag::InOrde);
    }
    let (ernst, toelichting) = if t.bijzonderheden.bevat(Bijzonderheid::Crisis) {
        (Ernst::Onzekerheid, "Crisis: beoordeel of dit tijd tussen de melding en de toewijzing is.")
    } else if !lijn.controle.kent_bijzonderheid(t) {
        let zin = "De kolom Bijzonderheid, waarin crisis kan staan, ontbreekt.";
        (Ernst::Onzekerheid, zin)
    } else {
        (Ernst::Fout, "")
    };
    lijn.bevinding(ernst)
        .gevonden(format!("begint op {}", lijn.regel.begindatum))
        .verwacht(format!("niet voor {}", t.ingangsdatum))
        .toelichting(toelichting)
        .into()
}
