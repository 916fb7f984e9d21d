//! Bad input, one folder a case: beside the files stands the message that they must give. A fuzzer's
//! finds become cases too.
//!
//! `RECHTMATIG_VERNIEUW=1` writes the messages anew; read what changed.

use crate::hulp::Dossier;
use std::fs;
use std::path::Path;

const MAP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/slecht");
const MELDING: &str = "melding.txt";

/// Exit status, what was said, and what was refused, when these files are added to a lawful dossier.
fn melding(geval: &Path) -> String {
    let dossier = Dossier::minimaal();
    let declaraties = dossier.map().join("declaraties.csv");
    for ding in fs::read_dir(geval).unwrap() {
        let pad = ding.unwrap().path();
        let naam = pad.file_name().unwrap().to_str().unwrap();
        if naam == MELDING {
            continue;
        }
        if naam.starts_with("declaraties.") && naam != "declaraties.csv" {
            fs::remove_file(&declaraties).unwrap();
        }
        fs::copy(&pad, dossier.map().join(naam)).unwrap();
    }
    let uitkomst = dossier.controleer_met_samenvatting(&["--max-afgekeurd", "100%"]);
    let map = dossier.map().display().to_string();
    let mut tekst = format!("status {}\n", uitkomst.status);
    let stap = |regel: &&str| !regel.ends_with('…');
    let let_op = uitkomst.stdout.lines().filter(|regel| regel.starts_with("Let op"));
    for regel in uitkomst.stderr.lines().filter(stap).chain(let_op) {
        tekst += &format!("{}\n", regel.replace(&map, "DOSSIER"));
    }
    let fouten = dossier.uit().join("2023-ijsselland").join("invoerfouten.csv");
    if let Ok(fouten) = fs::read_to_string(fouten) {
        tekst += &fouten.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    }
    assert!([0, 2, 3].contains(&uitkomst.status), "{}: {tekst}", geval.display());
    let niets = "status 0\nBestand;Regelnummer;Kolom;Waarde;Reden;Gevolg\n";
    assert_ne!(tekst, niets, "{}: nothing was said", geval.display());
    if uitkomst.status != 0 {
        assert!(tekst.contains("Wat te doen"), "{}: {tekst}", geval.display());
        dossier.schreef_niets();
    }
    tekst
}

#[test]
fn bad_input_gives_the_message_that_stands_beside_it() {
    let vernieuw = std::env::var_os("RECHTMATIG_VERNIEUW").is_some();
    let mut gevallen: Vec<_> = fs::read_dir(MAP).unwrap().map(|d| d.unwrap().path()).collect();
    gevallen.sort();
    assert!(gevallen.len() >= 55);
    let mut anders = Vec::new();
    for geval in &gevallen {
        let pad = geval.join(MELDING);
        let nu = melding(geval);
        if vernieuw {
            fs::write(&pad, &nu).unwrap();
        } else if fs::read_to_string(&pad).ok().as_deref() != Some(&nu) {
            anders.push(format!("{}:\n{nu}", geval.display()));
        }
    }
    assert!(anders.is_empty(), "{}", anders.join("\n"));
}
