//! ZL05: a toewijzing for a product that needs none.
//!
//! Whether anything was declared on it or not. Source: P5 kenmerk 7.

use crate::dossier::{Ernst, Kolom, Onleesbaar, Periode};
use crate::regels::chain::stands;
use crate::regelset::RuleSettings;
use crate::toetsing::{
    AuditContext, Check, JeugdigeToewijzingen, Outcomes, Reason, Rule, ToewijzingGroup, needs,
};

pub(crate) static RULE: Rule = Rule {
    code: "ZL05",
    title: "Toewijzing voor een beschikkingsvrij product",
    what: "Een toewijzing met de code van een product van perceel 5 die niet is verwijderd en waarvan de looptijd het leverjaar raakt, is een signaal, ook als er niets op is gedeclareerd.",
    why: "Perceel 5 is beschikkingsvrij; een toewijzing kan op een verkeerde productcode wijzen.",
    for_aanbieder: "Er is een toewijzing voor hulp die geen toewijzing nodig heeft.",
    needs: needs!("{} en {} van de toewijzing", Toewijzingen(ProductCode, Einddatum)),
    checks: &[Check::Toewijzingen(check)],
    ..Rule::BASE
};

fn check(group: &JeugdigeToewijzingen<'_>, _: &RuleSettings, out: &mut Outcomes) {
    for group in &group.toewijzingen {
        check_one(group, out);
    }
}

fn check_one(group: &ToewijzingGroup<'_>, out: &mut Outcomes) {
    let c = group.context;
    let Some((id, t)) = group.toewijzing else { return };
    let known = (|| Ok::<_, Onleesbaar>((stands(t)?, t.termijn()?, t.product_code()?)))();
    let Some((stands, term, code)) = out.known(known) else { return };
    if !stands || leverjaar(c).and_then(|jaar| term.doorsnede(jaar)).is_none() {
        return;
    }
    if code.is_empty() {
        let reason = c.kolom(t.file, Kolom::ProductCode).err();
        return out.not_testable(reason.unwrap_or(Reason::ToewijzingZonderProduct));
    }
    let Some(()) = out.known(c.kolom(t.file, Kolom::Einddatum)) else { return };
    out.tested();
    let own = c.dossier.words.get(code);
    if c.regelset.beschikkingsvrij.iter().any(|code| code == own) {
        out.bevinding(
            group
                .bevinding(id, Ernst::Signaal)
                .found(format!("een toewijzing voor het beschikkingsvrije product {own}"))
                .expected("een afspraak in plaats van een toewijzing"),
        );
    }
}

fn leverjaar(c: &AuditContext<'_>) -> Option<Periode> {
    Periode::new(c.first_dag(), c.last_dag())
}
