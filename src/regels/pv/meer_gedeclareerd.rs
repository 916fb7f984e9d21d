//! PV01: more declared than accounted for.
//!
//! Needs a definitive or certified productieverantwoording. Source: ID eis 59.

use super::{bevinding, gedeclareerd, verantwoording_of_reden};
use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Aanbiedergroep, Check, Regel, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "PV01",
    titel: "Meer gedeclareerd dan verantwoord",
    wat: "Per aanbieder en gemeente is de som van de levende regels hoger dan het Bedrag van de definitieve of gewaarmerkte productieverantwoording. Het verschil is een onzekerheid.",
    waarom: "De verantwoording is wat de aanbieder, en zijn accountant, over het jaar verklaart.",
    nodig: "productieverantwoording met Status",
    checks: &[Check::Aanbieder(toets)],
    ..Regel::BASE
};

fn toets(groep: &Aanbiedergroep<'_>, _: &Regelinstelling, uit: &mut Uitkomsten) {
    let Some(verantwoordingen) = verantwoording_of_reden(groep, uit) else { return };
    let gedeclareerd = gedeclareerd(groep);
    for v in verantwoordingen {
        let bedrag = match super::definitief_bedrag(&v, groep) {
            Ok(bedrag) => bedrag,
            Err(reden) => {
                uit.niet_toetsbaar(reden);
                continue;
            }
        };
        uit.getoetst();
        let som = gedeclareerd.get(&v.gemeente).copied().unwrap_or_default();
        if som > bedrag {
            uit.bevinding(
                bevinding(groep.nr, v.gemeente, Ernst::Onzekerheid)
                    .bedrag(som - bedrag)
                    .gemeten(som, bedrag)
                    .gevonden(format!("{som} gedeclareerd"))
                    .verwacht(format!("hoogstens {bedrag}, zoals verantwoord"))
                    .toelichting("De gemeente kan een nieuwe controleverklaring vragen."),
            );
        }
    }
}
