//! `vergelijk`: what changed between two runs of the real program.

use crate::hulp::{Dossier, ProgramOutput, program, rows_of};
use std::path::Path;

fn compare(old: &Path, new: &Path, options: &[&str]) -> ProgramOutput {
    ProgramOutput::of(program().arg("vergelijk").arg(old).arg(new).args(options))
}

/// Two runs of one dossier: the second one without the toewijzing of R1 and R2, and with another
/// amount on R3.
fn two_rapporten(formats: &str) -> (Dossier, std::path::PathBuf, std::path::PathBuf) {
    let dossier = Dossier::minimaal();
    let (one, two) = (dossier.out().join("een"), dossier.out().join("twee"));
    let key = dossier.key();
    let options = ["--formaten", formats, "--sleutel", &key];
    assert_eq!(dossier.controleer_to(&one, &options).status, 0);
    let read = |name: &str| std::fs::read_to_string(dossier.dir().join(name)).unwrap();
    dossier.write("toewijzingen.csv", &read("toewijzingen.csv").replace("T1;", "T9;"));
    dossier.write("declaraties.csv", &read("declaraties.csv").replace("1,21;12,10", "1,21;13,10"));
    assert_eq!(dossier.controleer_to(&two, &options).status, 0);
    (dossier, one.join("2023-ijsselland"), two.join("2023-ijsselland"))
}

#[test]
fn what_is_new_is_counted_and_explains_the_total() {
    for formats in ["parquet,json", "csv,json"] {
        let (dossier, old, new) = two_rapporten(formats);
        let list = dossier.out().join("verschillen.csv");
        let outcome = compare(&old, &new, &["--uit", list.to_str().unwrap()]);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        // TW01 on R1 and R2 for 108 and 54 euros, TF02 on R3 for 1 euro.
        let text = &outcome.stdout;
        assert!(text.contains("€ 0,00 → € 163,00 (+ € 163,00)"), "{text}");
        assert!(
            text.contains("invoerbestanden: 0 erbij, 0 weg, 2 met een andere inhoud"),
            "{text}"
        );
        let rows = rows_of(&list);
        let of = |regel: &str| rows.iter().filter(|r| r["Regel"] == regel).count();
        assert_eq!((of("TW01"), of("TF02")), (2, 1), "{rows:?}");
        assert!(rows.iter().all(|r| r["Verandering"] == "nieuw"), "{rows:?}");
        // The other way round they are gone.
        let back = compare(&new, &old, &[]);
        assert!(back.stdout.contains("0 nieuw"), "{}", back.stdout);
        assert!(back.stdout.contains("(- € 163,00)"), "{}", back.stdout);
        let same = compare(&new, &new, &[]);
        assert!(same.stdout.contains("Fout: onveranderd € 163,00."), "{}", same.stdout);
    }
}

#[test]
fn the_first_screen_says_what_changed_since_the_last_rapport() {
    let (dossier, old, _) = two_rapporten("csv,json");
    let three = dossier.out().join("drie");
    let earlier = old.to_str().unwrap();
    let key = dossier.key();
    let outcome = dossier.controleer_to(&three, &["--sleutel", &key, "--vorige", earlier]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let dir = three.join("2023-ijsselland");
    let json: serde_json::Value =
        serde_json::from_slice(&std::fs::read(dir.join("samenvatting.json")).unwrap()).unwrap();
    let since = &json["sinds_vorige"];
    assert_eq!([&since["nieuw"], &since["vervallen"], &since["gewijzigd"]], [3, 0, 0]);
    assert_eq!(since["fout"], serde_json::json!([0, 16300]));
    assert_eq!(since["andere_sleutel"], false);
    let page = std::fs::read_to_string(dir.join("rapport.html")).unwrap();
    let said = page.split("id=\"sinds\"").nth(1).unwrap().split("</div>").next().unwrap();
    for words in [">3</data> bevindingen zijn nieuw", "<data value=\"16300\">", "2023-ijsselland"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    // The rapport that is compared with is read, so that none takes its place.
    let refused = dossier.controleer_to(
        old.parent().unwrap(),
        &["--sleutel", &key, "--vorige", earlier, "--overschrijf"],
    );
    refused.refuses(4, &["uit deze map leest deze opdracht zelf"]);
    let outcome = dossier.controleer_to(&dossier.out().join("vier"), &["--vorige", "er-is-niets"]);
    outcome.refuses(3, &["er-is-niets", "geen map van een rapport"]);
}

#[test]
fn a_folder_that_holds_no_rapport_is_refused() {
    let (_dossier, old, _) = two_rapporten("csv,json");
    let empty = tempfile::tempdir().unwrap();
    compare(&old, empty.path(), &[]).refuses(3, &["geen map van een rapport", "samenvatting.json"]);
    std::fs::write(old.join("samenvatting.json"), "{").unwrap();
    compare(&old, &old, &[]).refuses(3, &["samenvatting.json is beschadigd"]);
}

#[test]
fn json_of_a_received_rapport_is_refused_where_it_is_longer_than_any_of_ours() {
    let (_dossier, old, _) = two_rapporten("csv,json");
    for (name, command) in [
        ("samenvatting.json", "vergelijk"),
        ("manifest.json", "vergelijk"),
        ("manifest.json", "verifieer"),
    ] {
        let path = old.join(name);
        let whole = std::fs::read(&path).unwrap();
        // Without blocks on the disk.
        std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(300 << 20).unwrap();
        let mut run = program();
        run.arg(command).arg(&old);
        if command == "vergelijk" {
            run.arg(&old);
        }
        ProgramOutput::of(&mut run).refuses(3, &[name, "het is groter dan 256 MB"]);
        std::fs::write(&path, whole).unwrap();
    }
}
