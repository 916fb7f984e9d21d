//! `monitor.xlsx`: a sheet a table, each as an Excel table, with colours and charts.

use super::super::Monitor;
use super::super::spec::{ColumnSpec, Kind};
use super::super::table::{Content, Table, TableRows, Value};
use super::index::INSIDE;
use super::rows::Rows;
use crate::dossier::{Cent, Ernst};
use crate::writing::WriteError;
use crate::writing::sheet::{
    Cell, ColumnFormat, Formats, Sheet, SheetWriter, keep, new_book, side_by_side,
};
use rust_xlsxwriter::{Chart, ChartType, Workbook, Worksheet, XlsxError};
use std::collections::BTreeMap;
use std::path::Path;

/// Words that a reader should see first, in whatever table they stand.
const WORDS: [(&str, Ernst); 8] = [
    ("op", Ernst::Fout),
    ("raakt op", Ernst::Onzekerheid),
    ("geen levering", Ernst::Signaal),
    ("gestegen", Ernst::Onzekerheid),
    ("gedaald", Ernst::Onzekerheid),
    ("ontbreekt", Ernst::Fout),
    ("na de laatste", Ernst::Signaal),
    ("contract beëindigd", Ernst::Onzekerheid),
];

/// A chart of more rows shows nothing.
const MOST_IN_CHART: usize = 40;

/// A chart: its title, the columns with the names and those with the numbers, and the kind.
struct ChartSpec {
    table: &'static str,
    title: &'static str,
    /// Columns that together tell one row from another; of more than one, and where a name is lacking,
    /// the names stand beside the table.
    names: &'static [&'static str],
    numbers: &'static [&'static str],
    kind: ChartType,
    /// Only rows of which the first column is this.
    only: Option<&'static str>,
}

const CHARTS: [ChartSpec; 4] = [
    ChartSpec {
        table: "omzet",
        title: "Omzet van dit jaar naast die van vorig jaar na indexatie",
        names: &["Naam"],
        numbers: &["Geindexeerd", "DitJaar"],
        kind: ChartType::Bar,
        only: None,
    },
    ChartSpec {
        table: "naleving",
        title: "Deel op tijd, per aanbieder",
        names: &["Naam"],
        numbers: &["StartsOpTijd", "StopsOpTijd", "OpTijd"],
        kind: ChartType::Bar,
        only: Some("aanbieder"),
    },
    ChartSpec {
        table: "verwijzers",
        title: "Soort budget naar gemeente en verwijzer",
        names: &["NaamGemeente", "NaamVerwijzer"],
        numbers: &["Standaard", "Offerte", "Anders"],
        kind: ChartType::BarStacked,
        only: None,
    },
    ChartSpec {
        table: "perceel5",
        title: "Ingekocht en gebruikt",
        names: &["NaamGemeente", "Aanbod"],
        numbers: &["Ingekocht", "Gebruikt"],
        kind: ChartType::Bar,
        only: None,
    },
];

