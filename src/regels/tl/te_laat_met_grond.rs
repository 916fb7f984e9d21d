//! TL02: received too long after the month of delivery, with a ground for exception.
//!
//! The grounds of the contract are a dispute and a toewijzing that the gemeente sent late. A
//! correction of a line that was in time is this program's own reading, not the contract's.
//! Needs Ontvangstdatum. Source: ID eis 35.

use super::{Ground, Limits, TooLate, too_late_lines};
use crate::dossier::{Dag, Ernst, Toewijzing};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{AanbiederGroup, Check, Outcomes, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TL02",
    title: "Te laat ingediend, met een grond voor uitzondering",
    what: "Van declaratieregels die te laat zijn ontvangen, wordt gekeken of er een grond voor uitzondering is: een dispuut over de toewijzing, een toewijzing die de gemeente te laat verstuurde, of een correctie van een declaratieregel die wel op tijd was. De mildste grond telt.",
    why: "Bij een dispuut of een late toewijzing vervalt de aanspraak niet. De correctie is een eigen lezing van dit programma en staat niet in het contract.",
    for_aanbieder: "De declaratieregel is later ingediend dan is toegestaan; er kan een grond voor een uitzondering zijn.",
    needs: needs!(
        "{}; {}, {} en {} van de toewijzing",
        Declaraties(Ontvangstdatum),
        Toewijzingen(Dispuut, Verzonden, Toewijzingsdatum)
    ),
    parameters: &[DAGEN.spec(), TOEWIJZING_LAAT_NA.spec()],
    checks: &[Check::Aanbieder(check)],
    ..Rule::BASE
};

pub(super) const DAGEN: Parameter<i64> = Parameter::new(
    "dagen",
    "dagen na de maand van levering waarbinnen een declaratie binnen moet zijn",
);

pub(super) const TOEWIJZING_LAAT_NA: Parameter<i64> = Parameter::new(
    "toewijzing_laat_na",
    "dagen na de ingangsdatum waarna een toewijzing te laat is verstuurd",
);

pub(super) fn limits(settings: &RuleSettings, dag: Dag) -> Limits {
    Limits {
        dagen: settings.at(&DAGEN, dag),
        toewijzing_laat_na: settings.at(&TOEWIJZING_LAAT_NA, dag),
    }
}

/// The ground of a toewijzing that was sent late, in words.
fn late_toewijzing(t: &Toewijzing, late_after: i64) -> String {
    let after = format!("meer dan {late_after} dagen na de ingangsdatum {}", t.ingangsdatum);
    match t.first().verzonden() {
        Ok(Some(sent)) => format!("Grond: de toewijzing is pas op {sent} verzonden, {after}."),
        _ => format!(
            "Grond: de Toewijzingsdatum is {}, {after}. Wanneer de toewijzing is verzonden, staat niet in de bestanden.",
            t.first().toewijzingsdatum
        ),
    }
}

fn check(group: &AanbiederGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let grenzen = limits(settings, group.context.last_dag());
    let (limit, late_after) = (grenzen.dagen, grenzen.toewijzing_laat_na);
    for TooLate { line, dagen, grond } in too_late_lines(group, &grenzen, out) {
        let Some(grond) = grond else { continue };
        let ernst = match grond {
            Ground::Dispuut | Ground::ToewijzingLaat => Ernst::Signaal,
            Ground::Correction => Ernst::Onzekerheid,
        };
        let toelichting = match (grond, line.toewijzing()) {
            (Ground::Dispuut, _) => "Grond: er is een dispuut over de toewijzing.".to_owned(),
            (Ground::Correction, _) => "Grond (eigen lezing, niet in eis 35): een eerdere declaratieregel voor dezelfde levering was op tijd en is teruggenomen.".to_owned(),
            (Ground::ToewijzingLaat, Ok(t)) => late_toewijzing(t, late_after),
            (Ground::ToewijzingLaat, Err(_)) => String::new(),
        };
        out.bevinding(
            line.bevinding(ernst)
                .counted(dagen, limit)
                .found(format!("ontvangen {dagen} dagen na de maand van levering"))
                .expected(format!("binnen {limit} dagen, tenzij er een grond is"))
                .toelichting(toelichting),
        );
    }
}
