//! What the cells of a workbook mean, and what beside a table is none of it.

use super::{RAPPORT, Table, table, with_declaraties, zip_of};
use crate::hulp::{Dossier, HEADER, ROWS};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

fn workbook(make: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    make(&mut book);
    book.save_to_buffer().unwrap()
}

fn write_table(sheet: &mut Worksheet, from: u32, table: &Table) {
    for (r, row) in table.iter().enumerate() {
        for (k, cell) in row.iter().enumerate() {
            sheet.write_string(from + r as u32, k as u16, cell).unwrap();
        }
    }
}

/// Line, column, value and reason of what could not be read.
#[track_caller]
pub(super) fn errors(dossier: &Dossier, options: &[&str]) -> Vec<(String, String, String, String)> {
    let outcome = dossier.controleer(options);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let rows = crate::hulp::rows_of(&dossier.out().join(RAPPORT).join("invoerfouten.csv"));
    rows.into_iter()
        .map(|mut r| {
            let mut take = |kolom: &str| r.remove(kolom).unwrap_or_else(|| panic!("{r:?}"));
            (take("Regelnummer"), take("Kolom"), take("Waarde"), take("Reden"))
        })
        .collect()
}

#[test]
fn titles_empty_rows_other_sheets_and_notes_beside_the_table_are_no_rows() {
    let cells = table(&format!("{HEADER}{ROWS}"));
    let book = workbook(|book| {
        let toelichting = book.add_worksheet().set_name("Toelichting").unwrap();
        toelichting.write_string(0, 0, "ReferentieNummer: het nummer van de regel").unwrap();
        let sheet = book.add_worksheet();
        sheet.merge_range(0, 0, 1, 8, "Declaraties 2023", &Format::new()).unwrap();
        write_table(sheet, 4, &cells[..2].to_vec());
        sheet.write_blank(6, 0, &Format::new().set_bold()).unwrap();
        sheet.write_string(7, 2, "  ").unwrap();
        write_table(sheet, 8, &cells[2..].to_vec());
        sheet.write_string(8, 30, "nagekeken").unwrap();
    });
    let dossier = with_declaraties("declaraties.xlsx", &book);
    dossier.write(
        "toewijzingen.csv",
        "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum\n",
    );
    assert_eq!(errors(&dossier, &[]), []);
    let regels: Vec<String> =
        dossier.bevindingen(RAPPORT).into_iter().map(|b| b["Regelnummer"].clone()).collect();
    assert_eq!(regels, ["6", "9", "10"], "rows of the sheet");
}

#[test]
fn a_row_of_totals_is_refused_as_such_and_says_nothing_against_the_file() {
    let cells = table(&format!("{HEADER}{ROWS}"));
    for (opschrift, place) in [("Totaal", 0), ("Eindtotaal:", 2), ("", 0)] {
        let book = workbook(|book| {
            let sheet = book.add_worksheet();
            write_table(sheet, 0, &cells);
            sheet.write_string(5, place, opschrift).unwrap();
            let sum = Formula::new("=SUM(N2:N4)").set_result("174.1");
            sheet.write_formula(5, 13, sum).unwrap();
        });
        let found = errors(&with_declaraties("declaraties.xlsx", &book), &[]);
        let expected = ["6", "IngediendBedrag", "174.1", "totaalregel"].map(str::to_owned);
        let [a, b, c, d] = expected;
        assert_eq!(found, [(a, b, c, d)], "{opschrift}");
    }
    // In the middle it is a row like any other, and refused for what it lacks.
    let mut midden = cells.clone();
    midden.insert(2, vec![String::new(); cells[0].len()]);
    midden[2][13] = "108,00".into();
    let dossier = with_declaraties(
        "declaraties.xlsx",
        &workbook(|book| {
            write_table(book.add_worksheet(), 0, &midden);
        }),
    );
    dossier.controleer(&[]).refuses(3, &["declaraties.xlsx", "1 van de 4", "regel 3"]);
}

/// The minimal dossier as a workbook, with cells put in by `wijzig` (row 1 is the first of data).
fn with_cells(wijzig: impl FnOnce(&mut Worksheet)) -> Dossier {
    let cells = table(&format!("{HEADER}{ROWS}"));
    let book = workbook(|book| {
        let sheet = book.add_worksheet();
        write_table(sheet, 0, &cells);
        wijzig(sheet);
    });
    with_declaraties("declaraties.xlsx", &book)
}

