//! Verdicts on findings come back in the next run by their Ids.

use crate::hulp::{Bevinding, Dossier, rijen_van};
use rust_xlsxwriter::Workbook;
use serde_json::Value;
use std::path::PathBuf;

/// R1 and R2 without a toewijzing, for 108 and 54 euros, and R3 one euro above its tariff.
fn met_bevindingen() -> Dossier {
    let dossier = Dossier::minimaal();
    let lees = |naam: &str| std::fs::read_to_string(dossier.map().join(naam)).unwrap();
    dossier.schrijf("toewijzingen.csv", &lees("toewijzingen.csv").replace("T1;", "T9;"));
    dossier
        .schrijf("declaraties.csv", &lees("declaraties.csv").replace("1,21;12,10", "1,21;13,10"));
    dossier
}

/// Findings and summary of one more run.
fn controleer(dossier: &Dossier, opties: &[&str]) -> (Vec<Bevinding>, Value, String) {
    let sleutel = dossier.sleutel();
    let mut alle = vec!["--overschrijf"];
    if !opties.contains(&"zonder sleutel") {
        alle.extend(["--sleutel", &sleutel]);
    }
    alle.extend(opties.iter().filter(|o| **o != "zonder sleutel"));
    let uitkomst = dossier.controleer_met_samenvatting(&alle);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    let rapport = "2023-ijsselland";
    (dossier.bevindingen(rapport), dossier.samenvatting(rapport), uitkomst.stdout)
}

fn rapport(dossier: &Dossier, naam: &str) -> PathBuf {
    dossier.uit().join("2023-ijsselland").join(naam)
}

fn van<'b>(bevindingen: &'b [Bevinding], regel: &str, referentie: &str) -> &'b Bevinding {
    let past = |b: &&Bevinding| b["Regel"] == regel && b["ReferentieNummer"] == referentie;
    bevindingen.iter().find(past).expect("the finding is there")
}

/// Writes a workbook that somebody filled in: the sheets of the rapport with these verdicts.
fn vul_in(dossier: &Dossier, oordelen: &[(&str, &str)]) {
    use calamine::{Data, Reader, Xlsx, open_workbook};
    let mut bron: Xlsx<_> = open_workbook(rapport(dossier, "rapport.xlsx")).unwrap();
    let mut boek = Workbook::new();
    for (naam, blad) in bron.worksheets() {
        let doel = boek.add_worksheet();
        doel.set_name(naam).unwrap();
        let mut plaatsen = None;
        for (r, rij) in blad.rows().enumerate() {
            let tekst = |k: usize| rij[k].to_string();
            for (k, cel) in rij.iter().enumerate() {
                let (r, k) = (r as u32, k as u16);
                match cel {
                    Data::Empty => {}
                    Data::Float(n) => {
                        doel.write(r, k, *n).unwrap();
                    }
                    ander => {
                        doel.write(r, k, ander.to_string()).unwrap();
                    }
                }
            }
            let kop = |kop: &str| (0..rij.len()).find(|k| tekst(*k) == kop);
            if let (Some(id), Some(oordeel)) = (kop("Id"), kop("Oordeel")) {
                plaatsen = Some((id, oordeel));
            } else if let Some((id, plaats)) = plaatsen {
                for (_, oordeel) in oordelen.iter().filter(|(van, _)| *van == tekst(id)) {
                    doel.write(r as u32, plaats as u16, *oordeel).unwrap();
                }
            }
        }
    }
    boek.save(dossier.map().join("beoordelingen.xlsx")).unwrap();
}

