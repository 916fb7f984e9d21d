//! CR04: a toewijzing for crisis that was asked for late.
//!
//! The request itself isn't in the files: the first Toewijzingsdatum is held against the first start,
//! with the time that a gemeente has to answer. Needs start messages. Source: RTP 6; ID eis 43d.

use crate::dossier::{Ernst, werkdagen_after};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Outcomes, Reason, Rule, ToewijzingGroup, needs};

pub(crate) static RULE: Rule = Rule {
    code: "CR04",
    title: "Crisis laat aangevraagd",
    what: "Een toewijzing voor crisis waarvan de eerste Toewijzingsdatum meer dan het aantal werkdagen na de eerste start ligt. Dat is een signaal: de aanbieder heeft vijf werkdagen om haar aan te vragen, de gemeente vijf om te antwoorden.",
    why: "De toewijzing voor crisis wordt met terugwerkende kracht aangevraagd; wie daarvan te lang niet weet, kan niet sturen.",
    for_aanbieder: "De toewijzing voor de crisishulp is laat aangevraagd.",
    needs: needs!("{}; {} of product van de toewijzing", Startstop(), Toewijzingen(Bijzonderheid)),
    parameters: &[WERKDAGEN.spec()],
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

const WERKDAGEN: Parameter<i64> = Parameter::new(
    "werkdagen",
    "werkdagen na de start waarbinnen de toewijzing er hoort te zijn; de dag zelf telt niet mee",
);

fn check(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let Some((id, t)) = group.in_leverjaar() else { return };
    let Some(crisis) = out.known(group.is_crisis()) else { return };
    if !crisis {
        return;
    }
    let Some(table) = out.known(group.context.startstop()) else { return };
    let berichten = table.of(id);
    let starts = berichten.iter().filter(|b| b.is_start());
    let Some(start) = starts.map(|b| b.datum).min() else {
        return out.not_testable(Reason::GeenStartbericht);
    };
    out.tested();
    let first = t.first().toewijzingsdatum;
    let within = settings.at(&WERKDAGEN, start);
    let late = werkdagen_after(start, first);
    if late > within.unsigned_abs() {
        out.bevinding(
            group
                .bevinding(id, Ernst::Signaal)
                .counted(late as i64, within)
                .found(format!("toegewezen op {first}, {late} werkdagen na de start op {start}"))
                .expected(format!("een toewijzing binnen {within} werkdagen na de start"))
                .toelichting(
                    "Ga na wanneer de aanbieder haar heeft aangevraagd: dat staat niet in de bestanden.",
                ),
        );
    }
}
