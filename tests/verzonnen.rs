//! `rechtmatig voorbeeld`: what it makes is lawful but for what it says, and the same every time.

use crate::hulp::{Bevinding, Dossier, Uitkomst, programma, rijen_van};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const RAPPORT: &str = "2023-ijsselland";
const GEPLANT: &str = "leesmij_geplant.csv";
/// What messages can't carry.
const NIET_IN_BERICHTEN: [&str; 10] = [
    "NoShow",
    "NoShowMinuten",
    "AfspraakMinuten",
    "ReistijdMinuten",
    "Gesprekken",
    "Functie",
    "Hulpverlener",
    "Verwijzer",
    "Budgetsoort",
    "Bijzonderheid",
];

fn voorbeeld(map: &Path, opties: &[&str]) -> Uitkomst {
    Uitkomst::van(programma().arg("voorbeeld").arg(map).args(opties))
}

/// A made-up dossier in a folder that goes when the test ends.
fn verzonnen(opties: &[&str]) -> Dossier {
    let dossier = Dossier::leeg();
    let uitkomst = voorbeeld(&dossier.map(), opties);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    dossier
}

fn getoetst(opties: &[&str]) -> (Dossier, Vec<Bevinding>) {
    let dossier = verzonnen(opties);
    let uitkomst = dossier.controleer(&["--bsn-tonen"]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    let bevindingen = dossier.bevindingen(RAPPORT);
    (dossier, bevindingen)
}

/// Rule, ernst and line of each row, with how often it is there.
fn telling(rijen: &[Bevinding]) -> BTreeMap<Vec<String>, usize> {
    let mut uit = BTreeMap::new();
    for rij in rijen {
        let kolommen =
            ["Regel", "Ernst", "Gemeente", "Aanbieder", "ToewijzingNummer", "ReferentieNummer"];
        *uit.entry(kolommen.map(|k| rij[k].clone()).to_vec()).or_default() += 1;
    }
    uit
}

/// All that was planted is found, and no `fout` that wasn't.
#[track_caller]
fn is_gevonden(dossier: &Dossier, bevindingen: &[Bevinding]) -> Vec<Bevinding> {
    let geplant = rijen_van(&dossier.map().join(GEPLANT));
    let (gevonden, verwacht) = (telling(bevindingen), telling(&geplant));
    let gemist: Vec<_> =
        verwacht.iter().filter(|(k, n)| gevonden.get(*k).unwrap_or(&0) < n).collect();
    assert!(gemist.is_empty(), "not found: {gemist:?}");
    let extra: Vec<_> = gevonden
        .iter()
        .filter(|(k, n)| k[1] == "fout" && verwacht.get(*k).unwrap_or(&0) < n)
        .collect();
    assert!(extra.is_empty(), "not planted: {extra:?}");
    geplant
}

fn bestanden(map: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut uit = BTreeMap::new();
    for ding in fs::read_dir(map).unwrap() {
        let pad = ding.unwrap().path();
        if pad.is_dir() {
            let dieper = bestanden(&pad);
            let naam = pad.file_name().unwrap();
            uit.extend(dieper.into_iter().map(|(p, b)| (Path::new(naam).join(p), b)));
        } else {
            let naam = PathBuf::from(pad.file_name().unwrap());
            uit.insert(naam, fs::read(pad).unwrap());
        }
    }
    uit
}

#[test]
fn without_planted_exceptions_nothing_is_against_the_contract() {
    for zaad in ["1", "2", "3", "2024"] {
        let opties = ["--fouten", "0", "--zaad", zaad, "--regels", "25000"];
        let (dossier, bevindingen) = getoetst(&opties);
        let fouten: Vec<_> = bevindingen.iter().filter(|b| b["Ernst"] == "fout").collect();
        assert!(fouten.is_empty(), "seed {zaad}: {:?}", &fouten[..fouten.len().min(3)]);
        let regels = dossier.samenvatting(RAPPORT)["aansluiting"]["gelezen"].clone();
        assert_eq!(regels, 25_000);
        assert!(bevindingen.len() < 250, "seed {zaad}: {} findings", bevindingen.len());
        assert!(rijen_van(&dossier.map().join(GEPLANT)).is_empty());
        let afgekeurd = rijen_van(&dossier.uit().join(RAPPORT).join("invoerfouten.csv"));
        assert!(afgekeurd.is_empty());
    }
}

#[test]
fn jeugdigen_that_share_a_bsn_stay_lawful() {
    // Each of the 9,000 test numbers is had by some three children, in the middle of a block.
    let (dossier, bevindingen) = getoetst(&["--fouten", "0", "--regels", "310007"]);
    let fouten = bevindingen.iter().filter(|b| b["Ernst"] == "fout").count();
    let onzeker = bevindingen.iter().filter(|b| b["Ernst"] == "onzekerheid").count();
    assert_eq!(fouten, 0);
    assert!(onzeker < 1_000, "{onzeker} onzekerheden");
    assert_eq!(dossier.samenvatting(RAPPORT)["aansluiting"]["gelezen"], 310_007);
}

#[test]
fn other_years_are_lawful_by_their_own_limits() {
    for jaar in ["2024", "2025"] {
        let dossier = verzonnen(&["--jaar", jaar, "--regels", "12000"]);
        let uitkomst = dossier.controleer(&["--jaar", jaar]);
        assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
        let bevindingen = dossier.bevindingen(&format!("{jaar}-ijsselland"));
        is_gevonden(&dossier, &bevindingen);
        let onzeker = bevindingen.iter().filter(|b| b["Ernst"] == "onzekerheid").count();
        assert!(onzeker < 100, "{jaar}: {onzeker} onzekerheden");
    }
}

#[test]
fn every_planted_exception_is_found_and_no_other_is() {
    for zaad in ["1", "7"] {
        let (dossier, bevindingen) = getoetst(&["--zaad", zaad, "--regels", "40000"]);
        let geplant = is_gevonden(&dossier, &bevindingen);
        let deel = geplant.len() as f64 / 40_000.0;
        assert!((0.017..0.023).contains(&deel), "{deel}");
        let mut per_regel: BTreeMap<&str, usize> = BTreeMap::new();
        for g in &geplant {
            *per_regel.entry(&g["Regel"]).or_default() += 1;
        }
        assert!(per_regel.len() >= 38, "{per_regel:?}");
    }
}

#[test]
fn the_same_options_give_the_same_bytes_on_any_number_of_threads() {
    let maak = |opties: &[&str]| bestanden(&verzonnen(opties).map());
    for vorm in ["csv", "ijw"] {
        let opties =
            |draden| ["--vorm", vorm, "--regels", "3000", "--zaad", "9", "--draden", draden];
        assert!(maak(&opties("1")) == maak(&opties("3")), "{vorm}");
    }
    let veel = |draden| maak(&["--regels", "130000", "--draden", draden]);
    assert!(veel("1") == veel("2"));
    assert!(maak(&["--zaad", "1"]) != maak(&["--zaad", "2"]));
}

/// A table without what messages don't carry.
fn ingekort(van: &Path, naar: &Dossier, naam: &str) {
    let mut lezer = csv::ReaderBuilder::new().delimiter(b';').from_path(van.join(naam)).unwrap();
    let kop = lezer.headers().unwrap().clone();
    let over: Vec<usize> =
        (0..kop.len()).filter(|&i| !NIET_IN_BERICHTEN.contains(&&kop[i])).collect();
    let mut schrijver = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    schrijver.write_record(over.iter().map(|&i| &kop[i])).unwrap();
    for rij in lezer.records() {
        let rij = rij.unwrap();
        schrijver.write_record(over.iter().map(|&i| &rij[i])).unwrap();
    }
    naar.schrijf_bytes(naam, &schrijver.into_inner().unwrap());
}

#[test]
fn messages_give_the_findings_of_the_exports_cut_down_to_what_they_carry() {
    let opties = ["--regels", "10000", "--zaad", "4"];
    let (volledig, ijw) =
        (verzonnen(&opties), verzonnen(&[&opties[..], &["--vorm", "ijw"]].concat()));
    let csv = Dossier::leeg();
    for naam in ["declaraties.csv", "toewijzingen.csv", "startstop.csv", "aanbieders.csv"] {
        ingekort(&volledig.map(), &csv, naam);
    }
    for naam in ["tarieven.csv", "omzet.csv"] {
        csv.schrijf_bytes(naam, &fs::read(volledig.map().join(naam)).unwrap());
    }
    let mut kern = Vec::new();
    for dossier in [&csv, &ijw] {
        let uitkomst = dossier.controleer(&["--bsn-tonen"]);
        assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
        let mut rijen = dossier.bevindingen(RAPPORT);
        for rij in &mut rijen {
            rij.retain(|kolom, _| kolom != "Bestand" && kolom != "Regelnummer");
        }
        rijen.sort();
        kern.push(rijen);
    }
    assert!(kern[0].len() > 200, "{} findings", kern[0].len());
    for (a, b) in kern[0].iter().zip(&kern[1]) {
        assert_eq!(a, b);
    }
    assert_eq!(kern[0].len(), kern[1].len());
    // JW13, JW14 and JW16, which only messages are tested on, are among what isn't found.
    is_gevonden(&ijw, &kern[1]);
    let fouten = rijen_van(&ijw.uit().join(RAPPORT).join("invoerfouten.csv"));
    assert!(fouten.is_empty(), "{fouten:?}");
}

#[test]
fn a_dossier_says_what_it_is_and_the_reader_leaves_that_alone() {
    let dossier = verzonnen(&["--regels", "500"]);
    let uitkomst = Uitkomst::van(
        programma().arg("controleer").arg(dossier.map()).arg("--uit").arg(dossier.uit()),
    );
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    assert!(uitkomst.stdout.contains("500 gelezen = 500 aanvaard"), "{}", uitkomst.stdout);
    assert!(!uitkomst.stdout.contains("met rust gelaten"), "{}", uitkomst.stdout);
    let bsns = rijen_van(&dossier.map().join("declaraties.csv"));
    let bsns = bsns.iter().map(|r| r["Bsn"].parse::<u32>().unwrap());
    assert!(bsns.into_iter().all(|bsn| (999_900_006..=999_999_999).contains(&bsn)));
}

#[test]
fn what_is_there_is_not_replaced_unless_it_is_an_older_example() {
    let dossier = Dossier::minimaal();
    let eerder = bestanden(&dossier.map());
    voorbeeld(&dossier.map(), &[]).weigert(4, &["geen lege map", "--overschrijf"]);
    voorbeeld(&dossier.map(), &["--overschrijf"])
        .weigert(4, &["niet door rechtmatig voorbeeld gemaakt"]);
    assert!(bestanden(&dossier.map()) == eerder);
    let bestand = dossier.map().join("declaraties.csv");
    voorbeeld(&bestand, &[]).weigert(4, &["geen map"]);

    let nieuw = verzonnen(&["--regels", "100"]);
    let eerder = bestanden(&nieuw.map());
    voorbeeld(&nieuw.map(), &["--regels", "200"]).weigert(4, &["geen lege map"]);
    assert!(bestanden(&nieuw.map()) == eerder);
    let uitkomst = voorbeeld(&nieuw.map(), &["--regels", "200", "--overschrijf"]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    assert_eq!(rijen_van(&nieuw.map().join("declaraties.csv")).len(), 200);
    // Nothing is left beside it.
    let naast = fs::read_dir(nieuw.map().parent().unwrap()).unwrap().count();
    assert_eq!(naast, 1);
}

#[test]
fn what_cannot_be_made_is_refused_with_advice() {
    let dossier = Dossier::leeg();
    let map = dossier.map().join("nieuw");
    for (opties, woorden) in [
        (&["--regels", "0"][..], &["--regels", "50.000.000"][..]),
        (&["--regels", "veel"], &["veel", "--regels"]),
        (&["--fouten", "11%"], &["11%", "10%"]),
        (&["--vorm", "pdf"], &["pdf", "csv of ijw"]),
        (&["--jaar", "2019"], &["2019", "2023 tot en met 2030"]),
        (&["--regio", "ijselland"], &["bedoelt u ijsselland"]),
        (&["--regio", "zeeland"], &["zeeland", "mist", "--regio ijsselland"]),
        (&["--vorm", "ijw", "--regels", "600000"], &["500.000", "--vorm csv"]),
        (&["--vorm", "ijw", "--regels", "300000"], &["berichten", "--vorm csv"]),
    ] {
        voorbeeld(&map, opties).weigert(2, woorden);
        assert!(!map.exists(), "{opties:?}");
    }
    assert_eq!(fs::read_dir(dossier.map()).unwrap().count(), 0);
}

#[test]
fn the_help_fits_a_screen_and_begins_with_an_example() {
    let hulp = Uitkomst::van(programma().args(["voorbeeld", "--help"]));
    assert_eq!(hulp.status, 0);
    assert!(hulp.stdout.starts_with("Voorbeeld:\n  rechtmatig voorbeeld "), "{}", hulp.stdout);
    assert!(hulp.stdout.lines().count() <= 25);
}
