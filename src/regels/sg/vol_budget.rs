//! SG04: budgets that are always just full.
//!
//! Of finished toewijzingen with a Budget, by the toewijzing's aanbieder. Source: own signal.

use super::procent;
use crate::dossier::{Cent, RegelNr};
use crate::regels::bu::{JAARSOORT, Jaarsoort, budgetnummer};
use crate::regelset::{Parameter, Parametersoort, Regelinstelling};
use crate::toetsing::{Bevinding, Dossiergroep, Ernst, Onderwerp, Reden, Regel, Toets, Uitkomsten};
use std::collections::BTreeMap;

pub static REGEL: Regel = Regel {
    code: "SG04",
    titel: "Budgetten steeds net vol",
    wat: "Van de afgelopen toewijzingen met een budget van een aanbieder wordt geteld welk deel vrijwel precies is gebruikt (bij duurzaam: van het laatste jaar). Meer dan de grens is een signaal.",
    waarom: "Hulp die steeds precies op het budget uitkomt, volgt misschien het budget en niet de behoefte.",
    nodig: "Budget en Einddatum van de toewijzing",
    parameters: &[VANAF, DEEL, TOEWIJZINGEN, JAARSOORT],
    toets: Toets::Dossier(toets),
};

const VANAF: Parameter = Parameter::nieuw(
    "vanaf_percentage",
    Parametersoort::Getal,
    "percentage van het budget vanaf waar het net vol is; tot en met 100%",
);

const DEEL: Parameter = Parameter::nieuw(
    "deel",
    Parametersoort::Getal,
    "percentage van de toewijzingen waarboven dat opvalt",
);

const TOEWIJZINGEN: Parameter = Parameter::nieuw(
    "toewijzingen",
    Parametersoort::Getal,
    "afgelopen toewijzingen die voor een uitspraak nodig zijn",
);

#[derive(Default)]
struct Telling {
    alle: i64,
    vol: i64,
}

fn toets(groep: &Dossiergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    let d = c.dossier;
    let dag = c.laatste_dag();
    let jaren = Jaarsoort::van(instelling, dag);
    let vanaf = instelling.getal(&VANAF, dag);
    let per_toewijzing = groep.per_toewijzing(|t, regels| {
        let budget = t.budget.filter(|_| t.einddatum.is_some_and(|e| e <= dag))?;
        regels.iter().any(|nr| c.in_leverjaar(d.regel(*nr))).then_some(())?;
        let vol = c.budgetsoort(t).map(|(soort, _)| {
            let nummer = |nr: &RegelNr| budgetnummer(soort, jaren, t, d.regel(*nr).begindatum);
            let laatste = regels.last().map(nummer);
            let gebruikt: Cent = regels
                .iter()
                .filter(|nr| Some(nummer(nr)) == laatste)
                .map(|nr| d.regel(*nr).ingediend_bedrag)
                .sum();
            gebruikt <= budget
                && i128::from(gebruikt.0) * 100 >= i128::from(budget.0) * i128::from(vanaf)
        });
        Some((t.aanbieder, vol))
    });
    let mut tellingen: BTreeMap<_, Telling> = BTreeMap::new();
    for (aanbieder, vol) in per_toewijzing {
        match vol {
            Ok(vol) => {
                let telling = tellingen.entry(aanbieder).or_default();
                telling.alle += 1;
                telling.vol += i64::from(vol);
            }
            Err(reden) => uit.niet_toetsbaar(reden),
        }
    }
    let nodig = instelling.getal(&TOEWIJZINGEN, dag);
    let deel = instelling.getal(&DEEL, dag);
    for (aanbieder, telling) in tellingen {
        if telling.alle < nodig {
            uit.niet_toetsbaar(Reden::TeWeinigRegels);
            continue;
        }
        uit.getoetst();
        if telling.vol * 100 > telling.alle * deel {
            uit.bevinding(
                Bevinding::nieuw(Ernst::Signaal, Onderwerp::Aanbieder(aanbieder), &instelling.bron)
                    .gevonden(format!(
                        "{} van {} afgelopen budgetten ({}) voor {vanaf} tot 100% gebruikt",
                        telling.vol,
                        telling.alle,
                        procent(telling.vol as f64 / telling.alle as f64)
                    ))
                    .verwacht(format!("hoogstens {deel}%")),
            );
        }
    }
}
