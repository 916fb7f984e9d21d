//! The outcome of `controleer` stays on a screen of 80 columns and 24 lines.

use crate::hulp::{Dossier, ProgramOutput, VOORBEELD, program, rows_of};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const ZEELAND: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data/zeeland");

/// What a run from a folder of its own shows, and the summary that it writes.
fn run(source: &Path, rapport: &str, options: &[&str]) -> (String, Value) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("dossier")).unwrap();
    for thing in fs::read_dir(source).unwrap() {
        let path = thing.unwrap().path();
        if path.is_file() {
            fs::copy(&path, dir.path().join("dossier").join(path.file_name().unwrap())).unwrap();
        }
    }
    let mut run = program();
    run.current_dir(dir.path()).args(["controleer", "dossier", "--formaten", "json"]);
    let outcome = ProgramOutput::of(run.args(options));
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let json = fs::read(dir.path().join("reports").join(rapport).join("samenvatting.json"));
    (outcome.stdout, serde_json::from_slice(&json.unwrap()).unwrap())
}

#[track_caller]
fn stays_on_a_screen(screen: &str) {
    let lines: Vec<&str> = screen.lines().collect();
    // The last of 24 lines is for the next command.
    assert!(lines.len() <= 23, "{} lines:\n{screen}", lines.len());
    for line in lines {
        assert!(line.chars().count() <= 80, "wider than 80 columns: {line}");
    }
}

/// The rules with findings, the largest amount of fout and onzekerheid first, then the most findings.
fn largest(json: &Value) -> Vec<String> {
    let mut rules: Vec<(i64, i64, String)> = json["regels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| {
            let of = |ernst: &str, field: &str| rule["bevindingen"][ernst][field].as_i64().unwrap();
            let both = ["fout", "onzekerheid"].map(|e| of(e, "bedrag_in_geding"));
            let count = ["fout", "onzekerheid", "signaal"].map(|e| of(e, "aantal"));
            let code = rule["regel"].as_str().unwrap().to_owned();
            (-both.iter().sum::<i64>(), -count.iter().sum::<i64>(), code)
        })
        .filter(|(_, count, _)| *count < 0)
        .collect();
    rules.sort();
    rules.into_iter().map(|(_, _, code)| code).collect()
}

#[test]
fn totals_gate_and_the_ten_largest_rules_stay_on_a_screen() {
    for (source, rapport) in [(VOORBEELD, "2023-ijsselland"), (ZEELAND, "2023-zeeland")] {
        let (screen, json) = run(Path::new(source), rapport, &[]);
        stays_on_a_screen(&screen);
        let rules = largest(&json);
        let (_, table) = screen.split_once("\nRegel ").expect("a table of rules");
        let rows: Vec<&str> = table.lines().skip(1).take(10).collect();
        for (row, rule) in rows.iter().zip(&rules) {
            assert_eq!(row.split(' ').next(), Some(rule.as_str()), "{screen}");
        }
        assert_eq!(rows.len(), rules.len().min(10), "{screen}");
        let rest = format!("En nog {} regels met bevindingen", rules.len() - 10);
        assert!(screen.contains(&rest), "no '{rest}' in:\n{screen}");
        assert!(screen.contains("--alles"), "{screen}");
        assert!(screen.starts_with("Let op: "), "the gate comes first:\n{screen}");
        assert!(screen.contains(&format!("Rapport: reports/{rapport}")), "{screen}");
    }
}

#[test]
fn all_shows_every_rule_with_findings_and_every_reason() {
    let (screen, json) = run(Path::new(VOORBEELD), "2023-ijsselland", &["--alles"]);
    for rule in largest(&json) {
        assert!(screen.contains(&format!("\n {rule} ")), "no {rule} in:\n{screen}");
    }
    assert!(!screen.contains("En nog"), "{screen}");
    assert!(screen.contains(" keer: "), "{screen}");
}

#[test]
fn on_the_screen_a_regel_is_a_rule_and_a_line_of_an_export_a_declaratieregel() {
    let (screen, json) = run(Path::new(VOORBEELD), "2023-ijsselland", &[]);
    let lines = json["totalen"]["regels"].as_u64().unwrap();
    assert!(lines > 1_000);
    let of_lines: BTreeMap<&str, usize> = ["levende declaratieregels", "levende regels"]
        .map(|words| (words, screen.matches(words).count()))
        .into();
    assert_eq!(of_lines, [("levende declaratieregels", 1), ("levende regels", 0)].into());
}

