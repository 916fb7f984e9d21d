//! Columns of an export that ride along: `[meenemen]` in `controle.toml`.

use crate::hulp::{Bevinding, Dossier, VOORBEELD, rows_of};
use calamine::{Data, Reader, Xlsx, open_workbook};
use polars_core::prelude::*;
use polars_io::prelude::*;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

const RAPPORT: &str = "2023-ijsselland";

const SETTINGS: &str = "jaar = 2023\nregio = \"ijsselland\"\n";

const MEENEMEN: &str = "\n[meenemen]\ndeclaraties = [\"Team\", \"Eigen opmerking\", \"Bron\"]\n";

/// What stands in the columns of a line with this number: a Bsn, a formula and line ends too. Bron is a
/// column of ours as well.
fn own(referentie: &str) -> [String; 3] {
    let n: usize = referentie.bytes().map(usize::from).sum();
    let team = ["Noord", "", "=HYPERLINK(1)", "Zuid; \"West\""][n % 4];
    let remark = ["gesprek over 999900006", "", "twee\r\nregels"][n % 3];
    [team.to_owned(), remark.to_owned(), format!("systeem {}", n % 2)]
}

/// The sample, with columns of its own in front of and behind the others of declaraties.
fn example(settings: &str) -> Dossier {
    let dossier = Dossier::empty();
    dossier.write("controle.toml", settings);
    for thing in fs::read_dir(VOORBEELD).unwrap() {
        let path = thing.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !name.ends_with(".csv") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        match name.starts_with("declaraties") {
            true => dossier.write_bytes(&name, &with_columns(&text)),
            false => dossier.write(&name, &text),
        }
    }
    dossier
}

fn with_columns(text: &str) -> Vec<u8> {
    let mut rows = csv::ReaderBuilder::new()
        .delimiter(b';')
        .has_headers(false)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut out = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    let mut place = None;
    for row in rows.records() {
        let row = row.unwrap();
        let place =
            *place.get_or_insert_with(|| row.iter().position(|c| c == "ReferentieNummer").unwrap());
        let is_header = &row[place] == "ReferentieNummer";
        let [team, remark, bron] = match is_header {
            true => ["team", "Eigen_Opmerking", "Bron"].map(str::to_owned),
            false => own(&row[place]),
        };
        let cells = [team.as_str()].into_iter().chain(row.iter());
        out.write_record(cells.chain([remark.as_str(), bron.as_str()])).unwrap();
    }
    out.into_inner().unwrap()
}

/// The same as outputs show it: on one line, without a Bsn, and as no formula where `csv` is told.
fn shown(referentie: &str, csv: bool) -> [String; 3] {
    let [team, remark, bron] = own(referentie);
    let team = if csv && team.starts_with('=') { format!("\u{200b}{team}") } else { team };
    [team, remark.replace("\r\n", "  "), bron]
}

/// Equal but for a pseudonym in the place of the Bsn.
#[track_caller]
fn is_shown(found: &str, expected: &str) {
    match expected.split_once("999900006") {
        None => assert_eq!(found, expected),
        Some((before, _)) => {
            assert!(found.starts_with(before) && !found.contains("999900006"), "{found}");
        }
    }
}

#[track_caller]
fn controleer(dossier: &Dossier, options: &[&str]) {
    let key = dossier.key();
    let outcome = dossier.controleer(&[options, &["--sleutel", &key]].concat());
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
}

const COLUMNS: [&str; 3] = ["Team", "Eigen opmerking", "Bron (export)"];

#[track_caller]
fn rides(row: &BTreeMap<String, String>, csv: bool) {
    let referentie = &row["ReferentieNummer"];
    for (column, expected) in COLUMNS.iter().zip(shown(referentie, csv)) {
        match referentie.is_empty() {
            true => assert_eq!(row[*column], "", "{row:?}"),
            false => is_shown(&row[*column], &expected),
        }
    }
}

