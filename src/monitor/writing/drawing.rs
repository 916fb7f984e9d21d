//! What the page draws of a table: bars for a comparison, and one small chart an aanbieder for a trend.
//! Every number in them stands in the table below.

use super::super::table::Value;
use super::comparisons::{self, Comparison, WHOLE};
use super::rows::{Rows, shown, size};
use crate::dossier::{Ernst, Thousands};
use crate::frame::share;
use crate::rapport::{ChartColumn, bar, kolommen};
use minijinja::Value as Safe;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// More bars tell nothing more.
const MOST_BARS: usize = 15;

/// More small charts are looked at by nobody.
const MOST_CHARTS: usize = 60;

/// A bar with its name, what it says, and what stands beside it.
#[derive(Serialize)]
pub(super) struct BarRow {
    naam: String,
    balk: Safe,
    tekst: String,
    erbij: Vec<String>,
}

/// Bars under one heading.
#[derive(Serialize)]
pub(super) struct Bars {
    kop: &'static str,
    wat: &'static str,
    /// Headings of what stands beside.
    erbij: Vec<&'static str>,
    rijen: Vec<BarRow>,
}

/// A small chart of one aanbieder.
#[derive(Serialize)]
pub(super) struct SmallChart {
    naam: String,
    grafiek: Safe,
}

/// Small charts under one heading.
#[derive(Serialize)]
pub(super) struct Multiples {
    kop: &'static str,
    grafieken: Vec<SmallChart>,
}

/// A bar before it is drawn: its name, colour and length, what it says, and what stands beside it.
struct Measured {
    name: String,
    ernst: Ernst,
    length: i64,
    text: String,
    beside: Vec<String>,
}

/// `whole` is how long a bar must be at least to fill its cell.
fn bars(
    kop: &'static str,
    wat: &'static str,
    erbij: Vec<&'static str>,
    rows: Vec<Measured>,
    whole: i64,
) -> Option<Bars> {
    let highest = rows.iter().map(|row| row.length).max().unwrap_or(0).max(whole);
    let row = |row: Measured| BarRow {
        naam: row.name,
        balk: Safe::from_safe_string(bar(&[(row.ernst, row.length)], highest)),
        tekst: row.text,
        erbij: row.beside,
    };
    let rijen: Vec<BarRow> = rows.into_iter().take(MOST_BARS).map(row).collect();
    (!rijen.is_empty()).then_some(Bars { kop, wat, erbij, rijen })
}

impl<'t> Rows<'t> {
    /// How often each word stands in a column, in the order of `words`.
    fn counts(&self, name: &str, words: &[(&str, &str, Ernst)]) -> Vec<Measured> {
        let count = |word: &str| {
            self.rows.iter().filter(|row| shown(self.value(row, name)) == word).count() as i64
        };
        let rows = words.iter().map(|(word, name, ernst)| {
            let n = count(word);
            Measured {
                name: (*name).to_owned(),
                ernst: *ernst,
                length: n,
                text: Thousands(n.unsigned_abs()).to_string(),
                beside: Vec::new(),
            }
        });
        rows.filter(|row| row.length > 0).collect()
    }

