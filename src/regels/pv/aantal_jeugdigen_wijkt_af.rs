//! PV03: another number of jeugdigen than was declared for.
//!
//! Every row that counts, whatever its Status. Needs AantalJeugdigen. Source: ID eis 53.

use super::{bevinding_over, hoort_bij, kolom, product, verantwoording_of_reden};
use crate::dossier::{Bsn, Ernst, Kolom};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Aanbiedergroep, Check, Reden, Regel, Uitkomsten};
use hashbrown::HashSet;

pub static REGEL: Regel = Regel {
    code: "PV03",
    titel: "Aantal jeugdigen wijkt af",
    wat: "Per aanbieder en gemeente, en per product waar dat is gegeven, wordt AantalJeugdigen vergeleken met het aantal verschillende jeugdigen op de levende regels. Een verschil is een signaal.",
    waarom: "De verantwoording telt dezelfde jeugdigen als de declaraties.",
    nodig: "productieverantwoording met AantalJeugdigen",
    checks: &[Check::Aanbieder(toets)],
    ..Regel::BASE
};

fn toets(groep: &Aanbiedergroep<'_>, _: &Regelinstelling, uit: &mut Uitkomsten) {
    let Some(verantwoordingen) = verantwoording_of_reden(groep, uit) else { return };
    for v in verantwoordingen {
        for rij in v.totaal.into_iter().chain(v.producten) {
            if let Err(reden) = kolom(groep, rij.bestand, Kolom::AantalJeugdigen) {
                uit.niet_toetsbaar(reden);
                continue;
            }
            let Some(verantwoord) = rij.aantal_jeugdigen else {
                uit.niet_toetsbaar(Reden::GeenAantalJeugdigen);
                continue;
            };
            let jeugdigen: HashSet<Bsn> = groep
                .tellende_lijnen()
                .filter(|l| hoort_bij(l, rij))
                .map(|l| l.regel.bsn)
                .collect();
            if jeugdigen.contains(&Bsn::GEEN) {
                uit.niet_toetsbaar(Reden::GeenBsn);
                continue;
            }
            uit.getoetst();
            if jeugdigen.len() != verantwoord as usize {
                let waar = if rij.is_zonder_product() {
                    String::new()
                } else {
                    format!("{}: ", product(rij))
                };
                uit.bevinding(
                    bevinding_over(groep, rij, Ernst::Signaal)
                        .gevonden(format!("{waar}{verantwoord} jeugdigen verantwoord"))
                        .verwacht(format!("{}, zoals gedeclareerd", jeugdigen.len())),
                );
            }
        }
    }
}
