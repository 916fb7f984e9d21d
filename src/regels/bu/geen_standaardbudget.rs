//! BU02: a budget that is no standaardbudget.
//!
//! Up to the highest standaardbudget only the fixed amounts are granted; above it, an offer is
//! made to measure. Needs Budget. Source: RTP bijlage 3.

use super::met_budget;
use crate::dossier::{Cent, Ernst};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Regel, Toewijzingsgroep, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "BU02",
    titel: "Budget is geen standaardbudget",
    wat: "Een budget dat niet hoger is dan het hoogste standaardbudget, hoort een van de standaardbudgetten te zijn.",
    waarom: "Een ander bedrag wijst op een vergissing bij het toewijzen of op een afspraak buiten de standaard.",
    nodig: "Budget van de toewijzing",
    parameters: &[STANDAARDBUDGETTEN.spec()],
    checks: &[Check::Toewijzing(toets)],
    ..Regel::BASE
};

pub(super) const STANDAARDBUDGETTEN: Parameter<[Cent]> =
    Parameter::new("standaardbudgetten", "de standaardbudgetten, oplopend");

fn toets(groep: &Toewijzingsgroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let Some((nr, _, budget)) = met_budget(groep, uit) else { return };
    uit.getoetst();
    let standaard = instelling.at(&STANDAARDBUDGETTEN, groep.controle.laatste_dag());
    let hoogste = standaard.iter().max();
    if hoogste.is_none_or(|h| budget > *h) || standaard.contains(&budget) {
        return;
    }
    let lijst: Vec<String> = standaard.iter().map(|b| b.to_string()).collect();
    uit.bevinding(
        groep
            .bevinding(nr, Ernst::Signaal)
            .gevonden(format!("budget {budget}"))
            .verwacht(format!("een van {}", lijst.join("; ")))
            .toelichting("Ga na of het budget zo bedoeld is."),
    );
}
