//! What is to come back, as sheets: each line, and by aanbieder and gemeente the sums of these, as
//! formulas over them.

use super::{ClaimTotal, Terugvordering, Vordering};
use crate::dossier::Thousands;
use crate::writing::sheet::{Cell, Formats, Sheet, new_book};
use rust_xlsxwriter::{Workbook, XlsxError};
use std::path::Path;

/// Names of the sheets.
const TOTALS: &str = "Terugvordering";
const LINES: &str = "Terugvordering declaratieregels";

/// The row under the header of [`LINES`], as a spreadsheet counts.
const FIRST_ROW: usize = 5;

/// Rows that a sheet holds at most.
const MOST_ROWS: usize = 200_000;

/// The columns of [`LINES`] and their widths; the sums look for the three that are named below.
const KOLOMMEN: [(&str, f64); 17] = [
    ("Aanbieder", 11.0),
    ("Naam", 24.0),
    ("Gemeente", 10.0),
    ("Naam gemeente", 20.0),
    ("Referentie", 18.0),
    ("Declaratie", 16.0),
    ("Toewijzing", 16.0),
    ("Begin", 12.0),
    ("Einde", 12.0),
    ("Product", 10.0),
    ("Ingediend", 15.0),
    ("Terug te vorderen", 15.0),
    ("Teruggenomen", 15.0),
    ("Nog open", 15.0),
    ("Status", 30.0),
    ("Waarom", 60.0),
    ("Bevindingen", 30.0),
];

/// Where in [`LINES`] aanbieder, gemeente and the amounts stand.
const AANBIEDER: char = 'A';
const GEMEENTE: char = 'C';
const AMOUNTS: [char; 3] = ['L', 'M', 'N'];

/// The last column of [`LINES`] that is printed: the others would make it too small to read.
const STATUS: u16 = 14;

/// Where in [`TOTALS`] the sums of these stand.
const SUMS: [char; 3] = ['F', 'G', 'H'];

/// The sums and the lines; `dir` is for what is temporary.
pub(super) fn workbook(t: &Terugvordering, dir: &Path) -> Result<Workbook, XlsxError> {
    let title = format!("Terug te vorderen over {}", t.leverjaar);
    let mut book = new_book(dir, &title, &t.regelset, t.leverjaar)?;
    let foot = format!("{}, leverjaar {}", t.regelset, t.leverjaar);
    let o = Formats::new().with_foot(&foot);
    totals_sheet(t, &mut book, &o, false)?;
    lines_sheet(t, &mut book, &o, false)?;
    Ok(book)
}

/// The sums by aanbieder and gemeente, and what is in none of them. `leads_back`: does the workbook
/// have a summary?
pub(crate) fn totals_sheet(
    t: &Terugvordering,
    book: &mut Workbook,
    o: &Formats,
    leads_back: bool,
) -> Result<(), XlsxError> {
    let mut b = Sheet::new(book, o, TOTALS, &[14.0, 34.0, 12.0, 30.0, 10.0, 18.0, 18.0, 18.0])?;
    b.title(&format!("Terug te vorderen over {}", t.leverjaar))?;
    back(&mut b, leads_back)?;
    b.sentence("Wat is beoordeeld als terugvorderen: elke declaratieregel één keer, met het hoogste bedrag van haar bevindingen of het bedrag dat is afgesproken. Elke som telt het blad met de declaratieregels op.")?;
    b.header(
        &[
            "Aanbieder",
            "Naam",
            "Gemeente",
            "Naam gemeente",
            "Regels",
            "Terug te vorderen",
            "Teruggenomen",
            "Nog open",
        ],
        0,
        false,
    )?;
    let parties = t.per_party();
    let last = FIRST_ROW + t.vorderingen.len().clamp(1, MOST_ROWS) - 1;
    let range = |kolom: char| format!("'{LINES}'!${kolom}${FIRST_ROW}:${kolom}${last}");
    let (agbs, gemeenten) = (range(AANBIEDER), range(GEMEENTE));
    // A sheet that doesn't hold all lines can't be summed.
    let whole = t.vorderingen.len() <= MOST_ROWS;
    for (row, total) in (FIRST_ROW..).zip(&parties) {
        let formulas = AMOUNTS
            .map(|kolom| format!("=SUMIFS({},{agbs},A{row},{gemeenten},C{row})", range(kolom)));
        totals_row(&mut b, total, &formulas, (whole, false))?;
    }
    let last = FIRST_ROW + parties.len().max(1) - 1;
    let formulas = SUMS.map(|kolom| format!("=SUM({kolom}{FIRST_ROW}:{kolom}{last})"));
    totals_row(
        &mut b,
        &ClaimTotal { aanbieder: ["Totaal", ""], ..t.total() },
        &formulas,
        (true, true),
    )?;
    apart(t, &mut b)
}

