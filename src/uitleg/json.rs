//! For other programs. Dates as `2023-12-31`, amounts in whole eurocents.

use super::{Boek, Uitleg, waardetekst};
use crate::dossier::Dag;
use crate::regelset::Waarde;
use serde_json::{Value, json};

/// All rules, or those that one ruleset has.
pub fn lijst(boek: &Boek, regio: Option<&str>) -> Value {
    let uitleg = boek.regels(regio).into_iter().map(|r| boek.uitleg(r));
    uitleg
        .filter(|u| regio.is_none() || u.stand(regio).is_some())
        .map(|u| {
            json!({
                "code": u.regel.code,
                "familie": u.regel.familie(),
                "titel": u.regel.titel,
                "regelsets": u.regelsets(),
            })
        })
        .collect()
}

/// One rule, with its values in a ruleset: the given one, or the first that has it.
pub fn regel(uitleg: &Uitleg<'_>, regio: Option<&str>) -> Value {
    let r = &uitleg.regel;
    let stand = uitleg.stand(regio);
    let parameters: Vec<Value> = r
        .parameters
        .iter()
        .map(|p| {
            let reeks = stand.map_or(&[][..], |s| s.instelling.tijdreeks(p));
            let waarden: Vec<Value> = reeks
                .iter()
                .map(|g| {
                    json!({
                        "vanaf": datum(g.vanaf),
                        "tot": g.tot.map(datum),
                        "waarde": waarde(&g.waarde),
                        "tekst": waardetekst(p, &g.waarde),
                        "bron": &*g.bron,
                    })
                })
                .collect();
            json!({ "naam": p.naam, "uitleg": p.uitleg, "waarden": waarden })
        })
        .collect();
    json!({
        "code": r.code,
        "familie": r.familie(),
        "familienaam": uitleg.familienaam(),
        "titel": r.titel,
        "wat": r.wat,
        "waarom": r.waarom,
        "nodig": r.nodig,
        "getoetst": uitleg.per(),
        "regelsets": uitleg.regelsets(),
        "regelset": stand.map(|s| json!({ "naam": s.set.naam, "versie": s.set.versie })),
        "bron": stand.map(|s| s.instelling.bron.to_string()),
        "parameters": parameters,
    })
}

fn datum(dag: Dag) -> String {
    dag.datum().to_string()
}

fn waarde(waarde: &Waarde) -> Value {
    match waarde {
        Waarde::Getal(n) => json!(n),
        Waarde::Decimaal(d) => json!(d.to_string()),
        Waarde::Bedrag(b) => json!(b.0),
        Waarde::Bedragen(lijst) => lijst.iter().map(|b| b.0).collect(),
        Waarde::Codes(lijst) => lijst.iter().map(|c| format!("{c:02}")).collect(),
        Waarde::Woorden(lijst) => json!(lijst),
        Waarde::DagVanJaar(op) => json!(format!("{:02}-{:02}", op.dag, op.maand)),
        Waarde::Keus(woord) => json!(woord),
    }
}
