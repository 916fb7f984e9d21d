//! TW10: declared on a toewijzing that was removed.
//!
//! Needs RedenWijziging of the version in force. Source: iJw TR384.

use crate::dossier::{Ernst, Kolom, RedenWijziging};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, LineKind, Rule, Ruling, Verdict};

pub(crate) static RULE: Rule = Rule {
    code: "TW10",
    title: "Verwijderde toewijzing",
    what: "De geldende versie van de toewijzing is verwijderd.",
    why: "Op een verwijderde toewijzing mag niets worden gedeclareerd.",
    needs: "ToewijzingNummer; RedenWijziging van de toewijzing",
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

fn check(kind: &LineKind<'_>, _: &RuleSettings) -> Verdict {
    let Some(t) = super::toewijzing_with(kind, Kolom::RedenWijziging)? else {
        return Ok(Ruling::NotApplicable);
    };
    if t.reden_wijziging != Some(RedenWijziging::REMOVED) {
        return Ok(Ruling::InOrder);
    }
    kind.bevinding(Ernst::Fout)
        .found(format!("toewijzing verwijderd op {}", t.toewijzingsdatum))
        .expected("een geldige toewijzing")
        .into()
}
