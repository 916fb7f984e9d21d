//! TF07: an aanbieder that may not meet the conditions of its perceel.
//!
//! By the column Perceel; one finding an aanbieder, whatever number of conditions fails. Needs
//! Perceel and LandelijkeOmzet. Source: ID 5.6, 5.6.1.

use crate::dossier::{AanbiederGegevens, Bsn, Cent, Ernst, Kolom};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Aanbiedergroep, Check, Reden, Regel, Uitkomsten};
use hashbrown::HashSet;

pub static REGEL: Regel = Regel {
    code: "TF07",
    titel: "Perceelvoorwaarden twijfelachtig",
    wat: "Per aanbieder, naar Perceel: perceel 1 declareert hoogspecialistisch verblijf; perceel 2 declareert dat juist niet, of heeft te weinig landelijke omzet; perceel 3 heeft te weinig landelijke omzet; perceel 4 en 5 hebben te weinig jeugdigen op de hogere ggz-intensiteiten. Eén signaal per aanbieder.",
    waarom: "De tarieven van een perceel horen bij de voorwaarden ervan.",
    nodig: "Perceel en LandelijkeOmzet van de aanbieder",
    parameters: &[
        HOOGSPECIALISTISCH.spec(),
        OMZET_2.spec(),
        OMZET_3.spec(),
        GGZ.spec(),
        JEUGDIGEN.spec(),
    ],
    checks: &[Check::Aanbieder(toets)],
    ..Regel::BASE
};

const HOOGSPECIALISTISCH: Parameter<[String]> = Parameter::new(
    "hoogspecialistisch",
    "intensiteiten van verblijf die bij perceel 2 horen en niet bij perceel 1",
);

const OMZET_2: Parameter<Cent> =
    Parameter::new("omzet_perceel_2", "landelijke omzet die perceel 2 minstens vraagt");

const OMZET_3: Parameter<Cent> =
    Parameter::new("omzet_perceel_3", "landelijke omzet die perceel 3 minstens vraagt");

const GGZ: Parameter<[String]> =
    Parameter::new("ggz", "intensiteiten van ggz-verblijf die bij perceel 4 en 5 horen");

const JEUGDIGEN: Parameter<i64> =
    Parameter::new("jeugdigen", "jeugdigen op ggz-verblijf die perceel 4 en 5 minstens vragen");

fn toets(groep: &Aanbiedergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    if groep.jaarsom(c.jaar).is_none() {
        return;
    }
    let g = match c.gegevens_met(groep.nr, Kolom::Perceel) {
        Ok(g) => g,
        Err(reden) => return uit.niet_toetsbaar(reden),
    };
    let dag = c.laatste_dag();
    let sleutels = |parameter: &Parameter<[String]>| {
        let gezocht = instelling.at(parameter, dag);
        move |s: Option<&str>| s.is_some_and(|s| gezocht.iter().any(|g| g == s))
    };
    let hoogspecialistisch = || {
        let is = sleutels(&HOOGSPECIALISTISCH);
        if !c.dossier.producten.iter().any(|p| is(p.tariefsleutel())) {
            return None;
        }
        groep.tellende_lijnen().find(|l| is(l.product.tariefsleutel()))
    };
    let mut gebreken: Vec<String> = Vec::new();
    let mut ongetoetst = None;
    match g.perceel {
        Some(1) => {
            if let Some(lijn) = hoogspecialistisch() {
                let sleutel = lijn.product.tariefsleutel().unwrap_or_default();
                gebreken.push(format!("perceel 1 declareert {sleutel}"));
            }
        }
        Some(2) => {
            if hoogspecialistisch().is_none() {
                let eerste = instelling.at(&HOOGSPECIALISTISCH, dag).first();
                gebreken.push(format!(
                    "perceel 2 declareert geen {} of hoger",
                    eerste.map_or("hoogspecialistisch verblijf", String::as_str)
                ));
            }
            let minstens = instelling.at(&OMZET_2, dag);
            gebreken.extend(omzet(groep, g, minstens, &mut ongetoetst));
        }
        Some(3) => {
            let minstens = instelling.at(&OMZET_3, dag);
            gebreken.extend(omzet(groep, g, minstens, &mut ongetoetst));
        }
        Some(4 | 5) => {
            let is = sleutels(&GGZ);
            let jeugdigen: HashSet<Bsn> = groep
                .tellende_lijnen()
                .filter(|l| is(l.product.tariefsleutel()))
                .map(|l| l.regel.bsn)
                .filter(|bsn| *bsn != Bsn::GEEN)
                .collect();
            let minstens = instelling.at(&JEUGDIGEN, dag);
            if (jeugdigen.len() as i64) < minstens {
                gebreken.push(format!(
                    "{} van minstens {minstens} jeugdigen op ggz-verblijf",
                    jeugdigen.len()
                ));
            }
        }
        // The other percelen have no such conditions; an empty Perceel is none of these.
        Some(_) | None => return,
    }
    if gebreken.is_empty() {
        return match ongetoetst {
            Some(reden) => uit.niet_toetsbaar(reden),
            None => uit.getoetst(),
        };
    }
    uit.getoetst();
    let mut b = groep
        .bevinding(Ernst::Signaal)
        .gevonden(gebreken.join("; "))
        .verwacht(format!("de voorwaarden van perceel {}", g.perceel.unwrap_or_default()));
    if let Some(reden) = ongetoetst {
        b = b.ook(&format!("De voorwaarde over landelijke omzet is niet getoetst: {reden}."));
    }
    uit.bevinding(b);
}

/// Is the turnover too small? Untested where it isn't given.
fn omzet(
    groep: &Aanbiedergroep<'_>,
    g: &AanbiederGegevens,
    minstens: Cent,
    ongetoetst: &mut Option<Reden>,
) -> Option<String> {
    if let Err(reden) = groep.controle.kolom(g.bestand, Kolom::LandelijkeOmzet) {
        *ongetoetst = Some(reden);
        return None;
    }
    match g.landelijke_omzet {
        None => {
            *ongetoetst = Some(Reden::GeenLandelijkeOmzet);
            None
        }
        Some(omzet) if omzet < minstens => {
            Some(format!("landelijke omzet {omzet}, minder dan {minstens}"))
        }
        Some(_) => None,
    }
}
