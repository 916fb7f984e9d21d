//! BU08: a budget that was raised after it was passed.
//!
//! A change must be asked for eight weeks before the budget is reached. What a later raise covers was
//! over the budget when it was delivered: a person judges. A raise in time for that, but later than
//! eight weeks before, is a signal. Needs Budget and Toewijzingsdatum of all versions.
//! Source: ID 8.4, eis 80.3; RTP 2.4.5.

use super::{Balance, JAARSOORT, YearKind, balances, with_budget};
use crate::dossier::{Cent, Dag, Ernst, Kolom, Onleesbaar, Toewijzing};
use crate::regels::changed::words;
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Bevinding, Check, Line, Outcomes, Rule, ToewijzingGroup, needs};

pub(crate) static RULE: Rule = Rule {
    code: "BU08",
    title: "Budget verhoogd nadat het op was",
    what: "Van een toewijzing waarvan het budget is verhoogd, worden de declaratieregels in volgorde opgeteld (bij duurzaam per jaar). Wat boven het budget lag dat bij levering gold en door de verhoging niet meer, is een onzekerheid. Is er geen zulke declaratieregel, maar kwam de verhoging minder dan de termijn voor die waarmee het eerdere budget op was, dan is dat een signaal.",
    why: "Een hoger budget vraagt de aanbieder ten minste acht weken van tevoren aan, niet achteraf.",
    for_aanbieder: "Het budget van de toewijzing is pas verhoogd toen het al op was.",
    needs: needs!(
        "{} en {} van alle versies van de toewijzing",
        Toewijzingen(Budget, Toewijzingsdatum)
    ),
    parameters: &[DAGEN.spec(), JAARSOORT.spec()],
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

const DAGEN: Parameter<i64> = Parameter::new(
    "dagen",
    "dagen voor het bereiken van het budget waarop een verhoging er moet zijn",
);

/// A version that raised the budget.
struct Raise {
    dag: Dag,
    /// The budget before it, and with it.
    from: Cent,
    to: Cent,
}

/// The raises of a toewijzing, in order: a Budget above that of the version just before.
fn raises(t: &Toewijzing) -> Result<Vec<Raise>, Onleesbaar> {
    let mut raises = Vec::new();
    for (before, with) in t.versies().zip(t.versies().skip(1)) {
        if let (Some(from), Some(to)) = (before.budget()?, with.budget()?)
            && to > from
        {
            raises.push(Raise { dag: with.toewijzingsdatum, from, to });
        }
    }
    Ok(raises)
}

fn check(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let Some((id, t, budget)) = with_budget(group, out) else { return };
    let Some(raises) = out.known(raises(t)) else { return };
    if raises.is_empty() {
        return;
    }
    let Some((kind, _)) = out.known(group.context.budgetsoort(t)) else { return };
    out.tested();
    let dag = group.context.last_dag();
    let jaren = YearKind::of(settings, dag);
    let balances = balances(group, t, budget, kind, jaren);
    let of_jaar = || {
        let lines = group.lines().zip(&balances);
        lines.filter(|(line, _)| group.context.in_leverjaar(line.data))
    };
    let before = out.bevindingen.len();
    for (line, balance) in of_jaar() {
        covered_later(t, &line, balance).into_iter().for_each(|b| out.bevinding(b));
    }
    if out.bevindingen.len() > before {
        return;
    }
    let within = settings.at(&DAGEN, dag);
    let late = raises.iter().find_map(|raise| {
        let passes = |(line, balance): &(Line<'_>, &Balance)| {
            let dagen = line.data.einddatum.dagen_after(raise.dag);
            let before = balance.sum - line.data.ingediend_bedrag;
            balance.sum > raise.from && before <= raise.from && (0..within).contains(&dagen)
        };
        Some((raise, of_jaar().find(passes)?.0))
    });
    let Some((raise, line)) = late else { return };
    out.bevinding(
        group
            .bevinding(id, Ernst::Signaal)
            .on_lines([line])
            .found(format!(
                "op {} verhoogd van {} tot {}, {} dagen voor {}",
                raise.dag,
                raise.from,
                raise.to,
                line.data.einddatum.dagen_after(raise.dag),
                line.data.einddatum
            ))
            .expected(format!(
                "een verhoging ten minste {within} dagen voor de declaratieregel waarmee het budget op is"
            ))
            .toelichting("Ga na wanneer de aanpassing is aangevraagd."),
    );
}

/// The finding on a line of what was over the budget at delivery and no longer is.
fn covered_later(t: &Toewijzing, line: &Line<'_>, balance: &Balance) -> Option<Bevinding> {
    let known = t.at_delivery(line.data.einddatum);
    let budget = known.budget().ok().flatten()?;
    let over = line.at_most_ingediend((balance.sum - budget).at_least_zero());
    let covered = over - balance.over;
    (covered > Cent::ZERO).then(|| {
        line.bevinding(Ernst::Onzekerheid)
            .bedrag(covered)
            .measured(balance.sum, budget)
            .found(format!("{} gedeclareerd tot en met deze declaratieregel", balance.sum))
            .expected(format!("hoogstens {budget}, het budget bij levering"))
            .toelichting("Beoordeel of de verhoging op tijd was aangevraagd.")
            .also(&words(line.context.dossier, t, known, &[Kolom::Budget]))
    })
}