const GEMEENTE: u16 = 2;

const BSN: u16 = 4;

const BEGIN: u16 = 8;

const VOLUME: u16 = 10;

const EENHEID: u16 = 11;

const TARIEF: u16 = 12;

pub(super) const BEDRAG: u16 = 13;

#[test]
fn cells_of_every_type_mean_what_they_show() {
    let plain = with_cells(|_| {});
    assert_eq!(errors(&plain, &[]), []);
    let expected = plain.samenvatting(RAPPORT);
    let otherwise = with_cells(|sheet| {
        let moment = Format::new().set_num_format("dd-mm-yyyy hh:mm");
        let late = ExcelDateTime::from_ymd(2023, 1, 1).unwrap().and_hms(23, 59, 59).unwrap();
        sheet.write_datetime_with_format(1, BEGIN, &late, &moment).unwrap();
        sheet.write_number(2, BEGIN, 20_230_201.0).unwrap();
        sheet.write_number(1, GEMEENTE, 150.0).unwrap();
        sheet.write_number(1, BSN, 999_900_006.0).unwrap();
        sheet.write_number(1, EENHEID, 1.0).unwrap();
        sheet.write_number(1, VOLUME, 100.000_000_000_1).unwrap();
        sheet.write_formula(2, BEDRAG, Formula::new("=K3*M3").set_result("54.0000000001")).unwrap();
        sheet.write_number(3, TARIEF, 1.21).unwrap();
        sheet.write_string(3, BEDRAG, " € 12,10 ").unwrap();
    });
    assert_eq!(errors(&otherwise, &[]), []);
    let now = otherwise.samenvatting(RAPPORT);
    for part in ["totalen", "regels"] {
        assert!(expected.get(part).is_some(), "{expected}");
        assert_eq!(now[part], expected[part]);
    }
}

#[test]
fn number_cells_are_never_ambiguous_and_errors_are_shown_as_they_stand() {
    let dossier = with_cells(|sheet| {
        sheet.write_number(1, TARIEF, 1.234).unwrap();
        sheet.write_string(2, TARIEF, "1.234").unwrap();
        sheet.write_formula(3, TARIEF, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    });
    let found = errors(&dossier, &[]);
    let short: Vec<(&str, &str)> =
        found.iter().map(|(regel, _, value, _)| (regel.as_str(), value.as_str())).collect();
    assert_eq!(short, [("2", "1.2340"), ("3", "1.234"), ("4", "#DIV/0!")]);
    assert!(found[0].3.contains("meer dan twee decimalen"), "{found:?}");
    assert!(found[1].3.contains("dubbelzinnig"), "{found:?}");
}

/// Days that count from 1904, as a Mac once wrote them: the library that writes can't, so the
/// workbook is changed afterwards.
#[test]
fn days_that_count_from_1904_are_the_same_days() {
    let cells = table(&format!("{HEADER}{ROWS}"));
    let book = workbook(|book| {
        let sheet = book.add_worksheet();
        write_table(sheet, 0, &cells);
        let datum = Format::new().set_num_format("dd-mm-yyyy");
        // 1 January 2023 is day 44927 from 1900, and 1462 less from 1904.
        sheet.write_number_with_format(1, BEGIN, 43_465.75, &datum).unwrap();
    });
    let mut old = ::zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    let parts: Vec<(String, Vec<u8>)> = (0..old.len())
        .map(|i| {
            let mut part = old.by_index(i).unwrap();
            let name = part.name().unwrap().into_owned();
            let mut text = String::new();
            std::io::Read::read_to_string(&mut part, &mut text).unwrap();
            (name, text.replace("<workbookPr ", "<workbookPr date1904=\"1\" ").into_bytes())
        })
        .collect();
    let parts: Vec<(&str, Vec<u8>)> = parts.iter().map(|(n, b)| (n.as_str(), b.clone())).collect();
    let dossier = with_declaraties("declaraties.xlsx", &zip_of(&parts));
    dossier.write(
        "toewijzingen.csv",
        "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum\n",
    );
    assert_eq!(errors(&dossier, &[]), []);
    assert_eq!(dossier.bevindingen(RAPPORT)[0]["Begindatum"], "01-01-2023");
}
