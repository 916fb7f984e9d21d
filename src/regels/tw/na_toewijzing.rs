//! TW06: delivery after the toewijzing ends.
//!
//! A breach that only a later change of the toewijzing makes is for a person to judge. Needs Einddatum of the toewijzing. Source: iJw TR308.

use crate::dossier::{Kolom, Versie};
use crate::regels::changed::by_versions;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TW06",
    title: "Na de einddatum van de toewijzing",
    what: "De Einddatum van de declaratieregel ligt na de Einddatum van de toewijzing. Lag zij dat bij levering nog niet, omdat de gemeente de toewijzing later verkortte, dan is dat een onzekerheid.",
    why: "Hulp na de einddatum is niet toegewezen.",
    for_aanbieder: "De hulp is geleverd na de einddatum van de toewijzing.",
    needs: needs!(
        "{}; {} van de toewijzing",
        Declaraties(ToewijzingNummer),
        Toewijzingen(Einddatum)
    ),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, _: &RuleSettings) -> Verdict {
    let Some(t) = super::toewijzing_with(line, Kolom::Einddatum)? else {
        return Ok(Ruling::NotApplicable);
    };
    let Some(end) = t.einddatum()? else { return Ok(Ruling::InOrder) };
    let is_after = |v: &Versie| Ok(v.einddatum()?.is_some_and(|e| line.data.einddatum > e));
    by_versions(line, t, &[Kolom::Einddatum], is_after, |ernst| {
        line.bevinding(ernst)
            .found(format!("eindigt op {}", line.data.einddatum))
            .expected(format!("niet na {end}"))
    })
}