    /// The rows of a comparison, in its order.
    fn compared(&self, c: &Comparison) -> Vec<Measured> {
        let measured = |row: Vec<Value<'t>>| {
            let row = &row[..];
            let value = self.value(row, c.number.0);
            let part = match c.of {
                Some(whole) => Some(share(size(value)?, size(self.value(row, whole))?)?),
                None => None,
            };
            Some(Measured {
                name: self.name(row, c.names),
                ernst: (c.ernst)(self, row),
                length: part.or_else(|| size(value))?.abs(),
                text: part.map_or_else(|| shown(value), |part| shown(&Value::Procent(part))),
                beside: c.beside.iter().map(|(name, _)| shown(self.value(row, name))).collect(),
            })
        };
        let kept = self.rows.iter().filter(|row| (c.keep)(self, row));
        let mut rows: Vec<Measured> = kept.filter_map(measured).collect();
        let sign = if c.smallest_first { 1 } else { -1 };
        rows.sort_by(|a, b| {
            (sign * a.length).cmp(&(sign * b.length)).then_with(|| a.name.cmp(&b.name))
        });
        rows
    }

    /// Bars of what is compared in the table.
    pub(super) fn bars(&self) -> Vec<Bars> {
        let counted = match self.table.spec.name {
            "verantwoording" => bars(
                "Op tijd",
                "Aanbieders × gemeenten",
                Vec::new(),
                self.counts("OpTijd", &IN_TIME),
                0,
            ),
            "budgetten" => {
                let counts = self.counts("Stand", &STANDS);
                bars("Hoe de budgetten staan", "Toewijzingen", Vec::new(), counts, 0)
            }
            "aflopend" => {
                let counts = self.counts("Reden", &REASONS);
                bars("Waarom", "Jeugdigen en toewijzingen", Vec::new(), counts, 0)
            }
            _ => None,
        };
        let compared = comparisons::of(self.table.spec.name).iter().filter_map(|c| {
            let beside = c.beside.iter().map(|(_, heading)| *heading).collect();
            let is_share = c.of.is_some() || self.is_share(c.number.0);
            bars(c.kop, c.number.1, beside, self.compared(c), if is_share { WHOLE } else { 0 })
        });
        counted.into_iter().chain(compared).collect()
    }

    /// One small chart an aanbieder, where the table has a trend; the largest first.
    pub(super) fn multiples(&self) -> Option<Multiples> {
        let (kop, time, number) = match self.table.spec.name {
            "maand" => {
                ("Gedeclareerd per maand; elke grafiek heeft haar eigen schaal", "Maand", "Bedrag")
            }
            "kengetallen" => (
                "Jeugdigen per kwartaal; elke grafiek heeft haar eigen schaal",
                "Tijdvak",
                "Jeugdigen",
            ),
            _ => return None,
        };
        // The time's last part says it: 03 of 2023-03, K1 of 2023-K1. The year itself is no quarter.
        let mut charts: BTreeMap<&str, Vec<(&str, Ernst, i64)>> = BTreeMap::new();
        let mut names: BTreeMap<&str, &str> = BTreeMap::new();
        for row in self.rows.iter() {
            let row = &row[..];
            let Some((_, when)) = self.text(row, time).split_once('-') else { continue };
            let n = size(self.value(row, number)).unwrap_or(0);
            let agb = self.text(row, "Aanbieder");
            charts.entry(agb).or_default().push((when, Ernst::Signaal, n));
            names.insert(agb, self.text(row, "Naam"));
        }
        // All charts have the same time under them, so that they can be laid beside each other.
        let times: BTreeSet<&str> = charts.values().flatten().map(|(when, ..)| *when).collect();
        let total = |columns: &[(&str, Ernst, i64)]| columns.iter().map(|(_, _, n)| n).sum::<i64>();
        let mut charts: Vec<_> = charts.into_iter().collect();
        charts.sort_by_key(|(agb, columns)| (-total(columns), *agb));
        let is_money = number == "Bedrag";
        let scale = |n: i64| match is_money {
            true => crate::dossier::Cent(n).to_string(),
            false => Thousands(n.unsigned_abs()).to_string(),
        };
        let drawn = charts.into_iter().take(MOST_CHARTS).map(|(agb, columns)| {
            let of = |when: &&str| {
                columns.iter().find(|(name, ..)| name == when).map(|(_, ernst, n)| (*ernst, *n))
            };
            let columns: Vec<ChartColumn<'_>> = (times.iter())
                .map(|name| ChartColumn { name, parts: of(name).into_iter().collect() })
                .collect();
            SmallChart {
                naam: format!("{agb} {}", names[agb]).trim_end().to_owned(),
                grafiek: Safe::from_safe_string(kolommen(&columns, scale)),
            }
        });
        let grafieken: Vec<SmallChart> = drawn.collect();
        (!grafieken.is_empty()).then_some(Multiples { kop, grafieken })
    }
}

/// Was it in time?
const IN_TIME: [(&str, &str, Ernst); 3] = [
    ("J", "op tijd", Ernst::Signaal),
    ("N", "te laat of niet ontvangen", Ernst::Fout),
    ("", "nog niet te zeggen", Ernst::Onzekerheid),
];

/// How budgets stand, with how it is said in the chart.
const STANDS: [(&str, &str, Ernst); 6] = [
    ("op", "op", Ernst::Fout),
    ("raakt op", "raakt op voor het einde", Ernst::Onzekerheid),
    ("toereikend", "toereikend", Ernst::Signaal),
    ("geen levering", "geen levering in de laatste maanden", Ernst::Signaal),
    ("te kort bekend", "te kort bekend voor een vooruitblik", Ernst::Signaal),
    ("beëindigd", "beëindigd", Ernst::Signaal),
];

/// Why something ends or passes on.
const REASONS: [(&str, &str, Ernst); 4] = [
    ("wordt 16,5", "wordt 16,5", Ernst::Signaal),
    ("wordt 17", "wordt 17", Ernst::Signaal),
    ("wordt 18", "wordt 18", Ernst::Onzekerheid),
    ("contract beëindigd", "contract beëindigd", Ernst::Fout),
];
