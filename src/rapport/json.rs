//! `samenvatting.json`: totals for other programs. Amounts are whole eurocents. No time, no path
//! of this machine: the same input gives the same bytes.

use super::totalen::{Apart, Partijtotaal};
use super::{Rapport, per_oordeel};
use crate::dossier::Ernst;
use crate::dossier::{Cent, Eindoordeel};
use crate::toetsing::Regeluitkomst;
use crate::writing::{WriteError, schrijf_json};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Map, Value, json};
use std::path::Path;

pub fn schrijf(rapport: &Rapport<'_>, pad: &Path) -> Result<(), WriteError> {
    schrijf_json(&samenvatting(rapport), pad)
}

/// The file, in the order of its keys.
#[derive(Serialize)]
struct Samenvatting<'a> {
    leverjaar: i32,
    regelset: Value,
    niveau: &'static str,
    eenheid_bedragen: &'static str,
    totalen: Value,
    tolerantie: Vec<Value>,
    oordelen: Value,
    regels: Vec<Value>,
    aanbieders: Partijen<'a>,
    gemeenten: Partijen<'a>,
    aansluiting: Value,
    niet_te_toetsen: Vec<Value>,
}

fn samenvatting<'a>(rapport: &'a Rapport<'_>) -> Samenvatting<'a> {
    let t = &rapport.totalen;
    let set = rapport.regelset();
    Samenvatting {
        leverjaar: rapport.controle.jaar,
        regelset: json!({ "naam": set.naam, "versie": set.versie }),
        niveau: rapport.controle.niveau.naam(),
        eenheid_bedragen: "eurocent",
        totalen: json!({
            "regels": t.regels,
            "bedrag": t.bedrag.0,
            "fout": t.in_geding.fout.0,
            "onzekerheid": t.in_geding.onzekerheid.0,
            "buiten_regeltotalen": apart(&t.apart),
            "bevindingen": rapport.bevindingen.len(),
            "open": {
                "bevindingen": t.open.aantallen.iter().sum::<u64>(),
                "fout": t.open.in_geding.fout.0,
                "onzekerheid": t.open.in_geding.onzekerheid.0,
                "buiten_regeltotalen": apart(&t.open.apart),
            },
        }),
        tolerantie: rapport
            .toleranties()
            .iter()
            .map(|t| {
                json!({
                    "wat": t.wat,
                    "bedrag": t.bedrag.0,
                    "procent": t.grens.map(|(p, _)| p.normalize().to_string()),
                    "grens": t.grens.map(|(_, grens)| grens.0),
                    "uitkomst": t.uitkomst(),
                })
            })
            .collect(),
        oordelen: oordelen(rapport),
        regels: rapport.uitkomsten.iter().map(|u| regel(rapport, u)).collect(),
        aanbieders: Partijen { sleutel: "aanbieder", partijen: &t.per_aanbieder },
        gemeenten: Partijen { sleutel: "gemeente", partijen: &t.per_gemeente },
        aansluiting: json!({
            "gelezen": rapport.aansluiting.gelezen,
            "afgekeurd": rapport.aansluiting.afgekeurd,
            "stappen": rapport.aansluiting.stappen.iter().map(|s| json!({
                "stap": s.sleutel, "regels": s.regels, "bedrag": s.bedrag.0,
            })).collect::<Vec<_>>(),
        }),
        niet_te_toetsen: set
            .niet_te_toetsen
            .iter()
            .map(|n| {
                json!({
                    "eis": n.eis, "waarom": n.waarom, "bron": n.bron,
                })
            })
            .collect(),
    }
}

/// Per ernst what stands outside the totals of lines.
fn apart(apart: &[Apart; 3]) -> Value {
    let van = |e: &Ernst| {
        let a = apart[*e as usize];
        (e.naam().to_owned(), json!({ "aantal": a.aantal, "bedrag_in_geding": a.bedrag.0 }))
    };
    Value::Object(Ernst::ALLE.iter().map(van).collect())
}

/// Findings per verdict, and the verdicts that stand on no finding.
fn oordelen(rapport: &Rapport<'_>) -> Value {
    let per_oordeel: Map<String, Value> = Eindoordeel::ALLE
        .iter()
        .zip(per_oordeel(&rapport.bevindingen))
        .map(|(oordeel, (aantal, bedrag))| {
            let waarde = json!({ "aantal": aantal, "bedrag_in_geding": bedrag.0 });
            (oordeel.naam().to_owned(), waarde)
        })
        .collect();
    let niet_overgenomen: Vec<Value> = rapport
        .oordelen
        .niet_overgenomen()
        .map(|(b, lot)| {
            json!({
                "id": b.id.to_string(),
                "oordeel": b.oordeel.naam(),
                "waarom": lot.sleutel(),
                "toelichting": lot.tekst(),
            })
        })
        .collect();
    json!({ "bevindingen": per_oordeel, "niet_overgenomen": niet_overgenomen })
}

fn regel(rapport: &Rapport<'_>, u: &Regeluitkomst) -> Value {
    let rijen = rapport.van_regel(u.regel.code);
    let mut sommen = [(0_u64, Cent::NUL, 0_u64); Ernst::ALLE.len()];
    for g in rijen {
        let (aantal, bedrag, open) = &mut sommen[g.bevinding.ernst as usize];
        *aantal += 1;
        *bedrag += g.bevinding.bedrag.unwrap_or_default();
        *open += u64::from(g.is_open());
    }
    let per_ernst: Map<String, Value> = Ernst::ALLE
        .iter()
        .zip(sommen)
        .map(|(e, (aantal, bedrag, open))| {
            let waarde = json!({ "aantal": aantal, "bedrag_in_geding": bedrag.0, "open": open });
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

/// Totals of parties; there may be thousands of them.
struct Partijen<'a> {
    sleutel: &'static str,
    partijen: &'a [Partijtotaal],
}

impl Serialize for Partijen<'_> {
    fn serialize<S: Serializer>(&self, naar: S) -> Result<S::Ok, S::Error> {
        naar.collect_seq(
            self.partijen.iter().map(|totaal| Partij { sleutel: self.sleutel, totaal }),
        )
    }
}

struct Partij<'a> {
    sleutel: &'static str,
    totaal: &'a Partijtotaal,
}

impl Serialize for Partij<'_> {
    fn serialize<S: Serializer>(&self, naar: S) -> Result<S::Ok, S::Error> {
        let p = self.totaal;
        let mut m = naar.serialize_map(None)?;
        m.serialize_entry(self.sleutel, &p.code)?;
        m.serialize_entry("regels", &p.regels)?;
        m.serialize_entry("bedrag", &p.bedrag.0)?;
        m.serialize_entry("bevindingen", &p.bevindingen)?;
        m.serialize_entry("fout", &p.in_geding.fout.0)?;
        m.serialize_entry("onzekerheid", &p.in_geding.onzekerheid.0)?;
        m.serialize_entry("open_bevindingen", &p.open_bevindingen)?;
        m.serialize_entry("open_fout", &p.open.fout.0)?;
        m.serialize_entry("open_onzekerheid", &p.open.onzekerheid.0)?;
        m.end()
    }
}
