//! JW14: a message whose total isn't the sum of its lines.
//!
//! Only on iJw messages. Source: iJw TR358.

use crate::dossier::{BestandNr, Cent, DebetCredit};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Bevinding, Dossiergroep, Ernst, Onderwerp, Reden, Regel, Toets, Uitkomsten};
use std::collections::BTreeMap;

pub static REGEL: Regel = Regel {
    code: "JW14",
    titel: "Totaal van het bericht klopt niet",
    wat: "TotaalIngediendBedrag van een declaratiebericht is niet de som van zijn regels (debet min credit). Dat is een fout voor het verschil.",
    waarom: "Het totaal is wat de gemeente betaalt; de regels zijn wat zij toetst.",
    nodig: "iJw-berichten (JW323)",
    parameters: &[],
    toets: Toets::Dossier(toets),
};

fn toets(groep: &Dossiergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    let berichten = match super::berichten_van_leverjaar(c) {
        Ok(berichten) => berichten,
        Err(reden) => return uit.niet_toetsbaar(reden),
    };
    let mut sommen: BTreeMap<BestandNr, Cent> = BTreeMap::new();
    for r in &c.dossier.regels {
        let som = sommen.entry(r.bestand).or_default();
        *som = match r.debet_credit {
            DebetCredit::Debet => *som + r.ingediend_bedrag,
            DebetCredit::Credit => *som - r.ingediend_bedrag,
        };
    }
    for nr in berichten {
        let Some(bericht) = c.dossier.declaratieberichten.iter().flatten().nth(nr as usize) else {
            continue;
        };
        if c.dossier.bestand(bericht.bestand).afgekeurd > 0 {
            uit.niet_toetsbaar(Reden::RegelsAfgekeurd);
            continue;
        }
        uit.getoetst();
        let som = sommen.get(&bericht.bestand).copied().unwrap_or_default();
        if som != bericht.totaal {
            let verschil = Cent((bericht.totaal - som).0.abs());
            uit.bevinding(
                Bevinding::nieuw(Ernst::Fout, Onderwerp::Declaratiebericht(nr), &instelling.bron)
                    .bedrag(verschil)
                    .gevonden(format!("totaal {}", bericht.totaal))
                    .verwacht(format!("{som}, de som van de regels")),
            );
        }
    }
}
