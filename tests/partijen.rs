//! `--per-aanbieder` and `--per-gemeente`: each party gets its own findings and nothing else.

use crate::hulp::{Bevinding, Dossier, VOORBEELD, rows_of};
use calamine::{Data, DataType, Reader, Xlsx, open_workbook};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn make(options: &[&str]) -> (Dossier, PathBuf) {
    let dossier = Dossier::empty();
    let outcome = dossier.controleer_dir(Path::new(VOORBEELD), options);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let dir = dossier.out().join("2023-ijsselland");
    (dossier, dir)
}

/// All cells of a workbook, by sheet.
fn cells(path: &Path) -> Vec<(String, Vec<Vec<Data>>)> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let sheets = book.worksheets();
    sheets.into_iter().map(|(name, b)| (name, b.rows().map(<[Data]>::to_vec).collect())).collect()
}

/// The rows under the header that has a column Id, by column.
fn bevindingen(sheets: &[(String, Vec<Vec<Data>>)]) -> Vec<BTreeMap<String, Data>> {
    let mut out = Vec::new();
    for (name, rows) in sheets {
        if name == "Onderliggend" {
            continue;
        }
        let header = rows.iter().position(|row| row.iter().any(|c| *c == "Id"));
        let Some(header) = header else { continue };
        let headers: Vec<String> = rows[header].iter().map(ToString::to_string).collect();
        for row in &rows[header + 1..] {
            out.push(headers.iter().cloned().zip(row.iter().cloned()).collect());
        }
    }
    out
}

fn files(dir: &Path, end: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(dir).unwrap().map(|d| d.unwrap().path()).collect();
    paths.retain(|p| p.to_string_lossy().ends_with(end));
    paths.sort();
    paths
}

fn cent(euro: &str) -> i64 {
    euro.replace(',', "").parse().unwrap_or(0)
}

/// A jeugdige is called otherwise by each aanbieder, and by nothing where a rule is about fewer than
/// five: the overview doesn't say how many, and rows don't either.
fn shows_jeugdigen_apart(
    kind: &str,
    rows: &[BTreeMap<String, Data>],
    own: &BTreeMap<&str, &Bevinding>,
) {
    let of = |row: &BTreeMap<String, Data>| own[row["Id"].to_string().as_str()];
    let mut per_rule: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for b in rows.iter().map(of).filter(|b| !b["Jeugdige"].is_empty()) {
        per_rule.entry((&b["Regel"], &b["Ernst"])).or_default().insert(&b["Jeugdige"]);
    }
    let mut names: BTreeMap<&str, String> = BTreeMap::new();
    for row in rows {
        let (b, shown) = (of(row), row["Jeugdige"].to_string());
        let count = per_rule.get(&(&b["Regel"], &b["Ernst"])).map_or(0, BTreeSet::len);
        assert_eq!(shown.is_empty(), count < 5, "{} of {count}", b["Regel"]);
        if !shown.is_empty() {
            assert_eq!(shown == b["Jeugdige"], kind == "Gemeente");
            assert_eq!(names.entry(&b["Jeugdige"]).or_insert_with(|| shown.clone()), &shown);
        }
    }
    let different: BTreeSet<&String> = names.values().collect();
    assert_eq!(different.len(), names.len());
}

