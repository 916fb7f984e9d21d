//! A value that can't be read in a small table is unknown, not empty: what rests on it isn't tested, for
//! that reason.

use crate::hulp::{Dossier, VOORBEELD};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Of a ruleset's sample the table, the column, and rules that take something from it.
const CASES: &[(&str, &str, &str, &[&str])] = &[
    ("ijsselland", "aanbieders", "Perceel", &["SG02", "TF01", "TF03", "TF04", "TF07", "TF11"]),
    ("ijsselland", "aanbieders", "Percelen", &["TF03", "TF11"]),
    ("ijsselland", "aanbieders", "Voorzieningen", &["TF06"]),
    ("ijsselland", "aanbieders", "KdcOdc", &["DZ02", "GR01"]),
    ("ijsselland", "aanbieders", "CrisisContract", &["CR02"]),
    ("ijsselland", "aanbieders", "LandelijkeOmzet", &["PV04", "TF07", "TF11"]),
    ("ijsselland", "aanbieders", "ContractBegin", &["CT01"]),
    ("ijsselland", "aanbieders", "ContractEinde", &["CT01"]),
    ("ijsselland", "aanbieders", "FinaleKwijting", &["CT02"]),
    ("ijsselland", "aanbieders", "Penvoerder", &["CT04"]),
    ("ijsselland", "producten", "Tariefsleutel", &["TF01", "WV04"]),
    ("ijsselland", "producten", "Vorm", &["WV04"]),
    ("ijsselland", "productieverantwoording", "ProductCategorie", &["PV01", "PV02", "PV03"]),
    ("ijsselland", "productieverantwoording", "ProductCode", &["PV01", "PV02", "PV03", "PV08"]),
    ("ijsselland", "productieverantwoording", "AantalJeugdigen", &["PV03"]),
    ("ijsselland", "productieverantwoording", "Status", &["PV01", "PV02", "PV04", "PV07", "PV08"]),
    ("ijsselland", "productieverantwoording", "Ontvangen", &["PV07", "PV08"]),
    ("zeeland", "aanbieders", "Perceel", &["ZL10"]),
    ("zeeland", "aanbieders", "Percelen", &["ZL10"]),
    ("zeeland", "afspraken", "Einddatum", &["ZL02", "ZL03", "ZL04", "ZL13"]),
    ("zeeland", "afspraken", "Soort", &["ZL03"]),
    ("zeeland", "afspraken", "MaxGroepsgrootte", &["ZL04", "ZL13"]),
    ("zeeland", "afspraken", "Naam", &["ZL13"]),
    ("zeeland", "maatwerk", "Einddatum", &["ZM03"]),
    ("zeeland", "producten", "Perceel", &["ZL10", "ZL12"]),
    ("zeeland", "producten", "Tariefsleutel", &["TF01", "ZM01"]),
    ("zeeland", "tarieven", "Aanbieder", &["TF01"]),
    ("zeeland", "tarieven", "Perceel", &["TF01"]),
];

/// The sample dossier of a ruleset.
fn sample(regio: &str) -> (Dossier, String) {
    let sample = PathBuf::from(VOORBEELD);
    let from = if regio == "ijsselland" { sample } else { sample.join(regio) };
    let dossier = Dossier::empty();
    for thing in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        if thing.path().is_file() {
            let name = thing.file_name().into_string().unwrap();
            dossier.write_bytes(&name, &std::fs::read(thing.path()).unwrap());
        }
    }
    (dossier, format!("2023-{regio}"))
}

/// Every value of a column made one that can't be read.
fn spoil(text: &str, kolom: &str) -> String {
    let mut rows = text.trim_start_matches('\u{feff}').lines();
    let header = rows.next().unwrap();
    let place = header.split(';').position(|name| name == kolom);
    let place = place.unwrap_or_else(|| panic!("no column {kolom} in {header}"));
    let mut out = format!("{header}\n");
    for row in rows {
        let mut cells: Vec<&str> = row.split(';').collect();
        cells[place] = "#VERW!";
        out += &format!("{}\n", cells.join(";"));
    }
    out
}

/// What was found by a rule, without the numbers of jeugdigen, which differ from run to run.
fn found(dossier: &Dossier, rapport: &str, rule: &str) -> BTreeSet<String> {
    let of_rule = dossier.bevindingen(rapport).into_iter().filter(|b| b["Regel"] == rule);
    of_rule
        .map(|b| format!("{} {} {}", b["Aanbieder"], b["ReferentieNummer"], b["ToewijzingNummer"]))
        .collect()
}

#[test]
fn what_rests_on_an_unreadable_cell_of_a_small_table_is_not_tested() {
    for regio in ["ijsselland", "zeeland"] {
        let (plain, rapport) = sample(regio);
        assert_eq!(plain.controleer(&[]).status, 0);
        for (_, table, kolom, rules) in CASES.iter().filter(|case| case.0 == regio) {
            let (dossier, _) = sample(regio);
            let name = format!("{table}.csv");
            let text = std::fs::read_to_string(dossier.dir().join(&name)).unwrap();
            dossier.write(&name, &spoil(&text, kolom));
            let output = dossier.controleer(&["--toch", "--formaten", "csv,json"]);
            assert_eq!(output.status, 0, "{table} {kolom}: {}", output.stderr);
            let summary = dossier.samenvatting(&rapport);
            for rule in *rules {
                let all = summary["regels"].as_array().unwrap();
                let of_rule = all.iter().find(|r| r["regel"] == **rule).unwrap();
                let reasons = of_rule["niet_getoetst"].to_string();
                let reason = format!("{kolom} is onleesbaar");
                assert!(reasons.contains(&reason), "{table} {kolom}: {rule}: {reasons}");
                let [now, before] = [&dossier, &plain].map(|d| found(d, &rapport, rule));
                assert!(now.is_subset(&before), "{table} {kolom}: {rule}: {now:?}");
            }
        }
    }
}

