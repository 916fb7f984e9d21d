//! PV01: more declared than accounted for.
//!
//! Needs a definitive or certified productieverantwoording. Source: ID eis 59.

use super::{bevinding, gedeclareerd, verantwoording_or_reason};
use crate::dossier::Ernst;
use crate::regelset::RuleSettings;
use crate::toetsing::{AanbiederGroup, Check, Outcomes, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "PV01",
    title: "Meer gedeclareerd dan verantwoord",
    what: "Per aanbieder en gemeente is de som van de levende declaratieregels hoger dan het Bedrag van de definitieve of gewaarmerkte productieverantwoording. Het verschil is een onzekerheid.",
    why: "De verantwoording is wat de aanbieder, en zijn accountant, over het jaar verklaart.",
    for_aanbieder: "Er is meer gedeclareerd dan u hebt verantwoord.",
    needs: needs!("productieverantwoording met {}", Productieverantwoording(Status)),
    checks: &[Check::Aanbieder(check)],
    ..Rule::BASE
};

fn check(group: &AanbiederGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let Some(verantwoordingen) = verantwoording_or_reason(group, out) else { return };
    let gedeclareerd = gedeclareerd(group);
    for v in verantwoordingen {
        let Some(bedrag) = out.known(super::definitief_bedrag(&v, group)) else { continue };
        out.tested();
        let sum = gedeclareerd.get(&v.gemeente).copied().unwrap_or_default();
        if sum > bedrag {
            out.bevinding(
                bevinding(group.id, v.gemeente, Ernst::Onzekerheid)
                    .bedrag(sum - bedrag)
                    .measured(sum, bedrag)
                    .found(format!("{sum} gedeclareerd"))
                    .expected(format!("hoogstens {bedrag}, zoals verantwoord"))
                    .toelichting("De gemeente kan een nieuwe controleverklaring vragen."),
            );
        }
    }
}
