//! TW06: delivery after the toewijzing ends.
//!
//! Needs Einddatum of the toewijzing. Source: iJw TR308.

use crate::dossier::{Ernst, Kolom};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Rule, Ruling, Verdict};

pub(crate) static RULE: Rule = Rule {
    code: "TW06",
    title: "Na de einddatum van de toewijzing",
    what: "De Einddatum van de regel ligt na de Einddatum van de toewijzing.",
    why: "Hulp na de einddatum is niet toegewezen.",
    needs: "ToewijzingNummer; Einddatum van de toewijzing",
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, _: &RuleSettings) -> Verdict {
    let Some(t) = super::toewijzing_with(line, Kolom::Einddatum)? else {
        return Ok(Ruling::NotApplicable);
    };
    match t.einddatum {
        Some(end) if line.data.einddatum > end => line
            .bevinding(Ernst::Fout)
            .found(format!("eindigt op {}", line.data.einddatum))
            .expected(format!("niet na {end}"))
            .into(),
        _ => Ok(Ruling::InOrder),
    }
}
