//! TF08: a function that the Beroepentabel doesn't know.
//!
//! TF04 can't be tested then. Needs Functie. Source: ID 8.5.1; XIV ambulant 1, dyslexie 3.

use crate::dossier::{Ernst, Onderdeel};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijn, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TF08",
    titel: "Functie niet in de Beroepentabel",
    wat: "Een regel voor ambulante hulp of dyslexiezorg met een Functie die de Beroepentabel niet kent, ook niet onder een andere schrijfwijze. Dat is een onzekerheid.",
    waarom: "Zonder bekende functie is niet te toetsen of de tariefgroep past (TF04).",
    nodig: "Functie",
    about: Some(|p| matches!(p.onderdeel(), Some(Onderdeel::Ambulant | Onderdeel::Ed))),
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

fn toets(lijn: &Lijn<'_>, _: &Regelinstelling) -> Oordeel {
    if lijn.controle.regelset.beroepentabel.is_leeg() {
        return Err(Reden::GeenLijst("functies"));
    }
    let functie = lijn.functie()?;
    let tabel = &lijn.controle.regelset.beroepentabel;
    let kent = |beroep| tabel.groepen(beroep, |_| false, lijn.regel.begindatum).is_some();
    if functie.in_beroepentabel.is_some_and(kent) {
        return Ok(Uitslag::InOrde);
    }
    lijn.bevinding(Ernst::Onzekerheid)
        .gevonden(format!("functie '{}'", lijn.functietitel()))
        .verwacht("een functie uit de Beroepentabel")
        .toelichting("Beoordeel op welke functie uit de Beroepentabel deze het meest lijkt.")
        .into()
}
