//! For other programs. Dates as `2023-12-31`, amounts in whole eurocents.

use super::{Explanation, Handbook, value_text};
use crate::dossier::Dag;
use crate::regelset::RuleValue;
use serde_json::{Value, json};

/// All rules, or those that one ruleset has.
pub(crate) fn list(book: &Handbook, regio: Option<&str>) -> Value {
    let explanation = book.rules(regio).into_iter().map(|r| book.explanation(r));
    explanation
        .filter(|u| regio.is_none() || u.state(regio).is_some())
        .map(|u| {
            json!({
                "code": u.rule.code,
                "familie": u.rule.familie(),
                "titel": u.rule.title,
                "controle": u.rule.control().name(),
                "regelsets": u.regelsets(),
            })
        })
        .collect()
}

/// One rule, with its values in a ruleset: the given one, or the first that has it.
pub(crate) fn rule(explanation: &Explanation<'_>, regio: Option<&str>) -> Value {
    let r = &explanation.rule;
    let state = explanation.state(regio);
    let parameters: Vec<Value> = r
        .parameters
        .iter()
        .map(|p| {
            let run = state.map_or(&[][..], |s| s.settings.tijdreeks(p));
            let values: Vec<Value> = run
                .iter()
                .map(|g| {
                    json!({
                        "vanaf": datum(g.from),
                        "tot": g.until.map(datum),
                        "waarde": value(&g.value),
                        "tekst": value_text(p, &g.value),
                        "bron": &*g.source,
                    })
                })
                .collect();
            json!({ "naam": p.name, "uitleg": p.explanation, "waarden": values })
        })
        .collect();
    json!({
        "code": r.code,
        "familie": r.familie(),
        "familienaam": explanation.familienaam(),
        "titel": r.title,
        "wat": r.what,
        "waarom": r.why,
        "voor_aanbieder": r.for_aanbieder,
        "nodig": r.needs,
        "getoetst": explanation.per(),
        "controle": r.control().name(),
        "regelsets": explanation.regelsets(),
        "regelset": state.map(|s| json!({ "naam": s.set.name, "versie": s.set.versie })),
        "bron": state.map(|s| s.settings.source.to_string()),
        "parameters": parameters,
    })
}

fn datum(dag: Dag) -> String {
    dag.datum().to_string()
}

fn value(waarde: &RuleValue) -> Value {
    match waarde {
        RuleValue::Number(n) => json!(n),
        RuleValue::Decimal(d) => json!(d.to_string()),
        RuleValue::Bedrag(b) => json!(b.0),
        RuleValue::Bedragen(list) => list.iter().map(|b| b.0).collect(),
        RuleValue::Codes(list) => list.iter().map(|c| format!("{c:02}")).collect(),
        RuleValue::Words(list) => json!(list),
        RuleValue::Dag(dag) => json!(datum(*dag)),
        RuleValue::DagOfJaar(on) => json!(format!("{:02}-{:02}", on.dag, on.maand)),
        RuleValue::Choice(word) => json!(word),
    }
}
