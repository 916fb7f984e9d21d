//! SG04: budgets that are always just full.
//!
//! Of finished toewijzingen with a Budget, by the toewijzing's aanbieder. Source: own signal.

use super::procent;
use crate::dossier::{Agb, Cent, Dag, Ernst, Toewijzing};
use crate::regels::bu::{JAARSOORT, Jaarsoort, budgetnummer};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{
    Bevinding, Check, Controle, Lijn, Onderwerp, Reden, Regel, RestsOn, Sommen, Toewijzingsgroep,
    Uitkomsten, Verzameling,
};

pub static REGEL: Regel = Regel {
    code: "SG04",
    titel: "Budgetten steeds net vol",
    wat: "Van de afgelopen toewijzingen met een budget van een aanbieder wordt geteld welk deel vrijwel precies is gebruikt (bij duurzaam: van het laatste jaar). Meer dan de grens is een signaal.",
    waarom: "Hulp die steeds precies op het budget uitkomt, volgt misschien het budget en niet de behoefte.",
    nodig: "Budget en Einddatum van de toewijzing",
    parameters: &[VANAF.spec(), DEEL.spec(), TOEWIJZINGEN.spec(), JAARSOORT.spec()],
    checks: &[Check::Dossier { per: Verzameling::Toewijzing(verzamel), besluit }],
    rests_on: RestsOn::Where(|l, _| {
        l.toewijzing().is_ok_and(|t| is_afgelopen(t, l.controle.laatste_dag()))
    }),
    ..Regel::BASE
};

const VANAF: Parameter<i64> = Parameter::new(
    "vanaf_percentage",
    "percentage van het budget vanaf waar het net vol is; tot en met 100%",
);

const DEEL: Parameter<i64> =
    Parameter::new("deel", "percentage van de toewijzingen waarboven dat opvalt");

const TOEWIJZINGEN: Parameter<i64> =
    Parameter::new("toewijzingen", "afgelopen toewijzingen die voor een uitspraak nodig zijn");

/// Has it a budget, and is it over?
fn is_afgelopen(t: &Toewijzing, dag: Dag) -> bool {
    t.budget.is_some() && t.einddatum.is_some_and(|e| e <= dag)
}

/// By the AGB code of the toewijzing 1 for one with a budget that is over, and 1 if it was just full.
fn verzamel(groep: &Toewijzingsgroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    let dag = c.laatste_dag();
    let Some((_, t)) = groep.in_leverjaar() else { return };
    let Some(budget) = t.budget.filter(|_| is_afgelopen(t, dag)) else { return };
    let (soort, _) = match c.budgetsoort(t) {
        Ok(soort) => soort,
        Err(reden) => return uit.niet_toetsbaar(reden),
    };
    // For duurzaam the year of the last line counts.
    let jaren = Jaarsoort::van(instelling, dag);
    let nummer = |lijn: Lijn<'_>| budgetnummer(soort, jaren, t, lijn.regel.begindatum);
    let lopend = groep.lijnen().next_back().map(nummer);
    let gebruikt: Cent = groep
        .lijnen()
        .filter(|l| Some(nummer(*l)) == lopend)
        .map(|l| l.regel.ingediend_bedrag)
        .sum();
    let vanaf = instelling.at(&VANAF, dag);
    let vol = i128::from(gebruikt.0) * 100 >= i128::from(budget.0) * i128::from(vanaf)
        && gebruikt <= budget;
    uit.sommen.tel((c.agb(t.aanbieder).0, 0), [1, i64::from(vol), 0, 0]);
}

fn besluit(c: &Controle<'_>, sommen: &Sommen, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let dag = c.laatste_dag();
    let vanaf = instelling.at(&VANAF, dag);
    let nodig = instelling.at(&TOEWIJZINGEN, dag);
    let deel = instelling.at(&DEEL, dag);
    for ((agb, _), [alle, vol, ..]) in sommen.alle() {
        if alle < nodig {
            uit.niet_toetsbaar(Reden::TeWeinigRegels);
            continue;
        }
        uit.getoetst();
        let Some(nr) = c.dossier.aanbieder_nr(Agb(agb)) else { continue };
        if vol * 100 > alle * deel {
            uit.bevinding(
                Bevinding::nieuw(Ernst::Signaal, Onderwerp::Aanbieder(nr))
                    .gevonden(format!(
                        "{vol} van {alle} afgelopen budgetten ({}) voor {vanaf} tot 100% gebruikt",
                        procent(vol as f64 / alle as f64)
                    ))
                    .verwacht(format!("hoogstens {deel}%")),
            );
        }
    }
}
