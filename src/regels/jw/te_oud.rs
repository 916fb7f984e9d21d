//! JW08: declared more than five years after delivery.
//!
//! Needs DeclaratieDagtekening. Source: iJw TR335.

use crate::dossier::{Ernst, Kolom};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Line, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "JW08",
    title: "Ouder dan de verjaringstermijn",
    what: "De DeclaratieDagtekening ligt meer dan de termijn na de Einddatum van de declaratieregel. Dat is een fout.",
    why: "Een vordering van zo lang geleden is verjaard.",
    for_aanbieder: "De declaratie is ouder dan de verjaringstermijn.",
    needs: needs!("{}", Declaraties(DeclaratieDagtekening)),
    parameters: &[JAREN.spec()],
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

const JAREN: Parameter<i64> =
    Parameter::new("jaren", "jaren waarna een levering niet meer kan worden gedeclareerd");

fn check(line: &Line<'_>, settings: &RuleSettings) -> Verdict {
    line.kolom(Kolom::DeclaratieDagtekening)?;
    let dagtekening =
        line.data.declaratie_dagtekening().ok_or(Reason::GeenDeclaratieDagtekening)?;
    let jaren = settings.at(&JAREN, line.data.einddatum) as i32;
    let uiterlijk = line.data.einddatum.plus_jaren(jaren);
    if uiterlijk >= dagtekening {
        return Ok(Ruling::InOrder);
    }
    line.bevinding(Ernst::Fout)
        .found(format!("geleverd tot en met {}, declaratie van {dagtekening}", line.data.einddatum))
        .expected(format!("een declaratie uiterlijk op {uiterlijk}"))
        .into()
}
