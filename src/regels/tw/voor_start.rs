//! TW20: delivered before help began.
//!
//! Time before the start isn't paid: the aanbieder's Toetsing isn't declarable. Needs start messages.
//! Source: ID eis 47; RTP 2.4.3, 2.4.6.

use crate::dossier::Ernst;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Outcomes, Reason, Rule, Ruling, ToewijzingGroup, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TW20",
    title: "Gedeclareerd voor de start van de hulp",
    what: "De Einddatum van de declaratieregel ligt voor de eerste start die op de toewijzing is gemeld, zonder dat het om crisis gaat (naar Bijzonderheid, categorie of onderdeel). Dat is een onzekerheid.",
    why: "Voor de start is er geen hulp; de toetsing of de aanbieder de hulp kan bieden, wordt niet vergoed.",
    for_aanbieder: "De hulp is gedeclareerd voor de gemelde start.",
    needs: needs!("{}; {} van de toewijzing", Startstop(), Toewijzingen(Bijzonderheid)),
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

fn check(group: &ToewijzingGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    let first = group.toewijzing.map_or(Err(Reason::GeenToewijzing), |(id, _)| {
        let starts = c.startstop()?.of(id).iter().filter(|b| b.is_start());
        starts.map(|b| b.datum).min().ok_or(Reason::GeenStartbericht)
    });
    group.each_line(out, |line| {
        let Some(t) = super::toewijzing(line)? else { return Ok(Ruling::NotApplicable) };
        let start = first?;
        if line.data.einddatum >= start || group.is_crisis()? {
            return Ok(Ruling::InOrder);
        }
        let b = line
            .bevinding(Ernst::Onzekerheid)
            .found(format!("eindigt op {}", line.data.einddatum))
            .expected(format!("levering vanaf {start}, de eerste start die is gemeld"))
            .toelichting("Beoordeel of de start te laat is gemeld, of dat voor de start is gedeclareerd; toetsing wordt niet vergoed.");
        if c.knows_bijzonderheid(t) {
            b
        } else {
            b.also("De kolom Bijzonderheid, waarin crisis kan staan, ontbreekt.")
        }
        .into()
    });
}
