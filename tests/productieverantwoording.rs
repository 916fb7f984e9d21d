//! `productieverantwoording`: what was delivered, counted once and adding up.

use crate::hulp::{Dossier, ProgramOutput, VOORBEELD, program, rows_of};
use std::path::Path;

fn verantwoord(dossier: &Path, out: &Path) -> ProgramOutput {
    ProgramOutput::of(
        program()
            .arg("productieverantwoording")
            .arg(dossier)
            .args(["--jaar", "2023", "--uit"])
            .arg(out),
    )
}

const DIR: &str = "2023-ijsselland-productieverantwoording";

fn cent(text: &str) -> i64 {
    text.replace(',', "").parse().expect("an amount")
}

#[test]
fn it_adds_up_to_the_live_lines_of_the_audit() {
    let dossier = Dossier::empty();
    let outcome = verantwoord(Path::new(VOORBEELD), &dossier.out());
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    dossier.controleer_dir(Path::new(VOORBEELD), &[]);
    let samenvatting = dossier.samenvatting("2023-ijsselland");
    let dir = dossier.out().join(DIR);
    let rows = rows_of(&dir.join("productieverantwoording.csv"));
    let sum: i64 = rows.iter().map(|r| cent(&r["Bedrag"])).sum();
    assert_eq!(Some(sum), samenvatting["totalen"]["bedrag"].as_i64());
    assert!(dir.join("productieverantwoording.xlsx").is_file());
    let aanbieders: std::collections::BTreeSet<_> = rows.iter().map(|r| &r["Aanbieder"]).collect();
    for agb in aanbieders {
        assert!(dir.join(format!("per-aanbieder/{agb}.xlsx")).is_file(), "{agb}");
    }
}

#[test]
fn what_it_writes_can_be_accounted_for_without_a_finding() {
    let dossier = Dossier::minimaal();
    let outcome = verantwoord(&dossier.dir(), &dossier.out());
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let path = dossier.out().join(DIR).join("productieverantwoording.csv");
    let text = std::fs::read_to_string(path).unwrap().replace("voorlopig", "definitief");
    dossier.write("productieverantwoording.csv", &text);
    let outcome = dossier.controleer(&["--alleen", "PV01,PV02,PV03,PV06"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    assert!(dossier.bevindingen("2023-ijsselland").is_empty());
    let tested = &dossier.samenvatting("2023-ijsselland")["regels"];
    assert!(
        tested.as_array().unwrap().iter().all(|r| r["getoetst"].as_u64() > Some(0)),
        "{tested}"
    );
    // One cent less, and both sides are told.
    dossier.write("productieverantwoording.csv", &text.replacen("162,00", "161,99", 1));
    dossier.controleer(&["--alleen", "PV01", "--overschrijf"]);
    let bevindingen = dossier.bevindingen("2023-ijsselland");
    assert_eq!(bevindingen.len(), 1);
    assert_eq!(bevindingen[0]["BedragInGeding"], "0,01");
}

#[test]
fn a_jeugdige_counts_once_in_each_row_whatever_the_number_of_lines_and_units() {
    let dossier = Dossier::minimaal();
    let regels = std::fs::read_to_string(dossier.dir().join("declaraties.csv")).unwrap();
    let in_hours = "R4;2023-04-10;0150;99000001;999900006;T1;45;45T01;2023-03-01;2023-03-31;2;04;64,80;129,60\n";
    dossier.write("declaraties.csv", &format!("{regels}{in_hours}"));
    verantwoord(&dossier.dir(), &dossier.out());
    let rows = rows_of(&dossier.out().join(DIR).join("productieverantwoording.csv"));
    let row = rows.iter().find(|r| r["ProductCode"] == "45T01").unwrap();
    assert_eq!((row["AantalJeugdigen"].as_str(), row["Bedrag"].as_str()), ("1", "291,60"));
    // Minutes and hours don't add up.
    assert_eq!(row["Volume"], "");
    let other = rows.iter().find(|r| r["ProductCode"] == "45T02").unwrap();
    assert_eq!((other["Volume"].as_str(), other["Eenheid"].as_str()), ("10", "01"));
}
