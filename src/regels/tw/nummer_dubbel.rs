//! TW25: one ToewijzingNummer for two children or two aanbieders.
//!
//! A slip of the gemeente; the other rules go on with the version in force. Source: iJw TR332, OP275.

use crate::dossier::Ernst;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Outcomes, Rule, ToewijzingGroup, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TW25",
    title: "Eén nummer voor twee jeugdigen of aanbieders",
    what: "Versies van een toewijzing (zelfde gemeente en ToewijzingNummer) verschillen in Bsn of in Aanbieder. Dat is een onzekerheid op de toewijzing; de andere regels gaan uit van de geldende versie.",
    why: "Een nummer hoort bij één toewijzing; wie op de andere leverde, lijkt anders zonder toewijzing te declareren.",
    for_aanbieder: "Dit toewijzingsnummer is voor twee jeugdigen of aanbieders gebruikt.",
    needs: needs!("{} en {} van de toewijzing", Toewijzingen(Bsn, Aanbieder)),
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

fn check(group: &ToewijzingGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let Some((id, t)) = group.in_leverjaar() else { return };
    out.tested();
    let other_bsn = t.versies().find(|v| v.bsn != t.bsn);
    let other_aanbieder = t.versies().find(|v| v.aanbieder != t.aanbieder);
    let found = match (other_bsn, other_aanbieder) {
        (None, None) => return,
        (Some(v), None) => {
            format!("de versie van {} is voor een andere jeugdige", v.toewijzingsdatum)
        }
        (None, Some(v)) => format!(
            "de versie van {} is voor aanbieder {}",
            v.toewijzingsdatum,
            group.context.agb(v.aanbieder)
        ),
        (Some(v), Some(_)) => format!(
            "de versie van {} is voor een andere jeugdige, en de versies zijn niet alle voor één aanbieder",
            v.toewijzingsdatum
        ),
    };
    out.bevinding(
        group
            .bevinding(id, Ernst::Onzekerheid)
            .found(found)
            .expected("één jeugdige en één aanbieder bij een ToewijzingNummer")
            .toelichting("De gemeente gebruikte het nummer twee keer: ga na welke toewijzing voor welke declaratieregels geldt. Dit programma houdt zich aan de geldende versie."),
    );
}
