//! Bad input, one folder a case: beside the files stands the message that they must give. A fuzzer's
//! finds become cases too.
//!
//! `RECHTMATIG_VERNIEUW=1` writes the messages anew; read what changed.

use crate::hulp::Dossier;
use std::fs;
use std::path::Path;

const DIR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/slecht");
const MESSAGE: &str = "melding.txt";

/// Exit status, what was said, and what was refused, when these files are added to a lawful dossier.
fn message(case: &Path) -> String {
    let dossier = Dossier::minimaal();
    let declaraties = dossier.dir().join("declaraties.csv");
    for thing in fs::read_dir(case).unwrap() {
        let path = thing.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if name == MESSAGE {
            continue;
        }
        if name.starts_with("declaraties.") && name != "declaraties.csv" {
            fs::remove_file(&declaraties).unwrap();
        }
        fs::copy(&path, dossier.dir().join(name)).unwrap();
    }
    let outcome = dossier.controleer_with_samenvatting(&["--max-afgekeurd", "100%"]);
    let dir = dossier.dir().display().to_string();
    let mut text = format!("status {}\n", outcome.status);
    let step = |regel: &&str| !regel.ends_with('…');
    let notice = outcome.stdout.lines().filter(|regel| regel.starts_with("Let op"));
    for regel in outcome.stderr.lines().filter(step).chain(notice) {
        text += &format!("{}\n", regel.replace(&dir, "DOSSIER"));
    }
    let errors = dossier.out().join("2023-ijsselland").join("invoerfouten.csv");
    if let Ok(errors) = fs::read_to_string(errors) {
        text += &errors.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    }
    assert!([0, 2, 3].contains(&outcome.status), "{}: {text}", case.display());
    let nothing = "status 0\nBestand;Regelnummer;Kolom;Waarde;Reden;Gevolg\n";
    assert_ne!(text, nothing, "{}: nothing was said", case.display());
    if outcome.status != 0 {
        assert!(text.contains("Wat te doen"), "{}: {text}", case.display());
        dossier.wrote_nothing();
    }
    text
}

#[test]
fn bad_input_gives_the_message_that_stands_beside_it() {
    let vernieuw = std::env::var_os("RECHTMATIG_VERNIEUW").is_some();
    let mut cases: Vec<_> = fs::read_dir(DIR).unwrap().map(|d| d.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 55);
    let mut otherwise = Vec::new();
    for case in &cases {
        let path = case.join(MESSAGE);
        let now = message(case);
        if vernieuw {
            fs::write(&path, &now).unwrap();
        } else if fs::read_to_string(&path).ok().as_deref() != Some(&now) {
            otherwise.push(format!("{}:\n{now}", case.display()));
        }
    }
    assert!(otherwise.is_empty(), "{}", otherwise.join("\n"));
}
