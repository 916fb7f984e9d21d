//! TF07: an aanbieder that may not meet the conditions of its perceel.
//!
//! By the column Perceel; one finding an aanbieder, whatever number of conditions fails. Needs
//! Perceel and LandelijkeOmzet. Source: ID 5.6 for the values, 5.6.1 for perceel 1.

use crate::dossier::{AanbiederRow, Bsn, Cent, Ernst, Kolom};
use crate::regels::caveat::{CAVEATS, with_caveats};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{AanbiederGroup, Check, Outcomes, Reason, Rule};
use hashbrown::HashSet;

pub(crate) static RULE: Rule = Rule {
    code: "TF07",
    title: "Perceelvoorwaarden twijfelachtig",
    what: "Per aanbieder, naar Perceel: perceel 1 declareert hoogspecialistisch verblijf; perceel 2 declareert dat juist niet, of heeft te weinig landelijke omzet; perceel 3, 4 of 5 heeft te weinig landelijke omzet; perceel 4 of 5 heeft te weinig jeugdigen op ggz-verblijf. Eén signaal per aanbieder.",
    why: "De tarieven van een perceel horen bij de voorwaarden ervan.",
    for_aanbieder: "Het is de vraag of u voldoet aan de voorwaarden van uw perceel.",
    needs: "Perceel en LandelijkeOmzet van de aanbieder",
    parameters: &[
        HOOGSPECIALISTISCH.spec(),
        OMZET_2.spec(),
        OMZET_3.spec(),
        GGZ.spec(),
        JEUGDIGEN.spec(),
        CAVEATS.spec(),
    ],
    checks: &[Check::Aanbieder(check)],
    ..Rule::BASE
};

const HOOGSPECIALISTISCH: Parameter<[String]> = Parameter::new(
    "hoogspecialistisch",
    "intensiteiten van verblijf die bij perceel 2 horen en niet bij perceel 1",
);

const OMZET_2: Parameter<Cent> =
    Parameter::new("omzet_perceel_2", "landelijke omzet die perceel 2 minstens vraagt");

const OMZET_3: Parameter<Cent> =
    Parameter::new("omzet_perceel_3", "landelijke omzet die perceel 3, 4 en 5 minstens vragen");

const GGZ: Parameter<[String]> =
    Parameter::new("ggz", "intensiteiten van ggz-verblijf die bij perceel 4 en 5 horen");

const JEUGDIGEN: Parameter<i64> =
    Parameter::new("jeugdigen", "jeugdigen op ggz-verblijf die perceel 4 en 5 minstens vragen");

fn check(group: &AanbiederGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    if group.jaarsom(c.jaar).is_none() {
        return;
    }
    let g = match c.data_with(group.id, Kolom::Perceel) {
        Ok(g) => g,
        Err(reason) => return out.not_testable(reason),
    };
    let dag = c.last_dag();
    let keys = |parameter: &Parameter<[String]>| {
        let sought = settings.at(parameter, dag);
        move |s: Option<&str>| s.is_some_and(|s| sought.iter().any(|g| g == s))
    };
    let hoogspecialistisch = || {
        let is = keys(&HOOGSPECIALISTISCH);
        if !c.dossier.producten.iter().any(|p| is(p.tariefsleutel())) {
            return None;
        }
        group.counting_lines().find(|l| is(l.product.tariefsleutel()))
    };
    let mut defects: Vec<String> = Vec::new();
    let mut untested = None;
    match g.perceel {
        Some(1) => {
            if let Some(line) = hoogspecialistisch() {
                let key = line.product.tariefsleutel().unwrap_or_default();
                defects.push(format!("perceel 1 declareert {key}"));
            }
        }
        Some(2) => {
            if hoogspecialistisch().is_none() {
                let first = settings.at(&HOOGSPECIALISTISCH, dag).first();
                defects.push(format!(
                    "perceel 2 declareert geen {} of hoger",
                    first.map_or("hoogspecialistisch verblijf", String::as_str)
                ));
            }
            let at_least = settings.at(&OMZET_2, dag);
            defects.extend(omzet(group, g, at_least, &mut untested));
        }
        Some(3) => {
            let at_least = settings.at(&OMZET_3, dag);
            defects.extend(omzet(group, g, at_least, &mut untested));
        }
        Some(4 | 5) => {
            let is = keys(&GGZ);
            let jeugdigen: HashSet<Bsn> = group
                .counting_lines()
                .filter(|l| is(l.product.tariefsleutel()))
                .map(|l| l.data.bsn)
                .filter(|bsn| *bsn != Bsn::NONE)
                .collect();
            let at_least = settings.at(&JEUGDIGEN, dag);
            let omzet_at_least = settings.at(&OMZET_3, dag);
            defects.extend(omzet(group, g, omzet_at_least, &mut untested));
            if (jeugdigen.len() as i64) < at_least {
                defects.push(format!(
                    "{} van minstens {at_least} jeugdigen op ggz-verblijf",
                    jeugdigen.len()
                ));
            }
        }
        // The other percelen have no such conditions; an empty Perceel is none of these.
        Some(_) | None => return,
    }
    if defects.is_empty() {
        return match untested {
            Some(reason) => out.not_testable(reason),
            None => out.tested(),
        };
    }
    out.tested();
    let mut b = group
        .bevinding(Ernst::Signaal)
        .found(defects.join("; "))
        .expected(format!("de voorwaarden van perceel {}", g.perceel.unwrap_or_default()));
    if let Some(reason) = untested {
        b = b.also(&format!("De voorwaarde over landelijke omzet is niet getoetst: {reason}."));
    }
    out.bevinding(with_caveats(b, settings, dag));
}

/// Is the turnover too small? Untested where it isn't given.
fn omzet(
    group: &AanbiederGroup<'_>,
    g: &AanbiederRow,
    at_least: Cent,
    untested: &mut Option<Reason>,
) -> Option<String> {
    if let Err(reason) = group.context.cell(g, Kolom::LandelijkeOmzet) {
        *untested = Some(reason);
        return None;
    }
    match g.landelijke_omzet {
        None => {
            *untested = Some(Reason::GeenLandelijkeOmzet);
            None
        }
        Some(omzet) if omzet < at_least => {
            Some(format!("landelijke omzet {omzet}, minder dan {at_least}"))
        }
        Some(_) => None,
    }
}
