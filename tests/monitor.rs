//! `monitor`: tables that say what they are, add up, and keep to the day that was asked.

use crate::hulp::{Bevinding, Dossier, ProgramOutput, VOORBEELD, program, rows_of};
use calamine::{Data, Reader, Xlsx, open_workbook};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const ZEELAND: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data/zeeland");

/// The tables, by the names of their files.
const TABLES: [&str; 10] = [
    "omzet",
    "verantwoording",
    "budgetten",
    "kengetallen",
    "naleving",
    "verwijzers",
    "aflopend",
    "perceel5",
    "maatwerk",
    "maand",
];

fn monitor(dossier: &Path, out: &Path, options: &[&str]) -> ProgramOutput {
    let mut spec = program();
    spec.arg("monitor").arg(dossier).args(["--jaar", "2023", "--uit"]).arg(out).args(options);
    ProgramOutput::of(&mut spec)
}

/// The folder with the tables of a dossier.
fn tables(dossier: &Path, out: &Path, options: &[&str]) -> PathBuf {
    let outcome = monitor(dossier, out, &[options, &["--stil"]].concat());
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let region = if dossier.ends_with("zeeland") { "zeeland" } else { "ijsselland" };
    out.join(format!("2023-{region}-monitor"))
}

fn cent(text: &str) -> i64 {
    text.replace(',', "").parse().expect("an amount")
}

/// A row of `tabellen.csv`.
fn about(dir: &Path, table: &str) -> Bevinding {
    let rows = rows_of(&dir.join("tabellen.csv"));
    rows.into_iter().find(|r| r["Tabel"] == table).expect("every table is told of")
}

#[test]
fn every_table_says_what_it_is_and_each_is_there_or_says_what_it_needs() {
    for (dossier, absent) in [(VOORBEELD, &["perceel5", "maatwerk"][..]), (ZEELAND, &[])] {
        let place = Dossier::empty();
        let dir = tables(Path::new(dossier), &place.out(), &[]);
        let told = rows_of(&dir.join("tabellen.csv"));
        let names: Vec<&str> = told.iter().map(|r| r["Tabel"].as_str()).collect();
        assert_eq!(names, TABLES);
        let columns = rows_of(&dir.join("kolommen.csv"));
        for row in &told {
            for what in ["Titel", "Per", "Vraag", "Definitie", "Bron", "Peildatum"] {
                assert!(!row[what].is_empty(), "{what} of {}", row["Tabel"]);
            }
            let csv = dir.join(format!("{}.csv", row["Tabel"]));
            let parquet = csv.with_extension("parquet");
            assert_eq!(
                (csv.is_file(), parquet.is_file()),
                (row["Vraagt"].is_empty(), row["Vraagt"].is_empty())
            );
            if absent.contains(&row["Tabel"].as_str()) {
                assert!(!row["Vraagt"].is_empty(), "{}", row["Tabel"]);
            }
            if !csv.is_file() {
                continue;
            }
            let text = std::fs::read_to_string(&csv).unwrap();
            let header = text.trim_start_matches('\u{feff}').lines().next().unwrap().to_owned();
            let own = columns.iter().filter(|c| c["Tabel"] == row["Tabel"]);
            let own: Vec<&str> = own.map(|c| c["Kolom"].as_str()).collect();
            assert_eq!(own.join(";"), header);
            let of_rows = rows_of(&csv);
            assert_eq!(of_rows.len().to_string(), row["Rijen"]);
            // The row of a year holds those of its quarters.
            let whole = |r: &&Bevinding| r.get("Tijdvak").is_none_or(|t| t == "2023");
            let whole = of_rows.iter().filter(whole);
            let lines: i64 = whole.filter_map(|r| r["Regels"].parse::<i64>().ok()).sum();
            assert_eq!(lines.to_string(), row["Regels"], "{}", row["Tabel"]);
        }
    }
}

