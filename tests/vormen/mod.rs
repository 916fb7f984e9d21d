//! One dossier in every form that is read, and what can be wrong with each.

mod cellen;

use crate::hulp::{Dossier, HEADER, ROWS, VOORBEELD};
use cellen::{BEDRAG, errors};
use polars_core::prelude::*;
use polars_io::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::fs;
use std::io::Write;

const RAPPORT: &str = "2023-ijsselland";

/// A table as its cells, the header first.
pub type Table = Vec<Vec<String>>;

pub fn table(text: &str) -> Table {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .has_headers(false)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader
        .records()
        .map(|r| r.expect("our own CSV can be read").iter().map(str::to_owned).collect())
        .collect()
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

/// With a decimal point, commas between the fields and dates year first.
fn other_spelling(table: &Table) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    for row in table {
        writer
            .write_record(row.iter().map(|cell| match (dag(cell), bedrag(cell)) {
                (Some((j, m, d)), _) => format!("{j}-{m:02}-{d:02}"),
                (_, Some(_)) if cell.contains(',') => cell.replace(',', "."),
                _ => cell.clone(),
            }))
            .unwrap();
    }
    writer.into_inner().unwrap()
}

pub fn dag(cell: &str) -> Option<(u16, u8, u8)> {
    let parts: Vec<&str> = cell.split('-').collect();
    match parts[..] {
        [d, m, j] if j.len() == 4 && d.len() == 2 => {
            let (jaar, maand, dag) = (j.parse().ok()?, m.parse().ok()?, d.parse().ok()?);
            chrono::NaiveDate::from_ymd_opt(i32::from(jaar), maand, dag)?;
            Some((jaar, maand as u8, dag as u8))
        }
        _ => None,
    }
}

pub fn bedrag(cell: &str) -> Option<f64> {
    cell.replace(',', ".")
        .parse()
        .ok()
        .filter(|_| cell.bytes().all(|c| c.is_ascii_digit() || c == b','))
}

