//! TW09: a unit that doesn't fit the toewijzing's.
//!
//! Hours may be declared in minutes. Needs Eenheid of the toewijzing. Source: iJw TR341.

use crate::dossier::{Ernst, Kolom};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, LineKind, Rule, Ruling, Verdict};

pub(crate) static RULE: Rule = Rule {
    code: "TW09",
    title: "Andere eenheid",
    what: "De toewijzing noemt een eenheid en die van de regel past er niet bij. Uren mogen in minuten worden gedeclareerd.",
    why: "Zonder passende eenheid is het volume niet te vergelijken met wat is toegewezen.",
    needs: "ToewijzingNummer; Eenheid van de toewijzing",
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

fn check(kind: &LineKind<'_>, _: &RuleSettings) -> Verdict {
    let Some(t) = super::toewijzing_with(kind, Kolom::Eenheid)? else {
        return Ok(Ruling::NotApplicable);
    };
    let Some(toegewezen) = t.eenheid else { return Ok(Ruling::NotApplicable) };
    if super::eenheid_fits(toegewezen, kind.eenheid()) {
        return Ok(Ruling::InOrder);
    }
    let own = kind.eenheid();
    kind.bevinding(Ernst::Fout)
        .found(format!("eenheid {own} ({})", own.name()))
        .expected(format!("eenheid {toegewezen} ({})", toegewezen.name()))
        .into()
}
