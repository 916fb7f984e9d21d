//! GR03: treatment beside a group in which all treatment is included.
//!
//! Source: ID 8.5.3, XIV groepsaanbod 3.

use super::is_all_inclusive;
use crate::dossier::{Ernst, Onderdeel};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, JeugdigeGroup, Line, Outcomes, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "GR03",
    title: "Behandeling naast een all-inclusive groep",
    what: "Een jeugdige heeft in een maand groepsaanbod extra zwaar of intensief en ambulante hulp van dezelfde aanbieder. Elke ambulante declaratieregel is een onzekerheid.",
    why: "In het tarief van deze groepen zit de behandeling al.",
    for_aanbieder: "Er is behandeling gedeclareerd naast groepsaanbod waarin die al is begrepen.",
    needs: needs!("{} en {} van de producten", Producten(Onderdeel, Tariefsleutel)),
    about: Some(|p| p.onderdeel() == Some(Onderdeel::Groepsaanbod)),
    checks: &[Check::Jeugdige(check)],
    ..Rule::BASE
};

fn check(group: &JeugdigeGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let is_ambulant = |l: &Line<'_>| l.product.onderdeel() == Some(Onderdeel::Ambulant);
    if !group.lines().any(|l| is_all_inclusive(l.product)) {
        out.tested += group.lines().filter(is_ambulant).count() as u64;
        return;
    }
    for (maand, lines) in group.per_maand(|l| is_ambulant(l) || is_all_inclusive(l.product)) {
        for line in lines.iter().filter(|l| is_ambulant(l)) {
            out.tested();
            let beside = lines
                .iter()
                .find(|l| is_all_inclusive(l.product) && l.data.aanbieder == line.data.aanbieder);
            if let Some(beside) = beside {
                out.bevinding(
                    line.bevinding(Ernst::Onzekerheid)
                        .found(format!(
                            "ambulante hulp naast {} van dezelfde aanbieder in {maand}",
                            beside.product.tariefsleutel().unwrap_or_default()
                        ))
                        .expected("behandeling binnen het tarief van de groep")
                        .toelichting(
                            "Beoordeel of deze hulp buiten het programma van de groep viel.",
                        ),
                );
            }
        }
    }
}
