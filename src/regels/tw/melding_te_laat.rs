//! TW16: starts and stops that were reported late.
//!
//! Counts messages whose Datum lies in the audited year, by the message's own aanbieder. Needs
//! Verzonden. Source: ID eis 47; iJw OP271, OP272.

use crate::dossier::{Agb, Kolom, Soort, werkdagen_na};
use crate::regelset::{Parameter, Parametersoort, Regelinstelling};
use crate::toetsing::{
    Bevinding, Controle, Ernst, Onderwerp, Reden, Regel, Sommen, Toets, Uitkomsten, Verzameling,
};
use std::collections::BTreeMap;

pub static REGEL: Regel = Regel {
    code: "TW16",
    titel: "Start of stop te laat gemeld",
    wat: "Een start- of stopbericht dat meer dan het toegestane aantal werkdagen na de Datum is verzonden. Per aanbieder één signaal met het aantal.",
    waarom: "De gemeente volgt de levering en haar uitgaven met deze berichten.",
    nodig: "startstop met Verzonden",
    parameters: &[WERKDAGEN],
    toets: Toets::Dossier { per: Verzameling::Niets, besluit },
};

const WERKDAGEN: Parameter = Parameter::nieuw(
    "werkdagen",
    Parametersoort::Getal,
    "werkdagen waarbinnen een start of stop moet zijn gemeld; de dag zelf telt niet mee",
);

#[derive(Default)]
struct Telling {
    gemeld: u64,
    te_laat: u64,
}

fn besluit(c: &Controle<'_>, _: &Sommen, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let Ok(tabel) = c.startstop() else {
        return uit.niet_toetsbaar(Reden::TabelOntbreekt(Soort::Startstop));
    };
    let mut per_aanbieder: BTreeMap<Agb, Telling> = BTreeMap::new();
    for bericht in tabel.alle().iter().filter(|b| b.datum.jaar() == c.jaar) {
        if let Err(reden) = c.kolom(bericht.bestand, Kolom::Verzonden) {
            uit.niet_toetsbaar(reden);
            continue;
        }
        let Some(verzonden) = bericht.verzonden else {
            uit.niet_toetsbaar(Reden::GeenVerzonden);
            continue;
        };
        uit.getoetst();
        let telling = per_aanbieder.entry(bericht.aanbieder).or_default();
        telling.gemeld += 1;
        let binnen = instelling.getal(&WERKDAGEN, bericht.datum);
        if werkdagen_na(bericht.datum, verzonden) > binnen.unsigned_abs() {
            telling.te_laat += 1;
        }
    }
    let binnen = instelling.getal(&WERKDAGEN, c.laatste_dag());
    for (agb, telling) in per_aanbieder.into_iter().filter(|(_, t)| t.te_laat > 0) {
        let Some(nr) = c.dossier.aanbieder_nr(agb) else { continue };
        uit.bevinding(
            Bevinding::nieuw(Ernst::Signaal, Onderwerp::Aanbieder(nr), &instelling.bron)
                .gevonden(format!(
                    "{} van {} start- en stopberichten van {} te laat verzonden",
                    telling.te_laat, telling.gemeld, c.jaar
                ))
                .verwacht(format!("een melding binnen {binnen} werkdagen")),
        );
    }
}
