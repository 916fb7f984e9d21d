//! `samenvatting.json`: totals for other programs. Amounts are whole eurocents. No time, no path
//! of this machine: the same input gives the same bytes.

use super::totals::{ExtraTotals, PartyTotal};
use super::{LedgerRow, Rapport, TolerantieCheck, per_verdict};
use crate::bron::{Consequence, InputError};
use crate::dossier::{Agb, BerichtFault, Cent, Eindoordeel, Ernst};
use crate::terugvordering::Terugvordering;
use crate::toetsing::RuleOutcome;
use crate::vergelijking::Since;
use crate::writing::{WriteError, write_json};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Map, Value, json};
use std::path::Path;

pub(crate) fn write(rapport: &Rapport<'_>, path: &Path) -> Result<(), WriteError> {
    write_json(&samenvatting(rapport), path)
}

/// The file, in the order of its keys.
#[derive(Serialize)]
struct Samenvatting<'a> {
    invoer: Value,
    leverjaar: i32,
    ondertekening: Value,
    regelset: Value,
    niveau: &'static str,
    eenheid_bedragen: &'static str,
    totalen: Value,
    tolerantie: Vec<Value>,
    oordelen: Value,
    /// Where aanbieders reacted.
    #[serde(skip_serializing_if = "Option::is_none")]
    reacties: Option<Value>,
    /// Where the dossier holds verdicts, or what an earlier run asked back.
    #[serde(skip_serializing_if = "Option::is_none")]
    terugvordering: Option<Value>,
    /// What changed since an earlier rapport, where the user named one.
    #[serde(skip_serializing_if = "Option::is_none")]
    sinds_vorige: Option<Value>,
    regels: Vec<Value>,
    aanbieders: Parties<'a>,
    gemeenten: Parties<'a>,
    aansluiting: Value,
    /// What the ledger has, where that is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    grootboek: Option<Value>,
    niet_te_toetsen: Vec<Value>,
    onderliggend: Value,
    /// Columns of the export that ride along, as `bevindingen` and `onderliggend` name them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    meegenomen: Vec<&'a str>,
    /// Per aanbieder and way in which messages are wrong beside the rules.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    berichten_die_niet_kloppen: Vec<Value>,
    /// Files that were refused whole, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    geweigerde_berichten: Vec<Value>,
}

fn samenvatting<'a>(rapport: &'a Rapport<'_>) -> Samenvatting<'a> {
    let set = rapport.regelset();
    let not_testable = set.not_testable.iter();
    Samenvatting {
        invoer: invoer(rapport),
        leverjaar: rapport.context.jaar,
        ondertekening: ondertekening(rapport),
        regelset: json!({ "naam": set.name, "versie": set.versie }),
        niveau: rapport.context.niveau.name(),
        eenheid_bedragen: "eurocent",
        totalen: totalen(rapport),
        tolerantie: rapport.toleranties().iter().map(tolerantie).collect(),
        oordelen: oordelen(rapport),
        reacties: rapport.reacties.any.then(|| {
            json!({
                "bevindingen": rapport.reacties.count(),
                "zonder_bevinding": rapport.reacties.without_finding,
            })
        }),
        terugvordering: rapport.terugvordering.as_ref().map(terugvordering),
        sinds_vorige: rapport.since.as_ref().map(since),
        regels: rapport.outcomes.iter().map(|u| rule(rapport, u)).collect(),
        aanbieders: Parties { key: "aanbieder", parties: &rapport.totals.per_aanbieder },
        gemeenten: Parties { key: "gemeente", parties: &rapport.totals.per_gemeente },
        aansluiting: aansluiting(rapport),
        grootboek: rapport.grootboek.as_ref().map(|stated| {
            let rows: Vec<Value> = rapport.ledger().iter().map(ledger_row).collect();
            json!({ "bron": rapport.pseudonyms.replace_in(&stated.source), "regels": rows })
        }),
        niet_te_toetsen: not_testable
            .map(|n| json!({ "eis": n.eis, "waarom": n.waarom, "bron": n.bron }))
            .collect(),
        onderliggend: onderliggend(rapport),
        meegenomen: rapport.meegenomen.headers().collect(),
        berichten_die_niet_kloppen: faults(rapport),
        geweigerde_berichten: refused(rapport),
    }
}