#[test]
fn named_columns_stand_behind_those_of_findings_and_of_the_lines_under_them() {
    let (with, without) =
        (example(&format!("{SETTINGS}{MEENEMEN}")), example(&format!("{SETTINGS}# niets\n")));
    let key = with.key();
    controleer(&with, &[]);
    let outcome = without.controleer(&["--sleutel", &key]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    for name in ["bevindingen.csv", "onderliggend.csv"] {
        let rows = rows_of(&with.out().join(RAPPORT).join(name));
        assert!(rows.len() > 100);
        rows.iter().for_each(|row| rides(row, true));
        let bare = |row: Bevinding| -> Bevinding {
            row.into_iter().filter(|(k, _)| !COLUMNS.contains(&k.as_str())).collect()
        };
        let rows: Vec<Bevinding> = rows.into_iter().map(bare).collect();
        assert!(rows == rows_of(&without.out().join(RAPPORT).join(name)), "{name}");
        let header = fs::read_to_string(with.out().join(RAPPORT).join(name)).unwrap();
        assert!(header.lines().next().unwrap().ends_with("Team;Eigen opmerking;Bron (export)"));
    }
    for name in ["bevindingen.parquet", "onderliggend.parquet"] {
        let file = File::open(with.out().join(RAPPORT).join(name)).unwrap();
        let table = ParquetReader::new(file).finish().unwrap();
        let texts = |name: &str| -> Vec<String> {
            let column = table.column(name).unwrap().str().unwrap();
            column.iter().map(|c| c.unwrap_or_default().to_owned()).collect()
        };
        let names = table.get_column_names();
        assert!(names.iter().rev().take(3).rev().map(|n| n.as_str()).eq(COLUMNS));
        let columns = ["ReferentieNummer"].into_iter().chain(COLUMNS).map(|n| (n, texts(n)));
        let columns: Vec<(&str, Vec<String>)> = columns.collect();
        for i in 0..table.height() {
            let row = columns.iter().map(|(n, texts)| ((*n).to_owned(), texts[i].clone()));
            rides(&row.collect(), false);
        }
    }
    assert_eq!(with.samenvatting(RAPPORT)["meegenomen"], serde_json::json!(COLUMNS));
    assert!(without.samenvatting(RAPPORT).get("meegenomen").is_none());
}

/// The rows of a sheet below its header, by column; the reference number under one name.
fn sheet(path: &Path, name: &str) -> Vec<BTreeMap<String, String>> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let range = book.worksheet_range(name).unwrap();
    let mut rows = range.rows().skip_while(|row| !row.contains(&Data::from("Id".to_owned())));
    let header: Vec<String> = rows.next().unwrap().iter().map(Data::to_string).collect();
    let last: Vec<&str> = header.iter().map(String::as_str).filter(|h| !h.is_empty()).collect();
    assert!(last.ends_with(&COLUMNS), "{name}: {last:?}");
    let named = |row: &[Data]| {
        let cells = header.iter().cloned().zip(row.iter().map(Data::to_string));
        let mut row: BTreeMap<String, String> = cells.collect();
        if let Some(referentie) = row.get("Referentie").cloned() {
            row.insert("ReferentieNummer".to_owned(), referentie);
        }
        row
    };
    rows.map(named).collect()
}

#[test]
fn the_sheets_and_the_packages_have_them_too() {
    let dossier = example(&format!("{SETTINGS}{MEENEMEN}"));
    controleer(&dossier, &["--per-aanbieder", "--formaten", "xlsx,csv"]);
    let out = dossier.out().join(RAPPORT);
    for name in ["Lijst", "NS No-show", "Onderliggend"] {
        let rows = sheet(&out.join("rapport.xlsx"), name);
        assert!(!rows.is_empty());
        rows.iter().for_each(|row| rides(row, false));
    }
    let package = out.join("per-aanbieder/99000001.xlsx");
    sheet(&package, "Onderliggend").iter().for_each(|row| rides(row, false));
}

#[test]
fn memory_and_threads_change_nothing() {
    let dossier = example(&format!("{SETTINGS}{MEENEMEN}"));
    let key = dossier.key();
    let read = |name: &str, options: &[&str]| {
        let out = dossier.out().join(name);
        let options = [options, &["--sleutel", &key]].concat();
        let outcome = dossier.controleer_to(&out, &options);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        ["bevindingen.csv", "onderliggend.parquet", "samenvatting.json"]
            .map(|file| fs::read(out.join(RAPPORT).join(file)).unwrap())
    };
    let whole = read("a", &[]);
    assert!(whole == read("b", &["--geheugen", "1MB"]));
    assert!(whole == read("c", &["--draden", "1"]));
}

const DECLARATIES: &str = "\
Team;ReferentieNummer;Gemeente;Aanbieder;Bsn;ToewijzingNummer;ProductCategorie;ProductCode;Begindatum;Einddatum;GeleverdVolume;Eenheid;IngediendBedrag;Notitie
Noord;R1;0150;99000001;999900006;T1;45;45T01;2023-01-31;2023-01-01;100;01;108,00;a
";

