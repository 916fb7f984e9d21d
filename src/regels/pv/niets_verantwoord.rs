//! PV06: declared, and nothing accounted for.
//!
//! Source: ID eis 53.

use super::{bevinding, gedeclareerd, verantwoording_of_reden};
use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Aanbiedergroep, Check, Regel, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "PV06",
    titel: "Gedeclareerd, niets verantwoord",
    wat: "Een aanbieder heeft levende regels voor een gemeente, maar de productieverantwoording heeft voor hem en die gemeente geen rij. De som van die regels is een onzekerheid.",
    waarom: "Over alles wat is gedeclareerd, legt de aanbieder verantwoording af.",
    nodig: "productieverantwoording",
    checks: &[Check::Aanbieder(toets)],
    ..Regel::BASE
};

fn toets(groep: &Aanbiedergroep<'_>, _: &Regelinstelling, uit: &mut Uitkomsten) {
    let Some(verantwoord) = verantwoording_of_reden(groep, uit) else { return };
    for (gemeente, som) in gedeclareerd(groep) {
        uit.getoetst();
        if !verantwoord.iter().any(|v| v.gemeente == gemeente) {
            uit.bevinding(
                bevinding(groep.nr, gemeente, Ernst::Onzekerheid)
                    .bedrag(som)
                    .gevonden(format!("{som} gedeclareerd, niets verantwoord"))
                    .verwacht("een productieverantwoording voor deze gemeente"),
            );
        }
    }
}
