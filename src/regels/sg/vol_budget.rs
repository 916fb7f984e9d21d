//! SG04: budgets that are always just full.
//!
//! Of finished toewijzingen with a Budget, by the toewijzing's aanbieder. Source: own signal.

use super::procent;
use crate::dossier::{Agb, Cent, Dag, Ernst, Onleesbaar, Toewijzing};
use crate::regels::bu::{JAARSOORT, YearKind, budgetnummer};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{
    AuditContext, Bevinding, Check, Kept, KeyedSums, Line, Outcomes, Reason, Rule, Subject,
    SumsPer, ToewijzingGroup, needs,
};

pub(crate) static RULE: Rule = Rule {
    code: "SG04",
    title: "Budgetten steeds net vol",
    what: "Van de afgelopen toewijzingen met een budget van een aanbieder wordt geteld welk deel vrijwel precies is gebruikt (bij duurzaam: van het laatste jaar). Meer dan de grens is een signaal.",
    why: "Hulp die steeds precies op het budget uitkomt, volgt misschien het budget en niet de behoefte.",
    for_aanbieder: "Budgetten bij u zijn opvallend vaak net vol.",
    needs: needs!("{} en {} van de toewijzing", Toewijzingen(Budget, Einddatum)),
    parameters: &[FROM.spec(), PART.spec(), TOEWIJZINGEN.spec(), JAARSOORT.spec()],
    checks: &[Check::Dossier { per: SumsPer::Toewijzing(collect), decision }],
    ..Rule::BASE
};

const FROM: Parameter<i64> = Parameter::new(
    "vanaf_percentage",
    "percentage van het budget vanaf waar het net vol is; tot en met 100%",
);

const PART: Parameter<i64> =
    Parameter::new("deel", "percentage van de toewijzingen waarboven dat opvalt");

const TOEWIJZINGEN: Parameter<i64> =
    Parameter::new("toewijzingen", "afgelopen toewijzingen die voor een uitspraak nodig zijn");

/// Its budget, if it has one and is over.
fn ended_budget(t: &Toewijzing, dag: Dag) -> Result<Option<Cent>, Onleesbaar> {
    let is_over = t.einddatum()?.is_some_and(|e| e <= dag);
    Ok(t.budget()?.filter(|_| is_over))
}

/// By the AGB code of the toewijzing 1 for one with a budget that is over, and 1 if it was just full.
fn collect(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    let dag = c.last_dag();
    let Some((_, t)) = group.in_leverjaar() else { return };
    let Some(Some(budget)) = out.known(ended_budget(t, dag)) else { return };
    let Some((kind, _)) = out.known(c.budgetsoort(t)) else { return };
    // For duurzaam the year of the last line counts.
    let jaren = YearKind::of(settings, dag);
    let nummer = |line: Line<'_>| budgetnummer(kind, jaren, t, line.data.begindatum);
    let running = group.lines().next_back().map(nummer);
    let used: Cent = group
        .lines()
        .filter(|l| Some(nummer(*l)) == running)
        .map(|l| l.data.ingediend_bedrag)
        .sum();
    let from = settings.at(&FROM, dag);
    let full =
        i128::from(used.0) * 100 >= i128::from(budget.0) * i128::from(from) && used <= budget;
    let key = (c.agb(t.aanbieder).0, 0);
    out.sums.count(key, [1, i64::from(full), 0, 0]);
    out.lines.at(key, Kept::Largest).extend(group.leverjaar_lines());
}

fn decision(c: &AuditContext<'_>, sums: &KeyedSums, settings: &RuleSettings, out: &mut Outcomes) {
    let dag = c.last_dag();
    let from = settings.at(&FROM, dag);
    let needed = settings.at(&TOEWIJZINGEN, dag);
    let part = settings.at(&PART, dag);
    for ((agb, _), [all, full, ..]) in sums.all() {
        if all < needed {
            out.not_testable(Reason::TeWeinigRegels);
            continue;
        }
        out.tested();
        let Some(id) = c.dossier.aanbieder_nr(Agb(agb)) else { continue };
        if full * 100 > all * part {
            out.bevinding(
                Bevinding::new(Ernst::Signaal, Subject::Aanbieder(id))
                    .found(format!(
                        "{full} van {all} afgelopen budgetten ({}) voor {from} tot 100% gebruikt",
                        procent(full as f64 / all as f64)
                    ))
                    .expected(format!("hoogstens {part}%")),
            );
        }
    }
}
