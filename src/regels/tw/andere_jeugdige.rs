//! TW02: another child's toewijzing.
//!
//! No Bsn is shown: the finding's Jeugdige is the line's. Needs Bsn. Source: iJw TR304.

use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijnsoort, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TW02",
    titel: "Toewijzing van een andere jeugdige",
    wat: "Het Bsn van de regel is niet dat van de toewijzing.",
    waarom: "Een toewijzing geldt voor één jeugdige.",
    nodig: "ToewijzingNummer en Bsn",
    checks: &[Check::LineKind(toets)],
    ..Regel::BASE
};

fn toets(soort: &Lijnsoort<'_>, _: &Regelinstelling) -> Oordeel {
    let Some(t) = super::toewijzing(soort)? else { return Ok(Uitslag::NietVanToepassing) };
    if soort.bsn() == t.bsn {
        return Ok(Uitslag::InOrde);
    }
    soort
        .bevinding(Ernst::Fout)
        .gevonden("het Bsn van de regel is een ander dan dat van de toewijzing")
        .verwacht("hetzelfde Bsn")
        .toelichting("De regel telt wel mee bij het budget en het volume van deze toewijzing.")
        .into()
}
