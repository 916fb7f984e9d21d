//! TW22: a toewijzing without a referral by someone whom the law names.
//!
//! Needs Verwijzer. Source: ID eis 33, 70, definition of Wettelijk verwijzer; RTP eis 70.

use crate::dossier::Ernst;
use crate::dossier::Kolom;
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Outcomes, Reason, Rule, ToewijzingGroup, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TW22",
    title: "Geen wettelijk verwijzer",
    what: "Een toewijzing met zelfverwijzer als Verwijzer is een onzekerheid; het bedrag is wat er in het leverjaar op is gedeclareerd.",
    why: "Jeugdhulp wordt vergoed na een verwijzing van een wettelijk verwijzer: Toegang, GI, huisarts, jeugdarts, medisch specialist of rechter.",
    for_aanbieder: "De toewijzing noemt geen verwijzer die de wet kent.",
    needs: needs!("{} van de toewijzing", Toewijzingen(Verwijzer)),
    parameters: &[VERWIJZERS.spec()],
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

const VERWIJZERS: Parameter<[u8]> =
    Parameter::new("verwijzers", "codes (COD327) die geen wettelijk verwijzer zijn");

fn check(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let Some((id, t)) = group.in_leverjaar() else { return };
    let verwijzer = group.context.kolom(t.file, Kolom::Verwijzer).and_then(|()| Ok(t.verwijzer()?));
    let verwijzer = verwijzer.and_then(|v| v.ok_or(Reason::GeenVerwijzer));
    let Some(verwijzer) = out.known(verwijzer) else { return };
    out.tested();
    if !settings.at(&VERWIJZERS, t.ingangsdatum).contains(&verwijzer.0) {
        return;
    }
    out.bevinding(
        group
            .bevinding(id, Ernst::Onzekerheid)
            .bedrag(group.declared_in_leverjaar())
            .found(format!("verwijzer {verwijzer} (zelfverwijzer)"))
            .expected("een wettelijk verwijzer")
            .toelichting("Beoordeel of er een verwijzing van een wettelijk verwijzer is."),
    );
}
