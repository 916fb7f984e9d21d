//! BU02: a budget that is no standaardbudget.
//!
//! Up to the highest standaardbudget only the fixed amounts are granted; above it, an offer is
//! made to measure. Needs Budget. Source: RTP bijlage 3.

use super::with_budget;
use crate::dossier::{Cent, Ernst};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Outcomes, Rule, ToewijzingGroup, needs};

pub(crate) static RULE: Rule = Rule {
    code: "BU02",
    title: "Budget is geen standaardbudget",
    what: "Een budget dat niet hoger is dan het hoogste standaardbudget, hoort een van de standaardbudgetten te zijn.",
    why: "Een ander bedrag wijst op een vergissing bij het toewijzen of op een afspraak buiten de standaard.",
    for_aanbieder: "Het budget van de toewijzing is geen van de standaardbudgetten.",
    needs: needs!("{} van de toewijzing", Toewijzingen(Budget)),
    parameters: &[STANDAARDBUDGETTEN.spec()],
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

pub(super) const STANDAARDBUDGETTEN: Parameter<[Cent]> =
    Parameter::new("standaardbudgetten", "de standaardbudgetten, oplopend");

fn check(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let Some((id, _, budget)) = with_budget(group, out) else { return };
    out.tested();
    let standaard = settings.at(&STANDAARDBUDGETTEN, group.context.last_dag());
    let highest = standaard.iter().max();
    if highest.is_none_or(|h| budget > *h) || standaard.contains(&budget) {
        return;
    }
    let list: Vec<String> = standaard.iter().map(|b| b.to_string()).collect();
    out.bevinding(
        group
            .bevinding(id, Ernst::Signaal)
            .found(format!("budget {budget}"))
            .expected(format!("een van {}", list.join("; ")))
            .toelichting("Ga na of het budget zo bedoeld is."),
    );
}