/// Checks the workbooks of one kind of party against the findings of the rapport; gives the parties.
fn controleer(dir: &Path, kind: &str, may: impl Fn(&Bevinding) -> bool) -> BTreeSet<String> {
    let all = rows_of(&dir.join("bevindingen.csv"));
    let under = rows_of(&dir.join("onderliggend.csv"));
    // A finding on a jeugdige goes to all aanbieders whose lines are under it.
    let mut concerned: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in &under {
        concerned.entry(&line["Id"]).or_default().insert(&line[kind]);
    }
    let is_shared =
        |b: &Bevinding| kind == "Aanbieder" && b[kind].is_empty() && !b["Jeugdige"].is_empty();
    let belongs = |b: &Bevinding, code: &str| {
        let touches = |id: &str| concerned.get(id).is_some_and(|of| of.contains(code));
        b[kind] == code || is_shared(b) && touches(&b["Id"])
    };
    let mut seen = BTreeSet::new();
    for path in files(&dir.join(format!("per-{}", kind.to_lowercase())), ".xlsx") {
        let code = path.file_stem().unwrap().to_string_lossy().into_owned();
        let sheets = cells(&path);
        let rows = bevindingen(&sheets);
        let own: BTreeMap<&str, &Bevinding> = all
            .iter()
            .filter(|b| belongs(b, &code) && may(b))
            .map(|b| (b["Id"].as_str(), b))
            .collect();
        let ids: BTreeSet<String> = rows.iter().map(|r| r["Id"].to_string()).collect();
        assert_eq!(
            ids,
            own.keys().map(|id| (*id).to_owned()).collect::<BTreeSet<_>>(),
            "{kind} {code}: exactly its own findings"
        );
        for row in &rows {
            let b = own[row["Id"].to_string().as_str()];
            let bedrag = row["Bedrag in geding"].as_f64().map_or(0, |f| (f * 100.0).round() as i64);
            let of_own = |l: &&Bevinding| l["Id"] == b["Id"] && l[kind] == code;
            let expected = match is_shared(b) {
                true => under.iter().filter(of_own).map(|l| cent(&l["Aandeel"])).sum(),
                false => cent(&b["BedragInGeding"]),
            };
            assert_eq!(bedrag, expected, "{}", b["Id"]);
        }
        shows_jeugdigen_apart(kind, &rows, &own);
        // The lines under its findings are its own.
        let lines = sheets.iter().find(|(name, _)| name == "Onderliggend");
        let lines: Vec<&Vec<Data>> = lines.iter().flat_map(|(_, rows)| rows).collect();
        let header = lines.iter().position(|row| row.iter().any(|c| *c == "Id"));
        let named = header.map_or(0, |header| {
            let kolom = lines[header].iter().position(|c| *c == kind).unwrap();
            let rows = &lines[header + 1..];
            assert!(rows.iter().all(|row| row[kolom] == code.as_str()), "{kind} {code}");
            rows.len()
        });
        let is_of_own = |l: &&Bevinding| own.contains_key(l["Id"].as_str()) && l[kind] == code;
        assert_eq!(named, under.iter().filter(is_of_own).count(), "{kind} {code}");
        // No child, number or Id of anybody else, in whatever cell.
        let texts: Vec<String> = sheets
            .iter()
            .flat_map(|(_, rows)| rows.iter().flatten().map(ToString::to_string))
            .collect();
        let of = |kolom: &str, own: bool| -> BTreeSet<&str> {
            let fits = all.iter().filter(|b| belongs(b, &code) == own);
            fits.map(|b| b[kolom].as_str()).filter(|t| t.len() > 3).collect()
        };
        for kolom in ["Id", "Jeugdige", "ReferentieNummer", "ToewijzingNummer", kind] {
            for other in of(kolom, false).difference(&of(kolom, true)) {
                let found = texts.iter().find(|t| {
                    t.split(|c: char| !c.is_alphanumeric() && c != '-').any(|w| w == *other)
                });
                assert!(found.is_none(), "{kind} {code} sees {kolom} {other}: {found:?}");
            }
        }
        seen.insert(code);
    }
    let parties = all.iter().chain(&under).map(|row| row[kind].clone());
    let expected: BTreeSet<String> =
        parties.filter(|c| !c.is_empty() && all.iter().any(|b| may(b) && belongs(b, c))).collect();
    assert_eq!(seen, expected);
    seen
}

#[test]
fn each_party_gets_its_own_findings_and_nothing_of_another() {
    let (_dossier, dir) = make(&["--per-aanbieder", "--per-gemeente"]);
    // An aanbieder isn't asked about a signal, which compares it with others.
    let aanbieders = controleer(&dir, "Aanbieder", |b| b["Ernst"] != "signaal");
    let gemeenten = controleer(&dir, "Gemeente", |_| true);
    assert!(aanbieders.len() > 3 && gemeenten.len() > 3, "{aanbieders:?} {gemeenten:?}");
    assert!(!dir.join("per-gemeente").join("brief.txt").exists());
    let brieven = files(&dir.join("per-aanbieder"), "-brief.txt");
    assert_eq!(brieven.len(), aanbieders.len());
}

#[test]
fn a_workbook_for_an_aanbieder_holds_no_verdict_and_no_path_of_ours() {
    let (_dossier, dir) = make(&["--per-aanbieder", "--per-gemeente"]);
    let kolommen = |kind: &str| {
        let path = files(&dir.join(kind), ".xlsx").remove(0);
        let rows = bevindingen(&cells(&path));
        rows[0].keys().cloned().collect::<BTreeSet<_>>()
    };
    let aanbieder = kolommen("per-aanbieder");
    for gone in ["Oordeel", "Opmerking", "Door", "Bestand", "Regel in bestand"] {
        assert!(!aanbieder.contains(gone), "{gone}");
    }
    assert!(aanbieder.contains("Reactie"));
    let gemeente = kolommen("per-gemeente");
    assert!(gemeente.contains("Oordeel") && !gemeente.contains("Bestand"), "{gemeente:?}");
}

#[test]
fn the_letter_states_what_is_fout_asks_about_the_rest_and_leaves_the_date_open() {
    let (_dossier, dir) = make(&["--per-aanbieder"]);
    let all = rows_of(&dir.join("bevindingen.csv"));
    for path in files(&dir.join("per-aanbieder"), "-brief.txt") {
        let text = std::fs::read_to_string(&path).unwrap();
        let agb = &path.file_name().unwrap().to_string_lossy()[..8];
        assert!(text.contains("graag uiterlijk op [datum]"), "{text}");
        assert!(text.contains(&format!("AGB-code {agb}")), "{text}");
        let (errors, questions) = match text.split_once("WAT WIJ U WILLEN VRAGEN") {
            Some((errors, questions)) => (errors, questions),
            None => (text.as_str(), ""),
        };
        for b in all.iter().filter(|b| b["Aanbieder"] == agb) {
            let code = format!("({}: ", b["Regel"]);
            match b["Ernst"].as_str() {
                "fout" => assert!(errors.contains(&code), "{agb} {code}"),
                "onzekerheid" => assert!(questions.contains(&code), "{agb} {code}"),
                _ => {}
            }
        }
        // No sentence is left without an end by an empty value, and nothing of the template shows.
        assert!(!text.contains("{{") && !text.contains("None") && !text.contains(" ,"), "{text}");
    }
}
