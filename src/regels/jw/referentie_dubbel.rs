//! JW01: a ReferentieNummer used twice by one aanbieder.
//!
//! All lines count, debit and credit, live or not, of every year; the first in order is the
//! original. Source: iJw TR314.

use crate::dossier::Ernst;
use crate::regelset::RuleSettings;
use crate::toetsing::{AanbiederGroup, Check, Outcomes, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "JW01",
    title: "Referentienummer dubbel",
    what: "Een ReferentieNummer dat dezelfde aanbieder vaker gebruikt. In volgorde is de eerste declaratieregel de oorspronkelijke; elke volgende is een fout.",
    why: "Met een dubbel nummer is niet vast te stellen welke declaratieregel wordt gecrediteerd.",
    for_aanbieder: "Dit referentienummer hebt u vaker gebruikt.",
    needs: needs!("{}", Declaraties(ReferentieNummer)),
    checks: &[Check::Aanbieder(check)],
    ..Rule::BASE
};

fn check(group: &AanbiederGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    out.tested += group.count_in_leverjaar();
    for (line, origineel) in group.repeated_references() {
        if c.in_leverjaar(line.data) {
            out.bevinding(
                line.bevinding(Ernst::Fout)
                    .found(format!(
                        "nummer al gebruikt voor een declaratieregel van {} t/m {}",
                        origineel.data.begindatum, origineel.data.einddatum
                    ))
                    .expected("een eigen ReferentieNummer per declaratieregel"),
            );
        }
    }
}
