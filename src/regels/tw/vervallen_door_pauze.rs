//! TW15: a toewijzing that lapsed because groepsaanbod stood still too long.
//!
//! Needs stop and start messages with RedenBeeindiging. Source: ID XIV groepsaanbod 9.

use crate::dossier::{Ernst, Onderdeel, Product};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Line, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TW15",
    title: "Toewijzing vervallen door een pauze",
    what: "Groepsaanbod werd tijdelijk gestopt en niet binnen de termijn hervat. Elke declaratieregel die later dan die termijn na de stop begint, is een fout als een latere start is gemeld, en anders een onzekerheid: de start kan vergeten zijn.",
    why: "Na een te lange pauze vervalt de toewijzing en is een nieuwe nodig.",
    for_aanbieder: "De toewijzing was vervallen, omdat de hulp na een pauze niet op tijd is hervat.",
    needs: needs!("startstop met {}", Startstop(RedenBeeindiging)),
    parameters: &[WEKEN.spec()],
    about: Some(|p: &Product| p.onderdeel() == Some(Onderdeel::Groepsaanbod)),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

const WEKEN: Parameter<i64> = Parameter::new(
    "weken",
    "weken waarbinnen groepsaanbod na een tijdelijke stop moet zijn hervat",
);

fn check(line: &Line<'_>, settings: &RuleSettings) -> Verdict {
    if super::toewijzing(line)?.is_none() {
        return Ok(Ruling::NotApplicable);
    }
    let course = line.course()?;
    let weken = settings.at(&WEKEN, line.data.begindatum);
    let vervallen = course.temporary_stops().find(|stop| {
        let uiterlijk = stop.plus_dagen(7 * weken);
        let resume = course.starts().any(|start| *stop <= start && start <= uiterlijk);
        !resume && line.data.begindatum > uiterlijk
    });
    let Some(stop) = vervallen else { return Ok(Ruling::InOrder) };
    let resumed = course.starts().any(|start| start > stop);
    line.bevinding(if resumed { Ernst::Fout } else { Ernst::Onzekerheid })
        .found(format!("tijdelijk gestopt op {} en niet binnen {weken} weken hervat", stop))
        .expected(format!(
            "hervatting uiterlijk op {}, of een nieuwe toewijzing",
            stop.plus_dagen(7 * weken)
        ))
        .toelichting(
            "Beoordeel of de toewijzing is vervallen of de gemeente een langere pauze toestond.",
        )
        .into()
}
