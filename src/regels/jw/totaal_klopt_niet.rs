//! JW14: a message whose total isn't the sum of its lines.
//!
//! Only on iJw messages. Source: iJw TR358.

use crate::dossier::{Cent, DebetCredit, Ernst};
use crate::regelset::Regelinstelling;
use crate::toetsing::{
    Aanbiedergroep, Bevinding, Check, Controle, Onderwerp, Reden, Regel, Sommen, Uitkomsten,
    Verzameling,
};

pub static REGEL: Regel = Regel {
    code: "JW14",
    titel: "Totaal van het bericht klopt niet",
    wat: "TotaalIngediendBedrag van een declaratiebericht is niet de som van zijn regels (debet min credit). Dat is een fout voor het verschil.",
    waarom: "Het totaal is wat de gemeente betaalt; de regels zijn wat zij toetst.",
    nodig: "iJw-berichten (JW323)",
    checks: &[Check::Dossier { per: Verzameling::Aanbieder(verzamel), besluit }],
    ..Regel::BASE
};

/// By the number of the file, debit less credit of the lines that came in a message.
fn verzamel(groep: &Aanbiedergroep<'_>, _: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    if c.dossier.declaratieberichten.is_none() {
        return;
    }
    for r in groep.lijnen().map(|l| l.regel) {
        let bedrag = match r.debet_credit {
            DebetCredit::Debet => r.ingediend_bedrag.0,
            DebetCredit::Credit => -r.ingediend_bedrag.0,
        };
        uit.sommen.tel((r.bestand.0.into(), 0), [bedrag, 0, 0, 0]);
    }
}

fn besluit(c: &Controle<'_>, sommen: &Sommen, _: &Regelinstelling, uit: &mut Uitkomsten) {
    let berichten = match super::berichten_van_leverjaar(c) {
        Ok(berichten) => berichten,
        Err(reden) => return uit.niet_toetsbaar(reden),
    };
    for nr in berichten {
        let Some(bericht) = c.dossier.declaratieberichten.iter().flatten().nth(nr as usize) else {
            continue;
        };
        if c.dossier.bestand(bericht.bestand).afgekeurd > 0 {
            uit.niet_toetsbaar(Reden::RegelsAfgekeurd);
            continue;
        }
        uit.getoetst();
        let som = Cent(sommen.van((bericht.bestand.0.into(), 0)).unwrap_or_default()[0]);
        if som != bericht.totaal {
            let verschil = Cent((bericht.totaal - som).0.abs());
            uit.bevinding(
                Bevinding::nieuw(Ernst::Fout, Onderwerp::Declaratiebericht(nr))
                    .bedrag(verschil)
                    .gevonden(format!("totaal {}", bericht.totaal))
                    .verwacht(format!("{som}, de som van de regels")),
            );
        }
    }
}
