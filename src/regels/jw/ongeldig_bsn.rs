//! JW10: no valid Bsn.
//!
//! The number itself is never shown. Source: elfproef.

use crate::dossier::Bsn;
use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Lijn, Oordeel, Regel, Toets, Uitslag};

pub static REGEL: Regel = Regel {
    code: "JW10",
    titel: "Geen geldig Bsn",
    wat: "Het Bsn van de regel voldoet niet aan de elfproef of bestaat uit nullen.",
    waarom: "Zonder geldig Bsn is niet vast te stellen voor wie de hulp was.",
    nodig: "Bsn",
    parameters: &[],
    toets: Toets::Gelijk(toets),
};

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    if lijn.regel.bsn == Bsn::GEEN {
        return Ok(Uitslag::NietVanToepassing);
    }
    if lijn.regel.bsn.is_geldig() {
        return Ok(Uitslag::InOrde);
    }
    Ok(lijn
        .bevinding(Ernst::Fout, instelling)
        .gevonden("een nummer dat niet aan de elfproef voldoet")
        .verwacht("een geldig Bsn")
        .into())
}
