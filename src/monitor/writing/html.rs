//! `monitor.html`: the page that a person reads. One file that asks for nothing else, in the style of
//! the rapport's.

use super::super::Monitor;
use super::super::spec::Kind;
use super::super::table::{Content, Table, TableRows, Value};
use super::drawing::{Bars, Multiples};
use super::index::INSIDE;
use super::rows::{Rows, shown};
use crate::dossier::Thousands;
use crate::rapport::{PageHead, STYLE, fill_in};
use crate::writing::WriteError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::{HtmlEscape, Value as Safe};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::path::Path;

const TEMPLATE: &str = include_str!("monitor.html");

/// What the page has beside the style of the rapport's.
const OWN_STYLE: &str = "
.reeks { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: 1rem 1.5rem; }
.reeks figcaption { overflow-wrap: anywhere; }
.breed table { width: auto; min-width: 100%; }
.breed td { white-space: nowrap; }
";

/// A page with more rows of a table is slow and read by nobody: the rest is in the workbook.
const MOST_ROWS: usize = 250;

/// Rows that need no asking for.
const FEW_ROWS: usize = 12;

#[derive(Serialize)]
struct Page<'a> {
    kop: PageHead,
    beleid: String,
    stijl: Safe,
    jaar: i32,
    titel: &'a str,
    regelset: &'a str,
    versie: &'a str,
    tabellen: Vec<PageTable<'a>>,
}

#[derive(Serialize)]
struct PageTable<'a> {
    naam: &'a str,
    titel: &'a str,
    per: &'a str,
    vraag: &'a str,
    definitie: &'a str,
    bron: &'a str,
    peildatum: String,
    regels: String,
    opmerkingen: &'a [String],
    /// Why there are no rows.
    vraagt: Option<String>,
    balken: Vec<Bars>,
    reeks: Option<Multiples>,
    kolommen: Vec<PageColumn<'a>>,
    rijen: Vec<Vec<Safe>>,
    /// Are they few enough to stand there at once?
    open: bool,
    /// Rows that only the files have, where there are any.
    meer: Option<String>,
}

#[derive(Serialize)]
struct PageColumn<'a> {
    naam: &'a str,
    betekenis: &'a str,
    getal: bool,
}

/// The page with all tables.
pub(in super::super) fn html(
    monitor: &Monitor<'_>,
    rows: &[TableRows<'_>],
    dir: &Path,
) -> Result<(), WriteError> {
    let set = monitor.context.regelset;
    // A page is read with \n for every end of a line; its hash must fit what is read.
    let style = [STYLE, OWN_STYLE].concat().replace('\r', "");
    let hash = STANDARD.encode(Sha256::digest(style.as_bytes()));
    let page = Page {
        kop: PageHead { onderwerp: "Monitor jeugdhulp", verder: ["#inhoud", "Naar de tabellen"] },
        beleid: format!(
            "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'"
        ),
        stijl: Safe::from_safe_string(style),
        jaar: monitor.context.jaar,
        titel: &set.title,
        regelset: &set.name,
        versie: &set.versie,
        tabellen: monitor.tables.iter().zip(rows).map(|(t, rows)| page_table(t, rows)).collect(),
    };
    let what = "de pagina van de monitor kan niet worden gemaakt";
    let text = fill_in(TEMPLATE, &page)
        .map_err(|e| WriteError::Assembling { what, cause: e.to_string() })?;
    let path = dir.join("monitor.html");
    std::fs::write(&path, text).map_err(|e| WriteError::writing(&path, &e))
}

/// A cell as it stands on the page. Its text was masked already: a pseudonym is left as it is.
fn cell(value: &Value<'_>) -> Safe {
    Safe::from_safe_string(HtmlEscape(&shown(value)).to_string())
}

fn page_table<'t>(table: &'t Table, rows: &'t TableRows<'t>) -> PageTable<'t> {
    let spec = table.spec;
    let drawn = Rows::of(table, rows);
    let number = |kind| !matches!(kind, Kind::Text | Kind::Datum | Kind::JaNee);
    let more = rows.len().saturating_sub(MOST_ROWS) as u64;
    PageTable {
        naam: spec.name,
        titel: spec.title,
        per: spec.per,
        vraag: spec.question,
        definitie: spec.definition,
        bron: spec.source,
        peildatum: table.peildatum.to_string(),
        regels: Thousands(table.lines.unsigned_abs()).to_string(),
        opmerkingen: &table.remarks,
        vraagt: match &table.content {
            Content::Rows(_) => None,
            Content::Needs(what) => Some(format!("Deze tabel vraagt {what}.")),
            Content::Inside => Some(format!("Deze tabel {INSIDE}.")),
        },
        balken: drawn.bars(),
        reeks: drawn.multiples(),
        kolommen: (spec.columns.iter())
            .map(|c| PageColumn { naam: c.name, betekenis: c.meaning, getal: number(c.kind) })
            .collect(),
        rijen: rows.iter().take(MOST_ROWS).map(|row| row.iter().map(cell).collect()).collect(),
        open: rows.len() <= FEW_ROWS,
        meer: (more > 0).then(|| Thousands(more).to_string()),
    }
}