#[test]
fn verdicts_in_a_filled_in_rapport_come_back_and_leave_what_is_open() {
    let dossier = met_bevindingen();
    let (toen, json, _) = controleer(&dossier, &[]);
    assert_eq!(json["totalen"]["fout"], 16300);
    assert_eq!(json["totalen"]["open"]["fout"], 16300);
    let (een, drie) =
        (van(&toen, "TW01", "R1")["Id"].clone(), van(&toen, "TF02", "R3")["Id"].clone());
    vul_in(&dossier, &[(&een, "terugvorderen"), (&drie, "Akkoord")]);

    let (nu, json, terminal) = controleer(&dossier, &[]);
    assert_eq!(van(&nu, "TW01", "R1")["Oordeel"], "terugvorderen");
    assert_eq!(van(&nu, "TF02", "R3")["Oordeel"], "akkoord");
    assert_eq!(van(&nu, "TW01", "R2")["Oordeel"], "");
    // The totals stand; what is open is only R2.
    assert_eq!(json["totalen"]["fout"], 16300);
    assert_eq!(json["totalen"]["open"]["fout"], 5400);
    assert_eq!(json["totalen"]["open"]["bevindingen"], toen.len() - 2);
    assert_eq!(json["oordelen"]["bevindingen"]["terugvorderen"]["bedrag_in_geding"], 10800);
    assert_eq!(json["oordelen"]["niet_overgenomen"].as_array().unwrap().len(), 0);
    let aanbieder = &json["aanbieders"][0];
    assert_eq!(
        (aanbieder["fout"].as_i64(), aanbieder["open_fout"].as_i64()),
        (Some(16300), Some(5400))
    );
    assert!(terminal.contains("Nog open: fout € 54,00"), "{terminal}");
    let pagina = std::fs::read_to_string(rapport(&dossier, "rapport.html")).unwrap();
    assert!(pagina.contains("hebben een oordeel"), "the page tells what was judged");

    // Filled in or not, the rapport of the second run can be handed in again as it is.
    std::fs::copy(rapport(&dossier, "rapport.xlsx"), dossier.map().join("beoordelingen.xlsx"))
        .unwrap();
    let (weer, json, _) = controleer(&dossier, &[]);
    assert_eq!(weer, nu);
    assert_eq!(json["totalen"]["open"]["fout"], 5400);
}

#[test]
fn a_verdict_on_a_finding_that_changed_or_vanished_is_told_and_settles_nothing() {
    let dossier = met_bevindingen();
    let (toen, ..) = controleer(&dossier, &[]);
    // The findings as they were, judged in the csv of the rapport itself.
    let csv = std::fs::read_to_string(rapport(&dossier, "bevindingen.csv")).unwrap();
    let beoordeeld: Vec<String> = csv
        .lines()
        .enumerate()
        .map(|(i, regel)| if i == 0 { regel.to_owned() } else { format!("{regel}akkoord") })
        .collect();
    dossier.schrijf("beoordelingen.csv", &beoordeeld.join("\r\n"));
    let declaraties = std::fs::read_to_string(dossier.map().join("declaraties.csv")).unwrap();
    // R1 has another amount, R3 its right one.
    dossier.schrijf(
        "declaraties.csv",
        &declaraties.replace("100;01;1,08;108,00", "90;01;1,08;97,20").replace("13,10", "12,10"),
    );
    let (nu, json, terminal) = controleer(&dossier, &[]);
    let id = |b: &Bevinding| b["Id"].clone();
    assert_eq!(id(van(&nu, "TW01", "R1")), id(van(&toen, "TW01", "R1")));
    assert_eq!(van(&nu, "TW01", "R1")["Oordeel"], "");
    assert_eq!(van(&nu, "TW01", "R2")["Oordeel"], "akkoord");
    assert_eq!(json["totalen"]["open"]["fout"], 9720);
    let niet: Vec<(&str, &str)> = json["oordelen"]["niet_overgenomen"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| (o["id"].as_str().unwrap(), o["waarom"].as_str().unwrap()))
        .collect();
    let (een, drie) = (id(van(&toen, "TW01", "R1")), id(van(&toen, "TF02", "R3")));
    assert!(niet.contains(&(een.as_str(), "gewijzigd")), "{niet:?}");
    assert!(niet.contains(&(drie.as_str(), "vervallen")), "{niet:?}");
    assert!(terminal.contains("die staat weer open"), "{terminal}");
    assert!(terminal.contains("een bevinding die niet meer voorkomt"), "{terminal}");
}

