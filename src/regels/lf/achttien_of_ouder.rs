//! LF01: eighteen or older.
//!
//! Needs Geboortedatum of the toewijzing, and Bijzonderheid for `verlengd`. Source: ID 8.2.3;
//! Jeugdwet 1.1.

use crate::dossier::Ernst;
use crate::dossier::{Bijzonderheid, Kolom};
use crate::regelset::{Parameter, Parametersoort, Regelinstelling};
use crate::toetsing::{Lijn, Oordeel, Reden, Regel, Toets, Uitslag};

pub static REGEL: Regel = Regel {
    code: "LF01",
    titel: "Achttien of ouder",
    wat: "Op de Begindatum van de regel heeft de jeugdige de grens van de jeugdhulp bereikt, en de toewijzing noemt geen verlengde jeugdhulp. Dat is een onzekerheid.",
    waarom: "Daarna geldt de Jeugdwet alleen als verlengde jeugdhulp is toegekend.",
    nodig: "Geboortedatum en Bijzonderheid van de toewijzing",
    parameters: &[LEEFTIJD],
    toets: Toets::GelijkOfElk(samen, toets),
};

const LEEFTIJD: Parameter = Parameter::nieuw(
    "leeftijd",
    Parametersoort::Getal,
    "leeftijd vanaf wanneer jeugdhulp alleen als verlengde jeugdhulp kan",
);

/// Who is too young on the last day of the year is so on any line's day.
fn samen(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Option<Oordeel> {
    let geboren = match lijn.toewijzing_met(Kolom::Geboortedatum) {
        Ok(t) => t.geboortedatum.ok_or(Reden::GeenGeboortedatum),
        Err(reden) => Err(reden),
    };
    let laatste = lijn.controle.laatste_dag();
    match geboren {
        Err(reden) => Some(Err(reden)),
        // A line may have begun in an earlier year, in which another age held.
        Ok(geboren) => {
            let laagste = instelling.tijdreeks(&LEEFTIJD).iter().map(|g| g.waarde.getal()).min()?;
            (!geboren.is_minstens(laagste as i32, laatste)).then_some(Ok(Uitslag::InOrde))
        }
    }
}

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    let t = lijn.toewijzing_met(Kolom::Geboortedatum)?;
    let geboren = t.geboortedatum.ok_or(Reden::GeenGeboortedatum)?;
    let begin = lijn.regel.begindatum;
    let grens = instelling.getal(&LEEFTIJD, begin);
    if !geboren.is_minstens(grens as i32, begin) || t.bijzonderheden.bevat(Bijzonderheid::Verlengd)
    {
        return Ok(Uitslag::InOrde);
    }
    let b = lijn
        .bevinding(Ernst::Onzekerheid, instelling)
        .gevonden(format!("{} jaar op {begin}", geboren.leeftijd_op(begin)))
        .verwacht(format!("jonger dan {grens}, of verlengde jeugdhulp"))
        .toelichting("Beoordeel of verlengde jeugdhulp is toegekend.");
    Ok(if lijn.controle.kent_bijzonderheid(t) {
        b
    } else {
        b.ook("De kolom Bijzonderheid, waarin dat kan staan, ontbreekt.")
    }
    .into())
}
