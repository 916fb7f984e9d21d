//! Where the findings are: by rule, aanbieder, gemeente and month, as bars beside their numbers.

use super::chart::{self, ChartColumn};
use super::numbers::{AmountCell, NumberCell};
use crate::dossier::Ernst;
use crate::dossier::{Agb, Cent, Gemeente, maandnaam};
use crate::rapport::totals::{InDispute, PartyTotal};
use crate::rapport::{FindingRow, Rapport};
use hashbrown::HashMap;
use minijinja::Value;
use serde::Serialize;
use std::cmp::Reverse;
use std::hash::Hash;
use std::str::FromStr;

/// Rows that are seen at once; the others open on demand.
const FIRST: usize = 12;

/// One breakdown of all findings.
#[derive(Serialize)]
pub(crate) struct Distribution<'a> {
    id: &'static str,
    titel: &'static str,
    kop: &'static str,
    uitleg: String,
    /// The filter of the findings that a row sets; empty where there is none.
    filter: &'static str,
    /// Columns for a series in time; empty otherwise.
    kolommen: Vec<Value>,
    rijen: Vec<Bar<'a>>,
    /// Rows after the first few.
    rest: Vec<Bar<'a>>,
    /// What the row of totals says; none where rows overlap.
    som: Option<Bar<'a>>,
}

/// A row: who or what, what is at stake and how many findings.
#[derive(Serialize)]
struct Bar<'a> {
    code: String,
    naam: &'a str,
    fout: AmountCell,
    onzekerheid: AmountCell,
    /// Per ernst.
    aantallen: Vec<NumberCell>,
    balk_bedrag: Value,
    balk_aantal: Value,
}

/// A row before its bars are drawn: they are as long as the longest of the breakdown allows.
struct FindingCounts<'a> {
    code: String,
    name: &'a str,
    in_geding: InDispute,
    counts: [u64; 3],
}

impl FindingCounts<'_> {
    fn bedragen(&self) -> [(Ernst, i64); 2] {
        [(Ernst::Fout, self.in_geding.fout.0), (Ernst::Onzekerheid, self.in_geding.onzekerheid.0)]
    }

    fn counts(&self) -> [(Ernst, i64); 3] {
        Ernst::ALL.map(|e| (e, self.counts[e as usize] as i64))
    }

    fn bedrag(&self) -> i64 {
        self.bedragen().iter().map(|(_, b)| b).sum()
    }

    fn count(&self) -> i64 {
        self.counts().iter().map(|(_, n)| n).sum()
    }
}

pub(crate) fn all<'a>(rapport: &'a Rapport<'a>) -> Vec<Distribution<'a>> {
    vec![per_regel(rapport), per_aanbieder(rapport), per_gemeente(rapport), per_maand(rapport)]
}

fn per_regel<'a>(rapport: &'a Rapport<'a>) -> Distribution<'a> {
    let counts = rapport.outcomes.iter().map(|u| {
        let mut count = FindingCounts {
            code: u.rule.code.to_owned(),
            name: &u.rule.title,
            in_geding: InDispute::default(),
            counts: [0; 3],
        };
        for r in rapport.of_regel(u.rule.code) {
            let bedrag = r.bevinding.bedrag.unwrap_or_default();
            count.counts[r.bevinding.ernst as usize] += 1;
            match r.bevinding.ernst {
                Ernst::Fout => count.in_geding.fout += bedrag,
                Ernst::Onzekerheid => count.in_geding.onzekerheid += bedrag,
                Ernst::Signaal => {}
            }
        }
        count
    });
    let (counts, without) = in_order(counts);
    let without = match without {
        0 => String::new(),
        1 => " Eén controle zonder bevindingen staat er niet bij.".to_owned(),
        n => format!(" De {n} controles zonder bevindingen staan er niet bij."),
    };
    let explanation = format!(
        "Een declaratieregel telt hier mee bij elke controle die haar raakt, en wat niet over één declaratieregel gaat telt ook mee. De bedragen komen samen daarom hoger uit dan de totalen hierboven.{without}"
    );
    Distribution::make("regel", "Per controle", "Controle", explanation, counts, false)
}

fn per_aanbieder<'a>(rapport: &'a Rapport<'a>) -> Distribution<'a> {
    parties(
        "aanbieder",
        ("Per aanbieder", "Aanbieder", "aanbieder", "aanbieders"),
        &rapport.totals.per_aanbieder,
        &count(rapport, |r| r.aanbieder()),
        Agb,
        |agb| rapport.name_of_aanbieder(agb),
    )
}

fn per_gemeente<'a>(rapport: &'a Rapport<'a>) -> Distribution<'a> {
    parties(
        "gemeente",
        ("Per gemeente", "Gemeente", "gemeente", "gemeenten"),
        &rapport.totals.per_gemeente,
        &count(rapport, |r| r.gemeente()),
        Gemeente,
        |gemeente| rapport.name_of_gemeente(gemeente),
    )
}

