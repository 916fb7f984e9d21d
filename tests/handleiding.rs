//! The Dutch guides show real screens: what the terminal says is compared with the program, and the
//! pictures of `rapport.html` are made by it.

use crate::chromium::Chromium;
use crate::hulp::{Uitkomst, VOORBEELD, programma, rijen_van};
use std::fs;
use std::path::{Path, PathBuf};

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs");

/// What stands for lines that are left out.
const WEGGELATEN: &str = "…";

/// A folder to run in, with the sample dossier as people name it.
fn werkmap() -> tempfile::TempDir {
    let map = tempfile::tempdir().unwrap();
    let naar = map.path().join("sample-data");
    fs::create_dir(&naar).unwrap();
    for ding in fs::read_dir(VOORBEELD).unwrap() {
        let pad = ding.unwrap().path();
        if pad.is_file() {
            fs::copy(&pad, naar.join(pad.file_name().unwrap())).unwrap();
        }
    }
    map
}

/// Commands of a guide, each with what the guide shows of its output.
fn schermen(tekst: &str) -> Vec<(String, Vec<String>)> {
    let mut schermen: Vec<(String, Vec<String>)> = Vec::new();
    let mut in_scherm = false;
    for regel in tekst.lines() {
        match regel {
            "```text" => in_scherm = true,
            "```" => in_scherm = false,
            _ if !in_scherm => {}
            _ => match regel.strip_prefix("$ rechtmatig ") {
                Some(opdracht) => schermen.push((opdracht.to_owned(), Vec::new())),
                None => schermen.last_mut().expect("a command first").1.push(regel.to_owned()),
            },
        }
    }
    schermen
}

/// Do these lines, with any number of lines for each `…`, make up the output?
fn past(getoond: &[String], uitvoer: &[&str]) -> bool {
    match getoond.split_first() {
        None => uitvoer.is_empty(),
        Some((weg, rest)) if weg == WEGGELATEN => {
            (0..=uitvoer.len()).any(|n| past(rest, &uitvoer[n..]))
        }
        Some((regel, rest)) => uitvoer
            .split_first()
            .is_some_and(|(eerste, verder)| regel == eerste.trim_end() && past(rest, verder)),
    }
}

/// The verdicts of the guides' example: one line wrong, one half wrong, one uncertain.
fn vul_in(werkmap: &Path) {
    let pad = werkmap.join("reports/2023-ijsselland-steekproef/steekproef.csv");
    let tekst = fs::read_to_string(&pad).unwrap();
    let kop = tekst.lines().next().unwrap().trim_start_matches('\u{feff}');
    let mut csv =
        csv::WriterBuilder::new().delimiter(b';').from_path(werkmap.join("ingevuld.csv")).unwrap();
    csv.write_record(kop.split(';')).unwrap();
    for mut rij in rijen_van(&pad) {
        let cent: i64 = rij["IngediendBedrag"].replace(',', "").parse().unwrap();
        let half = format!("{},{:02}", cent / 2 / 100, cent / 2 % 100);
        let (oordeel, vastgesteld) = match rij["Nummer"].as_str() {
            "4" => ("fout", "0".to_owned()),
            "9" => ("fout", half),
            "12" => ("onzeker", String::new()),
            _ => ("goed", String::new()),
        };
        rij.insert("Oordeel".into(), oordeel.into());
        rij.insert("VastgesteldBedrag".into(), vastgesteld);
        csv.write_record(kop.split(';').map(|k| &rij[k])).unwrap();
    }
    csv.flush().unwrap();
}

#[test]
fn the_screens_in_the_guides_are_those_of_the_program() {
    for gids in ["handleiding.md", "voor-accountants.md"] {
        let tekst = fs::read_to_string(Path::new(DOCS).join(gids)).unwrap();
        let map = werkmap();
        let schermen = schermen(&tekst);
        assert!(!schermen.is_empty(), "{gids} shows no screen");
        for (opdracht, getoond) in schermen {
            if opdracht.contains("ingevuld.csv") {
                vul_in(map.path());
            }
            let uitkomst = Uitkomst::van(
                programma().current_dir(map.path()).args(opdracht.split_whitespace()),
            );
            assert_eq!(uitkomst.status, 0, "{gids}: {opdracht}: {}", uitkomst.stderr);
            let uitvoer: Vec<&str> = uitkomst.stdout.lines().collect();
            assert!(
                past(&getoond, &uitvoer),
                "{gids} is stale: {opdracht} says\n{}",
                uitkomst.stdout
            );
        }
    }
}

/// Pictures that the guide shows, by name.
const PLAATJES: [&str; 4] = ["rapport", "waar-het-zit", "bevinding", "niet-getoetst"];

/// No picture is larger, in bytes.
const GROOTSTE: u64 = 200_000;

fn plaatje(naam: &str) -> PathBuf {
    Path::new(DOCS).join("handleiding").join(format!("{naam}.png"))
}

/// `RECHTMATIG_VERNIEUW=1 cargo test --release` makes the pictures anew, where there is a Chromium.
#[test]
fn the_pictures_in_the_guide_are_there_and_small() {
    if std::env::var_os("RECHTMATIG_VERNIEUW").is_some() {
        maak_plaatjes();
    }
    let tekst = fs::read_to_string(Path::new(DOCS).join("handleiding.md")).unwrap();
    for naam in PLAATJES {
        assert!(tekst.contains(&format!("](handleiding/{naam}.png)")), "{naam} is not shown");
        let grootte = fs::metadata(plaatje(naam)).unwrap_or_else(|e| panic!("{naam}: {e}")).len();
        assert!(grootte <= GROOTSTE, "{naam} has {grootte} bytes");
    }
    let aantal = fs::read_dir(Path::new(DOCS).join("handleiding")).unwrap().count();
    assert_eq!(aantal, PLAATJES.len(), "a picture that is not shown");
}

fn maak_plaatjes() {
    let Some(mut c) = Chromium::start("the pictures of the guide") else { return };
    let map = werkmap();
    let uitkomst = Uitkomst::van(programma().current_dir(map.path()).args([
        "controleer",
        "sample-data",
        "--stil",
    ]));
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    c.scherm(1100, 800);
    c.open(&map.path().join("reports/2023-ijsselland/rapport.html"));
    c.beeld(&plaatje("rapport"));
    c.waarde("document.getElementById('verdeling').scrollIntoView()");
    c.beeld(&plaatje("waar-het-zit"));
    c.waarde("document.querySelector('#tabel-regel a[data-waarde=BU01]').click()");
    c.waarde("document.querySelector('.openen').click()");
    c.waarde("document.getElementById('bevindingen').scrollIntoView()");
    c.beeld(&plaatje("bevinding"));
    c.waarde("document.getElementById('niet-getoetst').scrollIntoView()");
    c.beeld(&plaatje("niet-getoetst"));
}
