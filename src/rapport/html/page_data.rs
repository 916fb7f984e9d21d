//! The findings as the page holds them: columns of numbers and one list of texts, as JSON.
//!
//! A text stands once in `woorden`; a column holds its place, 0 for none. Amounts are whole
//! eurocents, volumes hundredths, days count from 1970. A finding points at its line, a line at its
//! toewijzing, a toewijzing at the lines on it that a running sum was made of.

use super::columns::{Bevindingen, Lijnen, Onderliggend, Toewijzingen, Verloop};
use super::page_rows::PageBuilder;
use crate::dossier::Cent;
use crate::ground::Shown;
use crate::rapport::{FindingRow, Rapport};
use crate::regelset::Regelset;
use crate::uitleg::{ExplainedValue, values};
use serde::Serialize;
use std::cmp::Reverse;

/// Findings that the page holds at most; the rest is counted and stands in the other files.
pub(crate) const MOST_BEVINDINGEN: usize = 100_000;

/// Codes of the contract in words, under a header.
const BEGRIPPEN: &str = include_str!("../../../rules/begrippen.csv");

#[derive(Serialize)]
pub(crate) struct PageData<'a> {
    woorden: Vec<Shown<'a>>,
    regels: Vec<RuleText<'a>>,
    /// Code and name, in the order of the codes.
    aanbieders: Vec<(String, Shown<'a>)>,
    gemeenten: Vec<(String, Shown<'a>)>,
    bestanden: Vec<Shown<'a>>,
    bevindingen: Bevindingen,
    lijnen: Lijnen,
    onderliggend: Onderliggend,
    toewijzingen: Toewijzingen,
    verloop: Verloop,
    /// Codes that texts of findings use, and what they stand for.
    begrippen: Vec<(&'static str, &'static str)>,
    /// Toewijzingen whose lines are left out because the page would become too large.
    zonder_verloop: usize,
}

/// What a rule checks, for beside its findings.
#[derive(Serialize)]
struct RuleText<'a> {
    code: &'a str,
    titel: Shown<'a>,
    familie: &'a str,
    wat: Shown<'a>,
    waarom: Shown<'a>,
    bron: Shown<'a>,
    waarden: Vec<[Shown<'a>; 4]>,
}

impl<'a> PageData<'a> {
    pub(crate) fn make(rapport: &'a Rapport<'a>) -> PageData<'a> {
        let shown = largest(&rapport.bevindingen, MOST_BEVINDINGEN, |g| {
            g.bevinding.bedrag.unwrap_or_default()
        });
        let shown: Vec<FindingRow<'a>> = shown.into_iter().map(|g| rapport.row(g)).collect();
        let mut build = PageBuilder::new(rapport, &shown);
        for row in &shown {
            build.push(row);
        }
        let (course, without_course) = build.course();
        PageData {
            regels: rule_texts(rapport),
            bevindingen: build.bevindingen,
            lijnen: build.lines,
            onderliggend: build.under,
            toewijzingen: build.toewijzingen,
            verloop: course,
            zonder_verloop: without_course,
            begrippen: BEGRIPPEN.lines().skip(1).filter_map(|row| row.split_once(';')).collect(),
            aanbieders: build
                .aanbieders
                .list
                .iter()
                .map(|a| (a.to_string(), rapport.name_of_aanbieder(*a).into()))
                .collect(),
            gemeenten: build
                .gemeenten
                .list
                .iter()
                .map(|g| (g.to_string(), rapport.name_of_gemeente(*g).into()))
                .collect(),
            bestanden: build.files,
            woorden: build.words.list,
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.bevindingen.id.len()
    }
}

/// Those with the highest amounts, the largest first; equal amounts in their own order.
fn largest<T>(rows: &[T], most: usize, bedrag: impl Fn(&T) -> Cent) -> Vec<&T> {
    let key = |i: &usize| (Reverse(bedrag(&rows[*i])), *i);
    let mut places: Vec<usize> = (0..rows.len()).collect();
    if places.len() > most {
        places.select_nth_unstable_by_key(most, key);
        places.truncate(most);
    }
    places.sort_unstable_by_key(key);
    places.into_iter().map(|i| &rows[i]).collect()
}

fn rule_texts<'a>(rapport: &'a Rapport<'a>) -> Vec<RuleText<'a>> {
    let set: &Regelset = rapport.regelset();
    let c = rapport.context;
    let of = |code: &str| set.rule(code);
    let cells = |w: ExplainedValue| {
        [w.explanation.into(), w.value.into(), w.valid.into(), w.source.to_string().into()]
    };
    rapport
        .outcomes
        .iter()
        .map(|u| RuleText {
            code: u.rule.code,
            titel: (&*u.rule.title).into(),
            familie: u.rule.familie(),
            wat: (&*u.rule.what).into(),
            waarom: (&*u.rule.why).into(),
            bron: of(u.rule.code).map_or_else(Shown::default, |i| i.source.to_string().into()),
            waarden: of(u.rule.code).map_or_else(Vec::new, |i| {
                let waarden = values(&u.rule, i, c.first_dag(), c.last_dag());
                waarden.into_iter().map(cells).collect()
            }),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_stay_and_equal_ones_in_their_order() {
        let rows = [(3, 'a'), (9, 'b'), (3, 'c'), (0, 'd'), (3, 'e')];
        let over = |most| -> String {
            largest(&rows, most, |(n, _)| Cent(*n)).iter().map(|(_, name)| name).collect()
        };
        assert_eq!(over(3), "bac");
        assert_eq!(over(5), "baced");
        assert_eq!(over(9), "baced");
        assert_eq!(over(0), "");
    }
}
