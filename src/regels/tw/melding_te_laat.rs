//! TW16: starts and stops that were reported late.
//!
//! Counts messages whose Datum lies in the audited year, by the message's own aanbieder. Needs
//! Verzonden. Source: ID eis 47; iJw OP271, OP272.

use crate::dossier::{Agb, Ernst, Kolom, Soort, werkdagen_na};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{
    Aanbiedergroep, Bevinding, Check, Controle, Onderwerp, Reden, Regel, RestsOn, Sommen,
    Uitkomsten, Verzameling,
};

pub static REGEL: Regel = Regel {
    code: "TW16",
    titel: "Start of stop te laat gemeld",
    wat: "Een start- of stopbericht dat meer dan het toegestane aantal werkdagen na de Datum is verzonden. Per aanbieder één signaal met het aantal.",
    waarom: "De gemeente volgt de levering en haar uitgaven met deze berichten.",
    nodig: "startstop met Verzonden",
    parameters: &[WERKDAGEN.spec()],
    checks: &[Check::Dossier { per: Verzameling::Aanbieder(verzamel), besluit }],
    rests_on: RestsOn::Nothing,
    ..Regel::BASE
};

const WERKDAGEN: Parameter<i64> = Parameter::new(
    "werkdagen",
    "werkdagen waarbinnen een start of stop moet zijn gemeld; de dag zelf telt niet mee",
);

/// By AGB code the number of messages, and of those that were late.
fn verzamel(groep: &Aanbiedergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    let agb = groep.aanbieder.agb;
    let Ok(tabel) = c.startstop() else { return };
    let (mut gemeld, mut laat) = (0, 0);
    for bericht in tabel.van_aanbieder(agb).filter(|b| b.datum.jaar() == c.jaar) {
        if let Err(reden) = c.kolom(bericht.bestand, Kolom::Verzonden) {
            uit.niet_toetsbaar(reden);
            continue;
        }
        let Some(verzonden) = bericht.verzonden else {
            uit.niet_toetsbaar(Reden::GeenVerzonden);
            continue;
        };
        uit.getoetst();
        let binnen = instelling.at(&WERKDAGEN, bericht.datum);
        let te_laat = werkdagen_na(bericht.datum, verzonden) > binnen.unsigned_abs();
        gemeld += 1;
        laat += i64::from(te_laat);
    }
    if gemeld > 0 {
        uit.sommen.tel((agb.0, 0), [gemeld, laat, 0, 0]);
    }
}

fn besluit(c: &Controle<'_>, sommen: &Sommen, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    if c.startstop().is_err() {
        return uit.niet_toetsbaar(Reden::TabelOntbreekt(Soort::Startstop));
    }
    let binnen = instelling.at(&WERKDAGEN, c.laatste_dag());
    for ((agb, _), [gemeld, te_laat, ..]) in sommen.alle().filter(|(_, [_, laat, ..])| *laat > 0) {
        let Some(nr) = c.dossier.aanbieder_nr(Agb(agb)) else { continue };
        uit.bevinding(
            Bevinding::nieuw(Ernst::Signaal, Onderwerp::Aanbieder(nr))
                .gevonden(format!(
                    "{te_laat} van {gemeld} start- en stopberichten van {} te laat verzonden",
                    c.jaar
                ))
                .verwacht(format!("een melding binnen {binnen} werkdagen")),
        );
    }
}
