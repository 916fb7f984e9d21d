//! JW01: a ReferentieNummer used twice by one aanbieder.
//!
//! All lines count, debit and credit, live or not, of every year; the first in order is the
//! original. Source: iJw TR314.

use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Aanbiedergroep, Check, Regel, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "JW01",
    titel: "Referentienummer dubbel",
    wat: "Een ReferentieNummer dat dezelfde aanbieder vaker gebruikt. In volgorde is de eerste regel de oorspronkelijke; elke volgende is een fout.",
    waarom: "Met een dubbel nummer is niet vast te stellen welke regel wordt gecrediteerd.",
    nodig: "ReferentieNummer",
    checks: &[Check::Aanbieder(toets)],
    ..Regel::BASE
};

fn toets(groep: &Aanbiedergroep<'_>, _: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    uit.getoetst += groep.aantal_in_leverjaar();
    for (lijn, origineel) in groep.repeated_references() {
        if c.in_leverjaar(lijn.regel) {
            uit.bevinding(
                lijn.bevinding(Ernst::Fout)
                    .gevonden(format!(
                        "nummer al gebruikt voor een regel van {} t/m {}",
                        origineel.regel.begindatum, origineel.regel.einddatum
                    ))
                    .verwacht("een eigen ReferentieNummer per regel"),
            );
        }
    }
}
