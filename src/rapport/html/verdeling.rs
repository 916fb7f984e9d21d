//! Where the findings are: by rule, aanbieder, gemeente and month, as bars beside their numbers.

use super::getallen::{Bedrag, Getal};
use super::grafiek::{self, Kolom};
use crate::dossier::Ernst;
use crate::dossier::{Agb, Cent, Gemeente, maandnaam};
use crate::rapport::totalen::{InGeding, Partijtotaal};
use crate::rapport::{Rapport, Rij};
use hashbrown::HashMap;
use minijinja::Value;
use serde::Serialize;
use std::cmp::Reverse;
use std::hash::Hash;
use std::str::FromStr;

/// Rows that are seen at once; the others open on demand.
const EERSTE: usize = 12;

/// One breakdown of all findings.
#[derive(Serialize)]
pub struct Verdeling<'a> {
    id: &'static str,
    titel: &'static str,
    kop: &'static str,
    uitleg: String,
    /// The filter of the findings that a row sets; empty where there is none.
    filter: &'static str,
    /// Columns for a series in time; empty otherwise.
    kolommen: Vec<Value>,
    rijen: Vec<Balk<'a>>,
    /// Rows after the first few.
    rest: Vec<Balk<'a>>,
    /// What the row of totals says; none where rows overlap.
    som: Option<Balk<'a>>,
}

/// A row: who or what, what is at stake and how many findings.
#[derive(Serialize)]
struct Balk<'a> {
    code: String,
    naam: &'a str,
    fout: Bedrag,
    onzekerheid: Bedrag,
    /// Per ernst.
    aantallen: Vec<Getal>,
    balk_bedrag: Value,
    balk_aantal: Value,
}

/// A row before its bars are drawn: they are as long as the longest of the breakdown allows.
struct Telling<'a> {
    code: String,
    naam: &'a str,
    in_geding: InGeding,
    aantallen: [u64; 3],
}

impl Telling<'_> {
    fn bedragen(&self) -> [(Ernst, i64); 2] {
        [(Ernst::Fout, self.in_geding.fout.0), (Ernst::Onzekerheid, self.in_geding.onzekerheid.0)]
    }

    fn tellingen(&self) -> [(Ernst, i64); 3] {
        Ernst::ALLE.map(|e| (e, self.aantallen[e as usize] as i64))
    }

    fn bedrag(&self) -> i64 {
        self.bedragen().iter().map(|(_, b)| b).sum()
    }

    fn aantal(&self) -> i64 {
        self.tellingen().iter().map(|(_, n)| n).sum()
    }
}

pub fn alle<'a>(rapport: &'a Rapport<'a>) -> Vec<Verdeling<'a>> {
    vec![per_regel(rapport), per_aanbieder(rapport), per_gemeente(rapport), per_maand(rapport)]
}

fn per_regel<'a>(rapport: &'a Rapport<'a>) -> Verdeling<'a> {
    let tellingen = rapport.uitkomsten.iter().map(|u| {
        let mut telling = Telling {
            code: u.regel.code.to_owned(),
            naam: &u.regel.titel,
            in_geding: InGeding::default(),
            aantallen: [0; 3],
        };
        for r in rapport.van_regel(u.regel.code) {
            let bedrag = r.bevinding.bedrag.unwrap_or_default();
            telling.aantallen[r.bevinding.ernst as usize] += 1;
            match r.bevinding.ernst {
                Ernst::Fout => telling.in_geding.fout += bedrag,
                Ernst::Onzekerheid => telling.in_geding.onzekerheid += bedrag,
                Ernst::Signaal => {}
            }
        }
        telling
    });
    let (tellingen, zonder) = op_volgorde(tellingen);
    let zonder = match zonder {
        0 => String::new(),
        1 => " Eén controle zonder bevindingen staat er niet bij.".to_owned(),
        n => format!(" De {n} controles zonder bevindingen staan er niet bij."),
    };
    let uitleg = format!(
        "Een declaratieregel telt hier mee bij elke controle die haar raakt, en wat niet over één declaratieregel gaat telt ook mee. De bedragen komen samen daarom hoger uit dan de totalen hierboven.{zonder}"
    );
    Verdeling::maak("regel", "Per controle", "Controle", uitleg, tellingen, false)
}

