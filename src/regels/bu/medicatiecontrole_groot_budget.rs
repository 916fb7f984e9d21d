//! BU07: medicatiecontrole with a large budget.
//!
//! For medicatiecontrole alone one of the two lowest standaardbudgetten is granted. Needs
//! Bijzonderheid and Budget. Source: RTP 5.3.

use super::with_budget;
use crate::dossier::{Bijzonderheid, Cent, Ernst, Kolom};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Outcomes, Rule, ToewijzingGroup, needs};

pub(crate) static RULE: Rule = Rule {
    code: "BU07",
    title: "Medicatiecontrole met een groot budget",
    what: "Een toewijzing voor medicatiecontrole met een budget boven de grens is een signaal.",
    why: "Voor alleen medicatiecontrole worden de laagste standaardbudgetten meegegeven.",
    for_aanbieder: "Er is een groot budget toegewezen voor medicatiecontrole.",
    needs: needs!("{} en {} van de toewijzing", Toewijzingen(Bijzonderheid, Budget)),
    parameters: &[LIMIT.spec()],
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

const LIMIT: Parameter<Cent> =
    Parameter::new("grens", "hoogste budget voor alleen medicatiecontrole");

fn check(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let Some((id, t, budget)) = with_budget(group, out) else { return };
    let Some(()) = out.known(group.context.kolom(t.file, Kolom::Bijzonderheid)) else { return };
    let medication = t.names(Bijzonderheid::Medicatiecontrole);
    if !out.known(medication).unwrap_or(false) {
        return;
    }
    out.tested();
    let limit = settings.at(&LIMIT, group.context.last_dag());
    if budget > limit {
        out.bevinding(
            group
                .bevinding(id, Ernst::Signaal)
                .found(format!("budget {budget} voor medicatiecontrole"))
                .expected(format!("hoogstens {limit}"))
                .toelichting("Ga na of de toewijzing ook andere hulp omvat."),
        );
    }
}
