//! ED01: dyslexia care outside the ages that it is for.
//!
//! Needs Geboortedatum of the toewijzing. Source: ID 10.2.2.

use crate::dossier::{Dag, Ernst, Kolom, Onderdeel};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Lijn, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "ED01",
    titel: "Leeftijd buiten de dyslexiezorg",
    wat: "Op de Begindatum van een regel voor dyslexiezorg is de jeugdige jonger dan de ondergrens of heeft de bovengrens bereikt. Was de leeftijd op de Ingangsdatum nog goed, dan is dat een onzekerheid, anders een fout.",
    waarom: "Dyslexiezorg is voor kinderen in de basisschoolleeftijd.",
    nodig: "Geboortedatum van de toewijzing",
    parameters: &[VANAF.spec(), TOT.spec()],
    about: Some(|p| p.onderdeel() == Some(Onderdeel::Ed)),
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

const VANAF: Parameter<i64> =
    Parameter::new("leeftijd_vanaf", "leeftijd vanaf wanneer dyslexiezorg kan");

const TOT: Parameter<i64> =
    Parameter::new("leeftijd_tot", "leeftijd waarop dyslexiezorg niet meer kan");

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    let t = lijn.toewijzing_met(Kolom::Geboortedatum)?;
    let geboren = t.geboortedatum.ok_or(Reden::GeenGeboortedatum)?;
    let begin = lijn.regel.begindatum;
    let (vanaf, tot) = (instelling.at(&VANAF, begin), instelling.at(&TOT, begin));
    let past =
        |dag: Dag| geboren.is_minstens(vanaf as i32, dag) && !geboren.is_minstens(tot as i32, dag);
    if past(begin) {
        return Ok(Uitslag::InOrde);
    }
    let begonnen_op_leeftijd = past(t.ingangsdatum);
    let b = lijn
        .bevinding(if begonnen_op_leeftijd { Ernst::Onzekerheid } else { Ernst::Fout })
        .gevonden(format!("{} jaar op {begin}", geboren.leeftijd_op(begin)))
        .verwacht(format!("van {vanaf} tot {tot} jaar"));
    if begonnen_op_leeftijd {
        b.toelichting("Op de Ingangsdatum was de leeftijd goed: beoordeel of de behandeling mocht worden afgemaakt.")
    } else {
        b
    }
    .into()
}