#[test]
fn they_add_up_to_the_live_lines_of_the_audit() {
    let place = Dossier::empty();
    let dir = tables(Path::new(VOORBEELD), &place.out(), &[]);
    place.controleer_dir(Path::new(VOORBEELD), &[]);
    let samenvatting = place.samenvatting("2023-ijsselland");
    let whole = samenvatting["totalen"]["bedrag"].as_i64().unwrap();
    for (table, column) in
        [("omzet", "DitJaar"), ("maand", "Bedrag"), ("verantwoording", "Gedeclareerd")]
    {
        let rows = rows_of(&dir.join(format!("{table}.csv")));
        assert_eq!(rows.iter().map(|r| cent(&r[column])).sum::<i64>(), whole, "{table}");
    }
}

#[test]
fn what_comes_after_the_peildatum_is_not_known_yet() {
    let place = Dossier::empty();
    let dir = tables(Path::new(VOORBEELD), &place.out(), &["--peildatum", "30-06-2023"]);
    let rows = rows_of(&dir.join("maand.csv"));
    assert!(rows.iter().all(|r| r["Maand"].as_str() <= "2023-06"));
    assert!(rows.iter().any(|r| r["Maand"] == "2023-06"));
    for row in rows_of(&dir.join("verantwoording.csv")) {
        // Nothing came in before the year was over, and nothing is due yet.
        let state = ["Ontvangen", "OpTijd", "Verantwoord"].map(|c| row[c].as_str());
        assert_eq!(state, [""; 3]);
    }
    // Half of last year's turnover.
    for row in rows_of(&dir.join("omzet.csv")).iter().filter(|r| !r["VorigJaar"].is_empty()) {
        assert!((cent(&row["NaarRato"]) * 2 - cent(&row["VorigJaar"])).abs() <= 1);
    }
    assert_eq!(about(&dir, "budgetten")["Peildatum"], "30-06-2023");
    let periods: BTreeSet<String> =
        rows_of(&dir.join("kengetallen.csv")).into_iter().map(|r| r["Tijdvak"].clone()).collect();
    assert_eq!(periods.into_iter().collect::<Vec<_>>(), ["2023", "2023-K1", "2023-K2"]);
}

#[test]
fn others_see_no_single_jeugdigen_and_no_small_groups() {
    let place = Dossier::empty();
    let dir = tables(Path::new(VOORBEELD), &place.out(), &["--voor-derden"]);
    for table in ["budgetten", "aflopend"] {
        assert!(!dir.join(format!("{table}.csv")).exists());
        assert!(about(&dir, table)["Vraagt"].contains("binnen de organisatie"));
    }
    for table in ["verantwoording", "verwijzers", "naleving"] {
        for row in rows_of(&dir.join(format!("{table}.csv"))) {
            let jeugdigen: Option<u32> = row["Jeugdigen"].parse().ok();
            assert!(jeugdigen.is_none_or(|n| n == 0 || n >= 5), "{table}: {row:?}");
        }
    }
    assert!(about(&dir, "verwijzers")["Opmerkingen"].contains("minder dan 5 jeugdigen"));
}

