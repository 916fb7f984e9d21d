//! BU06: a budget that runs out well before its term.
//!
//! Whoever sees this early can still ask for a change in time. Needs Budget.
//! Source: RTP 2.4.5; ID eis 80.

use super::{JAARSOORT, YearKind, budgetnummer, with_budget};
use crate::dossier::{Budgetsoort, Cent, Ernst, Toewijzing, ToewijzingId};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{
    Check, Line, Outcomes, Reason, Rule, Ruling, ToewijzingGroup, Verdict, needs,
};

pub(crate) static RULE: Rule = Rule {
    code: "BU06",
    title: "Budget ruim voor het einde bijna op",
    what: "Is een budget (bij duurzaam: dat van het lopende jaar) voor het grootste deel gebruikt terwijl de laatste levering nog ruim voor het einde ligt, dan is dat een signaal.",
    why: "Een aanpassing van het budget hoort ruim op tijd te worden aangevraagd.",
    for_aanbieder: "Het budget was ruim voor het einde van de toewijzing bijna op.",
    needs: needs!("{} en {} van de toewijzing", Toewijzingen(Budget, Einddatum)),
    parameters: &[PERCENTAGE.spec(), WEKEN.spec(), JAARSOORT.spec()],
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

const PERCENTAGE: Parameter<i64> =
    Parameter::new("percentage", "percentage van het budget vanaf waar het bijna op is");

const WEKEN: Parameter<i64> =
    Parameter::new("weken", "weken voor het einde waarop een aanpassing moet zijn aangevraagd");

fn check(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let Some((id, t, budget)) = with_budget(group, out) else { return };
    out.verdict(judge(group, id, t, budget, settings));
}

fn judge(
    group: &ToewijzingGroup<'_>,
    id: ToewijzingId,
    t: &Toewijzing,
    budget: Cent,
    settings: &RuleSettings,
) -> Verdict {
    let dag = group.context.last_dag();
    let jaren = YearKind::of(settings, dag);
    let (kind, _) = group.context.budgetsoort(t)?;
    let Some(last) = group.lines().next_back() else { return Ok(Ruling::InOrder) };
    let running = budgetnummer(kind, jaren, t, last.data.begindatum);
    let end = match (kind, t.einddatum()?) {
        (Budgetsoort::Herstel, None) => return Err(Reason::GeenEinddatumToewijzing),
        (Budgetsoort::Herstel, Some(end)) => end,
        (Budgetsoort::Duurzaam, end) => {
            let jaareinde = jaren.last_dag(t.ingangsdatum, running);
            end.map_or(jaareinde, |e| e.min(jaareinde))
        }
    };
    let of_budget = |l: &Line<'_>| budgetnummer(kind, jaren, t, l.data.begindatum) == running;
    let used: Cent = group.lines().filter(of_budget).map(|l| l.data.ingediend_bedrag).sum();
    let last_dag =
        group.lines().map(|l| l.data.einddatum).max().expect("the group has a last line");
    let percentage = settings.at(&PERCENTAGE, dag);
    let weken = settings.at(&WEKEN, dag);
    let almost_on = i128::from(used.0) * 100 >= i128::from(budget.0) * i128::from(percentage);
    let over = end.dagen_after(last_dag);
    if !almost_on || over <= weken * 7 {
        return Ok(Ruling::InOrder);
    }
    group
        .bevinding(id, Ernst::Signaal)
        .measured(used, budget)
        .on_lines(group.lines().filter(of_budget))
        .found(format!(
            "{used} van {budget} gebruikt tot en met {last_dag}, {over} dagen voor {end}"
        ))
        .expected(format!(
            "minder dan {percentage}% gebruikt, of hoogstens {weken} weken voor het einde"
        ))
        .toelichting("Ga na of tijdig een aanpassing is aangevraagd.")
        .into()
}
