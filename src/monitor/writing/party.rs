//! A sheet for the conversation with each aanbieder: its own figures beside the median of others, and
//! nothing of another.

use super::super::Monitor;
use super::super::assembling;
use super::super::spec::Kind;
use super::super::table::{Content, Table, TableRows, Value};
use super::xlsx;
use crate::dossier::{Cent, Volume};
use crate::writing::WriteError;
use crate::writing::sheet::{Cell, Formats, Sheet, keep, new_book};
use polars_core::prelude::*;
use rayon::prelude::*;
use rust_xlsxwriter::{Workbook, XlsxError};
use std::path::Path;

/// The tables that an aanbieder gets its own rows of, with the column of its AGB code and those that
/// are put beside the median of all.
const TABLES: [(&str, &str, &[&str]); 6] = [
    ("kengetallen", "Aanbieder", &[]),
    ("omzet", "Aanbieder", &["VeranderingDeel"]),
    ("naleving", "Code", &["StartsOpTijd", "StopsOpTijd", "OpTijd", "AfgewezenDeel"]),
    ("verantwoording", "Aanbieder", &[]),
    ("budgetten", "Aanbieder", &[]),
    ("maand", "Aanbieder", &[]),
];

/// The median of fewer aanbieders could tell of one of them.
const LEAST_PEERS: usize = 5;

/// `per-aanbieder/AGB.xlsx` for each aanbieder with a line in the leverjaar.
pub(in super::super) fn parties(monitor: &Monitor<'_>, dir: &Path) -> Result<(), WriteError> {
    let dir = dir.join("per-aanbieder");
    std::fs::create_dir(&dir).map_err(|e| WriteError::writing(&dir, &e))?;
    let tables: Vec<(&Table, &str, &[&str])> = (TABLES.iter())
        .filter_map(|(name, key, beside)| {
            let table = monitor.tables.iter().find(|t| t.spec.name == *name)?;
            Some((table, *key, *beside))
        })
        .collect();
    let medians: Vec<Comparison> =
        tables.iter().flat_map(|(table, _, beside)| comparisons(table, beside)).collect();
    for_each_aanbieder(monitor).map_err(|e| assembling(&e))?.par_iter().try_for_each(|agb| {
        let own = tables.iter().map(|(table, key, _)| own_rows(table, key, agb));
        let own = own.collect::<PolarsResult<Vec<Table>>>().map_err(|e| assembling(&e))?;
        let rows = own.iter().map(Table::rows).collect::<PolarsResult<Vec<_>>>();
        let rows = rows.map_err(|e| assembling(&e))?;
        keep(&dir.join(format!("{agb}.xlsx")), |temporary| {
            book(monitor, temporary, &own, &rows, &medians)
        })
    })
}

/// The AGB codes of the aanbieders with a line in the leverjaar.
fn for_each_aanbieder(monitor: &Monitor<'_>) -> PolarsResult<Vec<String>> {
    let table = monitor.tables.iter().find(|t| t.spec.name == "maand");
    let Some(Content::Rows(frame)) = table.map(|t| &t.content) else { return Ok(Vec::new()) };
    let codes = frame.column("Aanbieder")?.str()?;
    let mut codes: Vec<String> = codes.iter().flatten().map(str::to_owned).collect();
    codes.dedup();
    Ok(codes)
}

/// The rows of one aanbieder.
fn own_rows(table: &Table, key: &str, agb: &str) -> PolarsResult<Table> {
    let content = match &table.content {
        Content::Rows(frame) => {
            let own: BooleanChunked =
                frame.column(key)?.str()?.iter().map(|code| code == Some(agb)).collect();
            Content::Rows(frame.filter(&own)?)
        }
        Content::Needs(what) => Content::Needs(what.clone()),
        Content::Inside => Content::Inside,
    };
    let lines = match &content {
        Content::Rows(frame) => frame.column("Regels")?.i64()?.sum().unwrap_or_default(),
        _ => 0,
    };
    Ok(Table { spec: table.spec, peildatum: table.peildatum, lines, remarks: Vec::new(), content })
}

