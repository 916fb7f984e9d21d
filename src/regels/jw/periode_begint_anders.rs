//! JW05: a period that doesn't begin as a monthly declaration must.
//!
//! The first day of the month, or the Ingangsdatum if that is later; the month is the Einddatum's.
//! Source: iJw TR387.

use crate::dossier::{Ernst, Niveau};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "JW05",
    title: "Periode begint niet op de juiste dag",
    what: "De Begindatum van een maandregel is niet de eerste dag van de maand of, als die later is, de Ingangsdatum van de toewijzing. Dat is een signaal; bij niveau contact geldt het niet.",
    why: "Een maandregel beslaat de hele maand of het toegewezen deel ervan.",
    for_aanbieder: "De periode van de declaratieregel begint niet op de juiste dag.",
    needs: needs!("{}", Declaraties(ToewijzingNummer)),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, _: &RuleSettings) -> Verdict {
    if line.context.niveau == Niveau::Contact {
        return Ok(Ruling::NotApplicable);
    }
    let t = line.toewijzing()?;
    let begin = line.data.einddatum.maandbegin().max(t.ingangsdatum);
    if line.data.begindatum == begin {
        return Ok(Ruling::InOrder);
    }
    line.bevinding(Ernst::Signaal)
        .found(format!("begint op {}", line.data.begindatum))
        .expected(format!("een begin op {begin}"))
        .into()
}
