//! TW10: declared on a toewijzing that was removed.
//!
//! Needs RedenWijziging of the version in force. Source: iJw TR384.

use crate::dossier::Kolom;
use crate::regels::changed::by_versions;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, LineKind, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TW10",
    title: "Verwijderde toewijzing",
    what: "De geldende versie van de toewijzing is verwijderd. Was zij dat bij levering nog niet, dan is dat een onzekerheid.",
    why: "Op een verwijderde toewijzing mag niets worden gedeclareerd.",
    for_aanbieder: "De toewijzing is verwijderd.",
    needs: needs!(
        "{}; {} van de toewijzing",
        Declaraties(ToewijzingNummer),
        Toewijzingen(RedenWijziging)
    ),
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

fn check(kind: &LineKind<'_>, _: &RuleSettings) -> Verdict {
    let Some(t) = super::toewijzing_with(kind, Kolom::RedenWijziging)? else {
        return Ok(Ruling::NotApplicable);
    };
    by_versions(
        kind,
        t,
        &[Kolom::RedenWijziging],
        |v| Ok(v.is_removed()?),
        |ernst| {
            kind.bevinding(ernst)
                .found(format!("toewijzing verwijderd op {}", t.toewijzingsdatum))
                .expected("een geldige toewijzing")
        },
    )
}
