//! The ledger is put beside the live lines, and a difference is explained by the steps of the
//! Aansluiting that come to it exactly.

use crate::hulp::{Dossier, HEADER, ROWS};
use crate::totalen::Workbook;
use serde_json::Value;
use std::fs;

/// 162,00 euros of 0150 and 12,10 of 0193 live in 2023; beside them 10,00 of 2022 and 20,00 taken back, both of
/// 0150.
fn dossier() -> Dossier {
    let dossier = Dossier::minimaal();
    let header = HEADER.replace('\n', ";VorigReferentieNummer;DebetCredit\n");
    let rows = ROWS.replace('\n', ";;D\n");
    let more = "\
R4;2023-01-10;0150;99000001;999900006;T1;45;45T01;2022-12-01;2022-12-31;10;01;1,00;10,00;;D
R5;2023-04-10;0150;99000001;999900006;T1;45;45T01;2023-03-01;2023-03-31;20;01;1,00;20,00;;D
R6;2023-05-10;0150;99000001;999900006;T1;45;45T01;2023-03-01;2023-03-31;20;01;1,00;20,00;R5;C
";
    dossier.write("declaraties.csv", &format!("{header}{rows}{more}"));
    dossier
}

fn state(dossier: &Dossier, amounts: &str) {
    dossier.write(
        "controle.toml",
        &format!("[grootboek]\nbron = \"6.72.11, stand maart\"\n{amounts}"),
    );
}

/// What the summary says of the ledger.
fn run(dossier: &Dossier) -> Vec<Value> {
    let outcome = dossier.controleer(&["--overschrijf"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let ledger = dossier.samenvatting("2023-ijsselland")["grootboek"].clone();
    assert_eq!(ledger["bron"], "6.72.11, stand maart");
    ledger["regels"].as_array().unwrap().clone()
}

fn steps(row: &Value) -> Option<Vec<(&str, i64)>> {
    row["verklaard"].as_bool().unwrap().then(|| {
        let all = row["door"].as_array().unwrap().iter();
        all.map(|s| (s["stap"].as_str().unwrap(), s["bedrag"].as_i64().unwrap())).collect()
    })
}

#[test]
fn a_difference_is_explained_by_the_steps_that_come_to_it() {
    let dossier = dossier();
    for (booked, expected) in [
        ("174,10", Some(vec![])),
        ("184,10", Some(vec![("andere_jaren", 1_000)])),
        ("204,10", Some(vec![("andere_jaren", 1_000), ("teruggenomen", 2_000)])),
        ("175,00", None),
        ("170,00", None),
    ] {
        state(&dossier, &format!("bedrag = \"{booked}\"\n"));
        let rows = run(&dossier);
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0]["levend"], 17_410);
        assert_eq!(steps(&rows[0]), expected, "{booked}");
    }
}

#[test]
fn each_gemeente_has_its_own_steps_and_every_format_tells_them() {
    let dossier = dossier();
    state(
        &dossier,
        "bedrag = \"€ 184,10\"\n[grootboek.gemeenten]\n\"0150\" = \"172,00\"\n\"0193\" = \"22,10\"\n",
    );
    let rows = run(&dossier);
    let of: Vec<Option<&str>> = rows.iter().map(|r| r["gemeente"].as_str()).collect();
    assert_eq!(of, [None, Some("0150"), Some("0193")]);
    assert_eq!(steps(&rows[1]), Some(vec![("andere_jaren", 1_000)]));
    assert_eq!(steps(&rows[2]), None, "the line of 2022 is of another gemeente");
    let dir = dossier.out().join("2023-ijsselland");
    let book = Workbook::read(&dir.join("rapport.xlsx"));
    let row = book.row("Aansluiting", "Alle gemeenten");
    assert_eq!(row[7].to_string(), "verklaard door: van een ander leverjaar (€ 10,00)");
    let page = fs::read_to_string(dir.join("rapport.html")).unwrap();
    assert!(page.contains("verklaard door: van een ander leverjaar (€ 10,00)"));
    let screen = dossier.controleer_with_samenvatting(&["--overschrijf"]).stdout;
    let told = "Grootboek € 184,10, verschil € 10,00: verklaard door: van een ander leverjaar";
    assert!(screen.contains(told), "{screen}");
}

#[test]
fn what_is_wrong_with_a_ledger_names_its_line() {
    let dossier = dossier();
    for (amounts, words) in [
        ("", "[grootboek] noemt geen bedrag"),
        ("bedrag = \"1.234\"\n", "dubbelzinnig"),
        ("bedrag = \"veel\"\n", "veel"),
        ("[grootboek.gemeenten]\n\"150\" = \"1,00\"\n", "geen CBS-code"),
        ("bedragen = \"1,00\"\n", "bedragen"),
    ] {
        state(&dossier, amounts);
        dossier.controleer(&["--overschrijf"]).refuses(2, &["controle.toml, regel ", words]);
    }
    dossier.write("controle.toml", "[grootboek]\nbedrag = \"1,00\"\n");
    dossier.controleer(&["--overschrijf"]).refuses(2, &["bron"]);
}
