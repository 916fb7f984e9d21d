//! `steekproef`: drawn from the dossier of a rapport, filled in by a person, projected back.

use crate::hulp::{Bevinding, Dossier, KOP, RIJEN, Uitkomst, VOORBEELD, programma, rijen_van};
use calamine::{Data, Reader, Xlsx, open_workbook};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const MAP: &str = "2023-ijsselland-steekproef";
const EVALUATIE: &str = "2023-ijsselland-steekproef-evaluatie";

/// A dossier with its rapport.
fn met_rapport(dossier: Dossier) -> Dossier {
    let uitkomst = dossier.controleer(&["--formaten", "json"]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    dossier
}

/// The sample dossier, in a folder that a test may change.
fn voorbeeld() -> Dossier {
    let dossier = Dossier::leeg();
    for ding in fs::read_dir(VOORBEELD).unwrap() {
        let pad = ding.unwrap().path();
        if pad.is_file() {
            fs::copy(&pad, dossier.map().join(pad.file_name().unwrap())).unwrap();
        }
    }
    dossier
}

fn steekproef(dossier: &Dossier, opties: &[&str]) -> Uitkomst {
    let mut opdracht = programma();
    opdracht.arg("steekproef").arg(dossier.uit().join("2023-ijsselland"));
    opdracht.arg("--uit").arg(dossier.uit()).arg("--overschrijf").args(opties);
    Uitkomst::van(&mut opdracht)
}

/// Draws, and gives the folder of the sample.
#[track_caller]
fn trek(dossier: &Dossier, opties: &[&str]) -> PathBuf {
    let uitkomst = steekproef(dossier, opties);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    dossier.uit().join(MAP)
}

fn json(pad: &Path) -> Value {
    serde_json::from_slice(&fs::read(pad).unwrap()).unwrap()
}

/// Ids and amounts of the lines that were drawn.
fn posten(map: &Path) -> Vec<(String, i64)> {
    let posten = json(&map.join("steekproef.json"))["posten"].as_array().unwrap().clone();
    let post = |p: &Value| (p["id"].as_str().unwrap().to_owned(), p["bedrag"].as_i64().unwrap());
    posten.iter().map(post).collect()
}

/// The sample as CSV, with what `vul` makes of each row.
fn vul_csv(map: &Path, naar: &Path, mut vul: impl FnMut(usize, &mut Bevinding)) {
    let pad = map.join("steekproef.csv");
    let tekst = fs::read_to_string(&pad).unwrap();
    let koppen: Vec<String> = tekst
        .trim_start_matches('\u{feff}')
        .lines()
        .next()
        .unwrap()
        .split(';')
        .map(str::to_owned)
        .collect();
    let mut csv = csv::WriterBuilder::new().delimiter(b';').from_path(naar).unwrap();
    csv.write_record(&koppen).unwrap();
    for (nr, mut rij) in rijen_van(&pad).into_iter().enumerate() {
        vul(nr, &mut rij);
        csv.write_record(koppen.iter().map(|k| &rij[k])).unwrap();
    }
    csv.flush().unwrap();
}

fn zet(rij: &mut Bevinding, oordeel: &str, vastgesteld: &str) {
    rij.insert("Oordeel".into(), oordeel.into());
    rij.insert("VastgesteldBedrag".into(), vastgesteld.into());
}

/// The same workbook with verdicts typed in, as a spreadsheet saves it: texts as texts, amounts and
/// dates as numbers.
fn vul_xlsx(map: &Path, naar: &Path, vul: impl Fn(usize) -> (&'static str, Option<f64>)) {
    let mut boek: Xlsx<_> = open_workbook(map.join("steekproef.xlsx")).unwrap();
    let blad = boek.worksheet_range("Steekproef").unwrap();
    let mut nieuw = rust_xlsxwriter::Workbook::new();
    let uit = nieuw.add_worksheet();
    let kop = blad.rows().position(|r| r[0] == Data::String("Nummer".into())).unwrap();
    for (i, rij) in blad.rows().enumerate() {
        for (j, cel) in rij.iter().enumerate() {
            let (i, j) = (i as u32, j as u16);
            match cel {
                Data::String(t) => drop(uit.write_string(i, j, t).unwrap()),
                Data::Float(n) => drop(uit.write_number(i, j, *n).unwrap()),
                Data::DateTime(d) => drop(uit.write_number(i, j, d.as_f64()).unwrap()),
                _ => {}
            }
        }
        if i > kop {
            let (oordeel, vastgesteld) = vul(i - kop - 1);
            let plaats = |naam: &str| {
                let naam = Data::String(naam.into());
                blad.rows().nth(kop).unwrap().iter().position(|c| *c == naam).unwrap() as u16
            };
            uit.write_string(i as u32, plaats("Oordeel"), oordeel).unwrap();
            if let Some(bedrag) = vastgesteld {
                uit.write_number(i as u32, plaats("VastgesteldBedrag"), bedrag).unwrap();
            }
        }
    }
    nieuw.save(naar).unwrap();
}

fn evalueer(dossier: &Dossier, lijst: &Path, opties: &[&str]) -> Uitkomst {
    let mut alle = vec!["--evalueren", lijst.to_str().unwrap()];
    alle.extend(opties);
    steekproef(dossier, &alle)
}

fn schatting(dossier: &Dossier, soort: &str) -> Value {
    let e = json(&dossier.uit().join(EVALUATIE).join("evaluatie.json"));
    let alle = e["schattingen"].as_array().unwrap();
    alle.iter().find(|s| s["soort"] == soort).unwrap().clone()
}

#[test]
fn the_same_seed_gives_the_same_lines_and_another_seed_others() {
    let dossier = met_rapport(voorbeeld());
    let sleutel = dossier.sleutel();
    for methode in ["mus", "aselect", "gestratificeerd"] {
        let trek = |zaad: &str| {
            let map = trek(
                &dossier,
                &["--methode", methode, "--omvang", "40", "--zaad", zaad, "--sleutel", &sleutel],
            );
            let bytes = |naam: &str| fs::read(map.join(naam)).unwrap();
            (posten(&map), bytes("steekproef.csv"), bytes("steekproef.xlsx"))
        };
        let (een, nog_eens, ander) = (trek("7"), trek("7"), trek("8"));
        assert!(een == nog_eens, "{methode}");
        assert_ne!(een.0, ander.0, "{methode}");
        assert_eq!(een.0.len(), 40, "{methode}");
    }
}

#[test]
fn the_order_of_rows_and_files_changes_nothing() {
    let recht = met_rapport(voorbeeld());
    let geschud = voorbeeld();
    let lees = |naam: &str| fs::read_to_string(geschud.map().join(naam)).unwrap();
    let (h1, h2) = (lees("declaraties_2023_h1.csv"), lees("declaraties_2023_h2.csv"));
    let mut rijen: Vec<&str> = h1.lines().skip(1).chain(h2.lines().skip(1)).collect();
    rijen.reverse();
    rijen.rotate_left(500);
    let kop = h1.lines().next().unwrap();
    geschud.schrijf("declaraties_2023_h1.csv", &format!("{kop}\n{}\n", rijen.join("\n")));
    fs::remove_file(geschud.map().join("declaraties_2023_h2.csv")).unwrap();
    let geschud = met_rapport(geschud);
    for methode in ["mus", "aselect", "gestratificeerd"] {
        let opties = ["--methode", methode, "--omvang", "60", "--zaad", "1"];
        assert_eq!(posten(&trek(&recht, &opties)), posten(&trek(&geschud, &opties)), "{methode}");
    }
}

#[test]
fn a_sample_says_what_it_was_drawn_from_and_holds_every_large_line() {
    let dossier = met_rapport(voorbeeld());
    let samenvatting = dossier.samenvatting("2023-ijsselland");
    let map = trek(&dossier, &["--omvang", "500", "--zaad", "3"]);
    let opzet = json(&map.join("steekproef.json"));
    assert_eq!(opzet["populatie"]["regels"], samenvatting["totalen"]["regels"]);
    assert_eq!(opzet["populatie"]["bedrag"], samenvatting["totalen"]["bedrag"]);
    let interval = opzet["interval"].as_i64().unwrap();
    let geheel = |p: &&Value| p["geheel"] == true;
    let heel: BTreeSet<String> = opzet["posten"]
        .as_array()
        .unwrap()
        .iter()
        .filter(geheel)
        .map(|p| p["id"].as_str().unwrap().to_owned())
        .collect();
    // A sample of all lines is the population.
    let alle = posten(&trek(&dossier, &["--methode", "aselect", "--omvang", "100000"]));
    let verschillend: BTreeSet<&String> = alle.iter().map(|(id, _)| id).collect();
    assert_eq!(verschillend.len(), alle.len(), "an Id is of one line");
    let groot: BTreeSet<String> =
        alle.into_iter().filter(|(_, b)| *b >= interval).map(|(id, _)| id).collect();
    assert!(!groot.is_empty());
    assert_eq!(heel, groot);
    let lagen = opzet["lagen"].as_array().unwrap();
    let som = |veld: &str| lagen.iter().map(|l| l[veld].as_i64().unwrap()).sum::<i64>();
    assert_eq!(Some(som("bedrag")), opzet["populatie"]["bedrag"].as_i64());
    assert_eq!(som("in_steekproef"), opzet["posten"].as_array().unwrap().len() as i64);
}

#[test]
fn strata_hold_every_line_once() {
    let dossier = met_rapport(voorbeeld());
    for per in ["onderdeel", "aanbieder"] {
        let opties = ["--methode", "gestratificeerd", "--per", per, "--omvang", "80"];
        let opzet = json(&trek(&dossier, &opties).join("steekproef.json"));
        let lagen = opzet["lagen"].as_array().unwrap();
        let som = |veld: &str| lagen.iter().map(|l| l[veld].as_i64().unwrap()).sum::<i64>();
        assert_eq!(Some(som("regels")), opzet["populatie"]["regels"].as_i64());
        assert_eq!(Some(som("bedrag")), opzet["populatie"]["bedrag"].as_i64());
        assert_eq!(som("in_steekproef"), 80);
        for laag in lagen {
            let (regels, n) = (laag["regels"].as_i64(), laag["in_steekproef"].as_i64());
            assert!(n >= regels.min(Some(2)) && n <= regels, "{laag}");
        }
    }
}

#[test]
fn no_bsn_leaves() {
    let dossier = met_rapport(voorbeeld());
    let map = trek(&dossier, &["--omvang", "200", "--zaad", "3"]);
    let mut tekst = fs::read_to_string(map.join("steekproef.csv")).unwrap();
    tekst += &fs::read_to_string(map.join("steekproef.json")).unwrap();
    let mut boek: Xlsx<_> = open_workbook(map.join("steekproef.xlsx")).unwrap();
    for blad in boek.sheet_names() {
        for rij in boek.worksheet_range(&blad).unwrap().rows() {
            rij.iter().for_each(|cel| tekst += &format!("{cel};"));
        }
    }
    // Not any nine digits: a pseudonym or a hash may hold such a run by chance.
    let bsns: BTreeSet<String> = ["declaraties_2023_h1.csv", "declaraties_2023_perceel1.csv"]
        .iter()
        .flat_map(|naam| rijen_van(&dossier.map().join(naam)))
        .map(|rij| rij["Bsn"].clone())
        .filter(|bsn| bsn.len() == 9)
        .collect();
    assert!(bsns.len() > 100);
    for bsn in bsns {
        assert!(!tekst.contains(&bsn), "{bsn}");
    }
}

/// Whoever tries all Bsns must not find the one that a hash was made of.
#[test]
fn the_id_of_a_line_is_no_hash_of_a_bsn_in_its_number() {
    use sha2::{Digest, Sha256};
    let dossier = Dossier::minimaal();
    let rijen = RIJEN.replace("R1;", "999900006;").replace("R2;", "999900018;");
    dossier.schrijf("declaraties.csv", &format!("{KOP}{rijen}"));
    let dossier = met_rapport(dossier);
    let map = trek(&dossier, &["--methode", "aselect", "--omvang", "3"]);
    let ids: BTreeSet<String> =
        rijen_van(&map.join("steekproef.csv")).iter().map(|r| r["Id"].clone()).collect();
    assert_eq!(ids.len(), 3);
    for bsn in ["999900006", "999900018"] {
        let hash = Sha256::digest(format!("steekproef|0150|99000001|{bsn}|0"));
        let hex: String = hash[..8].iter().map(|b| format!("{b:02x}")).collect();
        assert!(!ids.contains(&format!("S{hex}")));
    }
}

#[test]
fn only_the_dossier_of_the_rapport_is_drawn_from() {
    let dossier = met_rapport(Dossier::minimaal());
    dossier.schrijf("declaraties.csv", &format!("{KOP}{}", RIJEN.replace("12,10", "13,10")));
    steekproef(&dossier, &["--omvang", "2"])
        .weigert(3, &["declaraties.csv heeft een andere inhoud", "--dossier"]);
    dossier.schrijf("declaraties.csv", &format!("{KOP}{RIJEN}"));
    dossier.schrijf("declaraties2.csv", &format!("{KOP}{RIJEN}"));
    steekproef(&dossier, &["--omvang", "2"]).weigert(3, &["declaraties2.csv is erbij gekomen"]);
    fs::remove_file(dossier.map().join("declaraties2.csv")).unwrap();
    fs::remove_file(dossier.map().join("aanbieders.csv")).unwrap();
    steekproef(&dossier, &["--omvang", "2"]).weigert(3, &["aanbieders.csv ontbreekt"]);
    assert!(!dossier.uit().join(MAP).exists());
    // The same files elsewhere are the same dossier.
    let kopie = Dossier::minimaal();
    fs::remove_dir_all(dossier.map()).unwrap();
    steekproef(&dossier, &["--omvang", "2"]).weigert(3, &["staat niet meer in", "--dossier"]);
    trek(&dossier, &["--omvang", "2", "--dossier", kopie.map().to_str().unwrap()]);
}

#[test]
fn the_same_files_read_in_another_way_are_another_population() {
    let dossier = Dossier::minimaal();
    dossier.schrijf("declaraties.csv", &format!("{KOP}{}", RIJEN.replace("12,10", "1.210")));
    dossier.schrijf("controle.toml", "[bedragen]\ndecimaal = \",\"\n");
    let dossier = met_rapport(dossier);
    dossier.schrijf("controle.toml", "");
    steekproef(&dossier, &["--omvang", "2"]).weigert(
        3,
        &["3 regels van samen € 1.372,00", "2 regels van samen € 162,00", "controle.toml"],
    );
}

#[test]
fn what_is_no_rapport_is_refused() {
    let dossier = met_rapport(Dossier::minimaal());
    let rapport = dossier.uit().join("2023-ijsselland");
    let manifest = fs::read_to_string(rapport.join("manifest.json")).unwrap();
    fs::write(rapport.join("manifest.json"), manifest.replace("getoetst", "x")).unwrap();
    steekproef(&dossier, &["--omvang", "2"]).weigert(3, &["manifest.json is beschadigd"]);
    fs::write(rapport.join("manifest.json"), "{").unwrap();
    steekproef(&dossier, &["--omvang", "2"]).weigert(3, &["geen JSON"]);
    fs::remove_file(rapport.join("manifest.json")).unwrap();
    steekproef(&dossier, &["--omvang", "2"]).weigert(3, &["geen map van een rapport"]);
}

#[test]
fn wrong_usage_is_said_so() {
    let dossier = met_rapport(Dossier::minimaal());
    steekproef(&dossier, &[]).weigert(2, &["--omvang"]);
    steekproef(&dossier, &["--omvang", "0"]).weigert(2, &["van 1 tot en met 100.000"]);
    steekproef(&dossier, &["--omvang", "2", "--per", "aanbieder"])
        .weigert(2, &["alleen de methode gestratificeerd"]);
    steekproef(&dossier, &["--omvang", "2", "--methode", "lot"]).weigert(2, &["mus, aselect"]);
    steekproef(&dossier, &["--omvang", "1", "--methode", "aselect"])
        .weigert(2, &["ten minste 2 regels"]);
    steekproef(&dossier, &["--omvang", "2", "--evalueren", "x.csv"])
        .weigert(2, &["kan niet samen met"]);
    steekproef(&dossier, &["--omvang", "2", "--zekerheid", "90%"]).weigert(2, &["--evalueren"]);
}

/// 108, 54 and 12,10 in three draws: 108 × 3 ≥ 174,10, 54 × 2 ≥ 66,10, 12,10 × 1 ≥ 12,10: all whole.
#[test]
fn when_all_is_checked_the_estimate_is_what_was_found() {
    let dossier = met_rapport(Dossier::minimaal());
    let map = trek(&dossier, &["--omvang", "3", "--zaad", "1"]);
    let lijst = dossier.uit().join("ingevuld.csv");
    vul_csv(&map, &lijst, |_, rij| match rij["IngediendBedrag"].as_str() {
        "108,00" => zet(rij, "fout", "100"),
        "54,00" => zet(rij, "onzeker", ""),
        _ => zet(rij, "Fout", "€ 15,00"),
    });
    let uitkomst = evalueer(&dossier, &lijst, &[]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    for (soort, cent) in [("te_hoog", 800), ("te_laag", 290), ("onzeker", 5_400)] {
        let s = schatting(&dossier, soort);
        for veld in ["gevonden", "geprojecteerd", "bovengrens"] {
            assert_eq!(s[veld], cent, "{soort}: {s}");
        }
    }
    assert!(uitkomst.stdout.contains("te hoog gedeclareerd"), "{}", uitkomst.stdout);
}

/// One line half too high, one wholly: each stands for its part of an interval, from a workbook as
/// from a CSV.
#[test]
fn a_filled_in_workbook_and_csv_give_the_same_projection() {
    let dossier = met_rapport(voorbeeld());
    let map = trek(&dossier, &["--omvang", "50", "--zaad", "5"]);
    let opzet = json(&map.join("steekproef.json"));
    let interval = opzet["interval"].as_i64().unwrap();
    let posten = posten(&map);
    assert!(opzet["posten"].as_array().unwrap().iter().all(|p| p["trekkingen"] == 1));
    let even = posten.iter().position(|(_, b)| b % 2 == 0).unwrap();
    let ander = (even + 1) % posten.len();
    let half = posten[even].1 / 2;
    let lijst = dossier.uit().join("ingevuld.csv");
    vul_csv(&map, &lijst, |nr, rij| match nr {
        _ if nr == even => zet(rij, "fout", &format!("{},{:02}", half / 100, half % 100)),
        _ if nr == ander => zet(rij, "fout", "0"),
        _ => zet(rij, "goed", ""),
    });
    let uitkomst = evalueer(&dossier, &lijst, &["--zekerheid", "90"]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    let uit_csv = schatting(&dossier, "te_hoog");
    assert_eq!(uit_csv["gevonden"], half + posten[ander].1);
    let verwacht = (1.5 * interval as f64).round() as i64;
    assert_eq!(uit_csv["geprojecteerd"], verwacht);
    // R(0) at 90% is −ln 0,1.
    let basis = (interval as f64 * 10_f64.ln()).round() as i64;
    assert_eq!(uit_csv["basisprecisie"], basis);
    let boek = dossier.uit().join("ingevuld.xlsx");
    vul_xlsx(&map, &boek, |nr| match nr {
        _ if nr == even => ("fout", Some(half as f64 / 100.0)),
        _ if nr == ander => ("fout", Some(0.0)),
        _ => ("goed", None),
    });
    let uitkomst = evalueer(&dossier, &boek, &["--zekerheid", "90%"]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    assert_eq!(schatting(&dossier, "te_hoog"), uit_csv);
    let mut boek: Xlsx<_> =
        open_workbook(dossier.uit().join(EVALUATIE).join("evaluatie.xlsx")).unwrap();
    let blad = boek.worksheet_range("Evaluatie").unwrap();
    let rij = blad.rows().find(|r| r[0] == Data::String("te hoog gedeclareerd".into())).unwrap();
    let in_boek = |k: usize| match rij[k] {
        Data::Float(n) => (n * 100.0).round() as i64,
        ref ander => panic!("{ander:?}"),
    };
    assert_eq!((in_boek(2), in_boek(4)), (half + posten[ander].1, verwacht));
    assert_eq!(Some(in_boek(7)), uit_csv["bovengrens"].as_i64());
    assert_eq!(boek.worksheet_range("Afwijkingen").unwrap().height(), 3);
}

#[test]
fn a_list_that_is_not_whole_or_not_true_is_refused() {
    let dossier = met_rapport(voorbeeld());
    let map = trek(&dossier, &["--omvang", "20", "--zaad", "5"]);
    let lijst = dossier.uit().join("ingevuld.csv");
    let heel = || {
        vul_csv(&map, &lijst, |_, rij| zet(rij, "goed", ""));
        fs::read_to_string(&lijst).unwrap()
    };
    let goed = heel();
    let regels: Vec<&str> = goed.lines().collect();
    let weigert = |tekst: &str, woorden: &[&str]| {
        fs::write(&lijst, tekst).unwrap();
        evalueer(&dossier, &lijst, &[]).weigert(3, woorden);
    };
    weigert(&regels[..18].join("\n"), &["3 van de 20 regels ontbreken: nummer 18, 19, 20"]);
    weigert(&format!("{goed}{}\n", regels[1]), &["staat op regel 2 en op regel 22"]);
    weigert(&regels[..1].join("\n"), &["er staan geen regels in"]);
    weigert("", &["leeg"]);
    weigert(&goed.replace("Oordeel", "Uitkomst"), &["de kolom Oordeel ontbreekt"]);
    weigert(&goed.replace("zaad=5", "zaad=6"), &["zit niet in deze steekproef"]);
    weigert(&goed.replacen("zaad=5", "zaad=6", 1), &["een andere steekproef dan regel 2"]);
    weigert(&goed.replace("mus omvang", "mus  omvang"), &["is geen opzet van een steekproef"]);
    let met = |nr: usize, oordeel: &str, vastgesteld: &str| {
        vul_csv(&map, &lijst, |i, rij| match i {
            _ if i == nr => zet(rij, oordeel, vastgesteld),
            _ => zet(rij, "goed", ""),
        });
        fs::read_to_string(&lijst).unwrap()
    };
    weigert(&met(3, "", ""), &["1 van de 20 regels hebben nog geen oordeel: nummer 4"]);
    weigert(&met(3, "misschien", ""), &["regel 5, Oordeel 'misschien'", "goed, fout of onzeker"]);
    weigert(&met(3, "fout", ""), &["regel 5", "het vastgestelde bedrag ontbreekt"]);
    weigert(&met(3, "fout", "1.234"), &["regel 5, VastgesteldBedrag '1.234'", "dubbelzinnig"]);
    weigert(&met(3, "fout", "-1"), &["een bedrag is hier nul of meer"]);
    weigert(&met(3, "goed", "0,01"), &["regel 5", "het oordeel is goed, maar"]);
    weigert(&met(3, "onzeker", "999999,00"), &["regel 5", "niet lager dan het ingediende"]);
    let bedrag = &rijen_van(&map.join("steekproef.csv"))[0]["IngediendBedrag"];
    weigert(&goed.replacen(bedrag.as_str(), "1,00", 1), &["een ingediend bedrag van € 1,00"]);
    let xlsx = dossier.uit().join("ingevuld.xlsx");
    fs::write(&xlsx, "geen werkmap").unwrap();
    evalueer(&dossier, &xlsx, &[]).weigert(3, &["ingevuld.xlsx"]);
    evalueer(&dossier, &dossier.uit().join("lijst.ods"), &[]).weigert(3, &["ods"]);
    evalueer(&dossier, &dossier.uit().join("weg.csv"), &[]).weigert(3, &["weg.csv"]);
    assert!(!dossier.uit().join(EVALUATIE).exists());
    // And as it should be, it is accepted, also with Windows line ends and commas.
    fs::write(&lijst, heel()).unwrap();
    assert_eq!(evalueer(&dossier, &lijst, &[]).status, 0);
}

#[test]
fn lines_of_nothing_are_listed_apart_and_lines_taken_back_are_not_there() {
    let dossier = Dossier::minimaal();
    let kop = KOP.replace('\n', ";VorigReferentieNummer;DebetCredit\n");
    let rijen = RIJEN.replace('\n', ";;D\n");
    let nul = "R4;2023-04-10;0150;99000001;999900006;T1;45;45T01;2023-03-01;2023-03-31;0;01;1,08;0,00;;D\n";
    let credit = "R5;2023-04-10;0150;99000001;999900006;T1;45;45T01;2023-02-01;2023-02-28;50;01;1,08;54,00;R2;C\n";
    dossier.schrijf("declaraties.csv", &format!("{kop}{rijen}{nul}{credit}"));
    let dossier = met_rapport(dossier);
    let map = trek(&dossier, &["--omvang", "9"]);
    let bedragen: Vec<i64> = posten(&map).into_iter().map(|(_, b)| b).collect();
    assert_eq!(bedragen, [10_800, 1_210]);
    let nulregels = rijen_van(&map.join("nulregels.csv"));
    assert_eq!(nulregels.len(), 1);
    assert_eq!(nulregels[0]["ReferentieNummer"], "R4");
    // A line by lot can be one of nothing.
    let map = trek(&dossier, &["--omvang", "9", "--methode", "aselect"]);
    assert_eq!(posten(&map).len(), 3);
}

#[test]
fn a_shell_can_complete_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let uitkomst = Uitkomst::van(programma().args(["aanvullen", shell]));
        assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
        for woord in ["controleer", "steekproef", "productieverantwoording", "evalueren"] {
            assert!(uitkomst.stdout.contains(woord), "{shell}: {woord}");
        }
    }
    Uitkomst::van(programma().args(["aanvullen", "cmd"])).weigert(2, &["bash, zsh, fish"]);
}
