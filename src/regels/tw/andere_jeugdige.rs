//! TW02: another child's toewijzing.
//!
//! No Bsn is shown: the finding's Jeugdige is the line's. Needs Bsn. Source: iJw TR304.

use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Lijn, Oordeel, Regel, Toets, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TW02",
    titel: "Toewijzing van een andere jeugdige",
    wat: "Het Bsn van de regel is niet dat van de toewijzing.",
    waarom: "Een toewijzing geldt voor één jeugdige.",
    nodig: "ToewijzingNummer en Bsn",
    parameters: &[],
    toets: Toets::Gelijk(toets),
};

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    let Some(t) = super::toewijzing(lijn)? else { return Ok(Uitslag::NietVanToepassing) };
    if lijn.regel.bsn == t.bsn {
        return Ok(Uitslag::InOrde);
    }
    Ok(lijn
        .bevinding(Ernst::Fout, instelling)
        .gevonden("het Bsn van de regel is een ander dan dat van de toewijzing")
        .verwacht("hetzelfde Bsn")
        .toelichting("De regel telt wel mee bij het budget en het volume van deze toewijzing.")
        .into())
}
