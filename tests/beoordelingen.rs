//! Verdicts on findings come back in the next run by their Ids.

use crate::hulp::{Bevinding, Dossier, fill_in_book, rows_of};
use serde_json::Value;
use std::path::PathBuf;

/// R1 and R2 without a toewijzing, for 108 and 54 euros, and R3 one euro above its tariff.
fn with_bevindingen() -> Dossier {
    let dossier = Dossier::minimaal();
    let read = |name: &str| std::fs::read_to_string(dossier.dir().join(name)).unwrap();
    dossier.write("toewijzingen.csv", &read("toewijzingen.csv").replace("T1;", "T9;"));
    dossier.write("declaraties.csv", &read("declaraties.csv").replace("1,21;12,10", "1,21;13,10"));
    dossier
}

/// Findings and summary of one more run.
fn controleer(dossier: &Dossier, options: &[&str]) -> (Vec<Bevinding>, Value, String) {
    let key = dossier.key();
    let mut all = vec!["--overschrijf"];
    if !options.contains(&"zonder sleutel") {
        all.extend(["--sleutel", &key]);
    }
    all.extend(options.iter().filter(|o| **o != "zonder sleutel"));
    let outcome = dossier.controleer_with_samenvatting(&all);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let rapport = "2023-ijsselland";
    (dossier.bevindingen(rapport), dossier.samenvatting(rapport), outcome.stdout)
}

fn rapport(dossier: &Dossier, name: &str) -> PathBuf {
    dossier.out().join("2023-ijsselland").join(name)
}

fn of<'b>(bevindingen: &'b [Bevinding], regel: &str, referentie: &str) -> &'b Bevinding {
    let fits = |b: &&Bevinding| b["Regel"] == regel && b["ReferentieNummer"] == referentie;
    bevindingen.iter().find(fits).expect("the finding is there")
}

/// Writes a workbook that somebody filled in: the sheets of the rapport with these verdicts.
fn fill_in(dossier: &Dossier, oordelen: &[(&str, &str)]) {
    let to = dossier.dir().join("beoordelingen.xlsx");
    fill_in_book(&rapport(dossier, "rapport.xlsx"), &to, "Oordeel", oordelen);
}

#[test]
fn verdicts_in_a_filled_in_rapport_come_back_and_leave_what_is_open() {
    let dossier = with_bevindingen();
    let (earlier, json, _) = controleer(&dossier, &[]);
    assert_eq!(json["totalen"]["fout"], 16300);
    assert_eq!(json["totalen"]["open"]["fout"], 16300);
    let (one, three) =
        (of(&earlier, "TW01", "R1")["Id"].clone(), of(&earlier, "TF02", "R3")["Id"].clone());
    fill_in(&dossier, &[(&one, "terugvorderen"), (&three, "Akkoord")]);

    let (now, json, terminal) = controleer(&dossier, &[]);
    assert_eq!(of(&now, "TW01", "R1")["Oordeel"], "terugvorderen");
    assert_eq!(of(&now, "TF02", "R3")["Oordeel"], "akkoord");
    assert_eq!(of(&now, "TW01", "R2")["Oordeel"], "");
    // The totals stand; what is open is only R2.
    assert_eq!(json["totalen"]["fout"], 16300);
    assert_eq!(json["totalen"]["open"]["fout"], 5400);
    assert_eq!(json["totalen"]["open"]["bevindingen"], earlier.len() - 2);
    assert_eq!(json["oordelen"]["bevindingen"]["terugvorderen"]["bedrag_in_geding"], 10800);
    assert_eq!(json["oordelen"]["niet_overgenomen"].as_array().unwrap().len(), 0);
    let aanbieder = &json["aanbieders"][0];
    assert_eq!(
        (aanbieder["fout"].as_i64(), aanbieder["open_fout"].as_i64()),
        (Some(16300), Some(5400))
    );
    assert!(terminal.contains("Nog open: fout € 54,00"), "{terminal}");
    let page = std::fs::read_to_string(rapport(&dossier, "rapport.html")).unwrap();
    assert!(page.contains("hebben een oordeel"), "the page tells what was judged");

    // Filled in or not, the rapport of the second run can be handed in again as it is.
    std::fs::copy(rapport(&dossier, "rapport.xlsx"), dossier.dir().join("beoordelingen.xlsx"))
        .unwrap();
    let (weer, json, _) = controleer(&dossier, &[]);
    assert_eq!(weer, now);
    assert_eq!(json["totalen"]["open"]["fout"], 5400);
}

