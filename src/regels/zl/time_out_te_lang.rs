//! ZL06: a time-out for longer than five working days.
//!
//! Looks at the lines on products of perceel 4, of all years. Source: C13 perceel 4, a consultation.

use super::{CONSULTATION, is_of_perceel};
use crate::dossier::{Eenheid, Ernst, Niveau, Volume};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Line, Outcomes, Reason, Rule, ToewijzingGroup, needs};

pub(crate) static RULE: Rule = Rule {
    code: "ZL06",
    title: "Time-out te lang",
    what: "De etmalen op een toewijzing voor producten van perceel 4 zijn samen meer dan de dagen waarin vijf werkdagen passen. Is er niet in etmalen gedeclareerd, dan tellen bij contactregels de dagen van de eerste Begindatum tot en met de laatste Einddatum. Dat is een signaal.",
    why: "Een time-out duurt hoogstens vijf werkdagen. De bron is een consultatie, die zowel 5 dagen als 5 werkdagen zegt.",
    for_aanbieder: "De time-out duurde langer dan is toegestaan.",
    needs: needs!("{} van het product; volume in etmalen, of contactregels", Producten(Perceel))
        .and_volume(),
    parameters: &[PERCEEL.spec(), DAGEN.spec()],
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

const PERCEEL: Parameter<i64> = Parameter::new("perceel", "perceel van de time-outvoorzieningen");

const DAGEN: Parameter<i64> =
    Parameter::new("dagen", "dagen waarin vijf werkdagen passen: met een weekend erin zeven");

fn check(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let Some((id, _)) = group.in_leverjaar() else { return };
    let c = group.context;
    let perceel = settings.at(&PERCEEL, c.last_dag());
    for unknown in group.leverjaar_lines().filter_map(|l| l.product.known().err()) {
        out.not_testable(unknown.into());
    }
    let lines: Vec<Line<'_>> =
        group.lines().filter(|l| is_of_perceel(l.product, perceel)).collect();
    if lines.is_empty() {
        return;
    }
    let Some((length, found)) = out.known(length(&lines, c.niveau)) else { return };
    out.tested();
    let dagen = settings.at(&DAGEN, c.last_dag());
    if length > Volume::whole(dagen) {
        out.bevinding(
            group
                .bevinding(id, Ernst::Signaal)
                .on_lines(lines)
                .found(found)
                .expected(format!("hoogstens {dagen} dagen: vijf werkdagen met een weekend"))
                .toelichting(CONSULTATION)
                .also("Zij zegt zowel 5 dagen als 5 werkdagen."),
        );
    }
}

/// How long the time-out took, in days, and in words.
fn length(lines: &[Line<'_>], niveau: Niveau) -> Result<(Volume, String), Reason> {
    let in_etmalen = lines.iter().filter(|l| l.data.eenheid == Eenheid::ETMAAL);
    let etmalen: Vec<i64> = in_etmalen.map(|l| l.data.geleverd_volume.0).collect();
    if !etmalen.is_empty() {
        let sum = Volume(etmalen.into_iter().sum());
        return Ok((sum, format!("{sum} etmalen time-out")));
    }
    let first = lines.iter().map(|l| l.data.begindatum).min();
    let last = lines.iter().map(|l| l.data.einddatum).max();
    match (niveau, first, last) {
        (Niveau::Contact, Some(first), Some(last)) => {
            let dagen = last.dagen_after(first) + 1;
            Ok((Volume::whole(dagen), format!("time-out van {first} t/m {last}, {dagen} dagen")))
        }
        _ => Err(Reason::GeenEtmalen),
    }
}
