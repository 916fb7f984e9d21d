//! TW01: no toewijzing.
//!
//! The line's number is empty, no toewijzing has it, or several other gemeenten do. Needs
//! ToewijzingNummer. Source: ID eis 33, 70; iJw TR338.

use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijnsoort, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TW01",
    titel: "Geen toewijzing",
    wat: "Een regel waarvan het ToewijzingNummer leeg is of bij geen toewijzing hoort, is een fout.",
    waarom: "Zonder toewijzing is er geen aanspraak op vergoeding.",
    nodig: "ToewijzingNummer",
    checks: &[Check::LineKind(toets)],
    ..Regel::BASE
};

fn toets(soort: &Lijnsoort<'_>, _: &Regelinstelling) -> Oordeel {
    match super::toewijzing(soort) {
        Ok(None) => Ok(Uitslag::NietVanToepassing),
        Ok(Some(_)) => Ok(Uitslag::InOrde),
        Err(Reden::GeenToewijzing) => {
            let leeg = soort.is_zonder_toewijzingnummer();
            soort
                .bevinding(Ernst::Fout)
                .gevonden(if leeg {
                    "geen ToewijzingNummer"
                } else {
                    "een ToewijzingNummer dat bij geen toewijzing hoort"
                })
                .verwacht("een toewijzing van de gemeente")
                .toelichting("Andere regels over de toewijzing zijn op deze regel niet te toetsen.")
                .into()
        }
        Err(reden) => Err(reden),
    }
}
