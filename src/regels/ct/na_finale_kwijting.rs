//! CT02: declared after the final settlement of the year.
//!
//! Needs FinaleKwijting of the aanbieder and Ontvangstdatum. Source: ID eis 56.

use crate::dossier::{Ernst, Kolom};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijn, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "CT02",
    titel: "Na finale kwijting",
    wat: "De aanbieder kreeg na afloop van het leverjaar finale kwijting, en de regel is daarna ontvangen. Dat is een onzekerheid.",
    waarom: "Met finale kwijting is het jaar over en weer afgerekend.",
    nodig: "FinaleKwijting van de aanbieder; Ontvangstdatum",
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

fn toets(lijn: &Lijn<'_>, _: &Regelinstelling) -> Oordeel {
    let c = lijn.controle;
    let g = c.gegevens_met(lijn.regel.aanbieder, Kolom::FinaleKwijting)?;
    let Some(kwijting) = g.finale_kwijting.filter(|k| *k > c.laatste_dag()) else {
        return Ok(Uitslag::InOrde);
    };
    lijn.kolom(Kolom::Ontvangstdatum)?;
    let ontvangst = lijn.regel.ontvangstdatum.ok_or(Reden::GeenOntvangstdatum)?;
    if ontvangst <= kwijting {
        return Ok(Uitslag::InOrde);
    }
    lijn.bevinding(Ernst::Onzekerheid)
        .gevonden(format!("ontvangen op {ontvangst}"))
        .verwacht(format!("ontvangst uiterlijk op {kwijting}, de finale kwijting over {}", c.jaar))
        .toelichting("Beoordeel of deze regel buiten de kwijting is gehouden.")
        .into()
}
