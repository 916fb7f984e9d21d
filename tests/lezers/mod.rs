//! Every reader of its own: the sample dossier in forms that other programs write gives the findings that
//! it gives as CSV.

mod ods;
mod parquet96;
mod xls;
mod xlsb;

use crate::hulp::Dossier;
use crate::vormen::{
    Table, WorkbookWriter, bedrag, bevindingen, dag, example_as, large, table, xlsx, zip_of,
};
use chrono::{Datelike, NaiveDate, TimeDelta};
use parquet96::Value;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use std::fs;
use std::io::{Cursor, Read, Write};
use std::process::Command;

/// The sample in some forms gives the findings that it gives as CSV.
#[track_caller]
fn same_findings(forms: &[(&str, &WorkbookWriter)]) {
    let plain = example_as(|stam, text| (format!("{stam}.csv"), text.into()));
    let key = plain.key();
    let expected = bevindingen(&plain, &key);
    assert!(expected.len() > 100);
    for (name, write) in forms {
        let found = bevindingen(&example_as(write), &key);
        assert_eq!(found.len(), expected.len(), "{name}");
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(found, expected, "{name}");
        }
    }
}

fn day(cell: &str) -> Option<NaiveDate> {
    let (jaar, maand, dag) = dag(cell)?;
    NaiveDate::from_ymd_opt(jaar.into(), maand.into(), dag.into())
}

/// Midnight at the beginning of a day in seconds since 1970, on clocks of world time or on Dutch ones.
fn midnight(day: NaiveDate, is_dutch: bool) -> i64 {
    let last_sunday = |maand| {
        let last = NaiveDate::from_ymd_opt(day.year(), maand, 31).unwrap();
        last - TimeDelta::days(last.weekday().num_days_from_sunday().into())
    };
    // Clocks change in the night: the day of the change begins in the old time.
    let is_summer = day > last_sunday(3) && day <= last_sunday(10);
    let hours = if is_summer { 2 } else { 1 };
    let in_world_time = (day - NaiveDate::default()).num_days() * 86_400;
    if is_dutch { in_world_time - hours * 3_600 } else { in_world_time }
}

/// Columns of which every cell is a date as moments of 96 bits, the others as text.
fn with_moments(table: &Table, is_dutch: bool) -> Vec<u8> {
    let (header, rows) = table.split_first().unwrap();
    let all_days: Vec<bool> =
        (0..header.len()).map(|k| rows.iter().all(|row| day(&row[k]).is_some())).collect();
    assert!(all_days.contains(&true));
    let value = |(k, cell): (usize, &String)| match day(cell) {
        Some(day) if all_days[k] => Value::Moment(midnight(day, is_dutch)),
        _ => Value::Text(cell.clone()),
    };
    let rows: Vec<Vec<Value>> =
        rows.iter().map(|row| row.iter().enumerate().map(value).collect()).collect();
    parquet96::file(header, &rows)
}

#[test]
fn moments_of_96_bits_are_the_days_on_dutch_clocks() {
    let in_moments = |is_dutch: bool| {
        move |stam: &str, text: &str| match large(stam) {
            true => (format!("{stam}.parquet"), with_moments(&table(text), is_dutch)),
            false => (format!("{stam}.csv"), text.into()),
        }
    };
    same_findings(&[
        ("Dutch midnights in world time", &in_moments(true)),
        ("midnights of world time", &in_moments(false)),
    ]);
}

#[test]
fn an_end_in_the_year_9999_is_no_end_in_moments_of_96_bits_too() {
    let header = "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;Einddatum";
    let header: Vec<String> = header.split(';').map(str::to_owned).collect();
    let moment = |day: &str| Value::Moment(midnight(self::day(day).unwrap(), false));
    let row = |nummer: &str, bsn: &str, einddatum: &str| -> Vec<Value> {
        let texts = [nummer, "0150", "99000001", bsn].map(|text| Value::Text(text.to_owned()));
        let days = ["15-12-2022", "01-01-2023", einddatum].map(moment);
        texts.into_iter().chain(days).collect()
    };
    let dossier = Dossier::minimaal();
    fs::remove_file(dossier.dir().join("toewijzingen.csv")).unwrap();
    let rows = [row("T1", "999900006", "31-12-9999"), row("T2", "999900018", "15-01-2023")];
    dossier.write_bytes("toewijzingen.parquet", &parquet96::file(&header, &rows));
    let as_csv = Dossier::minimaal();
    as_csv.write(
        "toewijzingen.csv",
        &format!(
            "{}\nT1;0150;99000001;999900006;2022-12-15;2023-01-01;\n\
             T2;0150;99000001;999900018;2022-12-15;2023-01-01;2023-01-15\n",
            header.join(";")
        ),
    );
    let key = dossier.key();
    let expected = bevindingen(&as_csv, &key);
    assert_eq!(bevindingen(&dossier, &key), expected);
    assert!(expected.iter().any(|b| b.iter().any(|(_, value)| value == "TW06")), "{expected:?}");
    let unreadable = dossier.out().join("2023-ijsselland").join("invoerfouten.csv");
    assert_eq!(fs::read_to_string(unreadable).unwrap().lines().count(), 1);
}

