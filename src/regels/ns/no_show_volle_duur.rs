//! NS03: no-show declared at the appointment's full length.
//!
//! Only production time that was really lost may be declared; the appointment's planned length as
//! a standard may not. Needs NoShow and AfspraakMinuten, at level `maand` also NoShowMinuten.
//! Source: ID 8.5.1(4).

use super::{bedrag_van, onder_de_grens};
use crate::dossier::{Ernst, Kolom, Niveau, Volume};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijn, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "NS03",
    titel: "No-show voor de volle duur van de afspraak",
    wat: "De no-showminuten van een regel worden vergeleken met de geplande duur van de gemiste afspraak maal het aantal no-shows. Zijn ze daaraan gelijk of hoger, dan is dat een onzekerheid.",
    waarom: "Alleen de verloren productietijd mag worden gedeclareerd, niet standaard de hele afspraak.",
    nodig: "NoShow en AfspraakMinuten; bij maandregels ook NoShowMinuten",
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

fn toets(lijn: &Lijn<'_>, _: &Regelinstelling) -> Oordeel {
    if !onder_de_grens(lijn)? {
        return Ok(Uitslag::NietVanToepassing);
    }
    if lijn.no_show() == 0 {
        return Ok(Uitslag::NietVanToepassing);
    }
    let contact = lijn.contact();
    lijn.kolom(Kolom::AfspraakMinuten)?;
    let afspraak =
        contact.afspraak_minuten.filter(|m| *m > Volume::NUL).ok_or(Reden::GeenAfspraakMinuten)?;
    let minuten = match lijn.controle.niveau {
        Niveau::Contact => Volume(lijn.regel.honderdste_minuten().ok_or(Reden::GeenTijdseenheid)?),
        Niveau::Maand => {
            lijn.kolom(Kolom::NoShowMinuten)?;
            contact.no_show_minuten.ok_or(Reden::GeenNoShowMinuten)?
        }
    };
    let gepland = Volume(afspraak.0.saturating_mul(contact.no_show.into()));
    let bedrag = bedrag_van(lijn, &contact, contact.no_show)?;
    if minuten < gepland {
        return Ok(Uitslag::InOrde);
    }
    lijn
        .bevinding(Ernst::Onzekerheid)
        .bedrag(bedrag)
        .gevonden(format!("{minuten} minuten no-show"))
        .verwacht(format!("minder dan de geplande {gepland} minuten"))
        .toelichting("Bij no-show is alleen de verloren productietijd declarabel; beoordeel of de volle afspraak verloren ging.")
        .into()
}
