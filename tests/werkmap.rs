//! The workbook as people work in it: a verdict in the list changes what is open, what comes back and the
//! matrix, as LibreOffice reckons it, and as the next run says.

use crate::hulp::{Bevinding, Dossier, VOORBEELD};
use crate::terugvordering::recalculated;
use calamine::{Data, DataType, Reader, Xlsx, open_workbook};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

const RAPPORT: &str = "2023-ijsselland";

/// A verdict, and what was agreed.
type Verdict = (&'static str, Option<i64>);

/// The workbook with these verdicts filled in, by their rows.
fn fill_in(book: &Path, to: &Path, verdicts: &BTreeMap<usize, Verdict>) {
    let list = rows(book, "Lijst");
    let header = list.iter().find(|row| row[0] == "Regel").expect("a header");
    let letter = |name: &str| {
        let place = header.iter().position(|c| *c == *name).expect("a column");
        char::from(b'A' + place as u8)
    };
    let (in_oordeel, in_bedrag) = (letter("Oordeel"), letter("Bedrag"));
    let mut from = zip::ZipArchive::new(File::open(book).unwrap()).unwrap();
    let mut out = zip::ZipWriter::new(File::create(to).unwrap());
    for i in 0..from.len() {
        let mut entry = from.by_index(i).unwrap();
        let (name, mut bytes) = (entry.name().unwrap().into_owned(), Vec::new());
        entry.read_to_end(&mut bytes).unwrap();
        if name == "xl/worksheets/sheet3.xml" {
            let mut text = String::from_utf8(bytes).unwrap();
            for (row, (oordeel, agreed)) in verdicts {
                let words = format!("t=\"inlineStr\"><is><t>{oordeel}</t></is></c>");
                text = with_cell(&text, &format!("{in_oordeel}{row}"), &words);
                if let Some(cents) = agreed {
                    let number = format!("><v>{}.{:02}</v></c>", cents / 100, cents % 100);
                    text = with_cell(&text, &format!("{in_bedrag}{row}"), &number);
                }
            }
            bytes = text.into_bytes();
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(&bytes).unwrap();
    }
    out.finish().unwrap();
}

/// A row without this cell, or with it empty, has it with this content.
fn with_cell(sheet: &str, place: &str, content: &str) -> String {
    let cell = format!("<c r=\"{place}\" {content}");
    if let Some(at) = sheet.find(&format!("<c r=\"{place}\"")) {
        let end = at + sheet[at..].find("/>").unwrap() + 2;
        assert!(!sheet[at..end].contains("<v>"), "{place} is empty");
        return format!("{}{cell}{}", &sheet[..at], &sheet[end..]);
    }
    // The first cell behind it.
    let row = &place[1..];
    let of_row = sheet.find(&format!("<row r=\"{row}\"")).expect("the row is there");
    let end = of_row + sheet[of_row..].find("</row>").unwrap();
    let behind = (place.as_bytes()[0] + 1..=b'Z')
        .find_map(|c| sheet[of_row..end].find(&format!("<c r=\"{}{row}\"", char::from(c))));
    let at = of_row + behind.expect("a cell behind it");
    format!("{}{cell}{}", &sheet[..at], &sheet[at..])
}

fn rows(book: &Path, sheet: &str) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = open_workbook(book).unwrap();
    book.worksheet_range(sheet).unwrap().rows().map(<[Data]>::to_vec).collect()
}

fn cents(cell: &Data) -> i64 {
    cell.as_f64().map_or(0, |euros| (euros * 100.0).round() as i64)
}

/// The sums above the list: in question, open, and what comes back.
fn sums(list: &[Vec<Data>]) -> [i64; 3] {
    let header = list.iter().position(|row| row[0] == "Regel").expect("a header");
    let place = |name: &str| list[header].iter().position(|c| *c == *name).unwrap();
    ["Bedrag in geding", "Open", "Terug te vorderen"].map(|name| {
        let k = place(name);
        let of_rows: i64 = list[header + 1..].iter().map(|row| cents(&row[k])).sum();
        assert_eq!(cents(&list[header - 1][k]), of_rows, "{name}: above the column");
        of_rows
    })
}

/// The last row of a table of the matrix, its last cell.
fn total_of_matrix(matrix: &[Vec<Data>], title: &str) -> i64 {
    let begin = matrix.iter().position(|row| row[0] == *title).expect("a table");
    let rows: Vec<&Vec<Data>> =
        matrix[begin + 1..].iter().take_while(|row| row[0] != "Samen").collect();
    let of = |row: &[Data]| cents(row.last().unwrap());
    let last = &matrix[begin + 1 + rows.len()];
    assert_eq!(rows.iter().map(|row| of(row)).sum::<i64>(), of(last), "{title}");
    of(last)
}

/// Some verdicts for the findings of the list, by its rows.
fn verdicts(list: &[Vec<Data>], seed: u64) -> BTreeMap<usize, Verdict> {
    let mut random = Pcg64::seed_from_u64(seed);
    let header = list.iter().position(|row| row[0] == "Regel").expect("a header");
    let mut out = BTreeMap::new();
    for (i, row) in list.iter().enumerate().skip(header + 1) {
        let bedrag = cents(&row[8]);
        let verdict = match random.random_range(0..10) {
            0..4 => ("terugvorderen", None),
            4..6 if bedrag > 1 => ("terugvorderen", Some(random.random_range(1..bedrag))),
            6 => ("akkoord", None),
            _ => continue,
        };
        out.insert(i + 1, verdict);
    }
    out
}

fn open_in(bevindingen: &[Bevinding]) -> i64 {
    let open = bevindingen.iter().filter(|b| b["Oordeel"].is_empty());
    open.filter_map(|b| b["BedragInGeding"].replace(',', "").parse::<i64>().ok()).sum()
}

#[test]
fn a_verdict_in_the_list_reckons_as_the_next_run_does() {
    let check = "a_verdict_in_the_list_reckons_as_the_next_run_does";
    for (source, rapport, seeds) in [
        (VOORBEELD.to_owned(), RAPPORT, 1..4),
        (format!("{VOORBEELD}/zeeland"), "2023-zeeland", 3..4),
    ] {
        for seed in seeds {
            let d = Dossier::empty();
            for thing in fs::read_dir(&source).unwrap() {
                let path = thing.unwrap().path();
                if path.is_file() {
                    fs::copy(&path, d.dir().join(path.file_name().unwrap())).unwrap();
                }
            }
            let key = d.key();
            let options = ["--sleutel", &key, "--overschrijf"];
            assert_eq!(d.controleer(&options).status, 0);
            let book = d.out().join(rapport).join("rapport.xlsx");
            let list = rows(&book, "Lijst");
            let [in_geding, open, back] = sums(&list);
            assert_eq!((open, back), (in_geding, 0), "nobody decided anything yet");

            let filled_in = d.dir().join("beoordelingen.xlsx");
            fill_in(&book, &filled_in, &verdicts(&list, seed));
            // Beside the dossier: what LibreOffice makes is no file of it.
            let beside = d.out().join("ingevuld.xlsx");
            fs::copy(&filled_in, &beside).unwrap();
            let Some(live) = recalculated(&beside, check) else { return };
            let outcome = d.controleer(&options);
            assert_eq!(outcome.status, 0, "{}{}", outcome.stdout, outcome.stderr);
            let json = d.samenvatting(rapport);
            let expected = json["terugvordering"]["bedrag"].as_i64().unwrap();
            assert!(expected > 0);
            let open = open_in(&d.bevindingen(rapport));
            let of_next = d.out().join(rapport).join("rapport.xlsx");
            // As LibreOffice reckons at once, as the next workbook says, and as LibreOffice reckons that.
            let again = recalculated(&of_next, check).unwrap();
            for book in [&live, &of_next, &again] {
                assert_eq!(sums(&rows(book, "Lijst")), [in_geding, open, expected], "seed {seed}");
                let matrix = rows(book, "Matrix");
                assert_eq!(total_of_matrix(&matrix, "Nog zonder oordeel"), open);
                assert_eq!(total_of_matrix(&matrix, "Terug te vorderen"), expected);
            }
            assert_eq!(not_taken_over(&json), 0, "every verdict was taken over");
        }
    }
}

fn not_taken_over(json: &Value) -> usize {
    json["oordelen"]["niet_overgenomen"].as_array().unwrap().len()
}
