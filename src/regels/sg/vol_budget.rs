//! SG04: budgets that are always just full.
//!
//! Of finished toewijzingen with a Budget, by the toewijzing's aanbieder. Source: own signal.

use super::procent;
use crate::dossier::{Cent, RegelNr, ToewijzingNr};
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

/// What is known of one finished toewijzing.
#[derive(Clone, Default)]
struct Stand {
    in_leverjaar: bool,
    /// Its last line in order: for duurzaam the year of that line counts.
    laatste: Option<RegelNr>,
    gebruikt: Cent,
}

#[derive(Default)]
struct Telling {
    alle: i64,
    vol: i64,
}

fn toets(groep: &Dossiergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    let d = c.dossier;
    let dag = c.laatste_dag();
    let afgelopen: Vec<bool> = d
        .toewijzingen
        .iter()
        .map(|t| t.budget.is_some() && t.einddatum.is_some_and(|e| e <= dag))
        .collect();
    let mut standen: Vec<Stand> = vec![Stand::default(); d.toewijzingen.len()];
    let op_afgelopen = |nr: &RegelNr| {
        let r = d.regel(*nr);
        r.telt_mee() && r.toewijzing.is_some_and(|t| afgelopen[t.plaats()])
    };
    let regels: Vec<RegelNr> = d.regelnummers().filter(op_afgelopen).collect();
    for &nr in &regels {
        let r = d.regel(nr);
        let Some(toewijzing) = r.toewijzing else { continue };
        let stand = &mut standen[toewijzing.plaats()];
        stand.in_leverjaar |= c.in_leverjaar(r);
        stand.laatste = match stand.laatste {
            Some(eerder) if d.vergelijk(eerder, nr).is_gt() => Some(eerder),
            _ => Some(nr),
        };
    }
    let jaren = Jaarsoort::van(instelling, dag);
    let nummer = |soort, t: ToewijzingNr, nr| {
        budgetnummer(soort, jaren, d.toewijzing(t), d.regel(nr).begindatum)
    };
    for &nr in &regels {
        let Some(toewijzing) = d.regel(nr).toewijzing else { continue };
        let stand = &mut standen[toewijzing.plaats()];
        let Ok((soort, _)) = c.budgetsoort(d.toewijzing(toewijzing)) else { continue };
        let lopend = stand.laatste.map(|laatste| nummer(soort, toewijzing, laatste));
        if lopend == Some(nummer(soort, toewijzing, nr)) {
            stand.gebruikt += d.regel(nr).ingediend_bedrag;
        }
    }
    let vanaf = instelling.getal(&VANAF, dag);
    let mut tellingen: BTreeMap<_, Telling> = BTreeMap::new();
    for (t, stand) in d.toewijzingen.iter().zip(&standen).filter(|(_, s)| s.in_leverjaar) {
        if let Err(reden) = c.budgetsoort(t) {
            uit.niet_toetsbaar(reden);
            continue;
        }
        let budget = t.budget.unwrap_or_default();
        let telling = tellingen.entry(t.aanbieder).or_default();
        telling.alle += 1;
        let vol = i128::from(stand.gebruikt.0) * 100 >= i128::from(budget.0) * i128::from(vanaf)
            && stand.gebruikt <= budget;
        telling.vol += i64::from(vol);
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
