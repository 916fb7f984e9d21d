//! ZL05: a toewijzing for a product that needs none.
//!
//! Source: P5 kenmerk 7.

use crate::dossier::{Ernst, Kolom};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Outcomes, Reason, Rule, ToewijzingGroup};

pub(crate) static RULE: Rule = Rule {
    code: "ZL05",
    title: "Toewijzing voor een beschikkingsvrij product",
    what: "Een toewijzing voor een product van perceel 5 is een signaal.",
    why: "Perceel 5 is beschikkingsvrij; een toewijzing kan op een verkeerde productcode wijzen.",
    needs: "ProductCode van de toewijzing",
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

fn check(group: &ToewijzingGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let Some((id, t)) = group.in_leverjaar() else { return };
    let c = group.context;
    if t.product_code.is_empty() {
        let reason = c.kolom(t.file, Kolom::ProductCode).err();
        return out.not_testable(reason.unwrap_or(Reason::ToewijzingZonderProduct));
    }
    out.tested();
    let own = c.dossier.words.get(t.product_code);
    if c.regelset.beschikkingsvrij.iter().any(|code| code == own) {
        out.bevinding(
            group
                .bevinding(id, Ernst::Signaal)
                .found("een toewijzing voor een beschikkingsvrij product")
                .expected("een afspraak in plaats van een toewijzing"),
        );
    }
}
