//! What a sample says against the tolerance, of one aanbieder, and with the rapport's own pseudonyms and
//! references.

use crate::hulp::{Bevinding, Dossier, ProgramOutput, VOORBEELD, program, rows_of};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const RAPPORT: &str = "2023-ijsselland";
const LARGEST: &str = "99000001";

/// A copy of the sample dossier that states this tolerance, with its rapport.
fn with_rapport(tolerance: &str, options: &[&str]) -> Dossier {
    let dossier = Dossier::empty();
    for thing in fs::read_dir(VOORBEELD).unwrap() {
        let path = thing.unwrap().path();
        if path.is_file() {
            fs::copy(&path, dossier.dir().join(path.file_name().unwrap())).unwrap();
        }
    }
    let settings = fs::read_to_string(dossier.dir().join("controle.toml")).unwrap();
    dossier.write("controle.toml", &format!("{settings}\n{tolerance}"));
    let outcome = dossier.controleer(options);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    dossier
}

#[track_caller]
fn sample(dossier: &Dossier, options: &[&str]) -> ProgramOutput {
    let mut run = program();
    run.arg("steekproef").arg(dossier.out().join(RAPPORT)).arg("--uit").arg(dossier.out());
    let outcome = ProgramOutput::of(run.arg("--overschrijf").args(options));
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    outcome
}

