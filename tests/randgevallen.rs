//! What messages promise beyond status and place: Dutch, advice that works as written, no Bsn.

use crate::hulp::{Dossier, HEADER, ProgramOutput, ROWS, VOORBEELD, program, rounds, rows_of};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const BSN: &str = "999900006";
const RAPPORT: &str = "2023-ijsselland";

/// The run stopped with this status and said all of this, in Dutch and without a Bsn.
#[track_caller]
fn stops(outcome: &ProgramOutput, status: i32, words: &[&str]) {
    outcome.refuses(status, words);
    assert_eq!(outcome.stdout, "");
    for engels in ["error", "expected", "invalid", " or ", "panicked"] {
        assert!(!outcome.stderr.contains(engels), "'{engels}' in:\n{}", outcome.stderr);
    }
    assert!(!outcome.stderr.contains(BSN), "a Bsn in:\n{}", outcome.stderr);
}

/// Three lawful lines, with one text of `declaraties.csv` replaced.
fn with_replacement(of: &str, by: &str) -> Dossier {
    let dossier = Dossier::minimaal();
    let text = format!("{HEADER}{ROWS}");
    assert!(text.contains(of), "no {of} to replace");
    dossier.write("declaraties.csv", &text.replace(of, by));
    dossier
}

/// Every file below a folder, by its path.
fn content(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut out = BTreeMap::new();
    for thing in fs::read_dir(dir).unwrap() {
        let path = thing.unwrap().path();
        if path.is_dir() {
            out.extend(content(&path));
        } else {
            out.insert(path.display().to_string(), fs::read(&path).unwrap());
        }
    }
    out
}

#[track_caller]
fn nowhere(dir: &Path, text: &str) {
    for (path, bytes) in content(dir) {
        let contains = bytes.windows(text.len()).any(|w| w == text.as_bytes());
        assert!(!contains, "{text} in {path}");
    }
}

#[test]
fn the_line_suggested_for_a_header_with_quotes_or_backslashes_can_be_read() {
    for header in ["Ingediend\\Bedrg", "\"Ingediend \"\"Bedrg\"\"\"", "'Ingediend' bedrg (€)"] {
        let dossier = with_replacement("IngediendBedrag", header);
        let outcome = dossier.controleer(&[]);
        stops(&outcome, 3, &["IngediendBedrag ontbreekt"]);
        let (_, block) = outcome.stderr.split_once("\n\n").expect("a block to paste");
        dossier.write("controle.toml", block);
        let outcome = dossier.controleer(&[]);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    }
}

#[test]
fn a_wrong_value_in_the_settings_is_said_in_dutch() {
    for (text, place, value) in [
        ("jaar = 2023\nniveau = \"week\"\n", "controle.toml, regel 2", "maand"),
        ("[bedragen]\n\neenheid = \"stuiver\"\n", "controle.toml, regel 3", "eurocent"),
        ("regio = \"ijsselland\"\njaar = \"2023\"\n", "controle.toml, regel 2", "2023"),
        ("jaar = 2023\nregio = \n", "controle.toml, regel 2", "regio"),
    ] {
        let dossier = Dossier::minimaal();
        dossier.write("controle.toml", text);
        stops(&dossier.controleer(&[]), 2, &[place, value]);
        dossier.wrote_nothing();
    }
}

#[test]
fn settings_that_are_no_utf_8_are_refused_in_dutch() {
    let dossier = Dossier::minimaal();
    dossier.write_bytes("controle.toml", b"# caf\xe9\njaar = 2023\n");
    let outcome = dossier.controleer(&[]);
    stops(&outcome, 2, &["controle.toml", "UTF-8"]);
    assert!(!outcome.stderr.contains("stream did not"), "{}", outcome.stderr);
}

#[test]
fn an_unknown_regio_in_the_settings_names_their_file() {
    let dossier = Dossier::minimaal();
    dossier.write("controle.toml", "jaar = 2023\nregio = \"ijseland\"\n");
    stops(&dossier.controleer(&[]), 2, &["controle.toml", "'ijseland'", "ijsselland"]);
}

#[test]
fn an_option_given_twice_does_not_clash_with_itself() {
    let outcome = Dossier::minimaal().controleer(&["--draden", "1", "--draden", "2"]);
    stops(&outcome, 2, &["--draden"]);
    assert!(!outcome.stderr.contains("kan niet samen met"), "{}", outcome.stderr);
}

#[test]
fn a_run_that_fails_leaves_the_rapport_that_it_would_replace() {
    let dossier = Dossier::minimaal();
    assert_eq!(dossier.controleer(&[]).status, 0);
    let first = content(&dossier.out());
    dossier.write("declaraties.csv", "");
    stops(&dossier.controleer(&["--overschrijf"]), 3, &["declaraties.csv"]);
    assert!(content(&dossier.out()) == first, "the old rapport was touched");
}

#[cfg(unix)]
#[test]
fn a_disk_that_fills_up_halfway_is_said_in_dutch_and_leaves_nothing() {
    // Up to what the largest file of the rapport takes, and a little less.
    let rounds = rounds(4);
    for round in 1..=rounds {
        let blocks = (64 * round / rounds).to_string();
        let dossier = Dossier::minimaal();
        let mut sh = assert_cmd::Command::new("sh");
        sh.args(["-c", "ulimit -f $0; trap '' XFSZ; exec \"$@\"", &blocks])
            .arg(program().get_program())
            .args(["controleer", VOORBEELD, "--stil", "--uit"])
            .arg(dossier.out());
        let outcome = ProgramOutput::of(&mut sh);
        stops(&outcome, 4, &["kan niet geschreven worden", "te groot"]);
        dossier.wrote_nothing();
    }
}

