//! `verifieer` makes a rapport anew from its dossier and says which bytes differ, and why.

use crate::hulp::{Dossier, ProgramOutput, VOORBEELD, files_of_rapport, program};
use std::fs;
use std::path::{Path, PathBuf};

const RAPPORT: &str = "2023-ijsselland";

fn verify(rapport: &Path, options: &[&str]) -> ProgramOutput {
    ProgramOutput::of(program().arg("verifieer").arg(rapport).args(options))
}

/// A copy of the sample dossier with a rapport, made with these options.
fn with_rapport(options: &[&str]) -> (Dossier, PathBuf) {
    let dossier = Dossier::empty();
    for thing in fs::read_dir(VOORBEELD).unwrap() {
        let path = thing.unwrap().path();
        if path.is_file() {
            fs::copy(&path, dossier.dir().join(path.file_name().unwrap())).unwrap();
        }
    }
    let outcome = dossier.controleer(options);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let rapport = dossier.out().join(RAPPORT);
    (dossier, rapport)
}

/// What is said of a file.
#[track_caller]
fn said<'o>(outcome: &'o ProgramOutput, name: &str) -> &'o str {
    let line = outcome.stdout.lines().find_map(|line| line.trim().strip_prefix(name));
    line.unwrap_or_else(|| panic!("no {name} in:\n{}{}", outcome.stdout, outcome.stderr)).trim()
}

