//! Same input, same bytes: whatever the number of threads, the order of rows or the files.

use crate::hulp::{Dossier, VOORBEELD};
use std::fs;
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
