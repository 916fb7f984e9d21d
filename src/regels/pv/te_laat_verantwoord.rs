//! PV07: accounted for too late.
//!
//! The first row and the first certified row, in the year after the audited one. Needs Ontvangen.
//! Source: ID eis 53, 54.

use super::{bevinding, kolom, verantwoording_of_reden};
use crate::dossier::{Dag, Ernst, Kolom, Status, Verantwoordingsrij};
use crate::regelset::{DayOfYear, Parameter, Regelinstelling};
use crate::toetsing::{Aanbiedergroep, Check, Reden, Regel, RestsOn, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "PV07",
    titel: "Te laat verantwoord",
    wat: "De productieverantwoording voor een gemeente kwam na de uiterste datum binnen, of de eerste gewaarmerkte versie niet voor de hare. Dat is een signaal per aanbieder en gemeente.",
    waarom: "De gemeente heeft de verantwoording nodig voor haar eigen jaarrekening.",
    nodig: "productieverantwoording met Ontvangen en Status",
    parameters: &[UITERLIJK.spec(), GEWAARMERKT.spec()],
    checks: &[Check::Aanbieder(toets)],
    rests_on: RestsOn::Nothing,
    ..Regel::BASE
};

const UITERLIJK: Parameter<DayOfYear> = Parameter::new(
    "uiterlijk",
    "laatste dag, in het jaar na het leverjaar, waarop de verantwoording binnen moet zijn",
);

const GEWAARMERKT: Parameter<DayOfYear> = Parameter::new(
    "gewaarmerkt_voor",
    "dag, in het jaar na het leverjaar, waarvoor de gewaarmerkte verantwoording binnen moet zijn",
);

fn toets(groep: &Aanbiedergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    if verantwoording_of_reden(groep, uit).is_none() {
        return;
    }
    let dag = c.laatste_dag();
    let uiterlijk = instelling.at(&UITERLIJK, dag).in_year(c.jaar + 1);
    let gewaarmerkt_voor = instelling.at(&GEWAARMERKT, dag).in_year(c.jaar + 1);
    let rijen = c.dossier.verantwoording_van(groep.aanbieder.agb, c.jaar);
    for van_gemeente in rijen.chunk_by(|a, b| a.gemeente == b.gemeente) {
        let gemeente = van_gemeente[0].gemeente;
        let ontbreekt =
            van_gemeente.iter().find_map(|r| kolom(groep, r.bestand, Kolom::Ontvangen).err());
        if let Some(reden) = ontbreekt {
            uit.niet_toetsbaar(reden);
            continue;
        }
        let eerste = |past: fn(&Verantwoordingsrij) -> bool| -> Option<Dag> {
            van_gemeente.iter().filter(|r| past(r)).filter_map(|r| r.ontvangen).min()
        };
        let Some(ontvangen) = eerste(|_| true) else {
            uit.niet_toetsbaar(Reden::GeenOntvangen);
            continue;
        };
        uit.getoetst();
        let mut gebreken = Vec::new();
        if ontvangen > uiterlijk {
            gebreken.push(format!("ontvangen op {ontvangen}, na {uiterlijk}"));
        }
        let gewaarmerkt = eerste(|r| r.status == Some(Status::Gewaarmerkt));
        if let Some(op) = gewaarmerkt.filter(|op| *op >= gewaarmerkt_voor) {
            gebreken.push(format!("gewaarmerkt ontvangen op {op}, niet voor {gewaarmerkt_voor}"));
        }
        if !gebreken.is_empty() {
            uit.bevinding(
                bevinding(groep.nr, gemeente, Ernst::Signaal)
                    .gevonden(gebreken.join("; "))
                    .verwacht(format!(
                        "uiterlijk {uiterlijk}, en gewaarmerkt voor {gewaarmerkt_voor}"
                    )),
            );
        }
    }
}
