//! JW01: a ReferentieNummer used twice by one aanbieder.
//!
//! All lines count, debit and credit, live or not, of every year; the first in order is the
//! original. Source: iJw TR314.

use crate::dossier::RegelNr;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Aanbiedergroep, Ernst, Regel, Toets, Uitkomsten};
use hashbrown::HashMap;

pub static REGEL: Regel = Regel {
    code: "JW01",
    titel: "Referentienummer dubbel",
    wat: "Een ReferentieNummer dat dezelfde aanbieder vaker gebruikt. In volgorde is de eerste regel de oorspronkelijke; elke volgende is een fout.",
    waarom: "Met een dubbel nummer is niet vast te stellen welke regel wordt gecrediteerd.",
    nodig: "ReferentieNummer",
    parameters: &[],
    toets: Toets::Aanbieder(toets),
};

fn toets(groep: &Aanbiedergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let teksten = &groep.controle.dossier.teksten;
    let mut eerste: HashMap<&[u8], RegelNr> = HashMap::with_capacity(groep.regels.len());
    for lijn in groep.lijnen() {
        let referentie = teksten.bytes(lijn.regel.referentie_nummer);
        let eerder = *eerste.entry(referentie).or_insert(lijn.nr);
        if !groep.controle.in_leverjaar(lijn.regel) {
            continue;
        }
        uit.getoetst();
        if eerder != lijn.nr {
            let origineel = groep.controle.dossier.regel(eerder);
            uit.bevinding(
                lijn.bevinding(Ernst::Fout, instelling)
                    .gevonden(format!(
                        "nummer al gebruikt voor een regel van {} t/m {}",
                        origineel.begindatum, origineel.einddatum
                    ))
                    .verwacht("een eigen ReferentieNummer per regel"),
            );
        }
    }
}
