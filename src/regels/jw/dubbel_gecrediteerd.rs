//! JW03: a debit line credited twice.
//!
//! Needs VorigReferentieNummer. Source: iJw TR390.

use super::credit_zonder_debet::creditregels;
use crate::dossier::{CreditState, Ernst};
use crate::regelset::RuleSettings;
use crate::toetsing::{AanbiederGroup, Check, Outcomes, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "JW03",
    title: "Debetregel dubbel gecrediteerd",
    what: "Een creditregel waarvan de debetregel al door een andere creditregel is teruggenomen.",
    why: "Een debetregel kan maar één keer worden teruggenomen.",
    for_aanbieder: "De declaratieregel die deze creditregel terugneemt, was al teruggenomen.",
    needs: needs!("{} en {}", Declaraties(DebetCredit, VorigReferentieNummer)),
    checks: &[Check::Aanbieder(check)],
    ..Rule::BASE
};

fn check(group: &AanbiederGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    for line in creditregels(group, out) {
        if line.data.state == CreditState::CreditTwice {
            out.bevinding(
                line.bevinding(Ernst::Fout)
                    .found("de debetregel is al teruggenomen")
                    .expected("één creditregel per debetregel"),
            );
        }
    }
}