#[test]
fn with_its_key_a_rapport_is_equal_to_the_byte() {
    let (dossier, _) = with_rapport(&["--formaten", "json"]);
    let key = dossier.key();
    let options = ["--sleutel", &key, "--overschrijf", "--zonder", "SG", "--per-aanbieder"];
    assert_eq!(dossier.controleer(&options).status, 0);
    let rapport = dossier.out().join(RAPPORT);
    let outcome = verify(&rapport, &["--sleutel", &key]);
    assert_eq!(outcome.status, 0, "{}{}", outcome.stdout, outcome.stderr);
    for name in files_of_rapport().into_iter().chain(["per-aanbieder/99000001.xlsx"]) {
        assert_eq!(said(&outcome, name), "gelijk", "{name}");
    }
    assert!(outcome.stdout.contains("Gelijk: het dossier geeft hetzelfde rapport"));
    assert_eq!(fs::read_dir(dossier.out()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn without_the_key_all_but_the_pseudonyms_is_compared() {
    let (dossier, rapport) = with_rapport(&[]);
    let outcome = verify(&rapport, &[]);
    assert_eq!(outcome.status, 0, "{}{}", outcome.stdout, outcome.stderr);
    for name in ["bevindingen.csv", "onderliggend.csv"] {
        assert_eq!(said(&outcome, name), "gelijk, op de pseudoniemen na", "{name}");
    }
    // A key decides in which order findings stand that are alike but for the child.
    for name in ["rapport.html", "rapport.xlsx"] {
        let said = said(&outcome, name);
        assert!(!said.starts_with("verschilt"), "{name}: {said}");
    }
    for name in ["bevindingen.parquet", "onderliggend.parquet"] {
        assert!(said(&outcome, name).starts_with("niet vergeleken"), "{name}");
    }
    let other = dossier.with_key(&format!("{}\n", "0a1b".repeat(16)));
    verify(&rapport, &["--sleutel", &other]).refuses(3, &["niet die waarmee"]);
    let none = rapport.join("geen");
    verify(&rapport, &["--sleutel", none.to_str().unwrap()]).refuses(2, &["geen sleutel in"]);
    assert!(!none.exists(), "no key is made");
}

#[test]
fn what_changed_in_the_dossier_is_named_with_where_the_rapport_differs() {
    let (dossier, rapport) = with_rapport(&[]);
    let path = dossier.dir().join("declaraties_2023_h1.csv");
    let text = fs::read_to_string(&path).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.remove(1);
    fs::write(&path, format!("{}\n", lines.join("\n"))).unwrap();
    let settings = fs::read_to_string(dossier.dir().join("controle.toml")).unwrap();
    let stated = "\n[tolerantie]\nsamen = \"2%\"\n";
    dossier.write("controle.toml", &format!("{settings}{stated}"));
    dossier.write("beoordelingen.csv", "Id;Oordeel\n");
    let outcome = verify(&rapport, &[]);
    assert_eq!(outcome.status, 1, "{}{}", outcome.stdout, outcome.stderr);
    assert!(said(&outcome, "samenvatting.json").starts_with("verschilt vanaf regel "));
    for word in [
        "Niet gelijk: ",
        "invoer: declaraties_2023_h1.csv heeft een andere inhoud",
        "invoer: beoordelingen.csv is erbij gekomen",
        "controle.toml is niet die van toen",
    ] {
        assert!(outcome.stdout.contains(word), "no '{word}' in:\n{}", outcome.stdout);
    }
}

#[test]
fn a_rapport_that_was_changed_afterwards_is_told_apart_from_another_dossier() {
    let (_dossier, rapport) = with_rapport(&[]);
    let path = rapport.join("bevindingen.csv");
    let text = fs::read_to_string(&path).unwrap();
    let changed: Vec<String> = text
        .split("\r\n")
        .enumerate()
        .map(|(i, line)| if i == 4 { format!("{line}akkoord") } else { line.to_owned() })
        .collect();
    fs::write(&path, changed.join("\r\n")).unwrap();
    fs::remove_file(rapport.join("onderliggend.csv")).unwrap();
    let outcome = verify(&rapport, &["--stil"]);
    assert_eq!(outcome.status, 1, "{}{}", outcome.stdout, outcome.stderr);
    assert_eq!(said(&outcome, "bevindingen.csv"), "verschilt vanaf regel 5");
    assert_eq!(said(&outcome, "onderliggend.csv"), "ontbreekt in het rapport");
    assert!(outcome.stdout.contains("na het schrijven veranderd"), "{}", outcome.stdout);
    assert!(!outcome.stdout.contains("samenvatting.json"), "--stil tells what differs alone");
}

#[test]
fn the_dossier_is_found_from_any_folder_and_when_both_are_moved() {
    let dir = tempfile::tempdir().unwrap();
    let there = dir.path().join("daar");
    fs::create_dir_all(there.join("dossier")).unwrap();
    let minimal = Dossier::minimaal();
    for name in ["declaraties.csv", "toewijzingen.csv", "aanbieders.csv"] {
        fs::copy(minimal.dir().join(name), there.join("dossier").join(name)).unwrap();
    }
    let mut run = program();
    run.current_dir(&there).args(["controleer", "dossier", "--jaar", "2023", "--stil"]);
    assert_eq!(ProgramOutput::of(&mut run).status, 0);
    let commands: [&[&str]; 2] =
        [&["verifieer"], &["steekproef", "--omvang", "2", "--overschrijf"]];
    for (from, rapport) in [
        (dir.path().to_owned(), PathBuf::from("daar/reports/2023-ijsselland")),
        (there.join("reports/2023-ijsselland"), PathBuf::from(".")),
    ] {
        for command in commands {
            let mut run = program();
            run.current_dir(&from).arg(command[0]).arg(&rapport).args(&command[1..]);
            if command[0] == "steekproef" {
                run.arg("--uit").arg(dir.path().join("trekking"));
            }
            let outcome = ProgramOutput::of(&mut run);
            assert_eq!(outcome.status, 0, "{command:?}: {}{}", outcome.stdout, outcome.stderr);
        }
    }
    let moved = dir.path().join("elders");
    fs::rename(&there, &moved).unwrap();
    let outcome = verify(&moved.join("reports/2023-ijsselland"), &[]);
    assert_eq!(outcome.status, 0, "{}{}", outcome.stdout, outcome.stderr);
    fs::rename(moved.join("dossier"), dir.path().join("weg")).unwrap();
    verify(&moved.join("reports/2023-ijsselland"), &[]).refuses(3, &["staat niet meer in"]);
    let elsewhere = dir.path().join("weg");
    let options = ["--dossier", elsewhere.to_str().unwrap()];
    assert_eq!(verify(&moved.join("reports/2023-ijsselland"), &options).status, 0);
}
