//! TW01: no toewijzing.
//!
//! The line's number is empty, no toewijzing has it, or several other gemeenten do. Needs
//! ToewijzingNummer. Source: ID eis 33, 70; iJw TR338.

use crate::dossier::{Ernst, MaatwerkRow, Onderdeel};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, LineKind, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TW01",
    title: "Geen toewijzing",
    what: "Een declaratieregel waarvan het ToewijzingNummer leeg is of bij geen toewijzing hoort, is een fout. Voor maatwerk telt ook een overeenkomst in de tabel maatwerk voor die aanbieder, gemeente en dat nummer.",
    why: "Zonder toewijzing is er geen aanspraak op vergoeding.",
    for_aanbieder: "Bij deze declaratieregel hoort geen toewijzing.",
    needs: needs!("{}", Declaraties(ToewijzingNummer)),
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

/// Is it maatwerk that was agreed on? Such a toewijzing may have gone by mail.
fn has_maatwerk(kind: &LineKind<'_>) -> bool {
    let d = kind.context.dossier;
    let agb = kind.context.agb(kind.aanbieder());
    let is_agreed = |m: &MaatwerkRow| {
        (m.aanbieder, m.gemeente) == (agb, kind.gemeente())
            && m.toewijzing_nummer == kind.toewijzingnummer()
    };
    kind.product.onderdeel() == Some(Onderdeel::Maatwerk)
        && d.maatwerk.iter().flatten().any(is_agreed)
}

fn check(kind: &LineKind<'_>, _: &RuleSettings) -> Verdict {
    match super::toewijzing(kind) {
        Ok(None) => Ok(Ruling::NotApplicable),
        Ok(Some(_)) => Ok(Ruling::InOrder),
        Err(Reason::GeenToewijzing) if has_maatwerk(kind) => Ok(Ruling::InOrder),
        Err(Reason::GeenToewijzing) => {
            let empty = kind.is_without_toewijzingnummer();
            kind.bevinding(Ernst::Fout)
                .found(if empty {
                    "geen ToewijzingNummer"
                } else {
                    "een ToewijzingNummer dat bij geen toewijzing hoort"
                })
                .expected("een toewijzing van de gemeente")
                .toelichting("Andere regels over de toewijzing zijn op deze declaratieregel niet te toetsen.")
                .into()
        }
        Err(reason) => Err(reason),
    }
}
