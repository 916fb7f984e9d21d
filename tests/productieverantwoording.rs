//! `productieverantwoording`: what was delivered, counted once and adding up.

use crate::hulp::{Dossier, Uitkomst, VOORBEELD, programma, rijen_van};
use std::path::Path;

fn verantwoord(dossier: &Path, uit: &Path) -> Uitkomst {
    Uitkomst::van(
        programma()
            .arg("productieverantwoording")
            .arg(dossier)
            .args(["--jaar", "2023", "--uit"])
            .arg(uit),
    )
}

const MAP: &str = "2023-ijsselland-productieverantwoording";

fn cent(tekst: &str) -> i64 {
    tekst.replace(',', "").parse().expect("an amount")
}

#[test]
fn it_adds_up_to_the_live_lines_of_the_audit() {
    let dossier = Dossier::leeg();
    let uitkomst = verantwoord(Path::new(VOORBEELD), &dossier.uit());
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    dossier.controleer_map(Path::new(VOORBEELD), &[]);
    let samenvatting = dossier.samenvatting("2023-ijsselland");
    let map = dossier.uit().join(MAP);
    let rijen = rijen_van(&map.join("productieverantwoording.csv"));
    let som: i64 = rijen.iter().map(|r| cent(&r["Bedrag"])).sum();
    assert_eq!(Some(som), samenvatting["totalen"]["bedrag"].as_i64());
    assert!(map.join("productieverantwoording.xlsx").is_file());
    let aanbieders: std::collections::BTreeSet<_> = rijen.iter().map(|r| &r["Aanbieder"]).collect();
    for agb in aanbieders {
        assert!(map.join(format!("per-aanbieder/{agb}.xlsx")).is_file(), "{agb}");
    }
}

#[test]
fn what_it_writes_can_be_accounted_for_without_a_finding() {
    let dossier = Dossier::minimaal();
    let uitkomst = verantwoord(&dossier.map(), &dossier.uit());
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    let pad = dossier.uit().join(MAP).join("productieverantwoording.csv");
    let tekst = std::fs::read_to_string(pad).unwrap().replace("voorlopig", "definitief");
    dossier.schrijf("productieverantwoording.csv", &tekst);
    let uitkomst = dossier.controleer(&["--alleen", "PV01,PV02,PV03,PV06"]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    assert!(dossier.bevindingen("2023-ijsselland").is_empty());
    let getoetst = &dossier.samenvatting("2023-ijsselland")["regels"];
    assert!(
        getoetst.as_array().unwrap().iter().all(|r| r["getoetst"].as_u64() > Some(0)),
        "{getoetst}"
    );
    // One cent less, and both sides are told.
    dossier.schrijf("productieverantwoording.csv", &tekst.replacen("162,00", "161,99", 1));
    dossier.controleer(&["--alleen", "PV01", "--overschrijf"]);
    let bevindingen = dossier.bevindingen("2023-ijsselland");
    assert_eq!(bevindingen.len(), 1);
    assert_eq!(bevindingen[0]["BedragInGeding"], "0,01");
}

#[test]
fn a_jeugdige_counts_once_in_each_row_whatever_the_number_of_lines_and_units() {
    let dossier = Dossier::minimaal();
    let regels = std::fs::read_to_string(dossier.map().join("declaraties.csv")).unwrap();
    let in_uren = "R4;2023-04-10;0150;99000001;999900006;T1;45;45T01;2023-03-01;2023-03-31;2;04;64,80;129,60\n";
    dossier.schrijf("declaraties.csv", &format!("{regels}{in_uren}"));
    verantwoord(&dossier.map(), &dossier.uit());
    let rijen = rijen_van(&dossier.uit().join(MAP).join("productieverantwoording.csv"));
    let rij = rijen.iter().find(|r| r["ProductCode"] == "45T01").unwrap();
    assert_eq!((rij["AantalJeugdigen"].as_str(), rij["Bedrag"].as_str()), ("1", "291,60"));
    // Minutes and hours don't add up.
    assert_eq!(rij["Volume"], "");
    let ander = rijen.iter().find(|r| r["ProductCode"] == "45T02").unwrap();
    assert_eq!((ander["Volume"].as_str(), ander["Eenheid"].as_str()), ("10", "01"));
}
