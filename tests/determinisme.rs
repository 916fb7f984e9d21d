//! Same input, same bytes: whatever the number of threads, the order of rows or the files.

use crate::hulp::{Dossier, VOORBEELD};
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

/// Files whose bytes depend on nothing but input, ruleset and key.
const VAST: [&str; 6] = [
    "bevindingen.csv",
    "bevindingen.parquet",
    "samenvatting.json",
    "invoerfouten.csv",
    "rapport.html",
    "rapport.xlsx",
];

fn kopie_van_voorbeeld() -> Dossier {
    let dossier = Dossier::leeg();
    for ding in fs::read_dir(VOORBEELD).unwrap() {
        let pad = ding.unwrap().path();
        if pad.is_dir() {
            continue;
        }
        fs::copy(&pad, dossier.map().join(pad.file_name().unwrap())).unwrap();
    }
    dossier
}

fn inhoud(map: &Path, naam: &str) -> Vec<u8> {
    fs::read(map.join(naam)).unwrap_or_else(|e| panic!("{naam}: {e}"))
}

#[test]
fn one_thread_and_two_give_the_same_bytes() {
    let dossier = kopie_van_voorbeeld();
    let sleutel = dossier.sleutel();
    let mappen = ["1", "2"].map(|draden| {
        let uit = dossier.uit().join(draden);
        let uitkomst = dossier.controleer_naar(&uit, &["--draden", draden, "--sleutel", &sleutel]);
        assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
        uit.join("2023-ijsselland")
    });
    for naam in VAST {
        assert!(inhoud(&mappen[0], naam) == inhoud(&mappen[1], naam), "{naam} differs");
    }
}

#[test]
fn shuffled_rows_change_nothing_but_line_numbers() {
    let recht = kopie_van_voorbeeld();
    let sleutel = recht.sleutel();
    assert_eq!(recht.controleer(&["--sleutel", &sleutel]).status, 0);
    let geschud = kopie_van_voorbeeld();
    for ding in fs::read_dir(geschud.map()).unwrap() {
        let pad = ding.unwrap().path();
        if pad.extension().is_some_and(|e| e == "csv") {
            let tekst = fs::read_to_string(&pad).unwrap();
            let (kop, rijen) = tekst.split_once('\n').unwrap();
            let mut rijen: Vec<&str> = rijen.lines().filter(|r| !r.is_empty()).collect();
            let aantal = rijen.len();
            rijen.reverse();
            rijen.rotate_left(aantal / 3);
            fs::write(&pad, format!("{kop}\n{}\n", rijen.join("\n"))).unwrap();
        }
    }
    assert_eq!(geschud.controleer(&["--sleutel", &sleutel]).status, 0);
    let zonder_regelnummer = |d: &Dossier| -> Vec<Vec<(String, String)>> {
        d.bevindingen("2023-ijsselland")
            .into_iter()
            .map(|b| b.into_iter().filter(|(kolom, _)| kolom != "Regelnummer").collect())
            .collect()
    };
    assert_eq!(zonder_regelnummer(&recht), zonder_regelnummer(&geschud));
    let samenvatting = |d: &Dossier| d.samenvatting("2023-ijsselland");
    assert_eq!(samenvatting(&recht), samenvatting(&geschud));
}

#[test]
fn one_file_or_two_give_the_same_findings() {
    let twee = kopie_van_voorbeeld();
    let sleutel = twee.sleutel();
    assert_eq!(twee.controleer(&["--sleutel", &sleutel]).status, 0);
    let een = kopie_van_voorbeeld();
    let lees = |naam: &str| fs::read_to_string(een.map().join(naam)).unwrap();
    let (h1, h2) = (lees("declaraties_2023_h1.csv"), lees("declaraties_2023_h2.csv"));
    assert_eq!(h1.lines().next(), h2.lines().next(), "the halves have the same columns");
    let rest: String = h2.lines().skip(1).map(|r| format!("{r}\n")).collect();
    een.schrijf("declaraties_2023_h1.csv", &format!("{}\n{rest}", h1.trim_end()));
    fs::remove_file(een.map().join("declaraties_2023_h2.csv")).unwrap();
    assert_eq!(een.controleer(&["--sleutel", &sleutel]).status, 0);
    let zonder_plaats = |d: &Dossier| -> Vec<Vec<(String, String)>> {
        let plaats = |kolom: &str| kolom == "Regelnummer" || kolom == "Bestand";
        d.bevindingen("2023-ijsselland")
            .into_iter()
            .map(|b| b.into_iter().filter(|(kolom, _)| !plaats(kolom)).collect())
            .collect()
    };
    assert_eq!(zonder_plaats(&twee), zonder_plaats(&een));
}

