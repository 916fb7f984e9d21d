//! The Dutch guides show real screens: what the terminal says is compared with the program, and the
//! pictures of `rapport.html` are made by it.

use crate::chromium::Chromium;
use crate::hulp::{ProgramOutput, VOORBEELD, program, rows_of};
use std::fs;
use std::path::{Path, PathBuf};

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs");

/// What stands for lines that are left out.
const WEGGELATEN: &str = "…";

/// A folder to run in, with the sample dossier as people name it.
fn workbook() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let to = dir.path().join("sample-data");
    fs::create_dir(&to).unwrap();
    for thing in fs::read_dir(VOORBEELD).unwrap() {
        let path = thing.unwrap().path();
        if path.is_file() {
            fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
    dir
}

/// Commands of a guide, each with what the guide shows of its output.
fn screens(text: &str) -> Vec<(String, Vec<String>)> {
    let mut schermen: Vec<(String, Vec<String>)> = Vec::new();
    let mut in_screen = false;
    for regel in text.lines() {
        match regel {
            "```text" => in_screen = true,
            "```" => in_screen = false,
            _ if !in_screen => {}
            _ => match regel.strip_prefix("$ rechtmatig ") {
                Some(spec) => schermen.push((spec.to_owned(), Vec::new())),
                None => schermen.last_mut().expect("a command first").1.push(regel.to_owned()),
            },
        }
    }
    schermen
}

/// Do these lines, with any number of lines for each `…`, make up the output?
fn fits(shown: &[String], output: &[&str]) -> bool {
    match shown.split_first() {
        None => output.is_empty(),
        Some((gone, rest)) if gone == WEGGELATEN => {
            (0..=output.len()).any(|n| fits(rest, &output[n..]))
        }
        Some((regel, rest)) => output
            .split_first()
            .is_some_and(|(first, further)| regel == first.trim_end() && fits(rest, further)),
    }
}

/// The verdicts of the guides' example: one line wrong, one half wrong, one uncertain.
fn fill_in(workbook: &Path) {
    let path = workbook.join("reports/2023-ijsselland-steekproef/steekproef.csv");
    let text = fs::read_to_string(&path).unwrap();
    let header = text.lines().next().unwrap().trim_start_matches('\u{feff}');
    let mut csv =
        csv::WriterBuilder::new().delimiter(b';').from_path(workbook.join("ingevuld.csv")).unwrap();
    csv.write_record(header.split(';')).unwrap();
    for mut row in rows_of(&path) {
        let cent: i64 = row["IngediendBedrag"].replace(',', "").parse().unwrap();
        let half = format!("{},{:02}", cent / 2 / 100, cent / 2 % 100);
        let (oordeel, vastgesteld) = match row["Nummer"].as_str() {
            "4" => ("fout", "0".to_owned()),
            "9" => ("fout", half),
            "12" => ("onzeker", String::new()),
            _ => ("goed", String::new()),
        };
        row.insert("Oordeel".into(), oordeel.into());
        row.insert("VastgesteldBedrag".into(), vastgesteld);
        csv.write_record(header.split(';').map(|k| &row[k])).unwrap();
    }
    csv.flush().unwrap();
}

#[test]
fn the_screens_in_the_guides_are_those_of_the_program() {
    for guide in ["handleiding.md", "voor-accountants.md"] {
        let text = fs::read_to_string(Path::new(DOCS).join(guide)).unwrap();
        let dir = workbook();
        let schermen = screens(&text);
        assert!(!schermen.is_empty(), "{guide} shows no screen");
        for (spec, shown) in schermen {
            if spec.contains("ingevuld.csv") {
                fill_in(dir.path());
            }
            let outcome =
                ProgramOutput::of(program().current_dir(dir.path()).args(spec.split_whitespace()));
            assert_eq!(outcome.status, 0, "{guide}: {spec}: {}", outcome.stderr);
            let output: Vec<&str> = outcome.stdout.lines().collect();
            assert!(fits(&shown, &output), "{guide} is stale: {spec} says\n{}", outcome.stdout);
        }
    }
}

/// Pictures that the guide shows, by name.
const PICTURES: [&str; 4] = ["rapport", "waar-het-zit", "bevinding", "niet-getoetst"];

/// No picture is larger, in bytes.
const LARGEST: u64 = 200_000;

fn plaatje(name: &str) -> PathBuf {
    Path::new(DOCS).join("handleiding").join(format!("{name}.png"))
}

/// `RECHTMATIG_VERNIEUW=1 cargo test` makes the pictures anew, where there is a Chromium.
#[test]
fn the_pictures_in_the_guide_are_there_and_small() {
    if std::env::var_os("RECHTMATIG_VERNIEUW").is_some() {
        make_pictures();
    }
    let text = fs::read_to_string(Path::new(DOCS).join("handleiding.md")).unwrap();
    for name in PICTURES {
        assert!(text.contains(&format!("](handleiding/{name}.png)")), "{name} is not shown");
        let size = fs::metadata(plaatje(name)).unwrap_or_else(|e| panic!("{name}: {e}")).len();
        assert!(size <= LARGEST, "{name} has {size} bytes");
    }
    let count = fs::read_dir(Path::new(DOCS).join("handleiding")).unwrap().count();
    assert_eq!(count, PICTURES.len(), "a picture that is not shown");
}

fn make_pictures() {
    let Some(mut c) = Chromium::start("the pictures of the guide") else { return };
    let dir = workbook();
    let outcome = ProgramOutput::of(program().current_dir(dir.path()).args([
        "controleer",
        "sample-data",
        "--stil",
    ]));
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    c.screen(1100, 800);
    c.open(&dir.path().join("reports/2023-ijsselland/rapport.html"));
    c.beeld(&plaatje("rapport"));
    c.value("document.getElementById('verdeling').scrollIntoView()");
    c.beeld(&plaatje("waar-het-zit"));
    c.value("document.querySelector('#tabel-regel a[data-waarde=BU01]').click()");
    c.value("document.querySelector('.openen').click()");
    c.value("document.getElementById('bevindingen').scrollIntoView()");
    c.beeld(&plaatje("bevinding"));
    c.value("document.getElementById('niet-getoetst').scrollIntoView()");
    c.beeld(&plaatje("niet-getoetst"));
}
