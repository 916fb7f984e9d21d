//! LF01: eighteen or older.
//!
//! Needs Geboortedatum of the toewijzing, and Bijzonderheid for `verlengd`. Source: ID 8.2.3;
//! Jeugdwet 1.1.

use crate::dossier::{Bijzonderheid, Ernst, Kolom};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Lijn, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "LF01",
    titel: "Achttien of ouder",
    wat: "Op de Begindatum van de regel heeft de jeugdige de grens van de jeugdhulp bereikt, en de toewijzing noemt geen verlengde jeugdhulp. Dat is een onzekerheid.",
    waarom: "Daarna geldt de Jeugdwet alleen als verlengde jeugdhulp is toegekend.",
    nodig: "Geboortedatum en Bijzonderheid van de toewijzing",
    parameters: &[LEEFTIJD.spec()],
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

const LEEFTIJD: Parameter<i64> = Parameter::new(
    "leeftijd",
    "leeftijd vanaf wanneer jeugdhulp alleen als verlengde jeugdhulp kan",
);

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    let t = lijn.toewijzing_met(Kolom::Geboortedatum)?;
    let geboren = t.geboortedatum.ok_or(Reden::GeenGeboortedatum)?;
    let begin = lijn.regel.begindatum;
    let grens = instelling.at(&LEEFTIJD, begin);
    if !geboren.is_minstens(grens as i32, begin) || t.bijzonderheden.bevat(Bijzonderheid::Verlengd)
    {
        return Ok(Uitslag::InOrde);
    }
    let b = lijn
        .bevinding(Ernst::Onzekerheid)
        .gevonden(format!("{} jaar op {begin}", geboren.leeftijd_op(begin)))
        .verwacht(format!("jonger dan {grens}, of verlengde jeugdhulp"))
        .toelichting("Beoordeel of verlengde jeugdhulp is toegekend.");
    if lijn.controle.kent_bijzonderheid(t) {
        b
    } else {
        b.ook("De kolom Bijzonderheid, waarin dat kan staan, ontbreekt.")
    }
    .into()
}
