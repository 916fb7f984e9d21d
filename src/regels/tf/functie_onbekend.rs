//! TF08: a function that the Beroepentabel doesn't know.
//!
//! TF04 can't be tested then. Needs Functie. Source: ID 8.5.1; XIV ambulant 1, dyslexie 3.

use crate::dossier::{Ernst, Onderdeel};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TF08",
    title: "Functie niet in de Beroepentabel",
    what: "Een declaratieregel voor ambulante hulp of dyslexiezorg met een Functie die de Beroepentabel niet kent, ook niet onder een andere schrijfwijze. Dat is een onzekerheid.",
    why: "Zonder bekende functie is niet te toetsen of de tariefgroep past (TF04).",
    for_aanbieder: "De functie van de hulpverlener staat niet in de Beroepentabel.",
    needs: needs!("{}", Declaraties(Functie)),
    about: Some(|p| matches!(p.onderdeel(), Some(Onderdeel::Ambulant | Onderdeel::Ed))),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, _: &RuleSettings) -> Verdict {
    if line.context.regelset.beroepentabel.is_empty() {
        return Err(Reason::GeenLijst("functies"));
    }
    let functie = line.functie()?;
    let table = &line.context.regelset.beroepentabel;
    let knows = |beroep| table.groups(beroep, |_| false, line.data.einddatum).is_some();
    if functie.in_beroepentabel.is_some_and(knows) {
        return Ok(Ruling::InOrder);
    }
    line.bevinding(Ernst::Onzekerheid)
        .found(format!("functie '{}'", line.functietitel()))
        .expected("een functie uit de Beroepentabel")
        .toelichting("Beoordeel op welke functie uit de Beroepentabel deze het meest lijkt.")
        .into()
}
