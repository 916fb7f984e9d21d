//! JW06: a period that doesn't end as a monthly declaration must.
//!
//! The last day of the month, or the toewijzing's Einddatum if that is earlier. Source: iJw TR388.

use crate::dossier::{Ernst, Kolom, Niveau};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "JW06",
    title: "Periode eindigt niet op de juiste dag",
    what: "De Einddatum van een maandregel is niet de laatste dag van de maand of, als die eerder is, de Einddatum van de toewijzing. Dat is een signaal; bij niveau contact geldt het niet.",
    why: "Een maandregel beslaat de hele maand of het toegewezen deel ervan.",
    for_aanbieder: "De periode van de declaratieregel eindigt niet op de juiste dag.",
    needs: needs!(
        "{}; {} van de toewijzing",
        Declaraties(ToewijzingNummer),
        Toewijzingen(Einddatum)
    ),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, _: &RuleSettings) -> Verdict {
    if line.context.niveau == Niveau::Contact {
        return Ok(Ruling::NotApplicable);
    }
    let t = line.toewijzing_with(Kolom::Einddatum)?;
    let maandeinde = line.data.einddatum.maandeinde();
    let end = t.einddatum()?.map_or(maandeinde, |e| e.min(maandeinde));
    if line.data.einddatum == end {
        return Ok(Ruling::InOrder);
    }
    line.bevinding(Ernst::Signaal)
        .found(format!("eindigt op {}", line.data.einddatum))
        .expected(format!("een einde op {end}"))
        .into()
}
