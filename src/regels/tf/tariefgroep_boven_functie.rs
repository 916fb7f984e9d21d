//! TF04: a tariff group above the one of the hulpverlener's function.
//!
//! A function may be listed in several groups: the highest of them is allowed. Needs Functie.
//! Source: ID 8.5.1, XII; RTP bijlage 4.

use super::{is_tariefgroep, tariefgroep};
use crate::dossier::{Cent, Ernst, Kolom, half_omhoog};
use crate::regelset::{Beroep, BeroepNr, Regelinstelling};
use crate::toetsing::{Check, Lijn, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TF04",
    titel: "Tariefgroep hoger dan de functie",
    wat: "De tariefgroep van de regel wordt vergeleken met de groep van de Functie in de Beroepentabel; staat een functie in meer groepen, dan is de hoogste toegestaan. Hoger is een fout voor het verschil tussen de contracttarieven, lager een signaal.",
    waarom: "Het tarief hoort bij de functie van wie de hulp gaf.",
    nodig: "Functie; voor een bedrag de tarieven van beide groepen",
    about: Some(|p| p.tariefsleutel().is_some_and(is_tariefgroep)),
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

fn toets(lijn: &Lijn<'_>, _: &Regelinstelling) -> Oordeel {
    let Some(sleutel) = lijn.tariefsleutel()? else { return Ok(Uitslag::NietVanToepassing) };
    let Some(gedeclareerd) = tariefgroep(sleutel) else { return Ok(Uitslag::NietVanToepassing) };
    let c = lijn.controle;
    if c.regelset.beroepentabel.is_leeg() {
        return Err(Reden::GeenLijst("functies"));
    }
    let nr = lijn.functie()?.in_beroepentabel.ok_or(Reden::OnbekendeFunctie)?;
    let beroep = beroep(lijn, nr)?;
    let groepen = || beroep.tariefsleutels.iter().filter_map(|s| Some((tariefgroep(s)?, s)));
    let (Some((hoogste, toegestaan)), Some((laagste, _))) = (groepen().max(), groepen().min())
    else {
        return Err(Reden::OnbekendeFunctie);
    };
    if (laagste..=hoogste).contains(&gedeclareerd) {
        return Ok(Uitslag::InOrde);
    }
    let te_hoog = gedeclareerd > hoogste;
    let mut b = lijn
        .bevinding(if te_hoog { Ernst::Fout } else { Ernst::Signaal })
        .gevonden(format!("{sleutel} voor de functie {}", lijn.functietitel()))
        .verwacht(match beroep.tariefsleutels.as_slice() {
            [een] => een.clone(),
            meer => format!("een van {}", meer.join(", ")),
        })
        .toelichting(format!("Beroepentabel: {}.", beroep.bron));
    if te_hoog {
        let verschil = verschil(lijn, sleutel, toegestaan);
        b = b.bedrag(verschil);
        if verschil.is_none() {
            b = b.ook("Het bedrag is niet te berekenen: de tarieven van beide groepen zijn voor dit jaar niet bekend.");
        }
    } else {
        b = b.bedrag(Cent::NUL);
    }
    b.into()
}

/// The function's row of the Beroepentabel for this aanbieder. Where another row holds for some
/// percelen, the aanbieder's percelen must be known.
fn beroep<'a>(lijn: &Lijn<'a>, nr: BeroepNr) -> Result<&'a Beroep, Reden> {
    let c = lijn.controle;
    let tabel = &c.regelset.beroepentabel;
    let gegevens = c.gegevens(lijn.regel.aanbieder).ok();
    let heeft_perceel =
        |p| gegevens.is_some_and(|g| g.perceel == Some(p) || g.percelen.contains(&p));
    let beroep =
        tabel.groepen(nr, heeft_perceel, lijn.regel.begindatum).ok_or(Reden::OnbekendeFunctie)?;
    if let Some(g) = gegevens
        && beroep.percelen.is_empty()
        && tabel.verschilt_per_perceel(nr)
    {
        c.kolom(g.bestand, Kolom::Perceel)?;
        c.kolom(g.bestand, Kolom::Percelen)?;
    }
    Ok(beroep)
}

/// The difference of the two groups' contract tariffs over the line's volume.
fn verschil(lijn: &Lijn<'_>, gedeclareerd: &str, toegestaan: &str) -> Option<Cent> {
    let c = lijn.controle;
    let aanbieder = c.dossier.aanbieder(lijn.regel.aanbieder);
    let perceel = aanbieder.gegevens.as_ref().and_then(|g| g.perceel);
    let per_minuut = |sleutel| {
        let t = c.regelset.tarief(c.jaar, sleutel, aanbieder.agb, perceel)?;
        Some((i128::from(t.tarief.0), i128::from(t.eenheid.minuten()?)))
    };
    let (hoog, hoog_minuten) = per_minuut(gedeclareerd)?;
    let (laag, laag_minuten) = per_minuut(toegestaan)?;
    let minuten = i128::from(lijn.regel.honderdste_minuten()?);
    let teller = (hoog * laag_minuten - laag * hoog_minuten) * minuten;
    let bedrag = Cent(half_omhoog(teller, hoog_minuten * laag_minuten * 100)).minstens_nul();
    Some(lijn.hoogstens_ingediend(bedrag))
}
