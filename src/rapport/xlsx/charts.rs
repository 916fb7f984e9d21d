//! The sheet of charts: what is at stake by month, aanbieder and gemeente, each beside its numbers.

use crate::dossier::{Agb, Cent, Gemeente};
use crate::rapport::Rapport;
use crate::rapport::totals::{InDispute, PartyTotal};
use crate::writing::sheet::{Cell, Formats, Sheet, StackedChart};
use rust_xlsxwriter::{Workbook, XlsxError};
use std::cmp::Reverse;

/// Name of the sheet.
pub(super) const GRAFIEKEN: &str = "Grafieken";

/// Parties of a chart at most: those with most at stake.
const MOST_PARTIES: usize = 15;

/// The series of each chart, and their colours: as on the page.
const SERIES: [(&str, u32); 2] = [("Fout", 0xB3_2D3A), ("Onzekerheid", 0xE0_A93B)];

/// Rows that a chart is high, so that a table beside it never runs into the next.
const ROWS_OF_CHART: usize = 20;

pub(super) fn write(
    rapport: &Rapport<'_>,
    book: &mut Workbook,
    o: &Formats,
) -> Result<(), XlsxError> {
    let mut b = Sheet::new(book, o, GRAFIEKEN, &[30.0, 15.0, 15.0, 4.0])?;
    b.title("Grafieken")?;
    b.link_back()?;
    b.sentence("Wat in geding is, elke declaratieregel één keer geteld.")?;
    let t = &rapport.totals;
    let shown = |name: &str| rapport.pseudonyms.replace_in(name).to_string();
    let of_aanbieder =
        |code: &str| shown(code.parse().map_or("", |agb| rapport.name_of_aanbieder(Agb(agb))));
    let of_gemeente = |code: &str| {
        let name = code.parse().map_or("", |code| rapport.name_of_gemeente(Gemeente(code)));
        name.to_owned()
    };
    let maand = |i: usize| crate::dossier::maandnaam(i as u32 + 1).to_owned();
    let months = t.per_maand.iter().enumerate().map(|(i, sum)| (maand(i), *sum)).collect();
    chart(&mut b, "Per maand van levering", months)?;
    chart(&mut b, "Aanbieders met het meeste in geding", largest(&t.per_aanbieder, of_aanbieder))?;
    chart(&mut b, "Gemeenten met het meeste in geding", largest(&t.per_gemeente, of_gemeente))?;
    b.on_one_page();
    Ok(())
}

/// The parties with most at stake, by name and else by code.
fn largest(parties: &[PartyTotal], name: impl Fn(&str) -> String) -> Vec<(String, InDispute)> {
    let stake = |p: &PartyTotal| p.in_geding.fout + p.in_geding.onzekerheid;
    let mut all: Vec<&PartyTotal> = parties.iter().filter(|p| stake(p) > Cent::ZERO).collect();
    all.sort_by_key(|p| (Reverse(stake(p)), p.code.clone()));
    all.truncate(MOST_PARTIES);
    let named = |p: &PartyTotal| Some(name(&p.code)).filter(|n| !n.is_empty());
    all.iter().map(|p| (named(p).unwrap_or_else(|| p.code.clone()), p.in_geding)).collect()
}

/// A table, and a chart of it beside it.
fn chart(b: &mut Sheet<'_>, title: &str, rows: Vec<(String, InDispute)>) -> Result<(), XlsxError> {
    if rows.is_empty() {
        return Ok(());
    }
    b.blank_line();
    b.stacked_chart(&StackedChart {
        title,
        kolom: 4,
        first_row: 1,
        rows: rows.len(),
        series: &SERIES,
    })?;
    b.header(&[title, SERIES[0].0, SERIES[1].0], 0, false)?;
    for (name, sum) in &rows {
        b.row(&[Cell::text(name), Cell::Money(sum.fout), Cell::Money(sum.onzekerheid)], false)?;
    }
    (rows.len() + 1..ROWS_OF_CHART).for_each(|_| b.blank_line());
    Ok(())
}