fn per_aanbieder<'a>(rapport: &'a Rapport<'a>) -> Verdeling<'a> {
    partijen(
        "aanbieder",
        ("Per aanbieder", "Aanbieder", "aanbieder", "aanbieders"),
        &rapport.totalen.per_aanbieder,
        &tel(rapport, |r| r.aanbieder()),
        Agb,
        |agb| rapport.naam_van_aanbieder(agb),
    )
}

fn per_gemeente<'a>(rapport: &'a Rapport<'a>) -> Verdeling<'a> {
    partijen(
        "gemeente",
        ("Per gemeente", "Gemeente", "gemeente", "gemeenten"),
        &rapport.totalen.per_gemeente,
        &tel(rapport, |r| r.gemeente()),
        Gemeente,
        |gemeente| rapport.naam_van_gemeente(gemeente),
    )
}

/// Findings per ernst by a key; those without it under `None`.
fn tel<K: Hash + Eq>(
    rapport: &Rapport<'_>,
    sleutel: impl Fn(&Rij<'_>) -> Option<K>,
) -> HashMap<Option<K>, [u64; 3]> {
    let mut uit: HashMap<Option<K>, [u64; 3]> = HashMap::new();
    for r in rapport.rijen() {
        uit.entry(sleutel(&r)).or_default()[r.ernst() as usize] += 1;
    }
    uit
}

fn partijen<'a, N: FromStr, K: Hash + Eq + Copy>(
    id: &'static str,
    (titel, kop, een, meer): (&'static str, &'static str, &'static str, &'static str),
    totalen: &'a [Partijtotaal],
    aantallen: &HashMap<Option<K>, [u64; 3]>,
    partij: impl Fn(N) -> K,
    naam: impl Fn(K) -> &'a str,
) -> Verdeling<'a> {
    let tellingen = totalen.iter().map(|p| {
        let partij = p.code.parse().ok().map(&partij);
        Telling {
            naam: partij.map_or("", &naam),
            in_geding: p.in_geding,
            aantallen: partij
                .and_then(|partij| aantallen.get(&Some(partij)))
                .copied()
                .unwrap_or_default(),
            code: p.code.clone(),
        }
    });
    let (mut tellingen, zonder) = op_volgorde(tellingen);
    if let Some(aantallen) = aantallen.get(&None) {
        tellingen.push(Telling {
            code: String::new(),
            naam: match id {
                "aanbieder" => "niet bij één aanbieder",
                _ => "niet bij één gemeente",
            },
            in_geding: InGeding::default(),
            aantallen: *aantallen,
        });
    }
    let zonder = match zonder {
        0 => String::new(),
        1 => format!(" Eén {een} zonder bevindingen staat er niet bij."),
        n => format!(" De {n} {meer} zonder bevindingen staan er niet bij."),
    };
    let uitleg = format!(
        "De bedragen tellen elke declaratieregel één keer mee en zijn samen de totalen hierboven.{zonder}"
    );
    Verdeling::maak(id, titel, kop, uitleg, tellingen, true)
}