/// A workbook of one sheet, whose cells `cell` writes at their place: what no library writes.
fn of_xml(table: &Table, cell: &dyn Fn(&str, &str) -> String) -> Vec<u8> {
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let mut sheet = format!("<worksheet xmlns=\"{MAIN}\"><sheetData>");
    for (r, row) in table.iter().enumerate() {
        sheet += &format!("<row r=\"{}\">", r + 1);
        for (k, text) in (0..).zip(row).filter(|(_, text)| !text.is_empty()) {
            let letters = rust_xlsxwriter::utility::column_number_to_name(k);
            sheet += &cell(&format!("{letters}{}", r + 1), &quick_xml::escape::escape(text));
        }
        sheet += "</row>";
    }
    sheet += "</sheetData></worksheet>";
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let types = format!(
        "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/></Types>"
    );
    let book = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"Blad1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    zip_of(&[
        ("[Content_Types].xml", types.into_bytes()),
        ("_rels/.rels", relation("officeDocument", "xl/workbook.xml").into_bytes()),
        ("xl/workbook.xml", book.into_bytes()),
        ("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml").into_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.into_bytes()),
    ])
}

#[test]
fn inline_texts_and_texts_of_formulas_are_texts() {
    type CellWriter = dyn Fn(&str, &str) -> String;
    let inline: &CellWriter =
        &|place, text| format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let in_runs: &CellWriter = &|place, text| {
        let half = text.char_indices().nth(2).map_or(text.len(), |(i, _)| i);
        // An escaped character isn't split.
        let half = if text.contains('&') { text.len() } else { half };
        let (a, b) = text.split_at(half);
        format!(
            "<c r=\"{place}\" t=\"inlineStr\"><is><r><rPr><b/></rPr><t xml:space=\"preserve\">{a}</t></r><r><t xml:space=\"preserve\">{b}</t></r></is></c>"
        )
    };
    let before_more: &CellWriter = &|place, text| {
        format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is><v></v></c>")
    };
    let formula: &CellWriter =
        &|place, text| format!("<c r=\"{place}\" t=\"str\"><f>TRIM(Z9)</f><v>{text}</v></c>");
    let as_xml = |cell: &'static str| {
        move |stam: &str, text: &str| {
            let writer = match cell {
                "inline" => inline,
                "runs" => in_runs,
                "before more" => before_more,
                _ => formula,
            };
            (format!("{stam}.xlsx"), of_xml(&table(text), writer))
        }
    };
    same_findings(&[
        ("inline text", &as_xml("inline")),
        ("inline text in runs", &as_xml("runs")),
        ("inline text before something else", &as_xml("before more")),
        ("the text that a formula gives", &as_xml("formula")),
    ]);
}

/// Cells as a spreadsheet keeps them; a date as a day or as a bare number.
fn kept(table: &Table, from_1904: bool, bare: bool) -> Vec<Vec<xlsb::Cell>> {
    let cell = |cell: &String| match (day(cell), bedrag(cell)) {
        (Some(day), _) => {
            let first = if from_1904 { (1904, 1, 1) } else { (1899, 12, 30) };
            let first = NaiveDate::from_ymd_opt(first.0, first.1, first.2).unwrap();
            let number = (day - first).num_days() as f64;
            if bare { xlsb::Cell::Number(number) } else { xlsb::Cell::Day(number) }
        }
        (None, Some(number)) => xlsb::Cell::Number(number),
        _ if cell.is_empty() => xlsb::Cell::Empty,
        _ => xlsb::Cell::Text(cell.clone()),
    };
    table.iter().map(|row| row.iter().map(cell).collect()).collect()
}

/// In Excel's binary form.
fn binary(table: &Table, from_1904: bool, bare: bool) -> Vec<u8> {
    xlsb::file(kept(table, from_1904, bare), from_1904)
}

#[test]
fn workbooks_in_the_binary_form_are_read_in_both_date_systems() {
    let written = |from_1904: bool, bare: bool| {
        move |stam: &str, text: &str| {
            (format!("{stam}.xlsb"), binary(&table(text), from_1904, bare))
        }
    };
    same_findings(&[
        ("days from 1900", &written(false, false)),
        ("days from 1904", &written(true, false)),
        ("bare numbers from 1900", &written(false, true)),
        ("bare numbers from 1904", &written(true, true)),
    ]);
}