#[test]
fn a_file_without_a_header_is_refused_without_showing_a_bsn() {
    let dossier = Dossier::minimaal();
    dossier.write("declaraties.csv", ROWS);
    let texts = ["declaraties.csv, regel 1", "de kolommen ReferentieNummer, Gemeente", "ontbreken"];
    stops(&dossier.controleer(&[]), 3, &texts);
}

#[test]
fn no_bsn_in_names_of_files_and_headers_is_written() {
    let dossier = Dossier::minimaal();
    fs::remove_file(dossier.dir().join("declaraties.csv")).unwrap();
    let header = HEADER.replace("ProductTarief", &format!("Kind {BSN}"));
    let rows = ROWS.replace("T1;", &format!("{BSN};"));
    dossier.write(&format!("declaraties {BSN}.csv"), &format!("{header}{rows}"));
    dossier.write(&format!("notitie {BSN}.txt"), "zomaar iets");
    let outcome = dossier.controleer_with_samenvatting(&[]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    assert!(!outcome.stdout.contains(BSN), "{}", outcome.stdout);
    assert!(!outcome.stderr.contains(BSN), "{}", outcome.stderr);
    assert!(!dossier.bevindingen(RAPPORT).is_empty());
    nowhere(&dossier.out(), BSN);
}

#[test]
fn no_bsn_in_the_name_of_the_dossier_is_written() {
    let dossier = Dossier::minimaal();
    let dir = dossier.dir().join(format!("kind {BSN}"));
    fs::create_dir(&dir).unwrap();
    for name in ["declaraties.csv", "toewijzingen.csv", "aanbieders.csv"] {
        fs::copy(dossier.dir().join(name), dir.join(name)).unwrap();
    }
    let outcome = dossier.controleer_dir(&dir, &[]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    nowhere(&dossier.out(), BSN);
}

#[test]
fn a_bsn_that_can_not_be_read_is_not_shown() {
    for form in ["9999.00.006", "9999-00-006", "9999000060"] {
        let dossier = with_replacement(
            "99000001;999900006;T1;45;45T01;2023-01-01",
            &format!("99000001;{form};T1;45;45T01;2023-01-01"),
        );
        let outcome = dossier.controleer(&["--max-afgekeurd", "100%"]);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        let errors = rows_of(&dossier.out().join(RAPPORT).join("invoerfouten.csv"));
        assert_eq!((errors.len(), errors[0]["Kolom"].as_str()), (1, "Bsn"));
        nowhere(&dossier.out(), form);
    }
}

#[test]
fn no_bsn_is_left_in_the_text_of_a_parquet() {
    use polars_io::prelude::*;
    let dossier = with_replacement("T1;", &format!("{BSN};"));
    let text = |options: &[&str]| {
        assert_eq!(dossier.controleer(options).status, 0);
        let file = fs::File::open(dossier.out().join(RAPPORT).join("bevindingen.parquet"));
        let table = ParquetReader::new(file.unwrap()).finish().unwrap();
        let mut text = String::new();
        for name in table.get_column_names() {
            if let Ok(kolom) = table.column(name).unwrap().str() {
                kolom.iter().flatten().for_each(|value| text += &format!("{value}\n"));
            }
        }
        text
    };
    let plain = text(&[]);
    assert!(plain.contains("TW01") && !plain.contains(BSN), "{plain}");
    assert!(text(&["--bsn-tonen", "--overschrijf"]).contains(BSN));
}

#[test]
fn a_year_without_any_line_is_not_passed_off_as_a_clean_one() {
    let dossier = Dossier::minimaal();
    let outcome = dossier.controleer_with_samenvatting(&["--jaar", "2025"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    for word in
        ["geen enkele declaratieregel van 2025", "31-01-2023 en 28-02-2023", "niets getoetst"]
    {
        assert!(outcome.stdout.contains(word), "no '{word}' in:\n{}", outcome.stdout);
    }
}

#[test]
fn toewijzingen_without_a_row_are_told_before_all_lines_are_faulted_for_it() {
    let warns = |dossier: &Dossier| {
        let outcome = dossier.controleer_with_samenvatting(&["--overschrijf"]);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        outcome.stdout.contains("er is geen enkele toewijzing gelezen")
    };
    let dossier = Dossier::minimaal();
    assert!(!warns(&dossier));
    let read = std::fs::read_to_string(dossier.dir().join("toewijzingen.csv")).unwrap();
    let (header, rows) = read.split_once('\n').unwrap();
    dossier.write("toewijzingen.csv", header);
    assert!(warns(&dossier));
    let rapport = dossier.out().join("2023-ijsselland").join("rapport.html");
    let page = std::fs::read_to_string(rapport).unwrap();
    assert!(page.contains("er is geen enkele toewijzing gelezen"), "the page tells it too");
    dossier.write("toewijzingen-2.csv", &format!("{header}\n{rows}"));
    assert!(!warns(&dossier), "another file has them");
}