/// One row of sums, by formulas where these can be `live`.
fn totals_row(
    b: &mut Sheet<'_>,
    total: &ClaimTotal<'_>,
    formulas: &[String; 3],
    (live, bold): (bool, bool),
) -> Result<(), XlsxError> {
    let ClaimTotal { aanbieder, gemeente, regels, bedrag, teruggenomen, open } = *total;
    let mut cells = vec![
        Cell::text(aanbieder[0]),
        Cell::text(aanbieder[1]),
        Cell::text(gemeente[0]),
        Cell::text(gemeente[1]),
        Cell::Number(regels),
    ];
    let sum = |(formula, bedrag)| match live {
        true => Cell::Sum(formula, bedrag),
        false => Cell::Money(bedrag),
    };
    cells.extend(formulas.iter().map(String::as_str).zip([bedrag, teruggenomen, open]).map(sum));
    b.row(&cells, bold)
}

/// What was judged so and is in no total.
fn apart(t: &Terugvordering, b: &mut Sheet<'_>) -> Result<(), XlsxError> {
    if t.apart.is_empty() {
        return Ok(());
    }
    b.blank_line();
    b.sentence("Ook beoordeeld als terugvorderen, maar in geen som hierboven:")?;
    b.header(
        &["Aanbieder", "Naam", "Gemeente", "Controle", "", "Bedrag", "Nummer", "Waarom niet"],
        0,
        false,
    )?;
    for a in &t.apart {
        let what = format!("{} {}", a.grond.regel, a.grond.titel);
        b.row(
            &[
                Cell::text(&a.aanbieder),
                Cell::text(&a.naam),
                Cell::text(&a.gemeente),
                Cell::long(&what),
                Cell::Empty,
                Cell::Money(a.grond.bedrag),
                Cell::text(&a.nummer),
                Cell::text(&a.waarom),
            ],
            false,
        )?;
    }
    Ok(())
}

/// Each line of which something is to come back.
pub(crate) fn lines_sheet(
    t: &Terugvordering,
    book: &mut Workbook,
    o: &Formats,
    leads_back: bool,
) -> Result<(), XlsxError> {
    let widths = KOLOMMEN.map(|(_, width)| width);
    let mut b = Sheet::new(book, o, LINES, &widths)?;
    b.title("Terug te vorderen declaratieregels")?;
    back(&mut b, leads_back)?;
    let (all, shown) = (t.vorderingen.len(), t.vorderingen.len().min(MOST_ROWS));
    b.sentence(&match all > shown {
        true => format!(
            "Dit blad toont de eerste {} van {} declaratieregels; alle staan in terugvordering.csv.",
            Thousands(shown as u64),
            Thousands(all as u64)
        ),
        false => "Elke declaratieregel staat er één keer.".to_owned(),
    })?;
    b.header(&KOLOMMEN.map(|(header, _)| header), shown, true)?;
    t.vorderingen.iter().take(shown).try_for_each(|v| line(&mut b, v))?;
    b.print_until(STATUS)
}

fn line(b: &mut Sheet<'_>, v: &Vordering) -> Result<(), XlsxError> {
    let (why, ids, status) = (v.why(), v.ids(), v.status());
    let l = &v.line;
    b.row(
        &[
            Cell::text(&l.aanbieder),
            Cell::text(&l.naam),
            Cell::text(&l.gemeente),
            Cell::text(&l.gemeentenaam),
            Cell::text(&l.referentienummer),
            Cell::text(&l.declaratienummer),
            Cell::text(&l.toewijzingnummer),
            Cell::text(&l.begindatum),
            Cell::text(&l.einddatum),
            Cell::text(&l.productcode),
            Cell::Money(l.ingediend_bedrag),
            Cell::Money(v.bedrag),
            Cell::Money(v.came_back()),
            Cell::Money(v.open()),
            Cell::text(&status),
            Cell::long(&why),
            Cell::text(&ids),
        ],
        false,
    )
}

/// The row under the title.
fn back(b: &mut Sheet<'_>, leads_back: bool) -> Result<(), XlsxError> {
    if leads_back {
        return b.link_back();
    }
    b.blank_line();
    Ok(())
}