#[test]
fn a_verdict_on_a_finding_that_changed_or_vanished_is_told_and_settles_nothing() {
    let dossier = with_bevindingen();
    let (earlier, ..) = controleer(&dossier, &[]);
    // The findings as they were, judged in the csv of the rapport itself.
    let csv = std::fs::read_to_string(rapport(&dossier, "bevindingen.csv")).unwrap();
    let beoordeeld: Vec<String> = csv
        .lines()
        .enumerate()
        .map(|(i, regel)| if i == 0 { regel.to_owned() } else { format!("{regel}akkoord") })
        .collect();
    dossier.write("beoordelingen.csv", &beoordeeld.join("\r\n"));
    let declaraties = std::fs::read_to_string(dossier.dir().join("declaraties.csv")).unwrap();
    // R1 has another amount, R3 its right one.
    dossier.write(
        "declaraties.csv",
        &declaraties.replace("100;01;1,08;108,00", "90;01;1,08;97,20").replace("13,10", "12,10"),
    );
    let (now, json, terminal) = controleer(&dossier, &[]);
    let id = |b: &Bevinding| b["Id"].clone();
    assert_eq!(id(of(&now, "TW01", "R1")), id(of(&earlier, "TW01", "R1")));
    assert_eq!(of(&now, "TW01", "R1")["Oordeel"], "");
    assert_eq!(of(&now, "TW01", "R2")["Oordeel"], "akkoord");
    assert_eq!(json["totalen"]["open"]["fout"], 9720);
    let not: Vec<(&str, &str)> = json["oordelen"]["niet_overgenomen"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| (o["id"].as_str().unwrap(), o["waarom"].as_str().unwrap()))
        .collect();
    let (one, three) = (id(of(&earlier, "TW01", "R1")), id(of(&earlier, "TF02", "R3")));
    assert!(not.contains(&(one.as_str(), "gewijzigd")), "{not:?}");
    assert!(not.contains(&(three.as_str(), "vervallen")), "{not:?}");
    assert!(terminal.contains("die staat weer open"), "{terminal}");
    assert!(terminal.contains("een bevinding die niet meer voorkomt"), "{terminal}");
}

#[test]
fn the_latest_verdict_counts_and_two_of_one_day_that_differ_count_for_nothing() {
    let dossier = with_bevindingen();
    let (earlier, ..) = controleer(&dossier, &[]);
    let id = |regel: &str, nummer: &str| of(&earlier, regel, nummer)["Id"].clone();
    let (one, two, three) = (id("TW01", "R1"), id("TW01", "R2"), id("TF02", "R3"));
    dossier.write(
        "beoordelingen.csv",
        &format!(
            "Id;Oordeel;Opmerking;Door;Datum\n\
             {one};nader-onderzoek;;Anna;01-02-2024\n\
             {one};niet-verwijtbaar;storing bij de gemeente;Bert;01-03-2024\n\
             {two};akkoord;;;\n{two};terugvorderen;;;\n{three};;;;\n"
        ),
    );
    let (now, json, terminal) = controleer(&dossier, &[]);
    assert_eq!(of(&now, "TW01", "R1")["Oordeel"], "niet-verwijtbaar");
    assert_eq!(of(&now, "TW01", "R2")["Oordeel"], "");
    assert_eq!(json["oordelen"]["niet_overgenomen"][0]["waarom"], "tegenstrijdig");
    assert!(terminal.contains("zonder te kunnen zien of de bevinding is gewijzigd"), "{terminal}");
    let page = std::fs::read_to_string(rapport(&dossier, "rapport.html")).unwrap();
    assert!(page.contains("Bert, 01-03-2024: storing bij de gemeente"));
}

#[test]
fn a_verdict_that_cannot_be_read_is_refused_and_named() {
    let dossier = with_bevindingen();
    let (earlier, ..) = controleer(&dossier, &[]);
    let id = of(&earlier, "TW01", "R1")["Id"].clone();
    dossier.write("beoordelingen.csv", &format!("Id;Oordeel\n{id};goed\nTW01;akkoord\n"));
    controleer(&dossier, &["--max-afgekeurd", "100%"]);
    let errors = rows_of(&rapport(&dossier, "invoerfouten.csv"));
    let from: Vec<_> = errors.iter().map(|f| (f["Kolom"].as_str(), f["Waarde"].as_str())).collect();
    assert_eq!(from, [("Oordeel", "goed"), ("Id", "TW01")]);
}

#[test]
fn without_a_lasting_key_a_verdict_about_a_jeugdige_is_refused_with_that_reason() {
    let dossier = Dossier::empty();
    let source = std::path::Path::new(crate::hulp::VOORBEELD);
    for thing in std::fs::read_dir(source).unwrap() {
        let path = thing.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, dossier.dir().join(path.file_name().unwrap())).unwrap();
        }
    }
    let (earlier, ..) = controleer(&dossier, &["zonder sleutel"]);
    let over_jeugdige = |b: &&Bevinding| {
        !b["Jeugdige"].is_empty()
            && b["ToewijzingNummer"].is_empty()
            && b["ReferentieNummer"].is_empty()
    };
    let id = earlier.iter().find(over_jeugdige).expect("the sample has one")["Id"].clone();
    let regel = earlier.iter().find(|b| b["Regel"] == "TW01").unwrap()["Id"].clone();
    dossier.write("beoordelingen.csv", &format!("Id;Oordeel\n{id};akkoord\n{regel};akkoord\n"));
    let (now, json, terminal) = controleer(&dossier, &["zonder sleutel"]);
    let not = json["oordelen"]["niet_overgenomen"].as_array().unwrap();
    assert_eq!((not.len(), not[0]["waarom"].as_str()), (1, Some("zonder_sleutel")));
    assert!(terminal.contains("geef elke keer dezelfde --sleutel"), "{terminal}");
    assert_eq!(now.iter().filter(|b| b["Oordeel"] == "akkoord").count(), 1);
}
