//! What the page draws of a table: bars for a comparison, and one small chart an aanbieder for a trend.
//! Every number in them stands in the table below.

use super::super::table::{Table, Value};
use crate::dossier::{Ernst, Thousands};
use crate::rapport::{ChartColumn, bar, kolommen};
use minijinja::Value as Safe;
use serde::Serialize;
use std::collections::BTreeMap;

/// More bars tell nothing more.
const MOST_BARS: usize = 15;

/// More small charts are looked at by nobody.
const MOST_CHARTS: usize = 60;

/// A bar with its name and what it says.
#[derive(Serialize)]
pub(super) struct BarRow {
    naam: String,
    balk: Safe,
    tekst: String,
}

/// Bars under one heading.
#[derive(Serialize)]
pub(super) struct Bars {
    kop: &'static str,
    wat: &'static str,
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

/// A table's rows with its columns by name.
pub(super) struct Rows<'t> {
    table: &'t Table,
    rows: &'t [Vec<Value>],
}

impl<'t> Rows<'t> {
    pub(super) fn of(table: &'t Table, rows: &'t [Vec<Value>]) -> Rows<'t> {
        Rows { table, rows }
    }

    fn value(&self, row: &'t [Value], name: &str) -> &'t Value {
        let place = self.table.spec.columns.iter().position(|c| c.name == name);
        place.map_or(&Value::Absent, |place| &row[place])
    }

    fn text(&self, row: &'t [Value], name: &str) -> &'t str {
        match self.value(row, name) {
            Value::Text(text) => text,
            _ => "",
        }
    }

    /// How often each word stands in a column, in the order of `words`.
    fn counts(
        &self,
        name: &str,
        words: &[(&str, &str, Ernst)],
    ) -> Vec<(String, Ernst, i64, String)> {
        let count = |word: &str| {
            self.rows.iter().filter(|row| shown(self.value(row, name)) == word).count() as i64
        };
        let rows = words.iter().map(|(word, name, ernst)| {
            let n = count(word);
            ((*name).to_owned(), *ernst, n, Thousands(n.unsigned_abs()).to_string())
        });
        rows.filter(|(_, _, n, _)| *n > 0).collect()
    }

    /// The rows by one number, the largest first, named by a text.
    fn ranked(
        &self,
        names: &[&str],
        number: &str,
        ernst: impl Fn(&'t [Value]) -> Ernst,
    ) -> Vec<(String, Ernst, i64, String)> {
        let mut rows: Vec<_> = (self.rows.iter())
            .filter_map(|row| {
                let value = self.value(row, number);
                let n = size(value)?;
                let name = names.iter().map(|name| self.text(row, name));
                let name = name.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ");
                Some((name, ernst(row), n.abs(), shown(value)))
            })
            .collect();
        rows.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(&b.0)));
        rows
    }

    /// Bars of a comparison, where the table has one.
    pub(super) fn bars(&self) -> Option<Bars> {
        let moved = |row: &'t [Value]| match self.text(row, "Stand") {
            "gestegen" | "gedaald" => Ernst::Onzekerheid,
            _ => Ernst::Signaal,
        };
        let plain = |_: &'t [Value]| Ernst::Signaal;
        let (kop, wat, rows) = match self.table.spec.name {
            "omzet" => (
                "Grootste veranderingen",
                "Verandering",
                self.ranked(&["Aanbieder", "Naam", "Stand"], "Verandering", moved),
            ),
            "verantwoording" => (
                "Op tijd",
                "Aanbieders × gemeenten",
                self.counts(
                    "OpTijd",
                    &[
                        ("J", "op tijd", Ernst::Signaal),
                        ("N", "te laat of niet ontvangen", Ernst::Fout),
                        ("", "nog niet te zeggen", Ernst::Onzekerheid),
                    ],
                ),
            ),
            "budgetten" => {
                ("Hoe de budgetten staan", "Toewijzingen", self.counts("Stand", &STANDS))
            }
            "naleving" => {
                let mut rows = self.ranked(&["Code", "Naam"], "OpTijd", plain);
                rows.reverse();
                ("Minst op tijd gedeclareerd", "Deel op tijd", rows)
            }
            "verwijzers" => (
                "Meeste toewijzingen",
                "Toewijzingen",
                self.ranked(&["NaamGemeente", "NaamVerwijzer"], "Toewijzingen", plain),
            ),
            "aflopend" => ("Waarom", "Jeugdigen en toewijzingen", self.counts("Reden", &REASONS)),
            "perceel5" => (
                "Meest gebruikt",
                "Gebruikt",
                self.ranked(&["Aanbod", "NaamGemeente"], "Gebruikt", plain),
            ),
            "maatwerk" => (
                "Hoogste bedragen",
                "Gedeclareerd",
                self.ranked(&["Naam", "NaamGemeente"], "Gedeclareerd", plain),
            ),
            _ => return None,
        };
        let highest = rows.iter().map(|(_, _, n, _)| *n).max().unwrap_or(0);
        let row = |(naam, ernst, n, tekst): (String, Ernst, i64, String)| BarRow {
            naam,
            balk: Safe::from_safe_string(bar(&[(ernst, n)], highest)),
            tekst,
        };
        let rijen: Vec<BarRow> = rows.into_iter().take(MOST_BARS).map(row).collect();
        (!rijen.is_empty()).then_some(Bars { kop, wat, rijen })
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
        for row in self.rows {
            let Some((_, when)) = self.text(row, time).split_once('-') else { continue };
            let n = size(self.value(row, number)).unwrap_or(0);
            let agb = self.text(row, "Aanbieder");
            charts.entry(agb).or_default().push((when, Ernst::Signaal, n));
            names.insert(agb, self.text(row, "Naam"));
        }
        let total = |columns: &[(&str, Ernst, i64)]| columns.iter().map(|(_, _, n)| n).sum::<i64>();
        let mut charts: Vec<_> = charts.into_iter().collect();
        charts.sort_by_key(|(agb, columns)| (-total(columns), *agb));
        let is_money = number == "Bedrag";
        let scale = |n: i64| match is_money {
            true => crate::dossier::Cent(n).to_string(),
            false => Thousands(n.unsigned_abs()).to_string(),
        };
        let drawn = charts.into_iter().take(MOST_CHARTS).map(|(agb, columns)| {
            let columns: Vec<ChartColumn<'_>> = (columns.into_iter())
                .map(|(name, ernst, n)| ChartColumn { name, parts: vec![(ernst, n)] })
                .collect();
            SmallChart {
                naam: format!("{agb} {}", names[agb]),
                grafiek: Safe::from_safe_string(kolommen(&columns, scale)),
            }
        });
        let grafieken: Vec<SmallChart> = drawn.collect();
        (!grafieken.is_empty()).then_some(Multiples { kop, grafieken })
    }
}

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

/// The number in a cell.
fn size(value: &Value) -> Option<i64> {
    match value {
        Value::Aantal(n) | Value::Procent(n) => Some(*n),
        Value::Bedrag(c) => Some(c.0),
        Value::Volume(v) => Some(v.0),
        _ => None,
    }
}

/// A cell as people read it.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Absent => String::new(),
        Value::Text(text) => text.to_string(),
        Value::Aantal(n) if *n < 0 => format!("-{}", Thousands(n.unsigned_abs())),
        Value::Aantal(n) => Thousands(n.unsigned_abs()).to_string(),
        Value::Bedrag(c) => c.to_string(),
        Value::Procent(n) => {
            let tenths = super::super::frame::half_up(*n, 10);
            let sign = if tenths < 0 { "-" } else { "" };
            let tenths = tenths.unsigned_abs();
            format!("{sign}{},{}%", Thousands(tenths / 10), tenths % 10)
        }
        Value::Volume(v) => v.to_string(),
        Value::Datum(d) => d.to_string(),
        Value::JaNee(yes) => if *yes { "J" } else { "N" }.to_owned(),
    }
}
