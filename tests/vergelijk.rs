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
fn a_folder_that_holds_no_rapport_is_refused() {
    let (_dossier, old, _) = two_rapporten("csv,json");
    let empty = tempfile::tempdir().unwrap();
    compare(&old, empty.path(), &[]).refuses(3, &["geen map van een rapport", "samenvatting.json"]);
    std::fs::write(old.join("samenvatting.json"), "{").unwrap();
    compare(&old, &old, &[]).refuses(3, &["samenvatting.json is beschadigd"]);
}
