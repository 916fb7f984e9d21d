//! SG03: a mix that drifts to the high tariff groups.
//!
//! Among aanbieders of the same Perceel, and against the aanbieder's own year before where its lines
//! are in the dossier. Source: own signal.

use super::{AANBIEDERS, ROBUUSTE_Z, Vergelijking, getal, procent};
use crate::dossier::{Agb, Ernst};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{
    Aanbiedergroep, Bevinding, Check, Controle, Onderwerp, Regel, RestsOn, Sommen, Uitkomsten,
    Verzameling,
};
use std::collections::BTreeMap;

pub static REGEL: Regel = Regel {
    code: "SG03",
    titel: "Verschuiving naar hoge tariefgroepen",
    wat: "Het deel van de minuten in de hoogste tariefgroepen wordt vergeleken met dat van de aanbieders van hetzelfde perceel en, waar de regels van vorig jaar er zijn, met dat van de aanbieder zelf. Ver erboven, of sterk gestegen, is een signaal.",
    waarom: "Dezelfde hulp in een duurdere groep kost meer zonder dat er meer is geleverd.",
    nodig: "Tariefsleutel van het product; Perceel van de aanbieder; volume in minuten of uren",
    parameters: &[HOOG.spec(), STIJGING.spec(), ROBUUSTE_Z.spec(), AANBIEDERS.spec()],
    checks: &[Check::Dossier { per: Verzameling::Aanbieder(verzamel), besluit }],
    rests_on: RestsOn::Where(|l, _| l.product.tariefsleutel().is_some_and(|s| s.starts_with("TG"))),
    ..Regel::BASE
};

const HOOG: Parameter<[String]> =
    Parameter::new("hoge_groepen", "tariefgroepen die als hoog tellen");

const STIJGING: Parameter<i64> = Parameter::new(
    "stijging",
    "procentpunten stijging ten opzichte van vorig jaar vanaf waar dat opvalt",
);

/// Hundredths of minutes in the high groups, and in all.
#[derive(Clone, Copy, Default)]
struct Minuten {
    hoog: i64,
    alle: i64,
}

impl Minuten {
    fn deel(self) -> Option<f64> {
        (self.alle > 0).then(|| self.hoog as f64 / self.alle as f64)
    }
}

fn besluit(c: &Controle<'_>, sommen: &Sommen, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let dag = c.laatste_dag();
    let hoog = instelling.at(&HOOG, dag);
    let stijging = instelling.at(&STIJGING, dag);
    let vergelijking = Vergelijking::van(instelling, dag);
    let van_aanbieder = |((agb, _), [hoog_nu, alle_nu, hoog_toen, alle_toen]): (_, [i64; 4])| {
        let nu = Minuten { hoog: hoog_nu, alle: alle_nu };
        let toen = Minuten { hoog: hoog_toen, alle: alle_toen };
        Some((c.dossier.aanbieder_nr(Agb(agb))?, nu, toen))
    };
    let per_aanbieder: Vec<_> = sommen.alle().filter_map(van_aanbieder).collect();
    let mut gebreken: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for (nr, nu, toen) in &per_aanbieder {
        let (Some(deel_nu), Some(deel_toen)) = (nu.deel(), toen.deel()) else { continue };
        let punten = (i128::from(nu.hoog) * i128::from(toen.alle)
            - i128::from(toen.hoog) * i128::from(nu.alle))
            * 100;
        let vanaf = i128::from(stijging) * i128::from(nu.alle) * i128::from(toen.alle);
        uit.getoetst();
        if punten >= vanaf {
            gebreken.entry(*nr).or_default().push(format!(
                "{} in {} tegen {} in {}, {stijging} procentpunt of meer erbij",
                procent(deel_nu),
                c.jaar,
                procent(deel_toen),
                c.jaar - 1
            ));
        }
    }
    let waarden = per_aanbieder.iter().filter_map(|(nr, nu, _)| Some((*nr, nu.deel()?)));
    for v in vergelijking.opvallend(c, waarden, uit) {
        gebreken.entry(v.nr).or_default().push(format!(
            "{} tegen een mediaan van {} in het perceel, robuuste z {}",
            procent(v.waarde),
            procent(v.mediaan),
            getal(v.z, 1)
        ));
    }
    for (nr, gebreken) in gebreken {
        uit.bevinding(
            Bevinding::nieuw(Ernst::Signaal, Onderwerp::Aanbieder(nr))
                .gevonden(format!("minuten in {}: {}", hoog.join(", "), gebreken.join("; ")))
                .verwacht(format!(
                    "een robuuste z van hoogstens {} en minder dan {stijging} procentpunt stijging",
                    getal(vergelijking.z, 1)
                )),
        );
    }
}

/// By AGB code the minutes in the high groups and in all, of the audited year and of the year
/// before, in hundredths.
fn verzamel(groep: &Aanbiedergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    let hoog = instelling.at(&HOOG, c.laatste_dag());
    let soorten: Vec<Option<bool>> = c
        .dossier
        .producten
        .iter()
        .map(|p| p.tariefsleutel().filter(|s| s.starts_with("TG")))
        .map(|sleutel| sleutel.map(|s| hoog.iter().any(|h| h == s)))
        .collect();
    let [mut nu, mut toen] = [Minuten::default(); 2];
    for (_, r) in groep.regels() {
        let Some(is_hoog) = soorten[r.product.0 as usize].filter(|_| r.telt_mee()) else {
            continue;
        };
        let plek = match c.jaar - r.einddatum.jaar() {
            0 => &mut nu,
            1 => &mut toen,
            _ => continue,
        };
        let Some(minuten) = r.honderdste_minuten() else { continue };
        plek.alle += minuten;
        plek.hoog += if is_hoog { minuten } else { 0 };
    }
    let sommen = [nu.hoog, nu.alle, toen.hoog, toen.alle];
    if sommen != [0; 4] {
        uit.sommen.tel((groep.aanbieder.agb.0, 0), sommen);
    }
}
