//! TW05: delivery before the toewijzing begins.
//!
//! In a crisis time before the toewijzing may be declared: a person judges. Needs Begindatum.
//! Source: iJw TR307; ID XIV ambulant 3.

use crate::dossier::Ernst;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Outcomes, Rule, Ruling, ToewijzingGroup, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TW05",
    title: "Voor de ingangsdatum van de toewijzing",
    what: "De Begindatum van de declaratieregel ligt voor de Ingangsdatum van de toewijzing. Bij crisis (naar Bijzonderheid, categorie of onderdeel van de toewijzing) is dat een onzekerheid.",
    why: "Hulp voor de ingangsdatum is niet toegewezen; alleen tijd tussen een crisismelding en de toewijzing kan declarabel zijn.",
    for_aanbieder: "De hulp is geleverd voor de ingangsdatum van de toewijzing.",
    needs: needs!(
        "{}; {} van de toewijzing",
        Declaraties(ToewijzingNummer),
        Toewijzingen(Bijzonderheid)
    ),
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

fn check(group: &ToewijzingGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    group.each_line(out, |line| {
        let Some(t) = super::toewijzing(line)? else { return Ok(Ruling::NotApplicable) };
        if line.data.begindatum >= t.ingangsdatum {
            return Ok(Ruling::InOrder);
        }
        let (ernst, toelichting) = if group.is_crisis()? {
            let sentence = "Crisis: beoordeel of dit tijd tussen de melding en de toewijzing is.";
            (Ernst::Onzekerheid, sentence)
        } else if !line.context.knows_bijzonderheid(t) {
            let sentence = "De kolom Bijzonderheid, waarin crisis kan staan, ontbreekt.";
            (Ernst::Onzekerheid, sentence)
        } else {
            (Ernst::Fout, "")
        };
        line.bevinding(ernst)
            .found(format!("begint op {}", line.data.begindatum))
            .expected(format!("niet voor {}", t.ingangsdatum))
            .toelichting(toelichting)
            .into()
    });
}