#[test]
fn tolerances_verdicts_and_many_messages_stay_on_a_screen_too() {
    let dossier = Dossier::empty();
    for thing in fs::read_dir(VOORBEELD).unwrap() {
        let path = thing.unwrap().path();
        if path.is_file() {
            fs::copy(&path, dossier.dir().join(path.file_name().unwrap())).unwrap();
        }
    }
    let settings = fs::read_to_string(dossier.dir().join("controle.toml")).unwrap();
    let stated = "[tolerantie]\nfouten = \"1%\"\nonzekerheden = \"50%\"\nsamen = \"2%\"\n";
    dossier.write("controle.toml", &format!("{settings}\n{stated}"));
    for n in 0..9 {
        dossier.write(&format!("aantekening_{n}.txt"), "");
    }
    dossier.write("beoordelingen.csv", "Id;Oordeel\nTW01-00000000000000000000;akkoord\n");
    let (screen, _) = run(&dossier.dir(), "2023-ijsselland", &["--max-afgekeurd", "100%"]);
    stays_on_a_screen(&screen);
    let tolerance = "Tolerantie: fouten boven 1%, onzekerheden binnen 50%, samen boven 2%.";
    assert!(screen.contains(tolerance), "{screen}");
    assert!(screen.contains("meldingen: bovenaan in het rapport"), "{screen}");
}

#[track_caller]
fn is_no_wider_than_a_screen(what: &str, screen: &str) {
    assert!(!screen.is_empty(), "{what} shows nothing");
    for line in screen.lines() {
        assert!(line.chars().count() <= 80, "{what}: wider than 80 columns: {line}");
    }
}

/// Every line right but for one that is wrong, one that is half wrong and one that is uncertain.
fn judged(list: &Path, to: &Path) {
    let header = fs::read_to_string(list).unwrap();
    let header = header.lines().next().unwrap().trim_start_matches('\u{feff}').to_owned();
    let mut csv = csv::WriterBuilder::new().delimiter(b';').from_path(to).unwrap();
    csv.write_record(header.split(';')).unwrap();
    for (i, mut row) in rows_of(list).into_iter().enumerate() {
        let (oordeel, vastgesteld) = match i {
            3 => ("fout", "0"),
            8 => ("fout", "12.345.678,90"),
            11 => ("onzeker", ""),
            _ => ("goed", ""),
        };
        row.insert("Oordeel".into(), oordeel.into());
        row.insert("VastgesteldBedrag".into(), vastgesteld.into());
        csv.write_record(header.split(';').map(|k| &row[k])).unwrap();
    }
    csv.flush().unwrap();
}

#[test]
fn a_sample_and_what_it_comes_to_are_no_wider_than_a_screen() {
    let dir = tempfile::tempdir().unwrap();
    let shown = |arguments: &[&str]| {
        let outcome = ProgramOutput::of(program().current_dir(dir.path()).args(arguments));
        assert_eq!(outcome.status, 0, "{arguments:?}: {}", outcome.stderr);
        outcome.stdout
    };
    shown(&["controleer", VOORBEELD, "--formaten", "json", "--stil"]);
    let rapport = "reports/2023-ijsselland";
    let list = dir.path().join(format!("{rapport}-steekproef/steekproef.csv"));
    for design in [
        &["mus"][..],
        &["aselect"],
        &["gestratificeerd"],
        &["gestratificeerd", "--per", "aanbieder"],
        &["mus", "--aanbieder", "99000001"],
    ] {
        let what = design.join(" ");
        let drawn = ["steekproef", rapport, "--omvang", "60", "--zaad", "7", "--overschrijf"];
        let drawn = shown(&[&drawn, &["--methode"][..], design].concat());
        is_no_wider_than_a_screen(&what, &drawn);
        assert!(!drawn.contains('•'), "{what}: no Bsn, and yet a mask:\n{drawn}");
        judged(&list, &dir.path().join("ingevuld.csv"));
        let evaluated =
            shown(&["steekproef", rapport, "--evalueren", "ingevuld.csv", "--overschrijf"]);
        is_no_wider_than_a_screen(&what, &evaluated);
        for figure in ["Gevonden", "Geschat", "Bovengrens", "Te hoog", "Te laag", "Onzeker"] {
            assert!(evaluated.contains(figure), "{what}: no {figure} in\n{evaluated}");
        }
    }
}

#[test]
fn what_other_commands_show_is_no_wider_than_a_screen() {
    let dir = tempfile::tempdir().unwrap();
    let dossier = dir.path().join("dossier");
    fs::create_dir(&dossier).unwrap();
    for thing in fs::read_dir(VOORBEELD).unwrap() {
        let path = thing.unwrap().path();
        if path.is_file() {
            fs::copy(&path, dossier.join(path.file_name().unwrap())).unwrap();
        }
    }
    for arguments in [
        "controleer dossier --formaten csv,json --sleutel sleutel.txt",
        "controleer dossier --formaten csv,json --sleutel sleutel.txt --uit nu --zonder TW01",
        "controleer dossier --proef",
        "verifieer reports/2023-ijsselland --sleutel sleutel.txt",
        "vergelijk reports/2023-ijsselland nu/2023-ijsselland",
        "monitor dossier --sleutel sleutel.txt",
        "monitor dossier --uit derden --voor-derden",
        "productieverantwoording dossier",
        "begin dossier",
        "kolommen",
        "kolommen declaraties",
        "regels",
        "regels BU01",
    ] {
        let mut spec = program();
        spec.current_dir(dir.path()).args(arguments.split_whitespace());
        let outcome = ProgramOutput::of(&mut spec);
        assert_eq!(outcome.status, 0, "{arguments}: {}", outcome.stderr);
        is_no_wider_than_a_screen(arguments, &outcome.stdout);
    }
}
