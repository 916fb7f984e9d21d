//! WV08: a stay declared during a long absence.
//!
//! Needs stop and start messages with RedenBeeindiging. Deeltijdpleegzorg is WV11's.
//! Source: ID 9.7, XIV wonen 6; RTP 3.9.1.

use super::is_verblijf;
use crate::dossier::{Ernst, Pause, Periode, Vorm};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Line, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "WV08",
    title: "Verblijf tijdens lange afwezigheid",
    what: "Een declaratieregel voor verblijf, deeltijdpleegzorg niet, met dagen in een pauze van het genoemde aantal dagen of meer; een pauze zonder latere start geldt als langer. Het bedrag naar rato van al die dagen is een onzekerheid.",
    why: "Afwezigheid mag worden gedeclareerd. Bij een geplande afwezigheid van vier weken of langer moet de aanbieder over het declareren ervan met de gemeente in overleg.",
    for_aanbieder: "Er is verblijf gedeclareerd tijdens een lange afwezigheid.",
    needs: needs!("startstop met {}", Startstop(RedenBeeindiging)),
    parameters: &[DAGEN.spec()],
    about: Some(|p| is_verblijf(p) && p.form() != Some(Vorm::Deeltijdpleegzorg)),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

const DAGEN: Parameter<i64> =
    Parameter::new("dagen", "dagen afwezigheid vanaf wanneer over declareren moet worden overlegd");

fn check(line: &Line<'_>, settings: &RuleSettings) -> Verdict {
    let course = line.course()?;
    let Some(periode) = line.data.periode() else { return Ok(Ruling::NotApplicable) };
    let dagen = settings.at(&DAGEN, line.data.begindatum);
    let is_long = |p: &Pause| p.dagen().is_none_or(|of| of >= dagen);
    let parts: Vec<Periode> =
        course.pauses().filter(is_long).filter_map(|p| p.part_of(periode, 1)).collect();
    if parts.is_empty() {
        return Ok(Ruling::InOrder);
    }
    let away = super::dagen_in(periode, &parts);
    line.bevinding(Ernst::Onzekerheid)
        .bedrag(line.share_of_bedrag(away, periode.dagen()))
        .found(format!(
            "{away} van de {} dagen in een pauze van {dagen} dagen of meer",
            periode.dagen()
        ))
        .expected("overleg met de gemeente over het declareren van de afwezigheid")
        .toelichting("Afwezigheid op zichzelf mag worden gedeclareerd: beoordeel of er overleg was over het declareren van deze hele afwezigheid.")
        .into()
}
