//! BU06: a budget that runs out well before its term.
//!
//! Whoever sees this early can still ask for a change in time. Needs Budget.
//! Source: RTP 2.4.5; ID eis 80.

use super::{JAARSOORT, Jaarsoort, budgetnummer, met_budget};
use crate::dossier::{Budgetsoort, Cent, Ernst, Toewijzing, ToewijzingNr};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Lijn, Oordeel, Reden, Regel, Toewijzingsgroep, Uitkomsten, Uitslag};

pub static REGEL: Regel = Regel {
    code: "BU06",
    titel: "Budget ruim voor het einde bijna op",
    wat: "Is een budget (bij duurzaam: dat van het lopende jaar) voor het grootste deel gebruikt terwijl de laatste levering nog ruim voor het einde ligt, dan is dat een signaal.",
    waarom: "Een aanpassing van het budget hoort ruim op tijd te worden aangevraagd.",
    nodig: "Budget en Einddatum van de toewijzing",
    parameters: &[PERCENTAGE.spec(), WEKEN.spec(), JAARSOORT.spec()],
    checks: &[Check::Toewijzing(toets)],
    ..Regel::BASE
};

const PERCENTAGE: Parameter<i64> =
    Parameter::new("percentage", "percentage van het budget vanaf waar het bijna op is");

const WEKEN: Parameter<i64> =
    Parameter::new("weken", "weken voor het einde waarop een aanpassing moet zijn aangevraagd");

fn toets(groep: &Toewijzingsgroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let Some((nr, t, budget)) = met_budget(groep, uit) else { return };
    uit.oordeel(beoordeel(groep, nr, t, budget, instelling));
}

fn beoordeel(
    groep: &Toewijzingsgroep<'_>,
    nr: ToewijzingNr,
    t: &Toewijzing,
    budget: Cent,
    instelling: &Regelinstelling,
) -> Oordeel {
    let dag = groep.controle.laatste_dag();
    let jaren = Jaarsoort::van(instelling, dag);
    let (soort, _) = groep.controle.budgetsoort(t)?;
    let Some(laatste) = groep.lijnen().next_back() else { return Ok(Uitslag::InOrde) };
    let lopend = budgetnummer(soort, jaren, t, laatste.regel.begindatum);
    let einde = match (soort, t.einddatum) {
        (Budgetsoort::Herstel, None) => return Err(Reden::GeenEinddatumToewijzing),
        (Budgetsoort::Herstel, Some(einde)) => einde,
        (Budgetsoort::Duurzaam, einde) => {
            let jaareinde = jaren.laatste_dag(t.ingangsdatum, lopend);
            einde.map_or(jaareinde, |e| e.min(jaareinde))
        }
    };
    let van_budget = |l: &Lijn<'_>| budgetnummer(soort, jaren, t, l.regel.begindatum) == lopend;
    let gebruikt: Cent = groep.lijnen().filter(van_budget).map(|l| l.regel.ingediend_bedrag).sum();
    let laatste_dag =
        groep.lijnen().map(|l| l.regel.einddatum).max().expect("the group has a last line");
    let percentage = instelling.at(&PERCENTAGE, dag);
    let weken = instelling.at(&WEKEN, dag);
    let bijna_op = i128::from(gebruikt.0) * 100 >= i128::from(budget.0) * i128::from(percentage);
    let over = einde.dagen_na(laatste_dag);
    if !bijna_op || over <= weken * 7 {
        return Ok(Uitslag::InOrde);
    }
    groep
        .bevinding(nr, Ernst::Signaal)
        .gemeten(gebruikt, budget)
        .on_lines(groep.lijnen().filter(van_budget))
        .gevonden(format!(
            "{gebruikt} van {budget} gebruikt tot en met {laatste_dag}, {over} dagen voor {einde}"
        ))
        .verwacht(format!(
            "minder dan {percentage}% gebruikt, of hoogstens {weken} weken voor het einde"
        ))
        .toelichting("Ga na of tijdig een aanpassing is aangevraagd.")
        .into()
}
