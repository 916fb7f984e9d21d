//! BU01: budget overrun.
//!
//! A herstel budget holds for the whole term, a duurzaam budget per year. All live lines on the
//! toewijzing count, over all years, in order; what passes the budget is over. Where no column says
//! which kind it is, only what is over in both readings is certain. Needs Budget.
//! Source: ID 8.4; RTP 2.4.1; iJw TR369.

use super::{JAARSOORT, YearKind, budgetnummer, with_budget};
use crate::dossier::{Budgetsoort, Cent, Ernst, Toewijzing};
use crate::regelset::RuleSettings;
use crate::toetsing::{BudgetSource, Check, Line, Outcomes, Rule, ToewijzingGroup};

pub(crate) static RULE: Rule = Rule {
    code: "BU01",
    title: "Budget overschreden",
    what: "Alle levende regels op een toewijzing met een budget worden in volgorde opgeteld: bij herstel over de hele looptijd, bij duurzaam per jaar. Wat boven het budget komt, is een fout. Volgt de budgetsoort alleen uit de looptijd, dan is de fout het kleinste van beide lezingen en het verschil een onzekerheid.",
    why: "De gemeente vergoedt niet meer dan het budget dat zij toewees.",
    needs: "Budget van de toewijzing",
    parameters: &[JAARSOORT.spec()],
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

/// A line, the running sum of its budget with it, and what of it is over.
struct Balance {
    sum: Cent,
    over: Cent,
}

fn check(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let Some((_, t, budget)) = with_budget(group, out) else { return };
    let (kind, origin) = match group.context.budgetsoort(t) {
        Ok(kind) => kind,
        Err(reason) => return out.not_testable(reason),
    };
    out.tested();
    let jaren = YearKind::of(settings, group.context.last_dag());
    let states = |kind| overschrijding(group, t, budget, kind, jaren);
    let current = states(kind);
    let other = (origin == BudgetSource::Derived).then(|| {
        states(match kind {
            Budgetsoort::Herstel => Budgetsoort::Duurzaam,
            Budgetsoort::Duurzaam => Budgetsoort::Herstel,
        })
    });
    for (i, line) in group.lines().enumerate() {
        if !group.context.in_leverjaar(line.data) {
            continue;
        }
        let over = current[i].over;
        let certain = other.as_ref().map_or(over, |a| over.min(a[i].over));
        let message = |ernst, bedrag, sum: Cent| {
            line.bevinding(ernst)
                .bedrag(bedrag)
                .measured(sum, budget)
                .found(format!("{sum} gedeclareerd tot en met deze regel"))
                .expected(format!("hoogstens {budget} {}", about(kind)))
        };
        if certain > Cent::ZERO {
            let b = message(Ernst::Fout, certain, current[i].sum);
            out.bevinding(b.toelichting(match origin {
                BudgetSource::Explicit => format!("Budgetsoort {}.", kind.name()),
                BudgetSource::Derived => {
                    "Boven het budget, of het nu een herstel- of een duurzaam budget is.".to_owned()
                }
            }));
        }
        if over > certain {
            let b = message(Ernst::Onzekerheid, over - certain, current[i].sum);
            out.bevinding(b.toelichting(format!(
                "Alleen boven het budget als dit een {} budget is. Dat volgt hier uit de looptijd; de budgetsoort zelf staat niet in de bestanden.",
                bijvoeglijk(kind)
            )));
        }
    }
}

/// For each line of the group the running sum in its budget, and what passes that budget.
fn overschrijding(
    group: &ToewijzingGroup<'_>,
    t: &Toewijzing,
    budget: Cent,
    kind: Budgetsoort,
    jaren: YearKind,
) -> Vec<Balance> {
    let mut sums: Vec<(i32, Cent)> = Vec::new();
    let mut state = |line: Line<'_>| {
        let nummer = budgetnummer(kind, jaren, t, line.data.begindatum);
        let slot = sums.iter().position(|(n, _)| *n == nummer).unwrap_or_else(|| {
            sums.push((nummer, Cent::ZERO));
            sums.len() - 1
        });
        let sum = &mut sums[slot].1;
        *sum += line.data.ingediend_bedrag;
        Balance { sum: *sum, over: line.at_most_ingediend((*sum - budget).at_least_zero()) }
    };
    group.lines().map(&mut state).collect()
}

fn about(kind: Budgetsoort) -> &'static str {
    match kind {
        Budgetsoort::Herstel => "voor de hele looptijd",
        Budgetsoort::Duurzaam => "per jaar",
    }
}

fn bijvoeglijk(kind: Budgetsoort) -> &'static str {
    match kind {
        Budgetsoort::Herstel => "herstelgericht",
        Budgetsoort::Duurzaam => "duurzaam",
    }
}
