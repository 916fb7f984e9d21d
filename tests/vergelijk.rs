//! `vergelijk`: what changed between two runs of the real program.

use crate::hulp::{Dossier, Uitkomst, programma, rijen_van};
use std::path::Path;

fn vergelijk(oud: &Path, nieuw: &Path, opties: &[&str]) -> Uitkomst {
    Uitkomst::van(programma().arg("vergelijk").arg(oud).arg(nieuw).args(opties))
}

/// Two runs of one dossier: the second one without the toewijzing of R1 and R2, and with another
/// amount on R3.
fn twee_rapporten(formaten: &str) -> (Dossier, std::path::PathBuf, std::path::PathBuf) {
    let dossier = Dossier::minimaal();
    let (een, twee) = (dossier.uit().join("een"), dossier.uit().join("twee"));
    let sleutel = dossier.sleutel();
    let opties = ["--formaten", formaten, "--sleutel", &sleutel];
    assert_eq!(dossier.controleer_naar(&een, &opties).status, 0);
    let lees = |naam: &str| std::fs::read_to_string(dossier.map().join(naam)).unwrap();
    dossier.schrijf("toewijzingen.csv", &lees("toewijzingen.csv").replace("T1;", "T9;"));
    dossier
        .schrijf("declaraties.csv", &lees("declaraties.csv").replace("1,21;12,10", "1,21;13,10"));
    assert_eq!(dossier.controleer_naar(&twee, &opties).status, 0);
    (dossier, een.join("2023-ijsselland"), twee.join("2023-ijsselland"))
}

#[test]
fn what_is_new_is_counted_and_explains_the_total() {
    for formaten in ["parquet,json", "csv,json"] {
        let (dossier, oud, nieuw) = twee_rapporten(formaten);
        let lijst = dossier.uit().join("verschillen.csv");
        let uitkomst = vergelijk(&oud, &nieuw, &["--uit", lijst.to_str().unwrap()]);
        assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
        // TW01 on R1 and R2 for 108 and 54 euros, TF02 on R3 for 1 euro.
        let tekst = &uitkomst.stdout;
        assert!(tekst.contains("€ 0,00 → € 163,00 (+ € 163,00)"), "{tekst}");
        assert!(
            tekst.contains("invoerbestanden: 0 erbij, 0 weg, 2 met een andere inhoud"),
            "{tekst}"
        );
        let rijen = rijen_van(&lijst);
        let van = |regel: &str| rijen.iter().filter(|r| r["Regel"] == regel).count();
        assert_eq!((van("TW01"), van("TF02")), (2, 1), "{rijen:?}");
        assert!(rijen.iter().all(|r| r["Verandering"] == "nieuw"), "{rijen:?}");
        // The other way round they are gone.
        let terug = vergelijk(&nieuw, &oud, &[]);
        assert!(terug.stdout.contains("0 nieuw"), "{}", terug.stdout);
        assert!(terug.stdout.contains("(- € 163,00)"), "{}", terug.stdout);
        let zelfde = vergelijk(&nieuw, &nieuw, &[]);
        assert!(zelfde.stdout.contains("Fout: onveranderd € 163,00."), "{}", zelfde.stdout);
    }
}

#[test]
fn a_folder_that_holds_no_rapport_is_refused() {
    let (_dossier, oud, _) = twee_rapporten("csv,json");
    let leeg = tempfile::tempdir().unwrap();
    vergelijk(&oud, leeg.path(), &[])
        .weigert(3, &["geen map van een rapport", "samenvatting.json"]);
    std::fs::write(oud.join("samenvatting.json"), "{").unwrap();
    vergelijk(&oud, &oud, &[]).weigert(3, &["samenvatting.json is beschadigd"]);
}
