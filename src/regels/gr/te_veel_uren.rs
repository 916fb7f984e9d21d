//! GR02: more hours in a group than a day has.
//!
//! Above the hours of all calendar days is certain, above those of weekdays a person must judge.
//! Stands in ID 1.8 only. Source: ID 8.5.3, XIV.

use super::is_all_inclusive;
use crate::dossier::{Ernst, Volume};
use crate::regels::version_at::{AT_MOST, VersionAt};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Line, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "GR02",
    title: "Te veel uren groepsaanbod per dag",
    what: "De uren van een declaratieregel voor groepsaanbod extra zwaar of intensief zijn meer dan het maximum per dag maal de dagen van de periode (fout; voor levering van voor de versie die dit vraagt een onzekerheid) of maal de weekdagen (onzekerheid).",
    why: "Deze intensiteiten zijn dagprogramma's met een maximum per dag.",
    for_aanbieder: "Er zijn meer uren groepsaanbod gedeclareerd dan er per dag mogen.",
    needs: needs!("Volume in uren, minuten of dagdelen").and_volume(),
    parameters: &[HOURS.spec(), AT_MOST.spec()],
    about: Some(is_all_inclusive),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

const HOURS: Parameter<i64> =
    Parameter::new("uren_per_dag", "uren die per dag gedeclareerd mogen worden");

fn check(line: &Line<'_>, settings: &RuleSettings) -> Verdict {
    let Some(periode) = line.data.periode() else { return Ok(Ruling::NotApplicable) };
    let minuten = line.data.hundredth_minuten().ok_or(Reason::GeenTijdseenheid)?;
    let hours = settings.at(&HOURS, line.data.begindatum);
    let maximum = |dagen: i64| Volume::whole(hours * dagen * 60).0;
    let (dagen, weekdagen) = (periode.dagen(), periode.weekdagen());
    let (ernst, limit, what) = if minuten > maximum(dagen) {
        (Ernst::Fout, dagen, "dagen")
    } else if minuten > maximum(weekdagen) {
        (Ernst::Onzekerheid, weekdagen, "weekdagen")
    } else {
        return Ok(Ruling::InOrder);
    };
    let b = line
        .bevinding(ernst)
        .bedrag(line.share_of_bedrag(minuten - maximum(limit), minuten))
        .found(format!("{} uur in {periode}", Volume(minuten / 60)))
        .expected(format!("hoogstens {} uur: {hours} per dag over {limit} {what}", hours * limit));
    match ernst {
        Ernst::Fout => VersionAt::on(settings, line.data.begindatum).clamp(b),
        _ => b.toelichting("Beoordeel of de groep ook in het weekend open was."),
    }
    .into()
}