/// The sample as workbooks that LibreOffice made of ours in this form; `None` where there is none.
fn converted(form: &str) -> Option<Dossier> {
    let ours = example_as(|stam, text| (format!("{stam}.xlsx"), xlsx(&table(text))));
    let books: Vec<_> = fs::read_dir(ours.dir())
        .unwrap()
        .map(|thing| thing.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "xlsx"))
        .collect();
    let profile = format!("-env:UserInstallation=file://{}", ours.out().join("profiel").display());
    let run = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", form, "--outdir"])
        .arg(ours.dir())
        .args(&books)
        .output();
    if run.is_err() {
        let _ = writeln!(std::io::stderr(), "skipped .{form}: no LibreOffice on the PATH");
        return None;
    }
    for book in books {
        assert!(book.with_extension(form).is_file(), "{}", book.display());
        fs::remove_file(book).unwrap();
    }
    let _ = fs::remove_dir_all(ours.out());
    Some(ours)
}

#[test]
fn workbooks_of_the_old_form_and_of_open_document_are_read_as_our_own() {
    let plain = example_as(|stam, text| (format!("{stam}.csv"), text.into()));
    let key = plain.key();
    let expected = bevindingen(&plain, &key);
    for form in ["xls", "ods"] {
        let Some(dossier) = converted(form) else { continue };
        let found = bevindingen(&dossier, &key);
        assert_eq!(found.len(), expected.len(), "{form}");
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(found, expected, "{form}");
        }
    }
}

fn fill(sheet: &mut Worksheet, from: u32, table: &Table) {
    let datum = Format::new().set_num_format("dd-mm-yyyy");
    for (r, row) in (from..).zip(table) {
        for (k, cell) in (0..).zip(row).filter(|(_, cell)| !cell.is_empty()) {
            match (dag(cell), bedrag(cell)) {
                (Some((j, m, d)), _) => {
                    let day = ExcelDateTime::from_ymd(j, m, d).unwrap();
                    sheet.write_datetime_with_format(r, k, &day, &datum).unwrap();
                }
                (None, Some(number)) => {
                    sheet.write_number(r, k, number).unwrap();
                }
                _ => {
                    sheet.write_string(r, k, cell).unwrap();
                }
            }
        }
    }
}

/// Hidden rows between the others, a filter that hides some, and a hidden sheet with other rows.
fn partly_hidden(table: &Table) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Data").unwrap();
    fill(sheet, 0, table);
    for row in (2..table.len() as u32).step_by(3) {
        sheet.set_row_hidden(row).unwrap();
    }
    for (name, very) in [("oud", false), ("ouder", true)] {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        if very {
            sheet.set_very_hidden(true);
        } else {
            sheet.set_hidden(true);
        }
        fill(sheet, 0, table);
    }
    book.save_to_buffer().unwrap()
}

/// A header of two rows: what a group of columns is about above, and each column below.
fn under_two_headers(table: &Table) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "Overzicht 2023").unwrap();
    let centred = Format::new();
    let last = table[0].len() as u16 - 1;
    sheet.merge_range(1, 0, 1, 1, "Sleutel", &centred).unwrap();
    sheet.merge_range(1, 2, 1, last, "Gegevens", &centred).unwrap();
    fill(sheet, 2, table);
    book.save_to_buffer().unwrap()
}

