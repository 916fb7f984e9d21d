//! NS01: more no-shows than allowed.
//!
//! A no-show of individual help may be declared at most twice per jeugdige per year. This counts
//! them per jeugdige and aanbieder, in order, and reports each line that goes above the maximum.
//! Needs NoShow; for an amount at level `maand` also NoShowMinuten. Source: ID 8.5.1(4), ID XIV.

use super::{GEEN_BEDRAG, NoShows, aantal, bedrag_van};
use crate::dossier::{AanbiederNr, Ernst};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Jeugdigegroep, Regel, Uitkomsten};
use hashbrown::HashMap;

pub static REGEL: Regel = Regel {
    code: "NS01",
    titel: "Meer no-shows dan toegestaan",
    wat: "Per jeugdige, aanbieder en leverjaar worden de no-shows op ambulante hulp en dyslexiezorg in volgorde opgeteld. Elke regel waarmee de som boven het maximum komt, is een fout voor het deel erboven.",
    waarom: "No-show mag maar een paar keer per jeugdige per jaar worden gedeclareerd; daarna is het risico voor de aanbieder.",
    nodig: "NoShow; voor een bedrag bij maandregels ook NoShowMinuten",
    parameters: &[MAXIMUM.spec()],
    checks: &[Check::Jeugdige(toets)],
    ..Regel::BASE
};

pub(super) const MAXIMUM: Parameter<i64> =
    Parameter::new("maximum", "hoe vaak no-show per jeugdige per jaar mag worden gedeclareerd");

fn toets(groep: &Jeugdigegroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let maximum = instelling.at(&MAXIMUM, groep.controle.laatste_dag());
    let no_shows = NoShows::van(groep);
    uit.getoetst += no_shows.getoetst;
    for (reden, aantal) in no_shows.niet_toetsbaar {
        uit.niet_toetsbaar_keer(reden, aantal);
    }
    let mut sommen: HashMap<AanbiederNr, u32> = HashMap::new();
    for lijn in groep.op_volgorde(no_shows.regels) {
        let contact = lijn.contact();
        let som = sommen.entry(lijn.regel.aanbieder).or_default();
        *som += contact.no_show;
        let boven = i64::from(*som) - maximum;
        let excess = boven.clamp(0, i64::from(contact.no_show)) as u32;
        if excess == 0 {
            uit.getoetst();
            continue;
        }
        let bedrag = match bedrag_van(&lijn, &contact, excess) {
            Ok(bedrag) => bedrag,
            Err(reden) => {
                uit.niet_toetsbaar(reden);
                continue;
            }
        };
        uit.getoetst();
        let mut b = lijn
            .bevinding(Ernst::Fout)
            .bedrag(bedrag)
            .geteld(i64::from(*som), maximum)
            .gevonden(format!("{} in {} bij deze aanbieder", aantal(*som), groep.controle.jaar))
            .verwacht(format!("hoogstens {maximum} per jeugdige per jaar"))
            .toelichting(format!(
                "Op deze regel: {}, waarvan {excess} boven het maximum.",
                aantal(contact.no_show)
            ));
        if bedrag.is_none() {
            b = b.ook(GEEN_BEDRAG);
        }
        uit.bevinding(b);
    }
}
