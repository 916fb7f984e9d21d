//! `rapport.xlsx`: the workbook that a contract manager works in and an accountant relies on.

mod charts;
mod family;
mod formats;
mod list;
mod matrix;
mod onderliggend;
mod overviews;
pub(super) mod party;
mod reckoning;
mod summary;
mod verantwoording;

use super::{Rapport, RunInfo};
use crate::dossier::{Agb, Gemeente};
use crate::terugvordering::{lines_sheet, totals_sheet};
use crate::writing::WriteError;
use crate::writing::sheet::{Formats, SheetWriter, keep, new_book, side_by_side};
use family::{Audience, FamilySheet, families};
use formats::foot;
use list::List;
pub(super) use list::headers;
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};
use std::path::Path;

pub(crate) fn write(rapport: &Rapport<'_>, path: &Path, run: &RunInfo) -> Result<(), WriteError> {
    keep(path, |dir| build(rapport, dir, run))
}

fn build(rapport: &Rapport<'_>, dir: &Path, run: &RunInfo) -> Result<Workbook, XlsxError> {
    let jaar = rapport.context.jaar;
    let title = format!("Rechtmatigheid jeugdhulp {jaar}");
    let mut book = new_book(dir, &title, &rapport.regelset().title, jaar)?;
    let o = Formats::new().with_foot(&foot(rapport));
    summary::write(rapport, &mut book, &o, run)?;
    summary::checks(rapport, &mut book, &o)?;
    let list = List::of(rapport);
    let large = large_sheets(rapport, &list, &mut book, &o)?;
    if let Some(sheet) = large.list {
        book.push_worksheet(sheet);
        matrix::write(rapport, &list, &mut book, &o)?;
        charts::write(rapport, &mut book, &o)?;
    }
    for sheet in large.findings {
        book.push_worksheet(sheet);
    }
    let of_aanbieder =
        |code: &str| code.parse().map_or("", |agb| rapport.name_of_aanbieder(Agb(agb)));
    let of_gemeente =
        |code: &str| code.parse().map_or("", |code| rapport.name_of_gemeente(Gemeente(code)));
    let t = &rapport.totals;
    overviews::parties(&mut book, &o, ("Aanbieders", "Aanbieder"), &t.per_aanbieder, of_aanbieder)?;
    overviews::parties(&mut book, &o, ("Gemeenten", "Gemeente"), &t.per_gemeente, of_gemeente)?;
    if let Some(rows) = &rapport.totals.doorbelasting {
        overviews::doorbelasting(rapport, rows, &mut book, &o)?;
    }
    if !rapport.oordelen.loten.is_empty() {
        overviews::oordelen(rapport, &mut book, &o)?;
    }
    if let Some(claims) = rapport.terugvordering.as_ref().filter(|claims| !claims.is_empty()) {
        totals_sheet(claims, &mut book, &o, true)?;
        lines_sheet(claims, &mut book, &o, true)?;
    }
    overviews::aansluiting(rapport, &mut book, &o)?;
    overviews::not_tested(rapport, &mut book, &o)?;
    overviews::invoerfouten(rapport, &mut book, &o)?;
    verantwoording::verantwoording(rapport, &mut book, &o, run)?;
    if let Some(sheet) = large.reckoning {
        book.push_worksheet(sheet);
    }
    Ok(book)
}

/// The sheets with a row a finding or a line.
struct LargeSheets {
    list: Option<Worksheet>,
    /// One a family of rules, and the one of the lines under findings.
    findings: Vec<Worksheet>,
    reckoning: Option<Worksheet>,
}

/// Writes them beside each other.
fn large_sheets(
    rapport: &Rapport<'_>,
    list: &List<'_>,
    book: &mut Workbook,
    o: &Formats,
) -> Result<LargeSheets, XlsxError> {
    let mut writers: Vec<SheetWriter<'_>> = Vec::new();
    if !list.is_empty() {
        writers.push(Box::new(|sheet| list.write(sheet, o)));
    }
    for family in families(rapport) {
        writers.push(Box::new(move |sheet| of_family(rapport, family, sheet, o)));
    }
    let total = rapport.under_count();
    if total > 0 {
        writers.push(Box::new(move |sheet| {
            let reader = (Audience::Us, &rapport.meegenomen);
            onderliggend::write(sheet, o, reader, total, rapport.all_under())
        }));
    }
    let reckoning = list.reckoning.as_ref().filter(|r| !r.rows.is_empty());
    if let Some(reckoning) = reckoning {
        writers.push(Box::new(|sheet| matrix::reckoning(rapport, list, reckoning, sheet, o)));
    }
    let mut findings = side_by_side(book, writers)?;
    let reckoning = reckoning.and_then(|_| findings.pop());
    let list = (!list.is_empty()).then(|| findings.remove(0));
    Ok(LargeSheets { list, findings, reckoning })
}

/// Writes the sheet of the findings of one family, by code and name.
fn of_family(
    rapport: &Rapport<'_>,
    (code, name): (&str, &str),
    sheet: &mut Worksheet,
    o: &Formats,
) -> Result<(), XlsxError> {
    let rows = rapport
        .outcomes
        .iter()
        .filter(|u| u.rule.familie() == code)
        .flat_map(|u| rapport.of_regel(u.rule.code))
        .map(|g| rapport.row(g))
        .collect();
    let familieblad = FamilySheet {
        shows_bsn: rapport.pseudonyms.bsn_showing,
        reader: Audience::Us,
        otherwise: &|_| None,
        riding: &rapport.meegenomen,
    };
    familieblad.write(sheet, o, (code, name), rows)
}
