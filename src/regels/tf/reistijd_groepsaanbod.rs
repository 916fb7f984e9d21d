//! TF09: travel time declared on groepsaanbod.
//!
//! Needs ReistijdMinuten. Source: ID XIV groepsaanbod 10.

use crate::dossier::{Ernst, Kolom, Onderdeel, Volume};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TF09",
    title: "Reistijd op groepsaanbod",
    what: "Reisminuten op een declaratieregel voor groepsaanbod zijn een fout, naar rato van het bedrag.",
    why: "Reistijd is bij groepsaanbod niet declarabel.",
    for_aanbieder: "Reistijd mag bij groepsaanbod niet worden gedeclareerd.",
    needs: needs!("{}", Declaraties(ReistijdMinuten)),
    about: Some(|p| p.onderdeel() == Some(Onderdeel::Groepsaanbod)),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, _: &RuleSettings) -> Verdict {
    line.kolom(Kolom::ReistijdMinuten)?;
    let reistijd = line.contact().reistijd_minuten.ok_or(Reason::GeenReistijdMinuten)?;
    if reistijd == Volume::ZERO {
        return Ok(Ruling::InOrder);
    }
    let minuten = line.hundredth_minuten()?;
    line.bevinding(Ernst::Fout)
        .bedrag(line.share_of_bedrag(reistijd.0, minuten))
        .found(format!("{reistijd} reisminuten"))
        .expected("geen reistijd op groepsaanbod")
        .into()
}