/// Columns of texts and codes by which rows are told apart or found, of files that begin so.
const KEYS: &[(&str, &str)] = &[
    ("declaraties", "VorigReferentieNummer"),
    ("declaraties", "ToewijzingNummer"),
    ("declaraties", "Functie"),
    ("declaraties", "Hulpverlener"),
    ("declaraties", "Groep"),
    ("toewijzingen", "ProductCategorie"),
    ("toewijzingen", "ProductCode"),
    ("toewijzingen", "Verwijzer"),
    ("toewijzingen", "RedenWijziging"),
    ("productieverantwoording", "ProductCategorie"),
    ("productieverantwoording", "ProductCode"),
    ("producten", "Tariefsleutel"),
    ("startstop", "RedenBeeindiging"),
    ("aanbieders", "Voorzieningen"),
    ("aanbieders", "Penvoerder"),
];

/// The sample with something in the first empty cells of a column, and in how many.
fn filled_in(table: &str, kolom: &str, words: &[&str]) -> (Dossier, usize) {
    const MOST: usize = 25;
    let (dossier, _) = sample("ijsselland");
    let mut count = 0;
    for thing in std::fs::read_dir(dossier.dir()).unwrap().map(Result::unwrap) {
        let name = thing.file_name().into_string().unwrap();
        if !name.starts_with(table) {
            continue;
        }
        let text = std::fs::read_to_string(thing.path()).unwrap();
        let mut rows = text.trim_start_matches('\u{feff}').lines();
        let header = rows.next().unwrap();
        let place = header.split(';').position(|name| name == kolom).unwrap();
        let (mut out, mut words) = (format!("{header}\n"), words.iter().cycle().take(MOST));
        for row in rows {
            let mut cells: Vec<&str> = row.split(';').collect();
            if cells[place].is_empty()
                && let Some(word) = words.next()
            {
                cells[place] = word;
                count += 1;
            }
            out += &format!("{}\n", cells.join(";"));
        }
        dossier.write(&name, &out);
    }
    (dossier, count)
}

fn all_found(dossier: &Dossier) -> BTreeSet<[String; 5]> {
    let output = dossier.controleer(&["--toch", "--formaten", "csv,json"]);
    assert_eq!(output.status, 0, "{}", output.stderr);
    let keys = ["Regel", "Aanbieder", "Gemeente", "ReferentieNummer", "ToewijzingNummer"];
    let rows = dossier.bevindingen("2023-ijsselland").into_iter();
    rows.map(|row| keys.map(|key| row[key].clone())).collect()
}

#[test]
fn a_word_for_nothing_is_no_number_and_no_code() {
    let plain = all_found(&sample("ijsselland").0);
    for (table, kolom) in KEYS {
        let empty = ["NaN", "None", "<NA>", "N/A", "NA", "(leeg)", "geen", "nvt", "NULL", "-"];
        let found = all_found(&filled_in(table, kolom, &empty).0);
        assert!(found == plain, "{table} {kolom}: {:?}", found.symmetric_difference(&plain));
    }
}

#[test]
fn a_nought_or_a_word_for_what_is_not_known_makes_no_finding() {
    let plain = all_found(&sample("ijsselland").0);
    for (table, kolom) in KEYS {
        let (dossier, count) =
            filled_in(table, kolom, &["0", "onbekend", "00", "?", "0.0", "#WAARDE!"]);
        let found = all_found(&dossier);
        let new: Vec<_> = found.difference(&plain).collect();
        if *kolom == "Functie" {
            // That it is none of the contract's is what a rule is for.
            assert!(!new.is_empty() && new.iter().all(|row| row[0] == "TF08"), "{new:?}");
            continue;
        }
        assert!(new.is_empty(), "{table} {kolom}: {new:?}");
        let errors = dossier.out().join("2023-ijsselland").join("invoerfouten.csv");
        let said = std::fs::read_to_string(errors).unwrap();
        assert!(count == 0 || said.contains(kolom), "{table} {kolom}");
    }
}

#[test]
fn voorzieningen_are_tariefsleutels_between_bars_commas_or_semicolons() {
    let plain = all_found(&sample("ijsselland").0);
    let (dossier, _) = sample("ijsselland");
    let text = std::fs::read_to_string(dossier.dir().join("aanbieders.csv")).unwrap();
    assert!(text.contains('|'));
    dossier.write("aanbieders.csv", &text.replace('|', ", "));
    assert_eq!(all_found(&dossier), plain);
    for word in ["Ja", "1", "alles van TG1"] {
        let found = all_found(&filled_in("aanbieders", "Voorzieningen", &[word]).0);
        assert!(found.is_subset(&plain), "{word}");
    }
}
