//! What messages promise beyond status and place: Dutch, advice that works as written, no Bsn.

use crate::hulp::{Dossier, KOP, RIJEN, Uitkomst, VOORBEELD, programma, rijen_van};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const BSN: &str = "999900006";
const RAPPORT: &str = "2023-ijsselland";

/// The run stopped with this status and said all of this, in Dutch and without a Bsn.
#[track_caller]
fn stopt(uitkomst: &Uitkomst, status: i32, woorden: &[&str]) {
    uitkomst.weigert(status, woorden);
    assert_eq!(uitkomst.stdout, "");
    for engels in ["error", "expected", "invalid", " or ", "panicked"] {
        assert!(!uitkomst.stderr.contains(engels), "'{engels}' in:\n{}", uitkomst.stderr);
    }
    assert!(!uitkomst.stderr.contains(BSN), "a Bsn in:\n{}", uitkomst.stderr);
}

/// Three lawful lines, with one text of `declaraties.csv` replaced.
fn met_vervanging(van: &str, door: &str) -> Dossier {
    let dossier = Dossier::minimaal();
    let tekst = format!("{KOP}{RIJEN}");
    assert!(tekst.contains(van), "no {van} to replace");
    dossier.schrijf("declaraties.csv", &tekst.replace(van, door));
    dossier
}

/// Every file below a folder, by its path.
fn inhoud(map: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut uit = BTreeMap::new();
    for ding in fs::read_dir(map).unwrap() {
        let pad = ding.unwrap().path();
        if pad.is_dir() {
            uit.extend(inhoud(&pad));
        } else {
            uit.insert(pad.display().to_string(), fs::read(&pad).unwrap());
        }
    }
    uit
}

#[track_caller]
fn nergens(map: &Path, tekst: &str) {
    for (pad, bytes) in inhoud(map) {
        let bevat = bytes.windows(tekst.len()).any(|w| w == tekst.as_bytes());
        assert!(!bevat, "{tekst} in {pad}");
    }
}

#[test]
fn the_line_suggested_for_a_header_with_quotes_or_backslashes_can_be_read() {
    for kop in ["Ingediend\\Bedrag", "\"Ingediend \"\"Bedrag\"\"\"", "'Ingediend' bedrag (€)"] {
        let dossier = met_vervanging("IngediendBedrag", kop);
        let uitkomst = dossier.controleer(&[]);
        stopt(&uitkomst, 3, &["IngediendBedrag ontbreekt"]);
        let (_, regel) = uitkomst.stderr.split_once("[kolommen]: ").expect("a line to write");
        dossier.schrijf("controle.toml", &format!("[kolommen]\n{}\n", regel.trim_end()));
        let uitkomst = dossier.controleer(&[]);
        assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    }
}

#[test]
fn a_wrong_value_in_the_settings_is_said_in_dutch() {
    for (tekst, plaats, waarde) in [
        ("jaar = 2023\nniveau = \"week\"\n", "controle.toml, regel 2", "maand"),
        ("[bedragen]\n\neenheid = \"stuiver\"\n", "controle.toml, regel 3", "eurocent"),
        ("regio = \"ijsselland\"\njaar = \"2023\"\n", "controle.toml, regel 2", "2023"),
        ("jaar = 2023\nregio = \n", "controle.toml, regel 2", "regio"),
    ] {
        let dossier = Dossier::minimaal();
        dossier.schrijf("controle.toml", tekst);
        stopt(&dossier.controleer(&[]), 2, &[plaats, waarde]);
        dossier.schreef_niets();
    }
}

#[test]
fn settings_that_are_no_utf_8_are_refused_in_dutch() {
    let dossier = Dossier::minimaal();
    dossier.schrijf_bytes("controle.toml", b"# caf\xe9\njaar = 2023\n");
    let uitkomst = dossier.controleer(&[]);
    stopt(&uitkomst, 2, &["controle.toml", "UTF-8"]);
    assert!(!uitkomst.stderr.contains("stream did not"), "{}", uitkomst.stderr);
}

#[test]
fn an_unknown_regio_in_the_settings_names_their_file() {
    let dossier = Dossier::minimaal();
    dossier.schrijf("controle.toml", "jaar = 2023\nregio = \"ijseland\"\n");
    stopt(&dossier.controleer(&[]), 2, &["controle.toml", "'ijseland'", "ijsselland"]);
}

#[test]
fn an_option_given_twice_does_not_clash_with_itself() {
    let uitkomst = Dossier::minimaal().controleer(&["--draden", "1", "--draden", "2"]);
    stopt(&uitkomst, 2, &["--draden"]);
    assert!(!uitkomst.stderr.contains("kan niet samen met"), "{}", uitkomst.stderr);
}

#[test]
fn a_run_that_fails_leaves_the_rapport_that_it_would_replace() {
    let dossier = Dossier::minimaal();
    assert_eq!(dossier.controleer(&[]).status, 0);
    let eerst = inhoud(&dossier.uit());
    dossier.schrijf("declaraties.csv", "");
    stopt(&dossier.controleer(&["--overschrijf"]), 3, &["declaraties.csv"]);
    assert!(inhoud(&dossier.uit()) == eerst, "the old rapport was touched");
}

#[cfg(unix)]
#[test]
fn a_disk_that_fills_up_halfway_is_said_in_dutch_and_leaves_nothing() {
    for blokken in ["4", "16", "32", "64"] {
        let dossier = Dossier::minimaal();
        let mut sh = assert_cmd::Command::new("sh");
        sh.args(["-c", "ulimit -f $0; trap '' XFSZ; exec \"$@\"", blokken])
            .arg(programma().get_program())
            .args(["controleer", VOORBEELD, "--stil", "--uit"])
            .arg(dossier.uit());
        let uitkomst = Uitkomst::van(&mut sh);
        stopt(&uitkomst, 4, &["kan niet geschreven worden", "te groot"]);
        dossier.schreef_niets();
    }
}

