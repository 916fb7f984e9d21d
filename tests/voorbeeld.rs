//! The sample dossier: what it promises, and the rapport of it that the project shows.

use crate::hulp::{Dossier, VOORBEELD, rijen_van};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The rapport that `reports/voorbeeld` shows, made with this key.
const RAPPORT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/reports/voorbeeld");
/// The second sample dossier.
const ZEELAND: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data/zeeland");
const GEVALLEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/regels");
const SLEUTEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/reports/voorbeeld.sleutel");

/// Rules about what only iJw messages carry: the dossier's csv files give them nothing to test.
const ALLEEN_IJW: [&str; 3] = ["JW13", "JW14", "JW16"];

fn maak() -> (Dossier, std::path::PathBuf) {
    let dossier = Dossier::leeg();
    let uitkomst = dossier.controleer_map(Path::new(VOORBEELD), &["--sleutel", SLEUTEL]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    let map = dossier.uit().join("2023-ijsselland");
    (dossier, map)
}

/// `RECHTMATIG_VERNIEUW=1 cargo test --release` writes the rapport anew.
#[test]
fn the_example_rapport_is_what_the_sample_dossier_gives_today() {
    let (_dossier, map) = maak();
    let vernieuw = std::env::var_os("RECHTMATIG_VERNIEUW").is_some();
    for naam in
        ["bevindingen.csv", "invoerfouten.csv", "samenvatting.json", "rapport.html", "rapport.xlsx"]
    {
        let nu = fs::read(map.join(naam)).unwrap();
        let pad = Path::new(RAPPORT).join(naam);
        if vernieuw {
            fs::create_dir_all(RAPPORT).unwrap();
            fs::write(&pad, &nu).unwrap();
        }
        let toen = fs::read(&pad).unwrap_or_default();
        assert!(
            nu == toen,
            "{} is stale: look at the difference, then run RECHTMATIG_VERNIEUW=1 cargo test --release",
            pad.display()
        );
    }
}

#[test]
fn the_terminal_ends_with_totals_findings_and_what_was_not_tested() {
    let dossier = Dossier::leeg();
    let uitkomst = dossier.controleer_map_met_samenvatting(Path::new(VOORBEELD), &[]);
    let (samenvatting, plaats) = uitkomst.stdout.rsplit_once("Rapport: ").unwrap();
    let (pagina, map) = plaats.trim_end().split_once("\nAlle bestanden: ").unwrap();
    assert_eq!(Path::new(pagina), Path::new(map).join("rapport.html"));
    assert!(map.ends_with("2023-ijsselland"));
    insta::assert_snapshot!(samenvatting);
}

#[test]
fn every_rule_finds_something_in_the_sample_dossier() {
    let (_dossier, map) = maak();
    let gevonden: BTreeSet<String> =
        rijen_van(&map.join("bevindingen.csv")).into_iter().map(|b| b["Regel"].clone()).collect();
    let json: serde_json::Value =
        serde_json::from_slice(&fs::read(map.join("samenvatting.json")).unwrap()).unwrap();
    let van_regelset: BTreeSet<String> = json["regels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["regel"].as_str().unwrap().to_owned())
        .collect();
    let alleen_ijw = ALLEEN_IJW.map(str::to_owned);
    assert!(alleen_ijw.iter().all(|code| van_regelset.contains(code)));
    let ontbreekt: Vec<_> =
        van_regelset.difference(&gevonden).filter(|code| !alleen_ijw.contains(code)).collect();
    assert!(ontbreekt.is_empty(), "no finding of {ontbreekt:?}");
}

#[test]
fn every_planted_exception_is_told_in_the_readme() {
    let (_dossier, map) = maak();
    let readme = fs::read_to_string(Path::new(VOORBEELD).join("README.md")).unwrap();
    for b in rijen_van(&map.join("bevindingen.csv")) {
        assert!(readme.contains(&b["Regel"]), "the README doesn't tell of {}", b["Regel"]);
        if !b["ReferentieNummer"].is_empty() {
            let nummer = &b["ReferentieNummer"];
            assert!(readme.contains(nummer.as_str()), "the README doesn't tell of {nummer}");
        }
    }
}

/// The rules that `rules/zeeland.toml` adds to the national ones, less the signals from the numbers.
fn regels_van_zeeland() -> BTreeSet<String> {
    let pad = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/zeeland.toml");
    let set: toml::Table = fs::read_to_string(pad).unwrap().parse().unwrap();
    set["regels"].as_table().unwrap().keys().filter(|c| !c.starts_with("SG")).cloned().collect()
}

fn maak_zeeland() -> (Dossier, std::path::PathBuf) {
    let dossier = Dossier::leeg();
    let uitkomst = dossier.controleer_map(Path::new(ZEELAND), &[]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    let map = dossier.uit().join("2023-zeeland");
    (dossier, map)
}

#[test]
fn every_rule_of_zeeland_finds_something_and_is_told() {
    let (_dossier, map) = maak_zeeland();
    let readme = fs::read_to_string(Path::new(ZEELAND).join("README.md")).unwrap();
    let bevindingen = rijen_van(&map.join("bevindingen.csv"));
    let gevonden: BTreeSet<String> = bevindingen.iter().map(|b| b["Regel"].clone()).collect();
    let eigen = regels_van_zeeland();
    let ontbreekt: Vec<_> = eigen.difference(&gevonden).collect();
    assert!(ontbreekt.is_empty(), "no finding of {ontbreekt:?}");
    for b in &bevindingen {
        let over = match b["ReferentieNummer"].as_str() {
            "" => format!("toewijzing {}", b["ToewijzingNummer"]),
            nummer => nummer.to_owned(),
        };
        let verteld = format!("| {over} | {} | {} |", b["Regel"], b["Ernst"]);
        assert!(readme.contains(&verteld), "the README doesn't tell of {verteld}");
    }
    assert!(readme.contains(&format!("Findings: {}.", bevindingen.len())));
}

#[test]
fn what_zeeland_charges_on_adds_up_and_is_told() {
    let (_dossier, map) = maak_zeeland();
    let readme = fs::read_to_string(Path::new(ZEELAND).join("README.md")).unwrap();
    let getal = |tekst: &str| tekst.replace(',', "").parse::<i64>().unwrap();
    let mut per_gemeente: BTreeMap<String, [i64; 4]> = BTreeMap::new();
    for rij in rijen_van(&map.join("doorbelasting.csv")) {
        let [regels, gedeclareerd, fout, door] =
            ["Regels", "Gedeclareerd", "Fout", "DoorTeBelasten"].map(|kolom| getal(&rij[kolom]));
        assert_eq!(gedeclareerd - fout, door, "{rij:?}");
        for sleutel in [rij["Gemeente"].as_str(), "together"] {
            let som = per_gemeente.entry(sleutel.to_owned()).or_default();
            *som = [som[0] + regels, som[1] + gedeclareerd, som[2] + fout, som[3] + door];
        }
    }
    let json: serde_json::Value =
        serde_json::from_slice(&fs::read(map.join("samenvatting.json")).unwrap()).unwrap();
    let totaal = |veld: &str| json["totalen"][veld].as_i64().unwrap();
    let samen = per_gemeente["together"];
    assert_eq!(samen[..3], [totaal("regels"), totaal("bedrag"), totaal("fout")]);
    for (gemeente, [regels, bedragen @ ..]) in per_gemeente {
        let [gedeclareerd, fout, door] = bedragen.map(in_euro);
        let cellen = format!("| {regels} | {gedeclareerd} | {fout} | {door} |");
        let verteld =
            readme.lines().any(|r| r.starts_with(&format!("| {gemeente}")) && r.ends_with(&cellen));
        assert!(verteld, "the README doesn't tell of {gemeente} {cellen}");
    }
}

/// `€1,234.50`, as the README writes it.
fn in_euro(cent: i64) -> String {
    let euro = cent / 100;
    let duizendtal = if euro < 1000 { String::new() } else { format!("{},", euro / 1000) };
    let rest = if euro < 1000 { euro.to_string() } else { format!("{:03}", euro % 1000) };
    format!("€{duizendtal}{rest}.{:02}", cent % 100)
}

#[test]
fn all_formats_hold_the_same_findings_and_sums() {
    use polars_core::prelude::ChunkAgg;
    use polars_io::prelude::*;
    let (_dossier, map) = maak();
    let csv = rijen_van(&map.join("bevindingen.csv"));
    let bestand = fs::File::open(map.join("bevindingen.parquet")).unwrap();
    let tabel = ParquetReader::new(bestand).finish().unwrap();
    let namen: Vec<String> = tabel.get_column_names().iter().map(|n| n.to_string()).collect();
    let kop = fs::read_to_string(map.join("bevindingen.csv")).unwrap();
    let kop = kop.trim_start_matches('\u{feff}').lines().next().unwrap().to_owned();
    assert_eq!(namen.join(";"), kop);
    assert_eq!(tabel.height(), csv.len());
    let bedrag = |tekst: &str| tekst.replace(',', "").parse::<i64>().ok();
    let som_csv: i64 = csv.iter().filter_map(|b| bedrag(&b["BedragInGeding"])).sum();
    let som_parquet = tabel.column("BedragInGeding").unwrap().i64().unwrap().sum().unwrap();
    let json: serde_json::Value =
        serde_json::from_slice(&fs::read(map.join("samenvatting.json")).unwrap()).unwrap();
    let som_json: i64 = json["regels"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|r| r["bevindingen"].as_object().unwrap().values().cloned().collect::<Vec<_>>())
        .map(|e| e["bedrag_in_geding"].as_i64().unwrap())
        .sum();
    assert_eq!((som_csv, som_csv), (som_parquet, som_json));
    let partijen = |naam: &str, veld: &str| -> i64 {
        json[naam].as_array().unwrap().iter().map(|p| p[veld].as_i64().unwrap()).sum()
    };
    for veld in ["fout", "onzekerheid", "bedrag", "regels"] {
        let totaal = json["totalen"][veld].as_i64().unwrap();
        assert_eq!(partijen("aanbieders", veld), totaal, "{veld} by aanbieder");
        assert_eq!(partijen("gemeenten", veld), totaal, "{veld} by gemeente");
    }
}

#[test]
fn committed_data_holds_test_numbers_only() {
    for map in [VOORBEELD, ZEELAND, RAPPORT, GEVALLEN] {
        for ding in fs::read_dir(map).unwrap() {
            let pad = ding.unwrap().path();
            let Ok(tekst) = fs::read_to_string(&pad) else { continue };
            for reeks in tekst.split(|c: char| !c.is_ascii_digit()).filter(|r| r.len() == 9) {
                let n: u32 = reeks.parse().unwrap();
                let echt = rechtmatig::dossier::Bsn(n).is_geldig();
                let test = (999_900_006..=999_999_990).contains(&n);
                assert!(!echt || test, "{} holds {reeks}", pad.display());
            }
        }
    }
}