/// The sample in this folder, filled in: all right, but for the first `wrong` lines, of which nothing is.
fn filled_in(dossier: &Dossier, folder: &str, wrong: usize) -> PathBuf {
    let path = dossier.out().join(folder).join("steekproef.csv");
    let header = fs::read_to_string(&path).unwrap();
    let header = header.lines().next().unwrap().trim_start_matches('\u{feff}').to_owned();
    let list = dossier.out().join("ingevuld.csv");
    let mut csv = csv::WriterBuilder::new().delimiter(b';').from_path(&list).unwrap();
    csv.write_record(header.split(';')).unwrap();
    for (i, mut row) in rows_of(&path).into_iter().enumerate() {
        let verdict = if i < wrong { ("fout", "0") } else { ("goed", "") };
        row.insert("Oordeel".into(), verdict.0.into());
        row.insert("VastgesteldBedrag".into(), verdict.1.into());
        csv.write_record(header.split(';').map(|k| &row[k])).unwrap();
    }
    csv.flush().unwrap();
    list
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn the_conclusion_is_within_above_or_not_to_be_said() {
    let dossier = with_rapport(
        "[tolerantie]\nfouten = \"6%\"\nonzekerheden = \"4%\"\nsamen = \"90%\"\n",
        &["--formaten", "json"],
    );
    sample(&dossier, &["--omvang", "60", "--zaad", "7"]);
    let conclude = |wrong: usize| {
        let list = filled_in(&dossier, "2023-ijsselland-steekproef", wrong);
        let told = sample(&dossier, &["--evalueren", list.to_str().unwrap()]).stdout;
        let folder = dossier.out().join("2023-ijsselland-steekproef-evaluatie");
        let conclusions = json(&folder.join("evaluatie.json"))["conclusies"].clone();
        let all: Vec<String> = conclusions
            .as_array()
            .unwrap()
            .iter()
            .map(|c| c["uitkomst"].as_str().unwrap().to_owned())
            .collect();
        for c in conclusions.as_array().unwrap() {
            assert!(told.contains(c["wat"].as_str().unwrap()), "{told}");
        }
        all
    };
    // Without errors the upper bound is interval × R(0): 48,691 of 985,851 euros, 4.9%.
    assert_eq!(conclude(0), ["binnen", "niet te zeggen", "binnen"]);
    assert_eq!(conclude(1), ["niet te zeggen", "niet te zeggen", "binnen"]);
    assert_eq!(conclude(20), ["boven", "niet te zeggen", "binnen"]);
}

#[test]
fn without_a_tolerance_no_conclusion_is_drawn() {
    let dossier = with_rapport("", &["--formaten", "json"]);
    sample(&dossier, &["--omvang", "10", "--zaad", "1"]);
    let list = filled_in(&dossier, "2023-ijsselland-steekproef", 0);
    let told = sample(&dossier, &["--evalueren", list.to_str().unwrap()]).stdout;
    assert!(told.contains("Er is geen tolerantie opgegeven"), "{told}");
}

#[test]
fn a_sample_within_one_aanbieder_is_drawn_from_and_projected_on_its_lines() {
    let dossier = with_rapport("", &["--formaten", "json"]);
    let told = sample(&dossier, &["--omvang", "12", "--zaad", "3", "--aanbieder", LARGEST]).stdout;
    assert!(told.contains(&format!("van aanbieder {LARGEST}")), "{told}");
    let folder = format!("2023-ijsselland-{LARGEST}-steekproef");
    let rows = rows_of(&dossier.out().join(&folder).join("steekproef.csv"));
    let of: BTreeSet<&str> = rows.iter().map(|r| r["Aanbieder"].as_str()).collect();
    assert_eq!(of, [LARGEST].into());
    let parties = dossier.samenvatting(RAPPORT)["aanbieders"].clone();
    let own = parties.as_array().unwrap().iter().find(|p| p["aanbieder"] == LARGEST).unwrap();
    let drawn = json(&dossier.out().join(&folder).join("steekproef.json"));
    assert_eq!(drawn["populatie"]["regels"], own["regels"]);
    assert_eq!(drawn["populatie"]["bedrag"], own["bedrag"]);
    let list = filled_in(&dossier, &folder, 1);
    sample(&dossier, &["--evalueren", list.to_str().unwrap()]);
    let evaluated = dossier.out().join(format!("{folder}-evaluatie")).join("evaluatie.json");
    assert_eq!(json(&evaluated)["populatie"]["bedrag"], own["bedrag"]);
    let mut run = program();
    run.arg("steekproef").arg(dossier.out().join(RAPPORT)).args(["--omvang", "2"]);
    ProgramOutput::of(run.args(["--aanbieder", "12345678"])).refuses(3, &["12345678", "geen"]);
}

/// The pseudonym of each line that a finding of the rapport names, by file and line.
fn pseudonyms(dossier: &Dossier) -> BTreeMap<(String, String), String> {
    let findings = dossier.bevindingen(RAPPORT);
    let named = findings.into_iter().filter(|b| !b["Jeugdige"].is_empty());
    named
        .map(|b| ((b["Bestand"].clone(), b["Regelnummer"].clone()), b["Jeugdige"].clone()))
        .collect()
}

#[track_caller]
fn has_the_pseudonyms_of_the_rapport(dossier: &Dossier, options: &[&str]) -> Vec<Bevinding> {
    let all = ["--omvang", "1900", "--methode", "aselect", "--zaad", "1"];
    sample(dossier, &[&all[..], options].concat());
    let rows = rows_of(&dossier.out().join("2023-ijsselland-steekproef/steekproef.csv"));
    let known = pseudonyms(dossier);
    let mut met = 0;
    for row in &rows {
        if let Some(of) = known.get(&(row["Bestand"].clone(), row["Regelnummer"].clone())) {
            assert_eq!(&row["Jeugdige"], of, "{row:?}");
            met += 1;
        }
    }
    assert!(met > 20, "{met} lines with a finding in the sample");
    rows
}

#[test]
fn a_child_has_the_pseudonym_of_the_rapport_with_its_key_and_without() {
    let dossier = with_rapport("", &[]);
    let rows = has_the_pseudonyms_of_the_rapport(&dossier, &[]);
    assert!(rows.iter().all(|r| r["Jeugdige"].starts_with('J')), "each line has one");
    let key = dossier.key();
    assert_eq!(dossier.controleer(&["--overschrijf", "--sleutel", &key]).status, 0);
    has_the_pseudonyms_of_the_rapport(&dossier, &["--sleutel", &key]);
    let other = dossier.dir().join("andere");
    has_the_pseudonyms_of_the_rapport(&dossier, &["--sleutel", other.to_str().unwrap()]);
}

#[test]
fn each_deviation_names_the_line_that_it_is_about() {
    use calamine::{Reader, Xlsx, open_workbook};
    let dossier = with_rapport("", &[]);
    sample(&dossier, &["--omvang", "20", "--zaad", "5"]);
    let drawn = rows_of(&dossier.out().join("2023-ijsselland-steekproef/steekproef.csv"));
    let list = filled_in(&dossier, "2023-ijsselland-steekproef", 2);
    sample(&dossier, &["--evalueren", list.to_str().unwrap()]);
    let folder = dossier.out().join("2023-ijsselland-steekproef-evaluatie");
    let evaluated = json(&folder.join("evaluatie.json"));
    let deviations = evaluated["afwijkingen"].as_array().unwrap();
    assert_eq!(deviations.len(), 2);
    let mut book: Xlsx<_> = open_workbook(folder.join("evaluatie.xlsx")).unwrap();
    let sheet = book.worksheet_range("Afwijkingen").unwrap();
    let rows: Vec<Vec<String>> =
        sheet.rows().map(|r| r.iter().map(ToString::to_string).collect()).collect();
    let column = |name: &str| rows[0].iter().position(|k| k == name).unwrap();
    for (i, d) in deviations.iter().enumerate() {
        for (kolom, key) in [
            ("ReferentieNummer", "referentienummer"),
            ("ToewijzingNummer", "toewijzingnummer"),
            ("Aanbieder", "aanbieder"),
            ("Gemeente", "gemeente"),
            ("Bestand", "bestand"),
            ("Jeugdige", "jeugdige"),
        ] {
            assert_eq!(d[key], drawn[i][kolom].as_str(), "{kolom}");
            assert_eq!(rows[i + 1][column(kolom)], drawn[i][kolom], "{kolom}");
        }
    }
}
