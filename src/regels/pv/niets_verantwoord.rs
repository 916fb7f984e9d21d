//! PV06: declared, and nothing accounted for.
//!
//! Source: ID eis 53.

use super::{bevinding, gedeclareerd, verantwoording_or_reason};
use crate::dossier::Ernst;
use crate::regelset::RuleSettings;
use crate::toetsing::{AanbiederGroup, Check, Outcomes, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "PV06",
    title: "Gedeclareerd, niets verantwoord",
    what: "Een aanbieder heeft levende declaratieregels voor een gemeente, maar de productieverantwoording heeft voor hem en die gemeente geen rij. De som daarvan is een onzekerheid.",
    why: "Over alles wat is gedeclareerd, legt de aanbieder verantwoording af.",
    for_aanbieder: "Er is gedeclareerd, maar niets verantwoord.",
    needs: needs!("{}", Productieverantwoording()),
    checks: &[Check::Aanbieder(check)],
    ..Rule::BASE
};

fn check(group: &AanbiederGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let Some(verantwoord) = verantwoording_or_reason(group, out) else { return };
    for (gemeente, sum) in gedeclareerd(group) {
        out.tested();
        if !verantwoord.iter().any(|v| v.gemeente == gemeente) {
            out.bevinding(
                bevinding(group.id, gemeente, Ernst::Onzekerheid)
                    .bedrag(sum)
                    .found(format!("{sum} gedeclareerd, niets verantwoord"))
                    .expected("een productieverantwoording voor deze gemeente"),
            );
        }
    }
}
