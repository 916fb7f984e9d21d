//! `--per-aanbieder` and `--per-gemeente`: each party gets its own findings and nothing else.

use crate::hulp::{Bevinding, Dossier, VOORBEELD, rijen_van};
use calamine::{Data, DataType, Reader, Xlsx, open_workbook};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn maak(opties: &[&str]) -> (Dossier, PathBuf) {
    let dossier = Dossier::leeg();
    let uitkomst = dossier.controleer_map(Path::new(VOORBEELD), opties);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    let map = dossier.uit().join("2023-ijsselland");
    (dossier, map)
}

/// All cells of a workbook, by sheet.
fn cellen(pad: &Path) -> Vec<(String, Vec<Vec<Data>>)> {
    let mut boek: Xlsx<_> = open_workbook(pad).unwrap();
    let bladen = boek.worksheets();
    bladen.into_iter().map(|(naam, b)| (naam, b.rows().map(<[Data]>::to_vec).collect())).collect()
}

/// The rows under the header that has a column Id, by column.
fn bevindingen(bladen: &[(String, Vec<Vec<Data>>)]) -> Vec<BTreeMap<String, Data>> {
    let mut uit = Vec::new();
    for (_, rijen) in bladen {
        let kop = rijen.iter().position(|rij| rij.iter().any(|c| *c == "Id"));
        let Some(kop) = kop else { continue };
        let koppen: Vec<String> = rijen[kop].iter().map(ToString::to_string).collect();
        for rij in &rijen[kop + 1..] {
            uit.push(koppen.iter().cloned().zip(rij.iter().cloned()).collect());
        }
    }
    uit
}

fn bestanden(map: &Path, einde: &str) -> Vec<PathBuf> {
    let mut paden: Vec<PathBuf> =
        std::fs::read_dir(map).unwrap().map(|d| d.unwrap().path()).collect();
    paden.retain(|p| p.to_string_lossy().ends_with(einde));
    paden.sort();
    paden
}

fn cent(euro: &str) -> i64 {
    euro.replace(',', "").parse().unwrap_or(0)
}

/// Checks the workbooks of one kind of party against the findings of the rapport; gives the parties.
fn controleer(map: &Path, soort: &str, mag: impl Fn(&Bevinding) -> bool) -> BTreeSet<String> {
    let alle = rijen_van(&map.join("bevindingen.csv"));
    let mut gezien = BTreeSet::new();
    for pad in bestanden(&map.join(format!("per-{}", soort.to_lowercase())), ".xlsx") {
        let code = pad.file_stem().unwrap().to_string_lossy().into_owned();
        let bladen = cellen(&pad);
        let rijen = bevindingen(&bladen);
        let eigen: BTreeMap<&str, &Bevinding> = alle
            .iter()
            .filter(|b| b[soort] == code && mag(b))
            .map(|b| (b["Id"].as_str(), b))
            .collect();
        let ids: BTreeSet<String> = rijen.iter().map(|r| r["Id"].to_string()).collect();
        assert_eq!(
            ids,
            eigen.keys().map(|id| (*id).to_owned()).collect::<BTreeSet<_>>(),
            "{soort} {code}: exactly its own findings"
        );
        for rij in &rijen {
            let b = eigen[rij["Id"].to_string().as_str()];
            let bedrag = rij["Bedrag in geding"].as_f64().map_or(0, |f| (f * 100.0).round() as i64);
            assert_eq!(bedrag, cent(&b["BedragInGeding"]), "{}", b["Id"]);
            assert_eq!(rij["Jeugdige"].to_string(), b["Jeugdige"]);
        }
        // No child, number or Id of anybody else, in whatever cell.
        let teksten: Vec<String> = bladen
            .iter()
            .flat_map(|(_, rijen)| rijen.iter().flatten().map(ToString::to_string))
            .collect();
        let van = |kolom: &str, eigen: bool| -> BTreeSet<&str> {
            let past = alle.iter().filter(|b| (b[soort] == code) == eigen);
            past.map(|b| b[kolom].as_str()).filter(|t| t.len() > 3).collect()
        };
        for kolom in ["Id", "Jeugdige", "ReferentieNummer", "ToewijzingNummer", soort] {
            for ander in van(kolom, false).difference(&van(kolom, true)) {
                let gevonden = teksten.iter().find(|t| {
                    t.split(|c: char| !c.is_alphanumeric() && c != '-').any(|w| w == *ander)
                });
                assert!(gevonden.is_none(), "{soort} {code} sees {kolom} {ander}: {gevonden:?}");
            }
        }
        gezien.insert(code);
    }
    let verwacht: BTreeSet<String> = alle
        .iter()
        .filter(|b| mag(b))
        .map(|b| b[soort].clone())
        .filter(|c| !c.is_empty())
        .collect();
    assert_eq!(gezien, verwacht);
    gezien
}