/// The workbook with all tables.
pub(in super::super) fn xlsx(
    monitor: &Monitor<'_>,
    rows: &[TableRows<'_>],
    dir: &Path,
) -> Result<(), WriteError> {
    let c = monitor.context;
    keep(&dir.join("monitor.xlsx"), |temporary| {
        let title = format!("Monitor jeugdhulp {}", c.jaar);
        let mut book = new_book(temporary, &title, &c.regelset.title, c.jaar)?;
        let o = Formats::new().with_foot(&title);
        overview(&mut book, &o, &title, &monitor.tables)?;
        let tables = monitor.tables.iter().zip(rows);
        let writers = tables.filter(|(table, _)| matches!(table.content, Content::Rows(_))).map(
            |(table, rows)| -> SheetWriter<'_> { Box::new(|sheet| write(sheet, &o, table, rows)) },
        );
        for sheet in side_by_side(&mut book, writers.collect())? {
            book.push_worksheet(sheet);
        }
        meanings(&mut book, &o, &monitor.tables)?;
        Ok(book)
    })
}

fn overview(
    book: &mut Workbook,
    o: &Formats,
    title: &str,
    tables: &[Table],
) -> Result<(), XlsxError> {
    let widths = [16.0, 34.0, 60.0, 26.0, 13.0, 10.0, 17.0, 50.0];
    let mut b = Sheet::new(book, o, "Overzicht", &widths)?;
    b.set_formats()?;
    b.title(title)?;
    b.blank_line();
    let headers = [
        "Tabel",
        "Titel",
        "Vraag",
        "Bron",
        "Peildatum",
        "Rijen",
        "Declaratieregels",
        "Opmerkingen",
    ];
    b.header(&headers, tables.len(), true)?;
    for table in tables {
        let spec = table.spec;
        let remarks = match &table.content {
            Content::Rows(_) => table.remarks.join(" "),
            Content::Needs(what) => format!("Vraagt {what}."),
            Content::Inside => INSIDE.to_owned(),
        };
        let (name, rows) = match &table.content {
            Content::Rows(frame) => {
                (Cell::ToSheet(spec.name, spec.name), Cell::Number(frame.height() as u64))
            }
            _ => (Cell::text(spec.name), Cell::Empty),
        };
        b.row(
            &[
                name,
                Cell::long(spec.title),
                Cell::long(spec.question),
                Cell::long(spec.source),
                Cell::Datum(table.peildatum),
                rows,
                Cell::Integer(table.lines),
                Cell::long(&remarks),
            ],
            false,
        )?;
    }
    Ok(())
}

/// What stands in each column.
fn meanings(book: &mut Workbook, o: &Formats, tables: &[Table]) -> Result<(), XlsxError> {
    let mut b = Sheet::new(book, o, "Kolommen", &[16.0, 22.0, 110.0])?;
    let columns = || tables.iter().flat_map(|t| t.spec.columns.iter().map(move |c| (t.spec, c)));
    b.title("Wat er in de kolommen staat")?;
    b.header(&["Tabel", "Kolom", "Betekenis"], columns().count(), true)?;
    for (spec, column) in columns() {
        let cells = [Cell::text(spec.name), Cell::text(column.name), Cell::long(column.meaning)];
        b.row(&cells, false)?;
    }
    Ok(())
}

/// How wide a column is: no word of its header is broken off.
fn width(column: &ColumnSpec) -> f64 {
    let header = column.name.chars().count() as f64 * 1.1 + 3.0;
    header.max(match (column.kind, column.name) {
        (Kind::Text, "Naam" | "NaamAanbieder" | "Aanbod" | "Doelgroep") => 30.0,
        (Kind::Text, "Gemeente" | "Verwijzer" | "Code" | "Maand" | "Tijdvak") => 11.0,
        (Kind::Text, _) => 19.0,
        (Kind::Bedrag, _) => 17.0,
        (Kind::JaNee, _) => 11.0,
        _ => 14.0,
    })
}

/// A cell of a table as a cell of a sheet.
pub(super) fn cell<'a>(value: &'a Value<'_>) -> Cell<'a> {
    match value {
        Value::Absent => Cell::Empty,
        Value::Text(text) => Cell::text(text),
        Value::Aantal(n) => Cell::Integer(*n),
        Value::Bedrag(c) => Cell::Money(*c),
        Value::Procent(n) => Cell::Share(*n, 10_000),
        Value::Volume(v) => Cell::Volume(*v),
        Value::Datum(d) => Cell::Datum(*d),
        Value::JaNee(yes) => Cell::text(if *yes { "J" } else { "N" }),
    }
}

/// Columns over which the texts above a table run.
const TEXT_COLUMNS: u16 = 8;

/// How the cells of a column look.
fn form(column: &ColumnSpec) -> ColumnFormat {
    match column.kind {
        Kind::Text | Kind::JaNee => ColumnFormat::Text,
        Kind::Aantal => ColumnFormat::Number,
        Kind::Bedrag => ColumnFormat::Money,
        Kind::Procent => ColumnFormat::Share,
        Kind::Volume => ColumnFormat::Volume,
        Kind::Datum => ColumnFormat::Datum,
    }
}

/// One table as a sheet.
pub(super) fn write(
    sheet: &mut Worksheet,
    o: &Formats,
    table: &Table,
    rows: &TableRows<'_>,
) -> Result<(), XlsxError> {
    let spec = table.spec;
    let widths: Vec<f64> = spec.columns.iter().map(width).collect();
    let mut b = Sheet::on(sheet, o, spec.name, &widths)?;
    b.forms(&spec.columns.iter().map(|column| Some(form(column))).collect::<Vec<_>>())?;
    b.title(spec.title)?;
    b.paragraph(spec.question, TEXT_COLUMNS)?;
    b.paragraph(spec.definition, TEXT_COLUMNS)?;
    let about = format!(
        "Bron: {}. Peildatum {}. Deze tabel rust op {} declaratieregels.",
        spec.source, table.peildatum, table.lines
    );
    b.paragraph(&about, TEXT_COLUMNS)?;
    for remark in &table.remarks {
        b.paragraph(remark, TEXT_COLUMNS)?;
    }
    let headers: Vec<&str> = spec.columns.iter().map(|c| c.name).collect();
    let header = b.next_row();
    b.table(spec.name, &headers, rows.len())?;
    for (i, column) in spec.columns.iter().enumerate() {
        let kolom = i as u16;
        match column.kind {
            Kind::Text => b.colours(kolom, rows.len(), &WORDS)?,
            Kind::JaNee if column.name.ends_with("OpTijd") => {
                b.colours(kolom, rows.len(), &[("N", Ernst::Fout)])?;
            }
            Kind::JaNee => b.colours(kolom, rows.len(), &[("J", Ernst::Signaal)])?,
            Kind::Procent if column.name != "VeranderingDeel" => b.share_bars(kolom, rows.len())?,
            _ => {}
        }
    }
    let own = Rows::of(table, rows);
    let beside = CHARTS.iter().find(|c| c.table == spec.name && names_beside(&own, c));
    for row in rows.iter() {
        let mut cells: Vec<Cell<'_>> = row.iter().map(cell).collect();
        let name = beside.map(|chart| own.name(&row, chart.names));
        if let Some(name) = &name {
            cells.extend([Cell::Empty, Cell::text(name)]);
        }
        b.row(&cells, false)?;
    }
    charts(&mut b, table, rows, header)?;
    if spec.name == "maand" {
        trend(&mut b, table, rows)?;
    }
    Ok(())
}

/// Must the names of the chart's rows stand beside the table? Not where one column has them all.
fn names_beside(own: &Rows<'_>, chart: &ChartSpec) -> bool {
    let mut rows = own.rows.iter();
    chart.names.len() > 1 || rows.any(|row| own.text(&row, chart.names[0]).is_empty())
}

/// The charts of a table, under it.
fn charts(
    b: &mut Sheet<'_>,
    table: &Table,
    rows: &TableRows<'_>,
    header: u32,
) -> Result<(), XlsxError> {
    let spec = table.spec;
    let place = |name: &str| spec.columns.iter().position(|c| c.name == name).unwrap_or(0) as u16;
    for chart in CHARTS.iter().filter(|c| c.table == spec.name) {
        let shown = match chart.only {
            None => rows.len(),
            Some(only) => {
                let own = |row: &Vec<Value<'_>>| row.first() == Some(&Value::Text(only.into()));
                rows.iter().take_while(own).count()
            }
        };
        let shown = shown.min(MOST_IN_CHART);
        let places = chart.numbers.iter().map(|name| place(name) as usize);
        let mut values = places.flat_map(|place| (0..shown).map(move |i| (i, place)));
        // Where the ruleset knows no term there is nothing to compare.
        if !values.any(|(i, place)| rows.row(i)[place] != Value::Absent) {
            continue;
        }
        let shown = shown as u32;
        let mut drawn = Chart::new(chart.kind);
        drawn.title().set_name(chart.title);
        drawn.set_width(720).set_height(120 + 26 * shown);
        // The first row on top, as in the table.
        drawn.y_axis().set_reverse();
        let (first, last) = (header + 1, header + shown);
        let beside = names_beside(&Rows::of(table, rows), chart);
        for column in chart.numbers {
            let names = match beside {
                false => place(chart.names[0]),
                true => spec.columns.len() as u16 + 1,
            };
            let numbers = place(column);
            drawn
                .add_series()
                .set_name(*column)
                .set_categories((spec.name, first, names, last, names))
                .set_values((spec.name, first, numbers, last, numbers));
        }
        b.chart(b.next_row() + 1, 0, &drawn)?;
    }
    Ok(())
}

/// Under the table what all aanbieders together declared in each month, with its line.
fn trend(b: &mut Sheet<'_>, table: &Table, rows: &TableRows<'_>) -> Result<(), XlsxError> {
    let place = |name: &str| table.spec.columns.iter().position(|c| c.name == name);
    let (Some(maand), Some(bedrag)) = (place("Maand"), place("Bedrag")) else { return Ok(()) };
    let mut totals: BTreeMap<String, Cent> = BTreeMap::new();
    for row in rows.iter() {
        if let (Value::Text(maand), Value::Bedrag(bedrag)) = (&row[maand], &row[bedrag]) {
            *totals.entry(maand.to_string()).or_default() += *bedrag;
        }
    }
    b.blank_line();
    b.paragraph("Alle aanbieders samen", TEXT_COLUMNS)?;
    let first = b.next_row();
    for (maand, bedrag) in &totals {
        b.row(&[Cell::text(maand.as_str()), Cell::Money(*bedrag)], false)?;
    }
    if let Some(last) = b.next_row().checked_sub(1).filter(|last| *last >= first) {
        let mut drawn = Chart::new(ChartType::Line);
        drawn.title().set_name("Gedeclareerd per maand, alle aanbieders samen");
        drawn.legend().set_hidden();
        drawn.add_series().set_categories((table.spec.name, first, 0, last, 0)).set_values((
            table.spec.name,
            first,
            1,
            last,
            1,
        ));
        b.chart(first, 3, &drawn)?;
    }
    Ok(())
}
