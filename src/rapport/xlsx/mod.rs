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
use crate::writing::sheet::{Formats, Sheet, keep, new_book};
use family::{Audience, FamilySheet, families};
use formats::foot;
use list::List;
pub(super) use list::headers;
use rayon::prelude::*;
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};
use std::path::Path;

pub(crate) fn write(
    rapport: &Rapport<'_>,
    path: &Path,
    uitvoering: &RunInfo,
) -> Result<(), WriteError> {
    keep(path, |dir| build(rapport, dir, uitvoering))
}

fn build(rapport: &Rapport<'_>, dir: &Path, uitvoering: &RunInfo) -> Result<Workbook, XlsxError> {
    let jaar = rapport.context.jaar;
    let title = format!("Rechtmatigheid jeugdhulp {jaar}");
    let mut book = new_book(dir, &title, &rapport.regelset().title, jaar)?;
    let o = Formats::new().with_foot(&foot(rapport));
    summary::write(rapport, &mut book, &o, uitvoering)?;
    summary::checks(rapport, &mut book, &o)?;
    let list = List::of(rapport);
    if !list.is_empty() {
        list.write(&mut book, &o)?;
        matrix::write(rapport, &list, &mut book, &o)?;
        charts::write(rapport, &mut book, &o)?;
    }
    let families: Vec<_> = families(rapport).collect();
    let empty = families.iter().map(|_| book.new_worksheet_with_constant_memory());
    let mut sheets = empty.collect::<Result<Vec<Worksheet>, _>>()?;
    sheets.par_iter_mut().zip(&families).with_max_len(1).try_for_each(
        |(sheet, (code, name))| {
            let rows = rapport
                .outcomes
                .iter()
                .filter(|u| u.rule.familie() == *code)
                .flat_map(|u| rapport.of_regel(u.rule.code))
                .map(|g| rapport.row(g))
                .collect();
            let familieblad = FamilySheet {
                shows_bsn: rapport.pseudonyms.bsn_showing,
                reader: Audience::Us,
                otherwise: &|_| None,
                riding: &rapport.meegenomen,
            };
            familieblad.write(sheet, &o, (code, name), rows)
        },
    )?;
    for sheet in sheets {
        book.push_worksheet(sheet);
    }
    let total = rapport.under_count();
    if total > 0 {
        let riding = &rapport.meegenomen;
        let widths = onderliggend::widths(Audience::Us, riding);
        let mut b = Sheet::new(&mut book, &o, onderliggend::ONDERLIGGEND, &widths)?;
        onderliggend::write(&mut b, (Audience::Us, riding), total, rapport.all_under())?;
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
    verantwoording::verantwoording(rapport, &mut book, &o, uitvoering)?;
    matrix::reckoning(rapport, &list, &mut book, &o)?;
    Ok(book)
}
