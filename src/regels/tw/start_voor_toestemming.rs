//! TW13: help began before there was a toewijzing.
//!
//! Needs start messages, and Bijzonderheid of the toewijzing for `crisis`. Source: ID eis 45.

use crate::dossier::{Ernst, Startstop};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Outcomes, Reason, Rule, ToewijzingGroup, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TW13",
    title: "Begonnen voor de toestemming",
    what: "De eerste start van hulp op een toewijzing ligt voor haar eerste Toewijzingsdatum, zonder dat het om crisis gaat (naar Bijzonderheid, categorie of onderdeel). Dat is een onzekerheid.",
    why: "Hulp begint pas als de gemeente haar heeft toegewezen; alleen bij crisis kan dat later volgen.",
    for_aanbieder: "De hulp is begonnen voordat zij was toegewezen.",
    needs: needs!("{}; {} van de toewijzing", Startstop(), Toewijzingen(Bijzonderheid)),
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

fn check(group: &ToewijzingGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let Some((id, t)) = group.in_leverjaar() else { return };
    let c = group.context;
    let Some(table) = out.known(c.startstop()) else { return };
    let berichten = table.of(id);
    let starts = berichten.iter().filter(|b| b.is_start());
    let Some(start) = starts.map(|b: &Startstop| b.datum).min() else {
        return out.not_testable(Reason::GeenStartbericht);
    };
    let first = t.first().toewijzingsdatum;
    let Some(crisis) = out.known(group.is_crisis()) else { return };
    out.tested();
    if start >= first || crisis {
        return;
    }
    let mut b = group
        .bevinding(id, Ernst::Onzekerheid)
        .found(format!("hulp begon op {start}"))
        .expected(format!(
            "een start op of na {}, de eerste Toewijzingsdatum",
            first
        ))
        .toelichting(
            "Beoordeel of de gemeente vooraf toestemming gaf, of dat zij een bericht niet kon sturen (eis 45).",
        );
    if !c.knows_bijzonderheid(t) {
        b = b.also("De kolom Bijzonderheid, waarin crisis kan staan, ontbreekt.");
    }
    out.bevinding(b);
}