/// Findings per ernst by a key; those without it under `None`.
fn count<K: Hash + Eq>(
    rapport: &Rapport<'_>,
    key: impl Fn(&FindingRow<'_>) -> Option<K>,
) -> HashMap<Option<K>, [u64; 3]> {
    let mut out: HashMap<Option<K>, [u64; 3]> = HashMap::new();
    for r in rapport.rows() {
        out.entry(key(&r)).or_default()[r.ernst() as usize] += 1;
    }
    out
}

fn parties<'a, N: FromStr, K: Hash + Eq + Copy>(
    id: &'static str,
    (title, header, one, more): (&'static str, &'static str, &'static str, &'static str),
    totals: &'a [PartyTotal],
    counts: &HashMap<Option<K>, [u64; 3]>,
    party: impl Fn(N) -> K,
    name: impl Fn(K) -> &'a str,
) -> Distribution<'a> {
    let of_each = totals.iter().map(|p| {
        let party = p.code.parse().ok().map(&party);
        FindingCounts {
            name: party.map_or("", &name),
            in_geding: p.in_geding,
            counts: party.and_then(|party| counts.get(&Some(party))).copied().unwrap_or_default(),
            code: p.code.clone(),
        }
    });
    let (mut of_each, without) = in_order(of_each);
    if let Some(counts) = counts.get(&None) {
        of_each.push(FindingCounts {
            code: String::new(),
            name: match id {
                "aanbieder" => "niet bij één aanbieder",
                _ => "niet bij één gemeente",
            },
            in_geding: InDispute::default(),
            counts: *counts,
        });
    }
    let without = match without {
        0 => String::new(),
        1 => format!(" Eén {one} zonder bevindingen staat er niet bij."),
        n => format!(" De {n} {more} zonder bevindingen staan er niet bij."),
    };
    let explanation = format!(
        "De bedragen tellen elke declaratieregel één keer mee en zijn samen de totalen hierboven.{without}"
    );
    Distribution::make(id, title, header, explanation, of_each, true)
}

fn per_maand<'a>(rapport: &'a Rapport<'a>) -> Distribution<'a> {
    let jaar = rapport.context.jaar;
    let counts = count(rapport, |r| {
        r.einddatum()
            .filter(|dag| dag.jaar() == jaar)
            .map(|dag| dag.maand().rem_euclid(12) as usize)
    });
    let mut of_each: Vec<FindingCounts<'_>> = (0..12)
        .map(|i| FindingCounts {
            code: String::new(),
            name: maandnaam(i as u32 + 1),
            in_geding: rapport.totals.per_maand[i],
            counts: counts.get(&Some(i)).copied().unwrap_or_default(),
        })
        .collect();
    let kolom = |t: &FindingCounts<'a>, parts: &[(Ernst, i64)]| ChartColumn {
        name: match t.name {
            "maart" => "mrt",
            long => &long[..3],
        },
        parts: parts.to_vec(),
    };
    let bedragen: Vec<ChartColumn<'_>> = of_each.iter().map(|t| kolom(t, &t.bedragen())).collect();
    let counts_per_maand: Vec<ChartColumn<'_>> =
        of_each.iter().map(|t| kolom(t, &t.counts())).collect();
    let kolommen = vec![
        svg(chart::kolommen(&bedragen, |n| AmountCell::from(Cent(n)).tekst)),
        svg(chart::kolommen(&counts_per_maand, |n| NumberCell::from(n as u64).tekst)),
    ];
    if let Some(counts) = counts.get(&None) {
        of_each.push(FindingCounts {
            code: String::new(),
            name: "niet in één maand",
            in_geding: InDispute::default(),
            counts: *counts,
        });
    }
    let explanation = format!(
        "De maand van {jaar} waarin de levering eindigde. De bedragen tellen elke declaratieregel één keer mee en zijn samen de totalen hierboven."
    );
    let distribution =
        Distribution::make("maand", "Per maand", "Maand", explanation, of_each, true);
    Distribution { kolommen, ..distribution }
}

/// Those with findings, the highest amount first; and how many have none.
fn in_order<'a>(
    counts: impl Iterator<Item = FindingCounts<'a>>,
) -> (Vec<FindingCounts<'a>>, usize) {
    let (mut with, without): (Vec<_>, Vec<_>) = counts.partition(|t| t.count() > 0);
    with.sort_by(|a, b| {
        let key = |t: &FindingCounts<'_>| Reverse((t.bedrag(), t.count()));
        key(a).cmp(&key(b)).then_with(|| a.code.cmp(&b.code))
    });
    (with, without.len())
}

fn svg(text: String) -> Value {
    Value::from_safe_string(text)
}

impl<'a> Distribution<'a> {
    fn make(
        id: &'static str,
        title: &'static str,
        header: &'static str,
        explanation: String,
        counts: Vec<FindingCounts<'a>>,
        adds_up: bool,
    ) -> Distribution<'a> {
        let highest = |f: fn(&FindingCounts<'_>) -> i64| counts.iter().map(f).max().unwrap_or(0);
        let (most_bedrag, most) = (highest(|t| t.bedrag()), highest(|t| t.count()));
        let bar = |t: FindingCounts<'a>| Bar {
            balk_bedrag: svg(chart::bar(&t.bedragen(), most_bedrag)),
            balk_aantal: svg(chart::bar(&t.counts(), most)),
            fout: t.in_geding.fout.into(),
            onzekerheid: t.in_geding.onzekerheid.into(),
            aantallen: t.counts.into_iter().map(NumberCell::from).collect(),
            code: t.code,
            naam: t.name,
        };
        let mut sum = FindingCounts {
            code: String::new(),
            name: "Totaal",
            in_geding: InDispute::default(),
            counts: [0; 3],
        };
        for t in &counts {
            sum.in_geding.fout += t.in_geding.fout;
            sum.in_geding.onzekerheid += t.in_geding.onzekerheid;
            for (slot, n) in sum.counts.iter_mut().zip(t.counts) {
                *slot += n;
            }
        }
        let visible = if counts.len() > FIRST + 2 { FIRST } else { counts.len() };
        let mut rows: Vec<Bar<'a>> = counts.into_iter().map(bar).collect();
        let rest = if id == "maand" { Vec::new() } else { rows.split_off(visible) };
        Distribution {
            id,
            titel: title,
            kop: header,
            uitleg: explanation,
            filter: if id == "maand" { "" } else { id },
            kolommen: Vec::new(),
            rijen: rows,
            rest,
            som: adds_up.then(|| bar(sum)),
        }
    }
}
