//! PV02: accounted for something else than was declared.
//!
//! The total where it is higher, and each product wherever it differs. Needs a definitive or
//! certified productieverantwoording. Source: ID eis 53.

use super::{
    bevinding, bevinding_over, gedeclareerd, hoort_bij, is_definitief, product,
    verantwoording_of_reden,
};
use crate::dossier::{Cent, Ernst};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Aanbiedergroep, Check, Regel, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "PV02",
    titel: "Verantwoording wijkt af van de declaraties",
    wat: "Per aanbieder en gemeente is het verantwoorde Bedrag hoger dan de som van de levende regels; het verschil is een onzekerheid. Per product is elk verschil een onzekerheid zonder bedrag.",
    waarom: "Wat wel is verantwoord maar niet gedeclareerd, komt nog of klopt niet.",
    nodig: "productieverantwoording met Status",
    checks: &[Check::Aanbieder(toets)],
    ..Regel::BASE
};

fn toets(groep: &Aanbiedergroep<'_>, _: &Regelinstelling, uit: &mut Uitkomsten) {
    let Some(verantwoordingen) = verantwoording_of_reden(groep, uit) else { return };
    let gedeclareerd = gedeclareerd(groep);
    for v in verantwoordingen {
        match super::definitief_bedrag(&v, groep) {
            Err(reden) => uit.niet_toetsbaar(reden),
            Ok(bedrag) => {
                uit.getoetst();
                let som = gedeclareerd.get(&v.gemeente).copied().unwrap_or_default();
                if bedrag > som {
                    uit.bevinding(
                        bevinding(groep.nr, v.gemeente, Ernst::Onzekerheid)
                            .bedrag(bedrag - som)
                            .gemeten(som, bedrag)
                            .gevonden(format!("{bedrag} verantwoord"))
                            .verwacht(format!("{som}, zoals gedeclareerd"))
                            .toelichting("Beoordeel of er nog declaraties volgen of de verantwoording onjuist is."),
                    );
                }
            }
        }
        for rij in &v.producten {
            if let Err(reden) = is_definitief(groep, rij) {
                // Without a total the rows were counted as not testable together.
                if v.totaal.is_some() {
                    uit.niet_toetsbaar(reden);
                }
                continue;
            }
            uit.getoetst();
            let som: Cent = groep
                .tellende_lijnen()
                .filter(|l| hoort_bij(l, rij))
                .map(|l| l.regel.ingediend_bedrag)
                .sum();
            if som != rij.bedrag {
                uit.bevinding(
                    bevinding_over(groep, rij, Ernst::Onzekerheid)
                        .gemeten(som, rij.bedrag)
                        .gevonden(format!("{}: {} verantwoord", product(rij), rij.bedrag))
                        .verwacht(format!("{som}, zoals gedeclareerd")),
                );
            }
        }
    }
}
