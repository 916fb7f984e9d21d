//! TW01: no toewijzing.
//!
//! The line's number is empty, no toewijzing has it, or several other gemeenten do. Needs
//! ToewijzingNummer. Source: ID eis 33, 70; iJw TR338.

use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Lijn, Oordeel, Reden, Regel, Toets, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TW01",
    titel: "Geen toewijzing",
    wat: "Een regel waarvan het ToewijzingNummer leeg is of bij geen toewijzing hoort, is een fout.",
    waarom: "Zonder toewijzing is er geen aanspraak op vergoeding.",
    nodig: "ToewijzingNummer",
    parameters: &[],
    toets: Toets::Gelijk(toets),
};

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    match super::toewijzing(lijn) {
        Ok(None) => Ok(Uitslag::NietVanToepassing),
        Ok(Some(_)) => Ok(Uitslag::InOrde),
        Err(Reden::GeenToewijzing) => {
            let leeg = lijn.regel.toewijzing_nummer.is_leeg();
            Ok(lijn
                .bevinding(Ernst::Fout, instelling)
                .gevonden(if leeg {
                    "geen ToewijzingNummer"
                } else {
                    "een ToewijzingNummer dat bij geen toewijzing hoort"
                })
                .verwacht("een toewijzing van de gemeente")
                .toelichting("Andere regels over de toewijzing zijn op deze regel niet te toetsen.")
                .into())
        }
        Err(reden) => Err(reden),
    }
}