/// Every cell as a spreadsheet would keep it: dates and numbers typed, leading zeros lost.
pub fn xlsx(table: &Table) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let datum = Format::new().set_num_format("dd-mm-yyyy");
    for (r, row) in table.iter().enumerate() {
        for (k, cell) in row.iter().enumerate() {
            let (r, k) = (r as u32, k as u16);
            if let Some((j, m, d)) = dag(cell) {
                let dag = ExcelDateTime::from_ymd(j, m, d).unwrap();
                sheet.write_datetime_with_format(r, k, &dag, &datum).unwrap();
            } else if let Some(number) = bedrag(cell) {
                sheet.write_number(r, k, number).unwrap();
            } else if !cell.is_empty() {
                sheet.write_string(r, k, cell).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// Columns of which every filled cell is a date or a number become typed; `all_text` keeps text.
fn parquet(table: &Table, all_text: bool) -> Vec<u8> {
    let (header, rows) = table.split_first().unwrap();
    let kolommen = header
        .iter()
        .enumerate()
        .map(|(k, name)| {
            let cells = || rows.iter().map(|r| Some(r[k].as_str()).filter(|c| !c.is_empty()));
            let all = |fits: fn(&str) -> bool| !all_text && cells().flatten().all(fits);
            if all(|c| dag(c).is_some()) {
                let dagen = cells().map(|c| {
                    let (j, m, d) = dag(c?)?;
                    let dag = chrono::NaiveDate::from_ymd_opt(j.into(), m.into(), d.into())?;
                    Some((dag - chrono::NaiveDate::default()).num_days() as i32)
                });
                let dagen = Int32Chunked::from_iter_options(name.into(), dagen).into_column();
                dagen.cast(&DataType::Date).unwrap()
            } else if all(|c| bedrag(c).is_some() && !c.contains(',')) {
                let numbers = cells().map(|c| c?.parse().ok());
                Int64Chunked::from_iter_options(name.into(), numbers).into_column()
            } else if all(|c| bedrag(c).is_some()) {
                let numbers = cells().map(|c| bedrag(c?));
                Float64Chunked::from_iter_options(name.into(), numbers).into_column()
            } else {
                StringChunked::from_iter_options(name.into(), cells()).into_column()
            }
        })
        .collect();
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes)
        .with_row_group_size(Some(100))
        .finish(&mut DataFrame::new(rows.len(), kolommen).unwrap())
        .unwrap();
    bytes
}

/// The sample dossier, each table written by `write` under the name that it returns.
pub fn example_as(write: impl Fn(&str, &str) -> (String, Vec<u8>)) -> Dossier {
    let dossier = Dossier::empty();
    for thing in fs::read_dir(VOORBEELD).unwrap() {
        let path = thing.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if let Some(stam) = name.strip_suffix(".csv") {
            let (name, bytes) = write(stam, &fs::read_to_string(&path).unwrap());
            dossier.write_bytes(&name, &bytes);
        } else if path.is_file() {
            fs::copy(&path, dossier.dir().join(name)).unwrap();
        }
    }
    dossier
}

pub type Rows = Vec<Vec<(String, String)>>;

/// Is this one of the tables that come packed or as Parquet?
pub fn large(stam: &str) -> bool {
    stam.starts_with("declaraties") || stam.starts_with("toewijzingen")
}

/// From a table's name without its ending, and its CSV, to a file.
pub type WorkbookWriter = dyn Fn(&str, &str) -> (String, Vec<u8>);

/// The findings but for where they stood, sorted.
#[track_caller]
pub fn bevindingen(dossier: &Dossier, key: &str) -> Rows {
    let outcome = dossier.controleer(&["--sleutel", key]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let mut rows: Rows = dossier
        .bevindingen(RAPPORT)
        .into_iter()
        .map(|b| b.into_iter().filter(|(k, _)| k != "Bestand" && k != "Regelnummer").collect())
        .collect();
    rows.sort();
    rows
}

#[test]
fn the_sample_dossier_gives_the_same_findings_in_every_form() {
    let plain = example_as(|stam, text| (format!("{stam}.csv"), text.into()));
    let key = plain.key();
    let expected = bevindingen(&plain, &key);
    assert!(expected.len() > 100);
    let forms: [(&str, &WorkbookWriter); 5] = [
        ("csv with commas and points", &|stam, text| {
            (format!("{stam}.csv"), other_spelling(&table(text)))
        }),
        ("csv.gz", &|stam, text| {
            if large(stam) {
                (format!("{stam}.CSV.gz"), gz(text.as_bytes()))
            } else {
                (format!("{stam}.csv"), text.into())
            }
        }),
        ("xlsx", &|stam, text| (format!("{stam}.xlsx"), xlsx(&table(text)))),
        ("typed parquet", &|stam, text| {
            if large(stam) {
                (format!("{stam}.parquet"), parquet(&table(text), false))
            } else {
                (format!("{stam}.xlsx"), xlsx(&table(text)))
            }
        }),
        ("parquet of text", &|stam, text| {
            if large(stam) {
                (format!("{stam}.parquet"), parquet(&table(text), true))
            } else {
                (format!("{stam}.csv"), text.into())
            }
        }),
    ];
    for (name, write) in forms {
        let found = bevindingen(&example_as(write), &key);
        assert_eq!(found.len(), expected.len(), "{name}");
        for (g, v) in found.iter().zip(&expected) {
            assert_eq!(g, v, "{name}");
        }
    }
}

#[test]
fn a_packed_file_is_hashed_as_it_stands_on_the_disk() {
    use sha2::Digest;
    let dossier = with_declaraties("declaraties.csv.gz", &gz(format!("{HEADER}{ROWS}").as_bytes()));
    assert_eq!(dossier.controleer(&[]).status, 0);
    let bytes = fs::read(dossier.dir().join("declaraties.csv.gz")).unwrap();
    let hash: String = sha2::Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    let manifest = fs::read_to_string(dossier.out().join(RAPPORT).join("manifest.json")).unwrap();
    assert!(manifest.contains(&hash), "{manifest}");
}

/// The minimal dossier with its declaraties in this file.
fn with_declaraties(name: &str, bytes: &[u8]) -> Dossier {
    let dossier = Dossier::minimaal();
    fs::remove_file(dossier.dir().join("declaraties.csv")).unwrap();
    dossier.write_bytes(name, bytes);
    dossier
}

#[track_caller]
fn refuses(name: &str, bytes: &[u8], words: &[&str]) {
    let dossier = with_declaraties(name, bytes);
    let outcome = dossier.controleer(&[]);
    outcome.refuses(3, &[&[name], words].concat());
    dossier.wrote_nothing();
}

#[test]
fn broken_files_of_every_form_are_named() {
    let declaraties = format!("{HEADER}{ROWS}");
    let good = gz(declaraties.as_bytes());
    for length in [1, 5, good.len() / 2, good.len() - 1] {
        refuses("declaraties.csv.gz", &good[..length], &["beschadigd", "opnieuw"]);
    }
    let mut piece = good.clone();
    let midden = piece.len() / 2;
    piece[midden] ^= 0xff;
    refuses("declaraties.csv.gz", &piece, &["beschadigd"]);
    refuses("declaraties.csv.gz", declaraties.as_bytes(), &["geen geldig gzip"]);
    for name in ["declaraties.csv.gz", "declaraties.xlsx", "declaraties.parquet"] {
        refuses(name, b"", &["leeg"]);
    }
    let good = xlsx(&table(&declaraties));
    for length in [1, 100, good.len() / 2, good.len() - 1] {
        refuses("declaraties.xlsx", &good[..length], &["beschadigd"]);
    }
    refuses("declaraties.xlsx", declaraties.as_bytes(), &["geen Excel-werkmap"]);
    refuses("declaraties.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", &["wachtwoord"]);
    let good = parquet(&table(&declaraties), false);
    for length in [1, 100, good.len() / 2, good.len() - 1] {
        refuses("declaraties.parquet", &good[..length], &["beschadigd", "parquet"]);
    }
    refuses("declaraties.parquet", declaraties.as_bytes(), &["parquet"]);
}

/// No byte of a file may bring the program down: it is read, refused in part, or named.
#[test]
fn a_changed_byte_never_ends_in_a_crash() {
    let cells = table(&format!("{HEADER}{ROWS}"));
    for (name, good) in [
        ("declaraties.xlsx", xlsx(&cells)),
        ("declaraties.parquet", parquet(&cells, false)),
        ("declaraties.csv.gz", gz(format!("{HEADER}{ROWS}").as_bytes())),
    ] {
        for i in 0..40 {
            let mut piece = good.clone();
            let place = piece.len() * i / 40;
            piece[place] ^= 1 << (i % 8);
            let outcome = with_declaraties(name, &piece).controleer(&[]);
            assert!(matches!(outcome.status, 0 | 3), "{name} {place}: {}", outcome.stderr);
        }
    }
}

#[test]
fn the_small_tables_come_as_csv_or_workbook_only() {
    for name in ["aanbieders.parquet", "omzet.csv.gz", "declaraties.doc", "toewijzingen.txt"] {
        let dossier = Dossier::minimaal();
        dossier.write(name, "x");
        dossier.controleer(&[]).refuses(3, &[name, "Opslaan als", "csv"]);
    }
}

/// A zip of these parts.
pub fn zip_of(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ::zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options = ::zip::write::SimpleFileOptions::default()
            .compression_method(::zip::CompressionMethod::Deflated);
        zip.start_file(*name, options).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_zip_bomb_is_refused() {
    let bom = zip_of(&[
        ("[Content_Types].xml", b"<Types/>".to_vec()),
        ("xl/worksheets/sheet1.xml", vec![b' '; 60_000_000]),
    ]);
    assert!(bom.len() < 200_000);
    refuses("declaraties.xlsx", &bom, &["te groot", "vertrouwt"]);
}

#[test]
fn a_workbook_that_promises_more_texts_than_it_has_takes_no_memory() {
    let texts = br#"<sst count="1" uniqueCount="999999999999999"></sst>"#.to_vec();
    let book = zip_of(&[("xl/sharedStrings.xml", texts)]);
    refuses("declaraties.xlsx", &book, &["beschadigd", "aantal teksten"]);
}

#[test]
fn a_sheet_or_parquet_without_a_needed_column_names_the_likeliest() {
    let mut cells = table(&format!("{HEADER}{ROWS}"));
    cells[0][13] = "Ingediend bedrg".into();
    let files: [(&str, Vec<u8>); 2] =
        [("declaraties.xlsx", xlsx(&cells)), ("declaraties.parquet", parquet(&cells, false))];
    for (name, bytes) in files {
        refuses(
            name,
            &bytes,
            &["regel 1", "IngediendBedrag ontbreekt", "\"Ingediend bedrg\" = \"IngediendBedrag\""],
        );
        let dossier = with_declaraties(name, &bytes);
        dossier.write("controle.toml", "[kolommen]\n\"ingediend-bedrg\" = \"IngediendBedrag\"\n");
        assert_eq!(dossier.controleer(&[]).status, 0);
    }
}

#[test]
fn rows_of_parquet_are_counted_from_one_and_refused_one_by_one() {
    let mut cells = table(HEADER);
    for i in 0..250 {
        let row = format!("{}\n", ROWS.lines().next().unwrap()).replace("R1;", &format!("R{i};"));
        cells.extend(table(&row));
    }
    cells[222][BEDRAG as usize] = "12,345".into();
    let dossier = with_declaraties("declaraties.parquet", &parquet(&cells, false));
    let found = errors(&dossier, &[]);
    assert_eq!(found.len(), 1);
    assert_eq!((&*found[0].0, &*found[0].2), ("222", "12.3450"));
}

/// Types that the writer of this project doesn't have: categorical, enum, small and unsigned whole
/// numbers, floats of four bytes, decimals of four places, moments in world time and without a zone,
/// and columns of lists and structs that mean nothing to us. Written by the Python package polars;
/// `lijst.parquet` is the same with lists in the column DeclaratieNummer.
#[test]
fn parquet_of_other_programs_is_read_in_all_its_types() {
    let dossier = with_declaraties("declaraties.parquet", include_bytes!("typen.parquet"));
    let header = "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum\n";
    dossier.write("toewijzingen.csv", header);
    assert_eq!(errors(&dossier, &[]), []);
    let kolommen = ["ReferentieNummer", "Begindatum", "Einddatum", "IngediendBedrag"];
    let found: Vec<[String; 4]> = dossier
        .bevindingen(RAPPORT)
        .iter()
        .map(|b| kolommen.map(|kolom| b[kolom].clone()))
        .collect();
    assert_eq!(
        found,
        [
            ["R1", "01-01-2023", "31-01-2023", "108,00"],
            ["R2", "01-02-2023", "28-02-2023", "54,00"],
            ["R3", "01-01-2023", "31-01-2023", "12,10"],
        ]
        .map(|row| row.map(str::to_owned))
    );
    let list = include_bytes!("lijst.parquet");
    refuses("declaraties.parquet", list, &["DeclaratieNummer", "type", "als tekst"]);
}
