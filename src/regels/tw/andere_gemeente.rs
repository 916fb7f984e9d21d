//! TW04: another gemeente's toewijzing.
//!
//! The number exists only in one other gemeente than the line's. Needs Gemeente.
//! Source: RTP bijlage 6 (woonplaatsbeginsel).

use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Lijn, Oordeel, Regel, Toets, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TW04",
    titel: "Toewijzing van een andere gemeente",
    wat: "Het ToewijzingNummer van de regel bestaat niet in de eigen gemeente, maar wel in precies één andere.",
    waarom: "Naar het woonplaatsbeginsel betaalt de gemeente die toewees.",
    nodig: "ToewijzingNummer en Gemeente",
    parameters: &[],
    toets: Toets::Gelijk(toets),
};

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    let Some(t) = super::toewijzing(lijn)? else { return Ok(Uitslag::NietVanToepassing) };
    if lijn.regel.gemeente == t.gemeente {
        return Ok(Uitslag::InOrde);
    }
    Ok(lijn
        .bevinding(Ernst::Fout, instelling)
        .gevonden(format!("gedeclareerd bij gemeente {}", lijn.regel.gemeente))
        .verwacht(format!("gemeente {} van de toewijzing", t.gemeente))
        .toelichting("De regel telt mee bij het budget en het volume van die toewijzing.")
        .into())
}
