//! WV06: a stay on a medical referral.
//!
//! Needs Verwijzer and Bijzonderheid of the toewijzing. Source: ID 9.6, eis 88.3.

use crate::dossier::{Bijzonderheid, Ernst, Kolom, Onderdeel};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Outcomes, Reason, Rule, ToewijzingGroup, needs};

pub(crate) static RULE: Rule = Rule {
    code: "WV06",
    title: "Verblijf op medische verwijzing",
    what: "Een toewijzing voor verblijf met een medische verwijzer en zonder toestemming van de gemeente is een signaal.",
    why: "Over verblijf beslist de Toegang, ook na een medische verwijzing.",
    for_aanbieder: "Het verblijf is toegewezen op een medische verwijzing, zonder onze toestemming.",
    needs: needs!("{} en {} van de toewijzing", Toewijzingen(Verwijzer, Bijzonderheid)),
    parameters: &[VERWIJZERS.spec()],
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

const VERWIJZERS: Parameter<[u8]> = Parameter::new("verwijzers", "medische verwijzers (COD327)");

fn check(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let Some((id, t)) = group.of_onderdeel(Onderdeel::Verblijf, Kolom::Verwijzer, out) else {
        return;
    };
    let verwijzer = t.verwijzer().map_err(Reason::from);
    let verwijzer = verwijzer.and_then(|v| v.ok_or(Reason::GeenVerwijzer));
    let Some(verwijzer) = out.known(verwijzer) else { return };
    let Some(consent) = out.known(t.names(Bijzonderheid::Toestemming)) else { return };
    out.tested();
    let medisch = settings.at(&VERWIJZERS, t.ingangsdatum).contains(&verwijzer.0);
    if !medisch || consent {
        return;
    }
    let mut b = group
        .bevinding(id, Ernst::Signaal)
        .found(format!("verblijf met verwijzer {verwijzer}"))
        .expected("een besluit van de Toegang, of toestemming");
    if !group.context.knows_bijzonderheid(t) {
        b = b.also("De kolom Bijzonderheid, waarin toestemming kan staan, ontbreekt.");
    }
    out.bevinding(b);
}
