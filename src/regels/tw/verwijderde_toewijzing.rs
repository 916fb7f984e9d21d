//! TW10: declared on a toewijzing that was removed.
//!
//! Needs RedenWijziging of the version in force. Source: iJw TR384.

use crate::dossier::{Ernst, Kolom, RedenWijziging};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijnsoort, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TW10",
    titel: "Verwijderde toewijzing",
    wat: "De geldende versie van de toewijzing is verwijderd.",
    waarom: "Op een verwijderde toewijzing mag niets worden gedeclareerd.",
    nodig: "ToewijzingNummer; RedenWijziging van de toewijzing",
    checks: &[Check::LineKind(toets)],
    ..Regel::BASE
};

fn toets(soort: &Lijnsoort<'_>, _: &Regelinstelling) -> Oordeel {
    let Some(t) = super::toewijzing_met(soort, Kolom::RedenWijziging)? else {
        return Ok(Uitslag::NietVanToepassing);
    };
    if t.reden_wijziging != Some(RedenWijziging::VERWIJDERD) {
        return Ok(Uitslag::InOrde);
    }
    soort
        .bevinding(Ernst::Fout)
        .gevonden(format!("toewijzing verwijderd op {}", t.toewijzingsdatum))
        .verwacht("een geldige toewijzing")
        .into()
}