/// All files of a rapport but what its run left in them: the options and the clock.
fn zonder_loop(map: &Path) -> Vec<(String, Vec<u8>)> {
    let mut uit: Vec<(String, Vec<u8>)> = fs::read_dir(map)
        .expect("a rapport was written")
        .map(|ding| ding.expect("readable").file_name().into_string().expect("our own name"))
        .filter(|naam| naam != "manifest.json")
        .map(|naam| (naam.clone(), inhoud(map, &naam)))
        .collect();
    for (naam, bytes) in &mut uit {
        if naam == "rapport.html" {
            let tekst = String::from_utf8(std::mem::take(bytes)).expect("the page is UTF-8");
            let van_loop = |rij: &&str| {
                ["Optie --geheugen", "seconden", "Gemaakt op"].iter().any(|w| rij.contains(w))
            };
            let rijen: Vec<&str> = tekst.lines().filter(|rij| !van_loop(rij)).collect();
            *bytes = rijen.join("\n").into_bytes();
        }
    }
    let werkmap = uit.iter().position(|(naam, _)| naam == "rapport.xlsx").expect("a workbook");
    let (_, bytes) = uit.remove(werkmap);
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook is a zip");
    for i in 0..zip.len() {
        let mut deel = zip.by_index(i).expect("readable");
        let naam = format!("rapport.xlsx/{}", deel.name().expect("readable"));
        let mut bytes = Vec::new();
        deel.read_to_end(&mut bytes).expect("readable");
        // The sheet Verantwoording tells of the run: its rows are those of the page.
        if !bytes.windows(7).any(|w| w == b"SHA-256") {
            uit.push((naam, bytes));
        }
    }
    uit.sort();
    uit
}

/// The same rapport whether a dossier fits in memory or is audited in many parts, and nothing left
/// beside it.
#[track_caller]
fn heel_en_in_delen(map: &Path, rapport: &str, geheugen: &[&str]) {
    let dossier = Dossier::leeg();
    let sleutel = dossier.sleutel();
    let mut rapporten = [None].into_iter().chain(geheugen.iter().map(Some)).map(|geheugen| {
        let uit = dossier.uit().join(geheugen.unwrap_or(&"heel"));
        let mut opties = vec!["--jaar", "2023", "--sleutel", &sleutel];
        opties.extend(geheugen.iter().flat_map(|g| ["--geheugen", **g]));
        let mut opdracht = crate::hulp::programma();
        opdracht.env("RECHTMATIG_LOG", "debug").arg("controleer").arg(map);
        let uitkomst =
            crate::hulp::Uitkomst::van(opdracht.arg("--uit").arg(&uit).args(opties).arg("--stil"));
        assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
        let delen = uitkomst.stderr.matches("toewijzing ").count();
        assert_eq!(fs::read_dir(&uit).expect("written").count(), 1, "nothing beside the rapport");
        (delen, zonder_loop(&uit.join(rapport)))
    });
    let (delen, heel) = rapporten.next().expect("the whole is first");
    assert_eq!(delen, 0, "the whole is audited in one piece");
    for ((delen, in_delen), geheugen) in rapporten.zip(geheugen) {
        assert!(delen > 1, "{delen} parts with {geheugen}");
        for ((naam, a), (ander, b)) in heel.iter().zip(&in_delen) {
            assert_eq!(naam, ander);
            assert!(a == b, "{naam} differs with {geheugen}");
        }
        assert_eq!(heel.len(), in_delen.len());
    }
}

#[test]
fn the_sample_in_parts_gives_the_same_bytes() {
    heel_en_in_delen(Path::new(crate::hulp::VOORBEELD), "2023-ijsselland", &["1KB", "20KB"]);
    let zeeland = Path::new(crate::hulp::VOORBEELD).join("zeeland");
    heel_en_in_delen(&zeeland, "2023-zeeland", &["1KB"]);
}

#[test]
fn a_made_up_dossier_in_parts_gives_the_same_bytes() {
    let ouder = Dossier::leeg();
    let map = ouder.map().join("v");
    let gemaakt = crate::hulp::Uitkomst::van(
        crate::hulp::programma().arg("voorbeeld").arg(&map).args(["--regels", "50000"]),
    );
    assert_eq!(gemaakt.status, 0, "{}", gemaakt.stderr);
    heel_en_in_delen(&map, "2023-ijsselland", &["1MB", "10MB"]);
}
