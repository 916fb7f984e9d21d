//! NS02: more no-shows than allowed, over all aanbieders together.
//!
//! The contract's maximum is per jeugdige; whether aanbieders answer for each other's no-shows, a
//! person must judge. One finding a jeugdige, where the sum over all aanbieders goes further above
//! the maximum than NS01 found per aanbieder. Needs what NS01 needs. Source: ID 8.5.1(4).

use super::te_veel_no_shows::MAXIMUM;
use super::{GEEN_BEDRAG, NoShows, aantal, bedrag_van};
use crate::dossier::{AanbiederNr, Cent, Ernst};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Bevinding, Check, Jeugdigegroep, Onderwerp, Regel, Selection, Uitkomsten};
use hashbrown::HashMap;

pub static REGEL: Regel = Regel {
    code: "NS02",
    titel: "Meer no-shows dan toegestaan bij alle aanbieders samen",
    wat: "Per jeugdige en leverjaar worden de no-shows van alle aanbieders samen opgeteld. Komt de som verder boven het maximum dan NS01 per aanbieder vond, dan is dat één onzekerheid per jeugdige.",
    waarom: "Het maximum geldt per jeugdige, niet per aanbieder; of dat een aanbieder te verwijten is, moet een mens beoordelen.",
    nodig: "NoShow; voor een bedrag bij maandregels ook NoShowMinuten",
    parameters: &[MAXIMUM.spec()],
    checks: &[Check::Jeugdige(toets)],
    ..Regel::BASE
};

/// A running sum and what the part of it above the maximum costs (`None`: can't be told).
#[derive(Clone, Copy)]
struct Telling {
    som: i64,
    excess: i64,
    bedrag: Option<Cent>,
}

impl Telling {
    const NUL: Telling = Telling { som: 0, excess: 0, bedrag: Some(Cent::NUL) };
}

fn toets(groep: &Jeugdigegroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let maximum = instelling.at(&MAXIMUM, groep.controle.laatste_dag());
    let mut per_aanbieder: HashMap<AanbiederNr, Telling> = HashMap::new();
    let mut samen = Telling::NUL;
    let no_shows = NoShows::van(groep);
    if no_shows.getoetst == 0 && no_shows.regels.is_empty() {
        if let Some((reden, _)) = no_shows.niet_toetsbaar.first() {
            uit.niet_toetsbaar(*reden);
        }
        return;
    }
    uit.getoetst();
    for lijn in groep.op_volgorde(no_shows.regels.clone()) {
        let contact = lijn.contact();
        let eigen = per_aanbieder.entry(lijn.regel.aanbieder).or_insert(Telling::NUL);
        for telling in [eigen, &mut samen] {
            telling.som += i64::from(contact.no_show);
            let excess = (telling.som - maximum).clamp(0, i64::from(contact.no_show));
            if excess > 0 {
                telling.excess += excess;
                let deel = bedrag_van(&lijn, &contact, excess as u32).ok().flatten();
                telling.bedrag = telling.bedrag.zip(deel).map(|(a, b)| a + b);
            }
        }
    }
    let apart: i64 = per_aanbieder.values().map(|t| t.excess).sum();
    if samen.excess <= apart {
        return;
    }
    let bedrag_apart =
        per_aanbieder.values().map(|t| t.bedrag).try_fold(Cent::NUL, |som, b| b.map(|b| som + b));
    let bedrag = samen.bedrag.zip(bedrag_apart).map(|(s, a)| (s - a).minstens_nul());
    let mut b = Bevinding::nieuw(Ernst::Onzekerheid, Onderwerp::Jeugdige(groep.bsn))
        .on(Selection::Lines(no_shows.regels))
        .bedrag(bedrag)
        .geteld(samen.som, maximum)
        .gevonden(format!(
            "{} in {} bij {} aanbieders samen",
            aantal(samen.som as u32),
            groep.controle.jaar,
            per_aanbieder.len()
        ))
        .verwacht(format!("hoogstens {maximum} per jeugdige per jaar"))
        .toelichting(format!(
            "Samen {} boven het maximum; per aanbieder geteld {apart} (zie NS01).",
            samen.excess
        ));
    if bedrag.is_none() {
        b = b.ook(GEEN_BEDRAG);
    }
    uit.bevinding(b);
}
