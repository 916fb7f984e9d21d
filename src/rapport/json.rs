//! `samenvatting.json`: totals for other programs. Amounts are whole eurocents. No time, no path
//! of this machine: the same input gives the same bytes.

use super::totalen::Partijtotaal;
use super::{Rapport, RapportFout};
use crate::dossier::Cent;
use crate::toetsing::{Ernst, Regeluitkomst};
use serde_json::{Map, Value, json};
use std::path::Path;

pub fn schrijf(rapport: &Rapport<'_>, pad: &Path) -> Result<(), RapportFout> {
    schrijf_waarde(&samenvatting(rapport), pad)
}

pub(super) fn schrijf_waarde(waarde: &Value, pad: &Path) -> Result<(), RapportFout> {
    let mut tekst =
        serde_json::to_string_pretty(waarde).map_err(|e| RapportFout::Samenstellen {
            wat: "de samenvatting kan niet worden geschreven",
            oorzaak: e.to_string(),
        })?;
    tekst.push('\n');
    std::fs::write(pad, tekst).map_err(|e| RapportFout::schrijven(pad, &e))
}

fn samenvatting(rapport: &Rapport<'_>) -> Value {
    let t = &rapport.totalen;
    let set = rapport.regelset();
    let apart: Map<String, Value> = Ernst::ALLE
        .iter()
        .map(|e| {
            let a = &t.apart[*e as usize];
            (e.naam().to_owned(), json!({ "aantal": a.aantal, "bedrag_in_geding": a.bedrag.0 }))
        })
        .collect();
    json!({
        "leverjaar": rapport.controle.jaar,
        "regelset": { "naam": set.naam, "versie": set.versie },
        "niveau": rapport.controle.niveau.naam(),
        "eenheid_bedragen": "eurocent",
        "totalen": {
            "regels": t.regels,
            "bedrag": t.bedrag.0,
            "fout": t.in_geding.fout.0,
            "onzekerheid": t.in_geding.onzekerheid.0,
            "buiten_regeltotalen": apart,
            "bevindingen": rapport.bevindingen.len(),
        },
        "regels": rapport.uitkomsten.iter().map(|u| regel(rapport, u)).collect::<Vec<_>>(),
        "aanbieders": partijen("aanbieder", &t.per_aanbieder),
        "gemeenten": partijen("gemeente", &t.per_gemeente),
        "aansluiting": {
            "gelezen": rapport.aansluiting.gelezen,
            "afgekeurd": rapport.aansluiting.afgekeurd,
            "stappen": rapport.aansluiting.stappen.iter().map(|s| json!({
                "stap": s.sleutel, "regels": s.regels, "bedrag": s.bedrag.0,
            })).collect::<Vec<_>>(),
        },
        "niet_te_toetsen": set.niet_te_toetsen.iter().map(|n| json!({
            "eis": n.eis, "waarom": n.waarom, "bron": n.bron,
        })).collect::<Vec<_>>(),
    })
}

fn regel(rapport: &Rapport<'_>, u: &Regeluitkomst) -> Value {
    let rijen = rapport.van_regel(u.regel.code);
    let per_ernst: Map<String, Value> = Ernst::ALLE
        .iter()
        .map(|e| {
            let van_ernst = || rijen.iter().map(|g| &g.bevinding).filter(|b| b.ernst == *e);
            let bedrag: Cent = van_ernst().map(|b| b.bedrag.unwrap_or_default()).sum();
            let waarde = json!({ "aantal": van_ernst().count(), "bedrag_in_geding": bedrag.0 });
            (e.naam().to_owned(), waarde)
        })
        .collect();
    let mut redenen: Vec<_> = u.uitkomsten.niet_toetsbaar.clone();
    redenen.sort();
    let niet_getoetst: Vec<Value> = redenen
        .iter()
        .map(|(reden, aantal)| json!({ "reden": reden.to_string(), "aantal": aantal }))
        .collect();
    json!({
        "regel": u.regel.code,
        "titel": u.regel.titel,
        "bron": rapport.regelset().regel(u.regel.code).map(|i| i.bron.to_string()),
        "mislukt": u.mislukt,
        "getoetst": u.uitkomsten.getoetst,
        "niet_getoetst": niet_getoetst,
        "bevindingen": per_ernst,
    })
}

fn partijen(sleutel: &str, partijen: &[Partijtotaal]) -> Vec<Value> {
    partijen
        .iter()
        .map(|p| {
            let mut m = Map::new();
            m.insert(sleutel.to_owned(), json!(p.code));
            m.insert("regels".into(), json!(p.regels));
            m.insert("bedrag".into(), json!(p.bedrag.0));
            m.insert("bevindingen".into(), json!(p.bevindingen));
            m.insert("fout".into(), json!(p.in_geding.fout.0));
            m.insert("onzekerheid".into(), json!(p.in_geding.onzekerheid.0));
            Value::Object(m)
        })
        .collect()
}
