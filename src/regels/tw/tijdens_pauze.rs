//! TW17: groepsaanbod declared while it stood still.
//!
//! Needs stop and start messages with RedenBeeindiging. Source: ID XIV groepsaanbod 9.

use crate::dossier::{Ernst, Onderdeel, Product};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TW17",
    title: "Gedeclareerd tijdens een pauze",
    what: "Een declaratieregel voor groepsaanbod die geheel in een pauze valt, is een fout; valt zij er voor een deel in, of is geen latere start gemeld, dan is het een onzekerheid. Een pauze loopt van de dag na een tijdelijke stop tot en met de dag voor de volgende start.",
    why: "Tijdens een pauze wordt niet geleverd en dus niet gedeclareerd.",
    for_aanbieder: "De hulp is gedeclareerd tijdens een pauze.",
    needs: needs!("startstop met {}", Startstop(RedenBeeindiging)),
    about: Some(|p: &Product| p.onderdeel() == Some(Onderdeel::Groepsaanbod)),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, _: &RuleSettings) -> Verdict {
    if super::toewijzing(line)?.is_none() {
        return Ok(Ruling::NotApplicable);
    }
    let course = line.course()?;
    let Some(periode) = line.data.periode() else { return Ok(Ruling::NotApplicable) };
    // Pauses that share a day end on the same day, and none borders on another: the one that holds
    // most of the period tells whether it lies wholly in one.
    let geraakt = course
        .pauses()
        .filter_map(|p| Some((p, p.part_of(periode, 1)?.dagen())))
        .max_by_key(|(_, dagen)| *dagen);
    let Some((pauze, dagen)) = geraakt else { return Ok(Ruling::InOrder) };
    let whole = dagen == periode.dagen();
    let is_fout = whole && pauze.start.is_some();
    let ernst = if is_fout { Ernst::Fout } else { Ernst::Onzekerheid };
    let until = match pauze.start {
        Some(start) => format!("tot de start op {start}"),
        None => "zonder latere start".to_owned(),
    };
    let mut b = line
        .bevinding(ernst)
        .found(format!(
            "{} in een pauze na de tijdelijke stop van {}, {until}",
            if whole { "geheel" } else { "gedeeltelijk" },
            pauze.stop
        ))
        .expected("geen declaratie over dagen in een pauze");
    if !whole {
        b = b.toelichting("Beoordeel of alle hulp op de dagen buiten de pauze is geleverd.");
    } else if !is_fout {
        b = b.toelichting("Er is geen latere start gemeld: beoordeel of de hulp al was hervat.");
    }
    b.into()
}
