//! JW01: a ReferentieNummer used twice by one aanbieder.
//!
//! All lines count, debit and credit, live or not, of every year; the first in order is the
//! original. Source: iJw TR314.

use crate::dossier::RegelNr;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Aanbiedergroep, Ernst, Regel, Toets, Uitkomsten};
use hashbrown::{HashMap, HashSet};

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
    let d = groep.controle.dossier;
    let referentie = |nr: RegelNr| d.teksten.bytes(d.regel(nr).referentie_nummer);
    let mut eerste: HashMap<&[u8], RegelNr> = HashMap::with_capacity(groep.regels.len());
    let mut dubbel = HashSet::new();
    for &nr in groep.regels {
        if let Some(eerder) = eerste.insert(referentie(nr), nr) {
            dubbel.insert(referentie(nr));
            if d.vergelijk(eerder, nr).is_lt() {
                eerste.insert(referentie(nr), eerder);
            }
        }
    }
    for lijn in groep.lijnen().filter(|l| groep.controle.in_leverjaar(l.regel)) {
        uit.getoetst();
        if dubbel.is_empty() || !dubbel.contains(referentie(lijn.nr)) {
            continue;
        }
        let eerder = eerste[referentie(lijn.nr)];
        if eerder != lijn.nr {
            let origineel = d.regel(eerder);
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