#[test]
fn a_file_without_a_header_is_refused_without_showing_a_bsn() {
    let dossier = Dossier::minimaal();
    dossier.schrijf("declaraties.csv", RIJEN);
    stopt(&dossier.controleer(&[]), 3, &["declaraties.csv, regel 1", "ReferentieNummer ontbreekt"]);
}

#[test]
fn no_bsn_in_names_of_files_and_headers_is_written() {
    let dossier = Dossier::minimaal();
    fs::remove_file(dossier.map().join("declaraties.csv")).unwrap();
    let kop = KOP.replace("ProductTarief", &format!("Kind {BSN}"));
    let rijen = RIJEN.replace("T1;", &format!("{BSN};"));
    dossier.schrijf(&format!("declaraties {BSN}.csv"), &format!("{kop}{rijen}"));
    dossier.schrijf(&format!("notitie {BSN}.txt"), "zomaar iets");
    let uitkomst = dossier.controleer_met_samenvatting(&[]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    assert!(!uitkomst.stdout.contains(BSN), "{}", uitkomst.stdout);
    assert!(!uitkomst.stderr.contains(BSN), "{}", uitkomst.stderr);
    assert!(!dossier.bevindingen(RAPPORT).is_empty());
    nergens(&dossier.uit(), BSN);
}

#[test]
fn no_bsn_in_the_name_of_the_dossier_is_written() {
    let dossier = Dossier::minimaal();
    let map = dossier.map().join(format!("kind {BSN}"));
    fs::create_dir(&map).unwrap();
    for naam in ["declaraties.csv", "toewijzingen.csv", "aanbieders.csv"] {
        fs::copy(dossier.map().join(naam), map.join(naam)).unwrap();
    }
    let uitkomst = dossier.controleer_map(&map, &[]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    nergens(&dossier.uit(), BSN);
}

#[test]
fn a_bsn_that_can_not_be_read_is_not_shown() {
    for vorm in ["9999.00.006", "9999 00 006", "9999000060"] {
        let dossier = met_vervanging(
            "99000001;999900006;T1;45;45T01;2023-01-01",
            &format!("99000001;{vorm};T1;45;45T01;2023-01-01"),
        );
        let uitkomst = dossier.controleer(&["--max-afgekeurd", "100%"]);
        assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
        let fouten = rijen_van(&dossier.uit().join(RAPPORT).join("invoerfouten.csv"));
        assert_eq!((fouten.len(), fouten[0]["Kolom"].as_str()), (1, "Bsn"));
        nergens(&dossier.uit(), vorm);
    }
}

#[test]
fn no_bsn_is_left_in_the_text_of_a_parquet() {
    use polars_io::prelude::*;
    let dossier = met_vervanging("T1;", &format!("{BSN};"));
    let tekst = |opties: &[&str]| {
        assert_eq!(dossier.controleer(opties).status, 0);
        let bestand = fs::File::open(dossier.uit().join(RAPPORT).join("bevindingen.parquet"));
        let tabel = ParquetReader::new(bestand.unwrap()).finish().unwrap();
        let mut tekst = String::new();
        for naam in tabel.get_column_names() {
            if let Ok(kolom) = tabel.column(naam).unwrap().str() {
                kolom.iter().flatten().for_each(|waarde| tekst += &format!("{waarde}\n"));
            }
        }
        tekst
    };
    let gewoon = tekst(&[]);
    assert!(gewoon.contains("TW01") && !gewoon.contains(BSN), "{gewoon}");
    assert!(tekst(&["--bsn-tonen", "--overschrijf"]).contains(BSN));
}

#[test]
fn a_year_without_any_line_is_not_passed_off_as_a_clean_one() {
    let dossier = Dossier::minimaal();
    let uitkomst = dossier.controleer_met_samenvatting(&["--jaar", "2025"]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    for woord in
        ["geen enkele declaratieregel van 2025", "31-01-2023 en 28-02-2023", "niets getoetst"]
    {
        assert!(uitkomst.stdout.contains(woord), "no '{woord}' in:\n{}", uitkomst.stdout);
    }
}

#[test]
fn toewijzingen_without_a_row_are_told_before_all_lines_are_faulted_for_it() {
    let waarschuwt = |dossier: &Dossier| {
        let uitkomst = dossier.controleer_met_samenvatting(&["--overschrijf"]);
        assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
        uitkomst.stdout.contains("er is geen enkele toewijzing gelezen")
    };
    let dossier = Dossier::minimaal();
    assert!(!waarschuwt(&dossier));
    let gelezen = std::fs::read_to_string(dossier.map().join("toewijzingen.csv")).unwrap();
    let (kop, rijen) = gelezen.split_once('\n').unwrap();
    dossier.schrijf("toewijzingen.csv", kop);
    assert!(waarschuwt(&dossier));
    let rapport = dossier.uit().join("2023-ijsselland").join("rapport.html");
    let pagina = std::fs::read_to_string(rapport).unwrap();
    assert!(pagina.contains("er is geen enkele toewijzing gelezen"), "the page tells it too");
    dossier.schrijf("toewijzingen-2.csv", &format!("{kop}\n{rijen}"));
    assert!(!waarschuwt(&dossier), "another file has them");
}