/// What stands out in the input, and whether the run went on in spite of it.
fn invoer(rapport: &Rapport<'_>) -> Value {
    let meldingen = rapport.meldingen.iter().map(|m| {
        json!({
            "niveau": m.level.name(),
            "controle": m.check,
            "tekst": m.text,
            "raad": m.advice,
            "regel": m.rule,
        })
    });
    json!({ "toch": rapport.despite().is_some(), "meldingen": meldingen.collect::<Vec<_>>() })
}

fn totalen(rapport: &Rapport<'_>) -> Value {
    let t = &rapport.totals;
    json!({
        "regels": t.lines,
        "bedrag": t.bedrag.0,
        "fout": t.in_geding.fout.0,
        "onzekerheid": t.in_geding.onzekerheid.0,
        "buiten_regeltotalen": separate(&t.separate),
        "bevindingen": rapport.bevindingen.len(),
        "open": {
            "bevindingen": t.open.counts.iter().sum::<u64>(),
            "fout": t.open.in_geding.fout.0,
            "onzekerheid": t.open.in_geding.onzekerheid.0,
            "buiten_regeltotalen": separate(&t.open.separate),
        },
    })
}

fn tolerantie(t: &TolerantieCheck) -> Value {
    json!({
        "wat": t.what,
        "bedrag": t.bedrag.0,
        "procent": t.limit.map(|(p, _)| p.normalize().to_string()),
        "grens": t.limit.map(|(_, limit)| limit.0),
        "uitkomst": t.outcome(),
    })
}

/// What changed since an earlier rapport.
fn since(s: &Since) -> Value {
    json!({
        "rapport": s.map,
        "nieuw": s.new,
        "vervallen": s.lapsed,
        "gewijzigd": s.changed,
        "fout": s.fout.map(|b| b.0),
        "onzekerheid": s.onzekerheid.map(|b| b.0),
        "andere_sleutel": s.other_key,
    })
}

/// From rows read to lines audited.
fn aansluiting(rapport: &Rapport<'_>) -> Value {
    let steps = rapport.aansluiting.steps.iter();
    let steps = steps.map(|s| json!({ "stap": s.key, "regels": s.lines, "bedrag": s.bedrag.0 }));
    json!({
        "gelezen": rapport.aansluiting.read,
        "afgekeurd": rapport.aansluiting.rejected,
        "stappen": steps.collect::<Vec<_>>(),
    })
}

/// Per aanbieder and way in which messages are wrong beside the rules.
fn faults(rapport: &Rapport<'_>) -> Vec<Value> {
    let row = |(agb, fault, count): (Agb, BerichtFault, u64)| json!({ "aanbieder": agb.to_string(), "wat": fault.name(), "aantal": count });
    rapport.aansluiting.faults.rows().map(row).collect()
}

/// Files that were refused whole, and why.
fn refused(rapport: &Rapport<'_>) -> Vec<Value> {
    let refused =
        rapport.invoerfouten.iter().filter(|f| f.consequence == Consequence::BerichtRefused);
    let row = |f: &InputError| {
        json!({
            "bestand": rapport.dossier().file(f.file).pad,
            "reden": f.reason.to_string(),
        })
    };
    refused.map(row).collect()
}

/// Who answers for the rapport; null where nobody is named.
pub(super) fn ondertekening(rapport: &Rapport<'_>) -> Value {
    let [opsteller, reviewer] = rapport.signatories().map(|(_, name)| name);
    json!({ "opsteller": opsteller, "reviewer": reviewer })
}

/// How many lines are under findings, and the findings under which only the largest are named.
fn onderliggend(rapport: &Rapport<'_>) -> Value {
    let with = || {
        let all = rapport.rows();
        all.filter_map(|row| Some((row, row.underlying()?)))
    };
    let cut = with().filter(|(_, under)| under.count > under.lines.len() as u64);
    let ingekort: Vec<Value> = cut
        .map(|(row, under)| {
            json!({ "id": row.id(), "regels": under.count, "genoemd": under.lines.len() })
        })
        .collect();
    json!({
        "bevindingen": with().count(),
        "regels": rapport.under_count(),
        "ingekort": ingekort,
    })
}

/// An amount of the ledger beside what was declared; without a gemeente it is of all.
fn ledger_row(row: &LedgerRow) -> Value {
    let because = row.because.iter().flatten();
    json!({
        "gemeente": row.gemeente.map(|gemeente| gemeente.to_string()),
        "grootboek": row.ledger.0,
        "levend": row.live.0,
        "verschil": row.difference().0,
        "verklaard": row.because.is_some(),
        "door": because.map(|s| json!({ "stap": s.key, "bedrag": s.bedrag.0 })).collect::<Vec<_>>(),
    })
}