fn per_maand<'a>(rapport: &'a Rapport<'a>) -> Verdeling<'a> {
    let jaar = rapport.controle.jaar;
    let aantallen = tel(rapport, |r| {
        r.einddatum()
            .filter(|dag| dag.jaar() == jaar)
            .map(|dag| dag.maand().rem_euclid(12) as usize)
    });
    let mut tellingen: Vec<Telling<'_>> = (0..12)
        .map(|i| Telling {
            code: String::new(),
            naam: maandnaam(i as u32 + 1),
            in_geding: rapport.totalen.per_maand[i],
            aantallen: aantallen.get(&Some(i)).copied().unwrap_or_default(),
        })
        .collect();
    let kolom = |t: &Telling<'a>, delen: &[(Ernst, i64)]| Kolom {
        naam: match t.naam {
            "maart" => "mrt",
            lang => &lang[..3],
        },
        delen: delen.to_vec(),
    };
    let bedragen: Vec<Kolom<'_>> = tellingen.iter().map(|t| kolom(t, &t.bedragen())).collect();
    let tellingen_per_maand: Vec<Kolom<'_>> =
        tellingen.iter().map(|t| kolom(t, &t.tellingen())).collect();
    let kolommen = vec![
        svg(grafiek::kolommen(&bedragen, |n| Bedrag::from(Cent(n)).tekst)),
        svg(grafiek::kolommen(&tellingen_per_maand, |n| Getal::from(n as u64).tekst)),
    ];
    if let Some(aantallen) = aantallen.get(&None) {
        tellingen.push(Telling {
            code: String::new(),
            naam: "niet in één maand",
            in_geding: InGeding::default(),
            aantallen: *aantallen,
        });
    }
    let uitleg = format!(
        "De maand van {jaar} waarin de levering eindigde. De bedragen tellen elke declaratieregel één keer mee en zijn samen de totalen hierboven."
    );
    let verdeling = Verdeling::maak("maand", "Per maand", "Maand", uitleg, tellingen, true);
    Verdeling { kolommen, ..verdeling }
}

/// Those with findings, the highest amount first; and how many have none.
fn op_volgorde<'a>(tellingen: impl Iterator<Item = Telling<'a>>) -> (Vec<Telling<'a>>, usize) {
    let (mut met, zonder): (Vec<_>, Vec<_>) = tellingen.partition(|t| t.aantal() > 0);
    met.sort_by(|a, b| {
        let sleutel = |t: &Telling<'_>| Reverse((t.bedrag(), t.aantal()));
        sleutel(a).cmp(&sleutel(b)).then_with(|| a.code.cmp(&b.code))
    });
    (met, zonder.len())
}

fn svg(tekst: String) -> Value {
    Value::from_safe_string(tekst)
}

impl<'a> Verdeling<'a> {
    fn maak(
        id: &'static str,
        titel: &'static str,
        kop: &'static str,
        uitleg: String,
        tellingen: Vec<Telling<'a>>,
        telt_op: bool,
    ) -> Verdeling<'a> {
        let hoogste = |f: fn(&Telling<'_>) -> i64| tellingen.iter().map(f).max().unwrap_or(0);
        let (meeste_bedrag, meeste) = (hoogste(|t| t.bedrag()), hoogste(|t| t.aantal()));
        let balk = |t: Telling<'a>| Balk {
            balk_bedrag: svg(grafiek::staaf(&t.bedragen(), meeste_bedrag)),
            balk_aantal: svg(grafiek::staaf(&t.tellingen(), meeste)),
            fout: t.in_geding.fout.into(),
            onzekerheid: t.in_geding.onzekerheid.into(),
            aantallen: t.aantallen.into_iter().map(Getal::from).collect(),
            code: t.code,
            naam: t.naam,
        };
        let mut som = Telling {
            code: String::new(),
            naam: "Totaal",
            in_geding: InGeding::default(),
            aantallen: [0; 3],
        };
        for t in &tellingen {
            som.in_geding.fout += t.in_geding.fout;
            som.in_geding.onzekerheid += t.in_geding.onzekerheid;
            for (plek, n) in som.aantallen.iter_mut().zip(t.aantallen) {
                *plek += n;
            }
        }
        let zichtbaar = if tellingen.len() > EERSTE + 2 { EERSTE } else { tellingen.len() };
        let mut rijen: Vec<Balk<'a>> = tellingen.into_iter().map(balk).collect();
        let rest = if id == "maand" { Vec::new() } else { rijen.split_off(zichtbaar) };
        Verdeling {
            id,
            titel,
            kop,
            uitleg,
            filter: if id == "maand" { "" } else { id },
            kolommen: Vec::new(),
            rijen,
            rest,
            som: telt_op.then(|| balk(som)),
        }
    }
}