/// The median of a column over all aanbieders that have a value there.
struct Comparison {
    table: &'static str,
    column: &'static str,
    median: Option<Value<'static>>,
    count: usize,
}

fn comparisons<'t>(
    table: &'t Table,
    columns: &'t [&'static str],
) -> impl Iterator<Item = Comparison> + 't {
    columns.iter().filter_map(|name| {
        let Content::Rows(frame) = &table.content else { return None };
        let kind = table.spec.columns.iter().find(|c| c.name == *name)?.kind;
        let mut values: Vec<i64> = frame.column(name).ok()?.i64().ok()?.iter().flatten().collect();
        if table.spec.name == "naleving" {
            let kinds = frame.column("Soort").ok()?.str().ok()?;
            let numbers = frame.column(name).ok()?.i64().ok()?;
            let of_aanbieders = kinds.iter().zip(numbers.iter());
            let of_aanbieders = of_aanbieders.filter(|(kind, _)| *kind == Some("aanbieder"));
            values = of_aanbieders.filter_map(|(_, n)| n).collect();
        }
        values.sort_unstable();
        let count = values.len();
        let median = (count >= LEAST_PEERS).then(|| {
            let middle = values[(count - 1) / 2] + values[count / 2];
            value(kind, crate::frame::half_up(middle, 2))
        });
        Some(Comparison { table: table.spec.name, column: name, median, count })
    })
}

fn value(kind: Kind, n: i64) -> Value<'static> {
    match kind {
        Kind::Bedrag => Value::Bedrag(Cent(n)),
        Kind::Procent => Value::Procent(n),
        Kind::Volume => Value::Volume(Volume(n)),
        _ => Value::Aantal(n),
    }
}

/// One aanbieder's workbook.
fn book(
    monitor: &Monitor<'_>,
    dir: &Path,
    own: &[Table],
    rows: &[TableRows<'_>],
    medians: &[Comparison],
) -> Result<Workbook, XlsxError> {
    let c = monitor.context;
    let title = format!("Gesprek over {}", c.jaar);
    let mut book = new_book(dir, &title, &c.regelset.title, c.jaar)?;
    let o = Formats::new().with_foot(&title);
    first_sheet(&mut book, &o, &title, own, rows, medians)?;
    for (table, rows) in own.iter().zip(rows) {
        if let Content::Rows(_) = table.content {
            let sheet = book.add_worksheet_with_constant_memory()?;
            xlsx::write(sheet, &o, table, rows)?;
        }
    }
    Ok(book)
}

/// Own figures beside the median of all aanbieders.
fn first_sheet(
    book: &mut Workbook,
    o: &Formats,
    title: &str,
    own: &[Table],
    rows: &[TableRows<'_>],
    medians: &[Comparison],
) -> Result<(), XlsxError> {
    let widths = [18.0, 24.0, 18.0, 18.0, 16.0, 70.0];
    let mut b = Sheet::new(book, o, "Vergelijking", &widths)?;
    b.title(title)?;
    b.paragraph("Uw eigen cijfer naast de mediaan van alle aanbieders die er een hebben. Van minder dan vijf aanbieders staat er geen mediaan. Kosten per jeugdige en hoge tariefgroepen staan op het blad kengetallen naast de mediaan van uw perceel.", 6)?;
    b.header(
        &["Tabel", "Kolom", "Eigen", "Mediaan", "Aanbieders", "Betekenis"],
        medians.len(),
        true,
    )?;
    for m in medians {
        let table = own.iter().position(|t| t.spec.name == m.table);
        let Some((table, rows)) = table.map(|i| (&own[i], &rows[i])) else { continue };
        let Some(place) = table.spec.columns.iter().position(|c| c.name == m.column) else {
            continue;
        };
        let first = if rows.len() > 0 { rows.row(0) } else { Vec::new() };
        let own = first.get(place).unwrap_or(&Value::Absent);
        b.row(
            &[
                Cell::text(m.table),
                Cell::text(m.column),
                xlsx::cell(own),
                m.median.as_ref().map_or(Cell::Empty, xlsx::cell),
                Cell::Number(m.count as u64),
                Cell::long(table.spec.columns[place].meaning),
            ],
            false,
        )?;
    }
    Ok(())
}
