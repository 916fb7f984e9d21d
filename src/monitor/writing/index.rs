//! What each table is, in words: beside the tables as CSV.

use super::super::Monitor;
use super::super::spec::Kind;
use super::super::table::Content;
use crate::writing::{WriteError, csv_for_excel};
use std::path::Path;

/// Why a table isn't there that speaks of single jeugdigen.
pub(super) const INSIDE: &str = "blijft binnen de organisatie (--voor-derden)";

/// `tabellen.csv`, a row a table, and `kolommen.csv`, a row a column.
pub(in super::super) fn index(monitor: &Monitor<'_>, dir: &Path) -> Result<(), WriteError> {
    let tables = monitor.tables.iter().map(|table| {
        let spec = table.spec;
        let (rows, needs) = match &table.content {
            Content::Rows(frame) => (frame.height().to_string(), String::new()),
            Content::Needs(what) => (String::new(), what.clone()),
            Content::Inside => (String::new(), INSIDE.to_owned()),
        };
        [
            spec.name.to_owned(),
            spec.title.to_owned(),
            spec.per.to_owned(),
            spec.question.to_owned(),
            spec.definition.to_owned(),
            spec.source.to_owned(),
            table.peildatum.to_string(),
            rows,
            table.lines.to_string(),
            needs,
            table.remarks.join(" "),
        ]
    });
    csv_for_excel(
        &dir.join("tabellen.csv"),
        &[
            "Tabel",
            "Titel",
            "Per",
            "Vraag",
            "Definitie",
            "Bron",
            "Peildatum",
            "Rijen",
            "Regels",
            "Vraagt",
            "Opmerkingen",
        ],
        tables,
    )?;
    let columns = monitor.tables.iter().flat_map(|table| {
        let name = table.spec.name.to_owned();
        table.spec.columns.iter().map(move |column| {
            [
                name.clone(),
                column.name.to_owned(),
                kind(column.kind).to_owned(),
                column.meaning.to_owned(),
            ]
        })
    });
    csv_for_excel(&dir.join("kolommen.csv"), &["Tabel", "Kolom", "Soort", "Betekenis"], columns)
}

/// What stands in a column, and how the Parquet file has it.
fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "tekst",
        Kind::Aantal => "aantal",
        Kind::Bedrag => "bedrag (in Parquet eurocenten)",
        Kind::Procent => "percentage (in Parquet honderdsten van een procent)",
        Kind::Volume => "volume (in Parquet honderdsten van de eenheid)",
        Kind::Datum => "datum",
        Kind::JaNee => "J of N",
    }
}
