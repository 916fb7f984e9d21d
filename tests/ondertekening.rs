//! A rapport says on which day and by whom it was made, and who answers for it.

use crate::hulp::Dossier;
use crate::totalen::Workbook;
use std::fs;

const NAMES: &str = "[ondertekening]\nopsteller = \"A. Jansen\"\nreviewer = \"B. de Vries\"\n";

#[test]
fn page_workbook_manifest_and_summary_name_who_answers_for_the_rapport() {
    let dossier = Dossier::minimaal();
    dossier.write("controle.toml", NAMES);
    let before = chrono::Local::now().date_naive();
    assert_eq!(dossier.controleer(&[]).status, 0);
    let days = [before, chrono::Local::now().date_naive()];
    let days = days.map(|day| day.format("%d-%m-%Y").to_string());
    let dir = dossier.out().join("2023-ijsselland");
    let by = "door voorbeeld; opsteller A. Jansen; reviewer B. de Vries.";
    let page = fs::read_to_string(dir.join("rapport.html")).unwrap();
    assert!(days.iter().any(|day| page.contains(&format!("Gemaakt op {day} {by}"))));
    let book = Workbook::read(&dir.join("rapport.xlsx"));
    let made = book.row("Verantwoording", "Gemaakt op")[1].to_string();
    assert!(days.contains(&made), "{made}");
    assert_eq!(book.row("Verantwoording", "Uitgevoerd door")[1].to_string(), "voorbeeld");
    assert_eq!(book.row("Verantwoording", "Opsteller")[1].to_string(), "A. Jansen");
    assert_eq!(book.row("Verantwoording", "Reviewer")[1].to_string(), "B. de Vries");
    let manifest = fs::read_to_string(dir.join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["uitgevoerd"]["door"], "voorbeeld");
    for json in [manifest, dossier.samenvatting("2023-ijsselland")] {
        assert_eq!(json["ondertekening"]["opsteller"], "A. Jansen");
        assert_eq!(json["ondertekening"]["reviewer"], "B. de Vries");
    }
}

#[test]
fn who_is_not_named_is_told_to_be_missing_and_a_bsn_is_no_name() {
    let dossier = Dossier::minimaal();
    dossier.write("controle.toml", "[ondertekening]\nopsteller = \"999900006\"\n");
    assert_eq!(dossier.controleer(&[]).status, 0);
    let dir = dossier.out().join("2023-ijsselland");
    for name in ["rapport.html", "samenvatting.json", "manifest.json"] {
        assert!(!fs::read_to_string(dir.join(name)).unwrap().contains("999900006"), "{name}");
    }
    assert!(dossier.samenvatting("2023-ijsselland")["ondertekening"]["reviewer"].is_null());
    let book = Workbook::read(&dir.join("rapport.xlsx"));
    let told = book.row("Verantwoording", "Reviewer")[1].to_string();
    assert!(told.starts_with("niet genoemd"), "{told}");
    dossier.write("controle.toml", "[ondertekening]\ncontroleur = \"x\"\n");
    dossier.controleer(&["--overschrijf"]).refuses(2, &["controleur", "opsteller", "reviewer"]);
}
