//! JW10: no valid Bsn.
//!
//! The number itself is never shown. Source: elfproef.

use crate::dossier::{Bsn, Ernst};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijnsoort, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "JW10",
    titel: "Geen geldig Bsn",
    wat: "Het Bsn van de regel voldoet niet aan de elfproef of bestaat uit nullen.",
    waarom: "Zonder geldig Bsn is niet vast te stellen voor wie de hulp was.",
    nodig: "Bsn",
    checks: &[Check::LineKind(toets)],
    ..Regel::BASE
};

fn toets(soort: &Lijnsoort<'_>, _: &Regelinstelling) -> Oordeel {
    if soort.bsn() == Bsn::GEEN {
        return Ok(Uitslag::NietVanToepassing);
    }
    if soort.bsn().is_geldig() {
        return Ok(Uitslag::InOrde);
    }
    soort
        .bevinding(Ernst::Fout)
        .gevonden("een nummer dat niet aan de elfproef voldoet")
        .verwacht("een geldig Bsn")
        .into()
}