#[test]
fn hidden_rows_are_read_hidden_sheets_are_not_and_a_header_may_have_two_rows() {
    same_findings(&[
        ("hidden", &|stam, text| (format!("{stam}.xlsx"), partly_hidden(&table(text)))),
        ("two rows", &|stam, text| (format!("{stam}.xlsx"), under_two_headers(&table(text)))),
    ]);
    let dossier = example_as(|stam, text| (format!("{stam}.xlsx"), partly_hidden(&table(text))));
    let outcome = dossier.controleer_with_samenvatting(&[]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let said = outcome.stdout + &outcome.stderr;
    for words in [
        "declaraties_2022.xlsx: het verborgen blad oud",
        "declaraties_2022.xlsx: het verborgen blad ouder",
        "declaraties_2022.xlsx: 4 verborgen of weggefilterde rijen zijn meegelezen",
    ] {
        assert!(said.contains(words), "{words}\n{said}");
    }
}

/// A sheet by its name, with its rows and which of them can't be seen.
type Hiding<'t, Rows = Table> = (&'t str, Rows, &'t dyn Fn(usize) -> bool);

/// A title, the header, and between the rows of the table empty ones; in front another sheet.
fn spread(table: &Table) -> (Table, Table) {
    let words = |text: &str| vec![vec![text.to_owned()]; 40];
    let mut rows = vec![vec!["Overzicht 2023".to_owned()], Vec::new()];
    for (n, row) in table.iter().enumerate() {
        rows.push(row.clone());
        if n % 4 == 0 {
            rows.push(Vec::new());
        }
    }
    rows.resize(rows.len() + 9, Vec::new());
    (words("Lees mij"), rows)
}

/// A workbook in this form: hidden are the other sheet's rows, the title, all empty rows and some rows of
/// the table: the second, the sixth and the tenth are the first of them.
fn spread_as(form: &str, table: &Table) -> Vec<u8> {
    let (other, rows) = spread(table);
    let is_hidden = |r: usize| r == 0 || rows[r].is_empty() || r.is_multiple_of(5);
    let sheets: [Hiding; 2] = [("Uitleg", other, &|_| true), ("Data", rows.clone(), &is_hidden)];
    let kept = || sheets.clone().map(|(name, rows, is)| (name, kept(&rows, false, false), is));
    match form {
        "xls" => xls::file(&kept()),
        "xlsb" => xlsb::file_of(&kept(), false),
        "ods" => ods::file(&sheets),
        _ => {
            let mut book = Workbook::new();
            for (name, rows, is_hidden) in &sheets {
                let sheet = book.add_worksheet();
                sheet.set_name(*name).unwrap();
                fill(sheet, 0, rows);
                for row in (0..rows.len()).filter(|row| is_hidden(*row)) {
                    sheet.set_row_hidden(row as u32).unwrap();
                }
            }
            book.save_to_buffer().unwrap()
        }
    }
}

/// The same workbook with a prefix before all names of tags, as some systems write it.
fn prefixed(book: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..zip.len() {
        let mut part = zip.by_index(i).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        if name.starts_with("xl/work") && name.ends_with(".xml") || name == "xl/sharedStrings.xml" {
            text = text.replace("</", "<x:/").replace('<', "<x:").replace("<x:?xml", "<?xml");
            text = text.replace("<x:x:/", "</x:").replace("xmlns=", "xmlns:x=");
            text = text.replace(" r:id=", " d3p1:id=").replace("xmlns:r=", "xmlns:d3p1=");
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(text.as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn a_changed_byte_in_a_workbook_of_the_old_form_never_ends_in_a_crash() {
    let dossier = Dossier::minimaal();
    let cells = table(&fs::read_to_string(dossier.dir().join("declaraties.csv")).unwrap());
    fs::remove_file(dossier.dir().join("declaraties.csv")).unwrap();
    let good = spread_as("xls", &cells);
    // The head, the table of sectors and the entries, and some of the workbook.
    let places =
        (24..80).step_by(3).chain((512..1536).step_by(41)).chain((1536..good.len()).step_by(331));
    for (n, place) in places.enumerate() {
        let mut piece = good.clone();
        piece[place] ^= 1 << (n % 8);
        dossier.write_bytes("declaraties.xls", &piece);
        let outcome = dossier.controleer(&["--overschrijf"]);
        assert!(matches!(outcome.status, 0 | 3), "{place}: {}", outcome.stderr);
    }
}

#[test]
fn in_every_form_of_workbook_rows_that_are_read_though_hidden_are_counted_and_no_others() {
    const FORMS: [&str; 5] = ["xlsx", "xlsm", "xlsb", "xls", "ods"];
    let written = |form: &'static str| {
        move |stam: &str, text: &str| (format!("{stam}.{form}"), spread_as(form, &table(text)))
    };
    let forms = FORMS.map(|form| (form, written(form)));
    let with_prefix = |stam: &str, text: &str| {
        (format!("{stam}.xlsx"), prefixed(&spread_as("xlsx", &table(text))))
    };
    let mut all: Vec<(&str, &WorkbookWriter)> = vec![("xlsx", &with_prefix)];
    all.extend(forms.iter().map(|(form, write)| (*form, write as &WorkbookWriter)));
    same_findings(&all);
    for (form, write) in all {
        let outcome = example_as(write).controleer_with_samenvatting(&[]);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        let said = outcome.stdout + &outcome.stderr;
        for (stam, count) in [
            ("declaraties_2022", "3 verborgen of weggefilterde rijen zijn"),
            ("producten", "1 verborgen of weggefilterde rij is"),
        ] {
            let words = format!("{stam}.{form}: {count} meegelezen");
            assert!(said.contains(&words), "{words}\n{said}");
        }
    }
}