fn small(settings: &str) -> Dossier {
    let dossier = Dossier::minimaal();
    dossier.write("declaraties.csv", DECLARATIES);
    dossier.write("controle.toml", settings);
    dossier
}

#[test]
fn a_name_that_no_file_has_is_told_with_the_names_that_there_are() {
    let dossier = small("[meenemen]\ndeclaraties = [\"Teams\"]\n");
    let words = ["declaraties.csv", "geen kolom Teams", "eigen kolommen zijn: Team, Notitie"];
    dossier.controleer(&[]).refuses(3, &words);
    dossier.wrote_nothing();
    let twice = small("[meenemen]\ndeclaraties = [\"Team\"]\n");
    twice.write("declaraties.csv", &DECLARATIES.replace("Notitie", "TEAM"));
    twice.controleer(&[]).refuses(3, &["declaraties.csv", "Team", "twee keer"]);
}

#[test]
fn a_month_without_the_column_is_named_and_stays_empty() {
    let dossier = small("[meenemen]\ndeclaraties = [\"Team\"]\n");
    let other = DECLARATIES.replace("Team;", "Locatie;").replace("R1", "R2");
    dossier.write("declaraties-02.csv", &other);
    let outcome = dossier.controleer_with_samenvatting(&[]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let said = outcome.stdout + &outcome.stderr;
    assert!(said.contains("declaraties-02.csv: heeft geen kolom Team"), "{said}");
    let rows = dossier.bevindingen(RAPPORT);
    let of = |referentie: &str| rows.iter().find(|row| row["ReferentieNummer"] == referentie);
    assert_eq!(of("R2").expect("it ends before it begins")["Team"], "");
}

#[test]
fn what_cannot_ride_along_is_told_with_its_line() {
    for (settings, words) in [
        ("[meenemen]\ndeclaraties = [\"Bsn\"]\n", "wordt al gelezen als Bsn"),
        ("[kolommen]\n\"Kind\" = \"Bsn\"\n[meenemen]\ndeclaraties = [\"kind\"]\n", "als Bsn"),
        ("[meenemen]\ntoewijzingen = [\"Team\"]\n", "van toewijzingen gaan geen kolommen mee"),
        ("[meenemen]\nfacturen = [\"Team\"]\n", "geen soort bestand"),
        ("[meenemen]\ndeclaraties = [\"Team\", \"TE AM\"]\n", "staat er twee keer"),
        ("[meenemen]\ndeclaraties = [\"\"]\n", "is geen kop"),
        (
            "[meenemen]\ndeclaraties = [\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"a\",\"b\"]\n",
            "ten hoogste 10",
        ),
    ] {
        small(settings).controleer(&[]).refuses(2, &["controle.toml", "regel", words]);
    }
}

#[test]
fn a_workbook_and_parquet_have_them_ride_along_as_text() {
    let settings = "[meenemen]\ndeclaraties = [\"Team\", \"Notitie\"]\n";
    let rows: Vec<Vec<&str>> = DECLARATIES.lines().map(|line| line.split(';').collect()).collect();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (r, row) in (0..).zip(&rows) {
        for (k, cell) in (0..).zip(row) {
            match (r, *cell) {
                (1, "a") => sheet.write_number(r, k, 12.5).unwrap(),
                (_, cell) => sheet.write_string(r, k, cell).unwrap(),
            };
        }
    }
    let columns = rows[0].iter().zip(&rows[1]).map(|(name, cell)| match *name {
        "Notitie" => Float64Chunked::new((*name).into(), [12.5]).into_column(),
        _ => StringChunked::new((*name).into(), [*cell]).into_column(),
    });
    let mut table = DataFrame::new(1, columns.collect()).unwrap();
    let mut parquet = Vec::new();
    ParquetWriter::new(&mut parquet).finish(&mut table).unwrap();
    for (name, bytes) in
        [("declaraties.xlsx", book.save_to_buffer().unwrap()), ("declaraties.parquet", parquet)]
    {
        let dossier = small(settings);
        fs::remove_file(dossier.dir().join("declaraties.csv")).unwrap();
        dossier.write_bytes(name, &bytes);
        controleer(&dossier, &[]);
        let found = dossier.bevindingen(RAPPORT);
        let row = found.iter().find(|row| row["ReferentieNummer"] == "R1").expect("a finding");
        assert_eq!([&row["Team"], &row["Notitie"]], ["Noord", "12.5"], "{name}");
    }
}
