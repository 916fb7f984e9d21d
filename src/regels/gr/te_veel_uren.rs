//! GR02: more hours in a group than a day has.
//!
//! Above the hours of all calendar days is certain, above those of weekdays a person must judge.
//! Stands in ID 1.8 only. Source: ID 8.5.3, XIV.

use super::is_all_inclusive;
use crate::dossier::{Ernst, Volume};
use crate::regels::versie::{HOOGSTENS, Versie};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Lijn, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "GR02",
    titel: "Te veel uren groepsaanbod per dag",
    wat: "De uren van een regel voor groepsaanbod extra zwaar of intensief zijn meer dan het maximum per dag maal de dagen van de periode (fout; voor levering van voor de versie die dit vraagt een onzekerheid) of maal de weekdagen (onzekerheid).",
    waarom: "Deze intensiteiten zijn dagprogramma's met een maximum per dag.",
    nodig: "Volume in uren, minuten of dagdelen",
    parameters: &[UREN.spec(), HOOGSTENS.spec()],
    about: Some(is_all_inclusive),
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

const UREN: Parameter<i64> =
    Parameter::new("uren_per_dag", "uren die per dag gedeclareerd mogen worden");

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    let Some(periode) = lijn.regel.periode() else { return Ok(Uitslag::NietVanToepassing) };
    let minuten = lijn.regel.honderdste_minuten().ok_or(Reden::GeenTijdseenheid)?;
    let uren = instelling.at(&UREN, lijn.regel.begindatum);
    let maximum = |dagen: i64| Volume::heel(uren * dagen * 60).0;
    let (dagen, weekdagen) = (periode.dagen(), periode.weekdagen());
    let (ernst, grens, wat) = if minuten > maximum(dagen) {
        (Ernst::Fout, dagen, "dagen")
    } else if minuten > maximum(weekdagen) {
        (Ernst::Onzekerheid, weekdagen, "weekdagen")
    } else {
        return Ok(Uitslag::InOrde);
    };
    let b = lijn
        .bevinding(ernst)
        .bedrag(lijn.deel_van_bedrag(minuten - maximum(grens), minuten))
        .gevonden(format!("{} uur in {periode}", Volume(minuten / 60)))
        .verwacht(format!("hoogstens {} uur: {uren} per dag over {grens} {wat}", uren * grens));
    match ernst {
        Ernst::Fout => Versie::op(instelling, lijn.regel.begindatum).begrens(b),
        _ => b.toelichting("Beoordeel of de groep ook in het weekend open was."),
    }
    .into()
}
