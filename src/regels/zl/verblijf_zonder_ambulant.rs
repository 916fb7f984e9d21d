//! ZL12: a stay of perceel 3 without the ambulant help that it follows from.
//!
//! Source: C13 perceel 3, a consultation.

use super::{CONSULTATION, is_of_perceel};
use crate::dossier::{Ernst, Onderdeel};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, JeugdigeGroup, Line, Outcomes, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "ZL12",
    title: "Verblijf van perceel 3 zonder ambulante hulp",
    what: "Een jeugdige met een declaratieregel voor verblijf van perceel 3 in het leverjaar en geen voor ambulante hulp van perceel 3 is een signaal.",
    why: "In perceel 3 is verblijf altijd kort en een tijdelijke afgeleide van de ambulante hulp, zegt de consultatie over de percelen.",
    for_aanbieder: "Er is verblijf gedeclareerd zonder ambulante hulp.",
    needs: needs!("{} en {} van het product", Producten(Perceel, Onderdeel)),
    parameters: &[PERCEEL.spec()],
    about: Some(|p| p.onderdeel() == Some(Onderdeel::Verblijf)),
    checks: &[Check::Jeugdige(check)],
    ..Rule::BASE
};

const PERCEEL: Parameter<i64> =
    Parameter::new("perceel", "perceel waarin verblijf een afgeleide van ambulante hulp is");

fn check(group: &JeugdigeGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let perceel = settings.at(&PERCEEL, group.context.last_dag());
    let of = |onderdeel| {
        move |l: &Line<'_>| {
            l.product.onderdeel() == Some(onderdeel) && is_of_perceel(l.product, perceel)
        }
    };
    let stays: Vec<Line<'_>> = group.lines().filter(of(Onderdeel::Verblijf)).collect();
    if stays.is_empty() {
        return;
    }
    out.tested();
    if !group.lines().any(|l| of(Onderdeel::Ambulant)(&l)) {
        out.bevinding(
            group
                .bevinding(Ernst::Signaal)
                .found(format!(
                    "{} voor verblijf van perceel {perceel}, geen voor ambulante hulp",
                    if stays.len() == 1 {
                        "1 declaratieregel".to_owned()
                    } else {
                        format!("{} declaratieregels", stays.len())
                    }
                ))
                .on_lines(stays)
                .expected("verblijf als afgeleide van ambulante hulp")
                .toelichting(CONSULTATION),
        );
    }
}
