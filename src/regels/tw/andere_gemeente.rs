//! TW04: another gemeente's toewijzing.
//!
//! The number exists only in one other gemeente than the line's. Needs Gemeente.
//! Source: RTP bijlage 6 (woonplaatsbeginsel).

use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijnsoort, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TW04",
    titel: "Toewijzing van een andere gemeente",
    wat: "Het ToewijzingNummer van de regel bestaat niet in de eigen gemeente, maar wel in precies één andere.",
    waarom: "Naar het woonplaatsbeginsel betaalt de gemeente die toewees.",
    nodig: "ToewijzingNummer en Gemeente",
    checks: &[Check::LineKind(toets)],
    ..Regel::BASE
};

fn toets(soort: &Lijnsoort<'_>, _: &Regelinstelling) -> Oordeel {
    let Some(t) = super::toewijzing(soort)? else { return Ok(Uitslag::NietVanToepassing) };
    if soort.gemeente() == t.gemeente {
        return Ok(Uitslag::InOrde);
    }
    soort
        .bevinding(Ernst::Fout)
        .gevonden(format!("gedeclareerd bij gemeente {}", soort.gemeente()))
        .verwacht(format!("gemeente {} van de toewijzing", t.gemeente))
        .toelichting("De regel telt mee bij het budget en het volume van die toewijzing.")
        .into()
}
