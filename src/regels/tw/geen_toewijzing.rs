//! TW01: no toewijzing.
//!
//! The line's number is empty, no toewijzing has it, or several other gemeenten do. Needs
//! ToewijzingNummer. Source: ID eis 33, 70; iJw TR338.

use crate::dossier::Ernst;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, LineKind, Reason, Rule, Ruling, Verdict};

pub(crate) static RULE: Rule = Rule {
    code: "TW01",
    title: "Geen toewijzing",
    what: "Een regel waarvan het ToewijzingNummer leeg is of bij geen toewijzing hoort, is een fout.",
    why: "Zonder toewijzing is er geen aanspraak op vergoeding.",
    needs: "ToewijzingNummer",
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

fn check(kind: &LineKind<'_>, _: &RuleSettings) -> Verdict {
    match super::toewijzing(kind) {
        Ok(None) => Ok(Ruling::NotApplicable),
        Ok(Some(_)) => Ok(Ruling::InOrder),
        Err(Reason::GeenToewijzing) => {
            let empty = kind.is_without_toewijzingnummer();
            kind.bevinding(Ernst::Fout)
                .found(if empty {
                    "geen ToewijzingNummer"
                } else {
                    "een ToewijzingNummer dat bij geen toewijzing hoort"
                })
                .expected("een toewijzing van de gemeente")
                .toelichting("Andere regels over de toewijzing zijn op deze regel niet te toetsen.")
                .into()
        }
        Err(reason) => Err(reason),
    }
}
