//! NS03: no-show declared at the appointment's full length.
//!
//! Only production time that was really lost may be declared; the appointment's planned length as
//! a standard may not. Needs NoShow and AfspraakMinuten, at level `maand` also NoShowMinuten.
//! Source: ID 8.5.1(4).

use super::{bedrag_of, below_limit};
use crate::dossier::{Ernst, Kolom, Niveau, Volume};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "NS03",
    title: "No-show voor de volle duur van de afspraak",
    what: "De no-showminuten van een declaratieregel worden vergeleken met de geplande duur van de gemiste afspraak maal het aantal no-shows. Zijn ze daaraan gelijk of hoger, dan is dat een onzekerheid.",
    why: "Alleen de verloren productietijd mag worden gedeclareerd, niet standaard de hele afspraak.",
    for_aanbieder: "De no-show is gedeclareerd voor de volle duur van de afspraak; alleen verloren tijd mag.",
    needs: needs!(
        "{} en {}; bij maandregels ook {}",
        Declaraties(NoShow, AfspraakMinuten, NoShowMinuten)
    ),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, _: &RuleSettings) -> Verdict {
    if !below_limit(line)? {
        return Ok(Ruling::NotApplicable);
    }
    if line.no_show() == 0 {
        return Ok(Ruling::NotApplicable);
    }
    let contact = line.contact();
    line.kolom(Kolom::AfspraakMinuten)?;
    let afspraak = contact
        .afspraak_minuten
        .filter(|m| *m > Volume::ZERO)
        .ok_or(Reason::GeenAfspraakMinuten)?;
    let minuten = match line.context.niveau {
        Niveau::Contact => Volume(line.data.hundredth_minuten().ok_or(Reason::GeenTijdseenheid)?),
        Niveau::Maand => {
            line.kolom(Kolom::NoShowMinuten)?;
            contact.no_show_minuten.ok_or(Reason::GeenNoShowMinuten)?
        }
    };
    let gepland = Volume(afspraak.0.saturating_mul(contact.no_show.into()));
    let bedrag = bedrag_of(line, &contact, contact.no_show)?;
    if minuten < gepland {
        return Ok(Ruling::InOrder);
    }
    line
        .bevinding(Ernst::Onzekerheid)
        .bedrag(bedrag)
        .found(format!("{minuten} minuten no-show"))
        .expected(format!("minder dan de geplande {gepland} minuten"))
        .toelichting("Bij no-show is alleen de verloren productietijd declarabel; beoordeel of de volle afspraak verloren ging.")
        .into()
}