#[test]
fn the_latest_verdict_counts_and_two_of_one_day_that_differ_count_for_nothing() {
    let dossier = met_bevindingen();
    let (toen, ..) = controleer(&dossier, &[]);
    let id = |regel: &str, nummer: &str| van(&toen, regel, nummer)["Id"].clone();
    let (een, twee, drie) = (id("TW01", "R1"), id("TW01", "R2"), id("TF02", "R3"));
    dossier.schrijf(
        "beoordelingen.csv",
        &format!(
            "Id;Oordeel;Opmerking;Door;Datum\n\
             {een};nader-onderzoek;;Anna;01-02-2024\n\
             {een};niet-verwijtbaar;storing bij de gemeente;Bert;01-03-2024\n\
             {twee};akkoord;;;\n{twee};terugvorderen;;;\n{drie};;;;\n"
        ),
    );
    let (nu, json, terminal) = controleer(&dossier, &[]);
    assert_eq!(van(&nu, "TW01", "R1")["Oordeel"], "niet-verwijtbaar");
    assert_eq!(van(&nu, "TW01", "R2")["Oordeel"], "");
    assert_eq!(json["oordelen"]["niet_overgenomen"][0]["waarom"], "tegenstrijdig");
    assert!(terminal.contains("zonder te kunnen zien of de bevinding is gewijzigd"), "{terminal}");
    let pagina = std::fs::read_to_string(rapport(&dossier, "rapport.html")).unwrap();
    assert!(pagina.contains("Bert, 01-03-2024: storing bij de gemeente"));
}

#[test]
fn a_verdict_that_cannot_be_read_is_refused_and_named() {
    let dossier = met_bevindingen();
    let (toen, ..) = controleer(&dossier, &[]);
    let id = van(&toen, "TW01", "R1")["Id"].clone();
    dossier.schrijf("beoordelingen.csv", &format!("Id;Oordeel\n{id};goed\nTW01;akkoord\n"));
    controleer(&dossier, &["--max-afgekeurd", "100%"]);
    let fouten = rijen_van(&rapport(&dossier, "invoerfouten.csv"));
    let van: Vec<_> = fouten.iter().map(|f| (f["Kolom"].as_str(), f["Waarde"].as_str())).collect();
    assert_eq!(van, [("Oordeel", "goed"), ("Id", "TW01")]);
}

#[test]
fn without_a_lasting_key_a_verdict_about_a_jeugdige_is_refused_with_that_reason() {
    let dossier = Dossier::leeg();
    let bron = std::path::Path::new(crate::hulp::VOORBEELD);
    for ding in std::fs::read_dir(bron).unwrap() {
        let pad = ding.unwrap().path();
        if pad.is_file() {
            std::fs::copy(&pad, dossier.map().join(pad.file_name().unwrap())).unwrap();
        }
    }
    let (toen, ..) = controleer(&dossier, &["zonder sleutel"]);
    let over_jeugdige = |b: &&Bevinding| {
        !b["Jeugdige"].is_empty()
            && b["ToewijzingNummer"].is_empty()
            && b["ReferentieNummer"].is_empty()
    };
    let id = toen.iter().find(over_jeugdige).expect("the sample has one")["Id"].clone();
    let regel = toen.iter().find(|b| b["Regel"] == "TW01").unwrap()["Id"].clone();
    dossier.schrijf("beoordelingen.csv", &format!("Id;Oordeel\n{id};akkoord\n{regel};akkoord\n"));
    let (nu, json, terminal) = controleer(&dossier, &["zonder sleutel"]);
    let niet = json["oordelen"]["niet_overgenomen"].as_array().unwrap();
    assert_eq!((niet.len(), niet[0]["waarom"].as_str()), (1, Some("zonder_sleutel")));
    assert!(terminal.contains("geef elke keer dezelfde --sleutel"), "{terminal}");
    assert_eq!(nu.iter().filter(|b| b["Oordeel"] == "akkoord").count(), 1);
}
