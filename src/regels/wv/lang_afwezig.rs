//! WV08: a stay declared during a long absence.
//!
//! Needs stop and start messages with RedenBeeindiging. Source: ID 9.7.

use super::is_verblijf;
use crate::dossier::{Ernst, Pause, Periode};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Line, Rule, Ruling, Verdict};

pub(crate) static RULE: Rule = Rule {
    code: "WV08",
    title: "Verblijf tijdens lange afwezigheid",
    what: "Een regel voor verblijf met dagen die verder dan het toegestane aantal dagen in een pauze liggen. Het bedrag naar rato van die dagen is een onzekerheid.",
    why: "Een plaats mag bij afwezigheid maar beperkt worden doorbetaald.",
    needs: "startstop met RedenBeeindiging",
    parameters: &[DAGEN.spec()],
    about: Some(is_verblijf),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

const DAGEN: Parameter<i64> =
    Parameter::new("dagen", "dagen afwezigheid die gedeclareerd mogen worden");

fn check(line: &Line<'_>, settings: &RuleSettings) -> Verdict {
    let berichten = line.berichten_with_reason()?;
    let Some(periode) = line.data.periode() else { return Ok(Ruling::NotApplicable) };
    let allowed = settings.at(&DAGEN, line.data.begindatum);
    let later: Vec<Periode> =
        Pause::of(berichten).filter_map(|p| p.part_of(periode, allowed + 1)).collect();
    if later.is_empty() {
        return Ok(Ruling::InOrder);
    }
    // Pauses may overlap: each day counts once.
    let dagen = (0..periode.dagen())
        .map(|n| periode.begin().plus_dagen(n))
        .filter(|dag| later.iter().any(|p| p.contains(*dag)))
        .count() as i64;
    line.bevinding(Ernst::Onzekerheid)
        .bedrag(line.share_of_bedrag(dagen, periode.dagen()))
        .found(format!(
            "{dagen} van de {} dagen na meer dan {allowed} dagen afwezigheid",
            periode.dagen()
        ))
        .expected(format!("hoogstens {allowed} dagen afwezigheid per pauze"))
        .toelichting("Beoordeel of de plaats op verzoek van de gemeente werd aangehouden.")
        .into()
}
