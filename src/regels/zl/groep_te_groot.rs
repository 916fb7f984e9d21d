//! ZL04: a group larger than its product or its agreement allows.
//!
//! Counts jeugdigen of one aanbieder, product, Groep and Begindatum, in order. Source: P5 producten,
//! format 12.

use super::{afspraken_met_einde, dekt};
use crate::dossier::{Bsn, Dag, Ernst, Kolom, RegelNr, WoordNr};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Aanbiedergroep, Check, Reden, Regel, Uitkomsten};
use std::collections::BTreeMap;

pub static REGEL: Regel = Regel {
    code: "ZL04",
    titel: "Groep te groot",
    wat: "Per aanbieder, productcode, Groep en Begindatum worden de jeugdigen geteld. Het maximum is dat van het product of, als die lager is, de MaxGroepsgrootte van een afspraak. De regels van de jeugdigen erboven, in volgorde, zijn een fout.",
    waarom: "Het tarief van een groepstraining hoort bij een groep van hoogstens die grootte.",
    nodig: "Groep en Bsn; voor 45A52 de MaxGroepsgrootte van de afspraak",
    parameters: &[KLEIN.spec(), MIDDEL.spec(), GROOT.spec()],
    checks: &[Check::Aanbieder(toets)],
    ..Regel::BASE
};

const KLEIN: Parameter<i64> =
    Parameter::new("hoogstens_50z09", "jeugdigen in een groepstraining 50Z09");

const MIDDEL: Parameter<i64> =
    Parameter::new("hoogstens_50z10", "jeugdigen in een groepstraining 50Z10");

const GROOT: Parameter<i64> =
    Parameter::new("hoogstens_50z11", "jeugdigen in een groepstraining 50Z11");

fn toets(groep: &Aanbiedergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    let mut groepen: BTreeMap<(&str, WoordNr, Dag), Vec<RegelNr>> = BTreeMap::new();
    for lijn in groep.tellende_lijnen() {
        if !c.is_beschikkingsvrij(lijn.regel.product) {
            continue;
        }
        let groepsnaam = lijn.contact().groep;
        if let Err(reden) = lijn.kolom(Kolom::Groep) {
            uit.niet_toetsbaar(reden);
        } else if groepsnaam.is_leeg() {
            uit.niet_toetsbaar(Reden::GeenGroep);
        } else if lijn.regel.bsn == Bsn::GEEN {
            uit.niet_toetsbaar(Reden::GeenBsn);
        } else {
            let sleutel = (lijn.product.code.as_str(), groepsnaam, lijn.regel.begindatum);
            groepen.entry(sleutel).or_default().push(lijn.nr());
        }
    }
    for ((code, _, dag), mut regels) in groepen {
        let van_product = match code {
            "50Z09" => Some(instelling.at(&KLEIN, dag)),
            "50Z10" => Some(instelling.at(&MIDDEL, dag)),
            "50Z11" => Some(instelling.at(&GROOT, dag)),
            _ => None,
        };
        let afgesproken = regels
            .iter()
            .flat_map(|nr| {
                let lijn = c.lijn(*nr);
                let afspraken = afspraken_met_einde(&lijn).ok().flatten().unwrap_or_default();
                afspraken.into_iter().filter(move |a| dekt(a, &lijn)).collect::<Vec<_>>()
            })
            .filter_map(|a| a.max_groepsgrootte)
            .map(i64::from)
            .min();
        let Some(maximum) = van_product.into_iter().chain(afgesproken).min() else {
            for _ in &regels {
                uit.niet_toetsbaar(Reden::GeenGroepsgrootte);
            }
            continue;
        };
        regels.sort_unstable_by(|a, b| c.dossier.vergelijk(*a, *b));
        let mut jeugdigen: Vec<Bsn> = Vec::new();
        for nr in &regels {
            let bsn = c.dossier.regel(*nr).bsn;
            if !jeugdigen.contains(&bsn) {
                jeugdigen.push(bsn);
            }
        }
        for nr in regels {
            uit.getoetst();
            let lijn = c.lijn(nr);
            let rang = jeugdigen.iter().position(|b| *b == lijn.regel.bsn).unwrap_or(0) as i64 + 1;
            if rang > maximum {
                uit.bevinding(
                    lijn.bevinding(Ernst::Fout)
                        .gevonden(format!("{} jeugdigen in deze groep op {dag}", jeugdigen.len()))
                        .verwacht(format!("hoogstens {maximum} jeugdigen bij {code}"))
                        .toelichting(format!("Dit is jeugdige {rang} van de groep, in volgorde.")),
                );
            }
        }
    }
}