#[test]
fn a_table_whose_source_is_missing_says_what_it_needs() {
    let dossier = Dossier::minimaal();
    let outcome = monitor(&dossier.dir(), &dossier.out(), &[]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    for words in [
        "omzet          vraagt een tabel omzet",
        "verantwoording vraagt een tabel productieverantwoording",
        "budgetten      vraagt toewijzingen met een kolom Budget",
        "maatwerk       vraagt een tabel maatwerk",
    ] {
        assert!(outcome.stdout.contains(words), "no '{words}' in:\n{}", outcome.stdout);
    }
    monitor(&dossier.dir(), &dossier.out(), &["--overschrijf", "--peildatum", "31-02-2023"])
        .refuses(2, &["peildatum", "2023-09-30"]);
}

#[test]
fn the_same_dossier_gives_the_same_bytes_whatever_the_threads() {
    let place = Dossier::empty();
    let key = place.key();
    let bytes = |out: &str, threads: &str| {
        let dir = place.out().join(out);
        let mut spec = program();
        spec.args(["monitor", VOORBEELD, "--stil", "--sleutel", &key, "--uit"]).arg(&dir);
        spec.env("RAYON_NUM_THREADS", threads).env("POLARS_MAX_THREADS", threads);
        assert_eq!(ProgramOutput::of(&mut spec).status, 0);
        let dir = dir.join("2023-ijsselland-monitor");
        let tables = TABLES.iter().flat_map(|t| [format!("{t}.csv"), format!("{t}.parquet")]);
        tables.map(|name| std::fs::read(dir.join(name)).ok()).collect::<Vec<_>>()
    };
    assert!(bytes("een", "1") == bytes("vier", "4"));
}

#[test]
fn a_dossier_that_does_not_fit_in_memory_gives_the_same_bytes() {
    let place = Dossier::empty();
    let key = place.key();
    let made_up = place.dir().join("berichten");
    let mut spec = program();
    spec.args(["voorbeeld", "--regels", "400", "--vorm", "ijw", "--antwoorden", "--stil"])
        .arg(&made_up);
    assert_eq!(ProgramOutput::of(&mut spec).status, 0);
    spoil(&made_up);
    for (name, dossier) in
        [("een", Path::new(VOORBEELD)), ("twee", Path::new(ZEELAND)), ("drie", &made_up)]
    {
        let dir = |memory: &[&str]| {
            let out = place.out().join(format!("{name}{}", memory.len()));
            tables(dossier, &out, &[&["--sleutel", &key], memory].concat())
        };
        let (whole, parts) = (dir(&[]), dir(&["--geheugen", "1MB"]));
        for file in std::fs::read_dir(&whole).unwrap() {
            let path = file.unwrap().path();
            if path.extension().unwrap() != "xlsx" {
                let same = std::fs::read(&path).unwrap()
                    == std::fs::read(parts.join(path.file_name().unwrap())).unwrap();
                assert!(same, "{}", path.display());
            }
        }
    }
}

/// All texts of a workbook, and its sheets.
fn workbook(path: &Path) -> (Vec<String>, String) {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let mut texts = String::new();
    for (_, sheet) in book.worksheets() {
        for cell in sheet.cells().map(|(_, _, cell)| cell) {
            texts += &cell.to_string();
            texts.push('\n');
        }
    }
    (book.sheet_names(), texts)
}

#[test]
fn the_workbook_has_a_sheet_a_table_each_an_excel_table_with_its_numbers() {
    let place = Dossier::empty();
    let dir = tables(Path::new(VOORBEELD), &place.out(), &[]);
    let mut book: Xlsx<_> = open_workbook(dir.join("monitor.xlsx")).unwrap();
    book.load_tables().unwrap();
    let with_rows = |table: &&&str| dir.join(format!("{table}.csv")).is_file();
    let own: Vec<&str> = TABLES.iter().filter(with_rows).copied().collect();
    let sheets = [&["Overzicht"], &own[..], &["Kolommen"]].concat();
    assert_eq!(book.sheet_names(), sheets);
    for table in own {
        let content = book.table_by_name(table).unwrap();
        let rows = rows_of(&dir.join(format!("{table}.csv")));
        assert_eq!(content.data().height(), rows.len(), "{table}");
        let Some(place) = content.columns().iter().position(|c| c == "Bedrag") else { continue };
        let amounts = content.data().rows().map(|row| match &row[place] {
            Data::Float(n) => (n * 100.0).round() as i64,
            other => panic!("{other:?}"),
        });
        assert_eq!(amounts.sum::<i64>(), rows.iter().map(|r| cent(&r["Bedrag"])).sum::<i64>());
    }
}

#[test]
fn an_aanbieder_sees_its_own_figures_and_no_name_of_another() {
    let place = Dossier::empty();
    let dir = tables(Path::new(VOORBEELD), &place.out(), &["--per-aanbieder"]);
    let all = rows_of(&dir.join("omzet.csv"));
    let with_lines = all.iter().filter(|r| r["Regels"] != "0");
    for row in with_lines.clone() {
        let path = dir.join(format!("per-aanbieder/{}.xlsx", row["Aanbieder"]));
        let (sheets, texts) = workbook(&path);
        assert_eq!(sheets[..2], ["Vergelijking", "kengetallen"]);
        assert!(texts.contains(&row["Aanbieder"]));
        for other in all.iter().filter(|other| other["Aanbieder"] != row["Aanbieder"]) {
            assert!(!texts.contains(&other["Aanbieder"]), "{} in {path:?}", other["Aanbieder"]);
            let naam = other["Naam"].as_str();
            assert!(naam.is_empty() || !texts.contains(naam), "{naam} in {path:?}");
        }
    }
    let files = std::fs::read_dir(dir.join("per-aanbieder")).unwrap().count();
    assert_eq!(files, with_lines.count());
}

#[test]
fn the_page_asks_for_nothing_and_shows_every_table_but_no_person_to_others() {
    let place = Dossier::empty();
    let page = |options: &[&str], out: &str| {
        let dir = tables(Path::new(VOORBEELD), &place.out().join(out), options);
        std::fs::read_to_string(dir.join("monitor.html")).unwrap()
    };
    let inside = page(&[], "binnen");
    assert!(inside.contains("content=\"default-src &#x27;none&#x27;; style-src &#x27;sha256-"));
    for forbidden in ["<script", "http://", "https://", "<img", "<link"] {
        assert!(!inside.contains(forbidden), "{forbidden}");
    }
    for table in TABLES {
        assert!(
            inside.contains(&format!("<section id=\"{table}\" aria-labelledby=\"kop-{table}\">"))
        );
    }
    let is_pseudonym = |cell: &str| {
        cell.len() == 17
            && cell.starts_with('J')
            && cell[1..].chars().all(|c| c.is_ascii_hexdigit())
    };
    let pseudonyms = |page: &str| page.split(['<', '>']).filter(|cell| is_pseudonym(cell)).count();
    assert!(pseudonyms(&inside) > 0);
    assert_eq!(pseudonyms(&page(&["--voor-derden"], "buiten")), 0);
}

/// A Python that has DuckDB: the one that is named, else the system's own.
fn python_with_duckdb() -> Option<String> {
    let named = std::env::var("RECHTMATIG_DUCKDB_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut spec = std::process::Command::new(&named);
    let has = spec.args(["-c", "import duckdb"]).output().is_ok_and(|out| out.status.success());
    has.then_some(named)
}

/// A start or stop of a dossier, to send others after.
struct Sent {
    path: PathBuf,
    text: String,
}

impl Sent {
    /// Every so many messages of a kind, in the order of their names.
    fn every(dossier: &Path, kind: &str, nth: usize) -> Vec<Sent> {
        let files = std::fs::read_dir(dossier.join(kind)).unwrap();
        let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
        files.sort();
        let read = |path: PathBuf| Sent { text: std::fs::read_to_string(&path).unwrap(), path };
        files.into_iter().step_by(nth).map(read).collect()
    }

    /// What stands between these tags.
    fn value(&self, tag: &str) -> &str {
        let (_, rest) = self.text.split_once(&format!("{tag}>")).expect("the message has it");
        rest.split_once('<').expect("it ends").0
    }

    /// Sends it again with these values in the place of its own.
    fn again(&self, letter: &str, changes: &[(&str, &str)]) {
        let own = self.path.file_stem().unwrap().to_str().unwrap();
        let mut text = self.text.replace(own, &format!("{own}{letter}"));
        for (tag, value) in changes {
            let was = format!("{tag}>{}<", self.value(tag));
            text = text.replace(&was, &format!("{tag}>{value}<"));
        }
        std::fs::write(self.path.with_file_name(format!("{own}{letter}.xml")), text).unwrap();
    }

    /// Sends on this day that it is to be removed, with these other values.
    fn remove(&self, letter: &str, dag: &str, changes: &[(&str, &str)]) {
        let removal = [("ijw:Dagtekening", dag), ("b:StatusAanlevering", "3")];
        self.again(letter, &[&removal[..], changes].concat());
    }
}

/// Has some starts and stops come twice, some without their toewijzing, and some taken back: once or
/// twice, on their own day or later, to be sent again, before they were sent, or though nobody sent them.
fn spoil(dossier: &Path) {
    let kinds = [("jw305", 5, "b:Begindatum"), ("jw307", 4, "b:Einddatum")];
    for (kind, nth, datum) in kinds {
        // Those that come twice come to be taken back too.
        let sent = Sent::every(dossier, kind, 1);
        Sent::every(dossier, kind, nth).iter().for_each(|start| start.again("X", &[]));
        for (i, bericht) in sent.iter().enumerate() {
            let own = bericht.value("ijw:Dagtekening");
            match i % 14 {
                1 => bericht.remove("V", own, &[]),
                3 => bericht.remove("V", "2024-02-01", &[]),
                5 => {
                    bericht.remove("V", "2024-02-01", &[]);
                    bericht.again("W", &[("ijw:Dagtekening", "2024-02-02")]);
                }
                7 => ["V", "W"].iter().for_each(|l| bericht.remove(l, "2024-02-01", &[])),
                9 => bericht.remove("V", "2024-02-01", &[(datum, "2023-01-31")]),
                11 => bericht.remove("V", "2021-02-01", &[]),
                _ => {}
            }
        }
    }
    for toewijzing in Sent::every(dossier, "jw301", 7) {
        std::fs::remove_file(toewijzing.path).unwrap();
    }
}

#[test]
fn every_figure_equals_that_of_an_independent_computation() {
    let Some(python) = python_with_duckdb() else {
        eprintln!("skipped: no Python with duckdb (RECHTMATIG_DUCKDB_PYTHON names one)");
        return;
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/monitor/narekenen.py");
    let place = Dossier::empty();
    let mut dossiers = vec![(PathBuf::from(VOORBEELD), None), (PathBuf::from(ZEELAND), None)];
    dossiers.extend(dossiers.clone().into_iter().map(|(dir, _)| (dir, Some("2023-08-15"))));
    for seed in 1..=10_u32 {
        let dir = place.dir().join(format!("verzonnen-{seed}"));
        let mut spec = program();
        spec.args(["voorbeeld", "--regels", "1500", "--fouten", "10%", "--stil"]).arg(&dir);
        // Only messages are refused by a gemeente, and only they are wrong as messages.
        let as_messages = seed % 2 == 0;
        spec.args(if as_messages { &["--vorm", "ijw", "--antwoorden"][..] } else { &[] });
        assert_eq!(ProgramOutput::of(spec.args(["--zaad", &seed.to_string()])).status, 0);
        if as_messages {
            spoil(&dir);
        }
        dossiers.push((dir, (seed % 3 == 0).then_some("2023-09-30")));
    }
    for (number, (dossier, peildatum)) in dossiers.iter().enumerate() {
        let options = peildatum.map(|day| ["--peildatum", day]);
        let options = options.as_ref().map_or(&[][..], |options| options);
        let dir = tables(dossier, &place.out().join(number.to_string()), options);
        let region = if dossier.ends_with("zeeland") { "zeeland" } else { "ijsselland" };
        let mut spec = std::process::Command::new(&python);
        let outcome =
            spec.arg(script).args([dossier, &dir]).args([region, "2023"]).output().unwrap();
        let told = String::from_utf8_lossy(&outcome.stdout);
        let fault = String::from_utf8_lossy(&outcome.stderr);
        assert!(outcome.status.success(), "{} at {peildatum:?}:\n{told}{fault}", dossier.display());
    }
}