#[test]
fn each_party_gets_its_own_findings_and_nothing_of_another() {
    let (_dossier, map) = maak(&["--per-aanbieder", "--per-gemeente"]);
    // An aanbieder isn't asked about a signal, which compares it with others.
    let aanbieders = controleer(&map, "Aanbieder", |b| b["Ernst"] != "signaal");
    let gemeenten = controleer(&map, "Gemeente", |_| true);
    assert!(aanbieders.len() > 3 && gemeenten.len() > 3, "{aanbieders:?} {gemeenten:?}");
    assert!(!map.join("per-gemeente").join("brief.txt").exists());
    let brieven = bestanden(&map.join("per-aanbieder"), "-brief.txt");
    assert_eq!(brieven.len(), aanbieders.len());
}

#[test]
fn a_workbook_for_an_aanbieder_holds_no_verdict_and_no_path_of_ours() {
    let (_dossier, map) = maak(&["--per-aanbieder", "--per-gemeente"]);
    let kolommen = |soort: &str| {
        let pad = bestanden(&map.join(soort), ".xlsx").remove(0);
        let rijen = bevindingen(&cellen(&pad));
        rijen[0].keys().cloned().collect::<BTreeSet<_>>()
    };
    let aanbieder = kolommen("per-aanbieder");
    for weg in ["Oordeel", "Opmerking", "Door", "Bestand", "Regel in bestand"] {
        assert!(!aanbieder.contains(weg), "{weg}");
    }
    assert!(aanbieder.contains("Reactie"));
    let gemeente = kolommen("per-gemeente");
    assert!(gemeente.contains("Oordeel") && !gemeente.contains("Bestand"), "{gemeente:?}");
}

#[test]
fn the_letter_states_what_is_fout_asks_about_the_rest_and_leaves_the_date_open() {
    let (_dossier, map) = maak(&["--per-aanbieder"]);
    let alle = rijen_van(&map.join("bevindingen.csv"));
    for pad in bestanden(&map.join("per-aanbieder"), "-brief.txt") {
        let tekst = std::fs::read_to_string(&pad).unwrap();
        let agb = &pad.file_name().unwrap().to_string_lossy()[..8];
        assert!(tekst.contains("graag uiterlijk op [datum]"), "{tekst}");
        assert!(tekst.contains(&format!("AGB-code {agb}")), "{tekst}");
        let (fouten, vragen) = match tekst.split_once("WAT WIJ U WILLEN VRAGEN") {
            Some((fouten, vragen)) => (fouten, vragen),
            None => (tekst.as_str(), ""),
        };
        for b in alle.iter().filter(|b| b["Aanbieder"] == agb) {
            let code = format!("({})", b["Regel"]);
            match b["Ernst"].as_str() {
                "fout" => assert!(fouten.contains(&code), "{agb} {code}"),
                "onzekerheid" => assert!(vragen.contains(&code), "{agb} {code}"),
                _ => {}
            }
        }
        // No sentence is left without an end by an empty value, and nothing of the template shows.
        assert!(
            !tekst.contains("{{") && !tekst.contains("None") && !tekst.contains(" ,"),
            "{tekst}"
        );
    }
}
