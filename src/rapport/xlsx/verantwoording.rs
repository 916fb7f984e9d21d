//! What the accountant needs to know: under what the figures came about, and what they cover.

use super::overviews::more_files;
use crate::rapport::{CheckFigure, Rapport, RunInfo};
use crate::writing::sheet::{Cell, Formats, Sheet};
use rust_xlsxwriter::{Workbook, XlsxError};

/// For the accountant: tolerance, control totals, under what and by whom, the inputs, the coverage.
pub(super) fn verantwoording(
    rapport: &Rapport<'_>,
    book: &mut Workbook,
    o: &Formats,
    run: &RunInfo,
) -> Result<(), XlsxError> {
    let widths = [40.0, 74.0, 18.0, 18.0, 26.0, 52.0];
    let mut b = Sheet::new(book, o, "Verantwoording", &widths)?;
    b.title("Verantwoording")?;
    b.link_back()?;
    b.blank_line();
    toleranties(rapport, &mut b)?;
    b.blank_line();
    controletotalen(rapport, &mut b)?;
    b.blank_line();
    omstandigheden(rapport, &mut b, run)?;
    b.blank_line();
    files_read(rapport, &mut b)?;
    b.blank_line();
    coverage(rapport, &mut b)
}

fn toleranties(rapport: &Rapport<'_>, b: &mut Sheet<'_>) -> Result<(), XlsxError> {
    b.header(&["Tegen de tolerantie", "Uitkomst", "Bedrag", "Tolerantie", "Dat is"], 0, false)?;
    for t in rapport.toleranties() {
        let procent = t.limit_in_words();
        b.row(
            &[
                Cell::text(t.what),
                Cell::text(t.outcome()),
                Cell::Money(t.bedrag),
                Cell::text(&procent),
                t.limit.map_or(Cell::Empty, |(_, limit)| Cell::Money(limit)),
            ],
            false,
        )?;
    }
    b.sentence("De tolerantie is een deel van het gedeclareerde bedrag en staat in controle.toml onder [tolerantie]. Elke declaratieregel telt één keer. Wat is beoordeeld als akkoord of niet-verwijtbaar telt niet mee; wat wordt teruggevorderd telt mee tot de creditregel er is.")
}

fn controletotalen(rapport: &Rapport<'_>, b: &mut Sheet<'_>) -> Result<(), XlsxError> {
    b.header(&["Controletotalen", "Wat gelijk moet zijn", "Links", "Rechts"], 0, false)?;
    for a in rapport.controletotalen() {
        let cell = |t: CheckFigure| match t {
            CheckFigure::Count(n) => Cell::Number(n),
            CheckFigure::Bedrag(c) => Cell::Money(c),
        };
        let close = if a.close() { "sluit aan" } else { "sluit niet aan" };
        b.row(&[Cell::text(close), Cell::long(&a.what), cell(a.left), cell(a.right)], false)?;
    }
    Ok(())
}

/// Under what the audit ran, what was said of it, and who signs.
fn omstandigheden(
    rapport: &Rapport<'_>,
    b: &mut Sheet<'_>,
    run: &RunInfo,
) -> Result<(), XlsxError> {
    b.header(&["Waarmee en door wie", ""], 0, false)?;
    for [name, value] in rapport.omstandigheden(run) {
        b.row(&[Cell::long(&name), Cell::long(&value)], false)?;
    }
    for w in &rapport.warnings {
        b.row(&[Cell::text("Let op"), Cell::long(w)], false)?;
    }
    b.blank_line();
    b.header(&["Ondertekening", "Naam", "Datum", "Paraaf"], 0, false)?;
    for (role, name) in rapport.signatories() {
        b.row(&[Cell::text(role), Cell::long(name.unwrap_or_default())], false)?;
    }
    Ok(())
}

fn files_read(rapport: &Rapport<'_>, b: &mut Sheet<'_>) -> Result<(), XlsxError> {
    b.header(&["Gelezen bestand", "SHA-256", "Gelezen", "Afgekeurd", "Soort"], 0, false)?;
    let (files, more) = rapport.named_files();
    for file in files {
        b.row(
            &[
                Cell::long(&file.pad),
                Cell::long(&file.sha256),
                Cell::Number(file.gelezen),
                Cell::Number(file.afgekeurd),
                Cell::text(file.soort.name()),
            ],
            false,
        )?;
    }
    if more > 0 {
        b.row(&[Cell::long(more_files(more))], false)?;
    }
    Ok(())
}

/// Of each rule how much it looked at, and where it says so.
fn coverage(rapport: &Rapport<'_>, b: &mut Sheet<'_>) -> Result<(), XlsxError> {
    let headers = ["Controle", "Wat", "Getoetst", "Bevindingen", "Niet te toetsen", "Bron"];
    b.header(&headers, 0, false)?;
    for u in &rapport.outcomes {
        let source = rapport.regelset().rule(u.rule.code).map_or("", |i| &i.source);
        b.row(
            &[
                Cell::text(u.rule.code),
                Cell::long(&u.rule.title),
                Cell::Number(u.outcomes.tested),
                Cell::Number(rapport.of_regel(u.rule.code).len() as u64),
                Cell::Number(u.outcomes.not_testable_count()),
                Cell::long(source),
            ],
            false,
        )?;
    }
    Ok(())
}