/// Per ernst what stands outside the totals of lines.
fn separate(apart: &[ExtraTotals; 3]) -> Value {
    let of = |e: &Ernst| {
        let a = apart[*e as usize];
        (e.name().to_owned(), json!({ "aantal": a.count, "bedrag_in_geding": a.bedrag.0 }))
    };
    Value::Object(Ernst::ALL.iter().map(of).collect())
}

/// Findings per verdict, and the verdicts that stand on no finding.
fn oordelen(rapport: &Rapport<'_>) -> Value {
    let per_oordeel: Map<String, Value> = Eindoordeel::ALL
        .iter()
        .zip(per_verdict(&rapport.bevindingen))
        .map(|(oordeel, (count, bedrag))| {
            let value = json!({ "aantal": count, "bedrag_in_geding": bedrag.0 });
            (oordeel.name().to_owned(), value)
        })
        .collect();
    let not_taken_over: Vec<Value> = rapport
        .oordelen
        .not_taken_over()
        .map(|(b, fate)| {
            json!({
                "id": b.id.to_string(),
                "oordeel": b.oordeel.name(),
                "waarom": fate.key(),
                "toelichting": fate.text(),
            })
        })
        .collect();
    json!({ "bevindingen": per_oordeel, "niet_overgenomen": not_taken_over })
}

/// What is to come back: each line once, in all and by aanbieder and gemeente.
fn terugvordering(claims: &Terugvordering) -> Value {
    let (parties, total) = (claims.per_party(), claims.total());
    let sums: Vec<Value> = parties
        .iter()
        .map(|p| {
            json!({
                "aanbieder": p.aanbieder[0], "gemeente": p.gemeente[0],
                "regels": p.regels, "bedrag": p.bedrag.0,
                "teruggenomen": p.teruggenomen.0, "open": p.open.0,
            })
        })
        .collect();
    json!({
        "regels": claims.vorderingen.len(),
        "bedrag": total.bedrag.0,
        "teruggenomen": total.teruggenomen.0,
        "open": total.open.0,
        "per_aanbieder_en_gemeente": sums,
        "apart": claims.apart.len(),
    })
}

fn rule(rapport: &Rapport<'_>, u: &RuleOutcome) -> Value {
    let rows = rapport.of_regel(u.rule.code);
    let mut sums = [(0_u64, Cent::ZERO, 0_u64); Ernst::ALL.len()];
    for g in rows {
        let (count, bedrag, open) = &mut sums[g.bevinding.ernst as usize];
        *count += 1;
        *bedrag += g.bevinding.bedrag.unwrap_or_default();
        *open += u64::from(g.is_open());
    }
    let per_ernst: Map<String, Value> = Ernst::ALL
        .iter()
        .zip(sums)
        .map(|(e, (count, bedrag, open))| {
            let value = json!({ "aantal": count, "bedrag_in_geding": bedrag.0, "open": open });
            (e.name().to_owned(), value)
        })
        .collect();
    let mut reasons: Vec<_> = u.outcomes.not_testable.clone();
    reasons.sort();
    let not_tested: Vec<Value> = reasons
        .iter()
        .map(|(reason, count)| json!({ "reden": reason.to_string(), "aantal": count }))
        .collect();
    json!({
        "regel": u.rule.code,
        "titel": u.rule.title,
        "bron": rapport.regelset().rule(u.rule.code).map(|i| i.source.to_string()),
        "mislukt": u.failed,
        "getoetst": u.outcomes.tested,
        "niet_getoetst": not_tested,
        "bevindingen": per_ernst,
        "groep": rapport.is_group(u.rule.code),
        "melding": rapport.melding_of_regel(u.rule.code).map(|m| &m.text),
    })
}

/// Totals of parties; there may be thousands of them.
struct Parties<'a> {
    key: &'static str,
    parties: &'a [PartyTotal],
}

impl Serialize for Parties<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.parties.iter().map(|total| Party { key: self.key, total }))
    }
}

struct Party<'a> {
    key: &'static str,
    total: &'a PartyTotal,
}

impl Serialize for Party<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let p = self.total;
        let mut m = to.serialize_map(None)?;
        m.serialize_entry(self.key, &p.code)?;
        m.serialize_entry("regels", &p.lines)?;
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
