//! `steekproef`: drawn from the dossier of a rapport, filled in by a person, projected back.

use crate::hulp::{Bevinding, Dossier, HEADER, ProgramOutput, ROWS, VOORBEELD, program, rows_of};
use calamine::{Data, Reader, Xlsx, open_workbook};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const DIR: &str = "2023-ijsselland-steekproef";
const EVALUATION: &str = "2023-ijsselland-steekproef-evaluatie";

/// A dossier with its rapport.
fn with_rapport(dossier: Dossier) -> Dossier {
    let outcome = dossier.controleer(&["--formaten", "json"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    dossier
}

/// The sample dossier, in a folder that a test may change.
fn example() -> Dossier {
    let dossier = Dossier::empty();
    for thing in fs::read_dir(VOORBEELD).unwrap() {
        let path = thing.unwrap().path();
        if path.is_file() {
            fs::copy(&path, dossier.dir().join(path.file_name().unwrap())).unwrap();
        }
    }
    dossier
}

fn steekproef(dossier: &Dossier, options: &[&str]) -> ProgramOutput {
    let mut spec = program();
    spec.arg("steekproef").arg(dossier.out().join("2023-ijsselland"));
    spec.arg("--uit").arg(dossier.out()).arg("--overschrijf").args(options);
    ProgramOutput::of(&mut spec)
}

/// Draws, and gives the folder of the sample.
#[track_caller]
fn draw(dossier: &Dossier, options: &[&str]) -> PathBuf {
    let outcome = steekproef(dossier, options);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    dossier.out().join(DIR)
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// Ids and amounts of the lines that were drawn.
fn posten(dir: &Path) -> Vec<(String, i64)> {
    let posten = json(&dir.join("steekproef.json"))["posten"].as_array().unwrap().clone();
    let post = |p: &Value| (p["id"].as_str().unwrap().to_owned(), p["bedrag"].as_i64().unwrap());
    posten.iter().map(post).collect()
}

/// The sample as CSV, with what `fill` makes of each row.
fn fill_csv(dir: &Path, to: &Path, mut fill: impl FnMut(usize, &mut Bevinding)) {
    let path = dir.join("steekproef.csv");
    let text = fs::read_to_string(&path).unwrap();
    let headers: Vec<String> = text
        .trim_start_matches('\u{feff}')
        .lines()
        .next()
        .unwrap()
        .split(';')
        .map(str::to_owned)
        .collect();
    let mut csv = csv::WriterBuilder::new().delimiter(b';').from_path(to).unwrap();
    csv.write_record(&headers).unwrap();
    for (id, mut row) in rows_of(&path).into_iter().enumerate() {
        fill(id, &mut row);
        csv.write_record(headers.iter().map(|k| &row[k])).unwrap();
    }
    csv.flush().unwrap();
}

fn set(row: &mut Bevinding, oordeel: &str, vastgesteld: &str) {
    row.insert("Oordeel".into(), oordeel.into());
    row.insert("VastgesteldBedrag".into(), vastgesteld.into());
}

/// The same workbook with verdicts typed in, as a spreadsheet saves it: texts as texts, amounts and
/// dates as numbers.
pub fn fill_xlsx(dir: &Path, to: &Path, fill: impl Fn(usize) -> (&'static str, Option<f64>)) {
    let mut book: Xlsx<_> = open_workbook(dir.join("steekproef.xlsx")).unwrap();
    let sheet = book.worksheet_range("Steekproef").unwrap();
    let mut new = rust_xlsxwriter::Workbook::new();
    let out = new.add_worksheet();
    let header = sheet.rows().position(|r| r[0] == Data::String("Nummer".into())).unwrap();
    for (i, row) in sheet.rows().enumerate() {
        for (j, cell) in row.iter().enumerate() {
            let (i, j) = (i as u32, j as u16);
            match cell {
                Data::String(t) => drop(out.write_string(i, j, t).unwrap()),
                Data::Float(n) => drop(out.write_number(i, j, *n).unwrap()),
                Data::DateTime(d) => drop(out.write_number(i, j, d.as_f64()).unwrap()),
                _ => {}
            }
        }
        if i > header {
            let (oordeel, vastgesteld) = fill(i - header - 1);
            let place = |name: &str| {
                let name = Data::String(name.into());
                sheet.rows().nth(header).unwrap().iter().position(|c| *c == name).unwrap() as u16
            };
            out.write_string(i as u32, place("Oordeel"), oordeel).unwrap();
            if let Some(bedrag) = vastgesteld {
                out.write_number(i as u32, place("VastgesteldBedrag"), bedrag).unwrap();
            }
        }
    }
    new.save(to).unwrap();
}

fn evaluate(dossier: &Dossier, list: &Path, options: &[&str]) -> ProgramOutput {
    let mut all = vec!["--evalueren", list.to_str().unwrap()];
    all.extend(options);
    steekproef(dossier, &all)
}

fn estimate(dossier: &Dossier, kind: &str) -> Value {
    let e = json(&dossier.out().join(EVALUATION).join("evaluatie.json"));
    let all = e["schattingen"].as_array().unwrap();
    all.iter().find(|s| s["soort"] == kind).unwrap().clone()
}

#[test]
fn the_same_seed_gives_the_same_lines_and_another_seed_others() {
    let dossier = with_rapport(example());
    let key = dossier.key();
    for methode in ["mus", "aselect", "gestratificeerd"] {
        let trek = |seed: &str| {
            let dir = draw(
                &dossier,
                &["--methode", methode, "--omvang", "40", "--zaad", seed, "--sleutel", &key],
            );
            let bytes = |name: &str| fs::read(dir.join(name)).unwrap();
            (posten(&dir), bytes("steekproef.csv"), bytes("steekproef.xlsx"))
        };
        let (one, once_more, other) = (trek("7"), trek("7"), trek("8"));
        assert!(one == once_more, "{methode}");
        assert_ne!(one.0, other.0, "{methode}");
        assert_eq!(one.0.len(), 40, "{methode}");
    }
}

#[test]
fn the_order_of_rows_and_files_changes_nothing() {
    let recht = with_rapport(example());
    let shuffled = example();
    let read = |name: &str| fs::read_to_string(shuffled.dir().join(name)).unwrap();
    let (h1, h2) = (read("declaraties_2023_h1.csv"), read("declaraties_2023_h2.csv"));
    let mut rows: Vec<&str> = h1.lines().skip(1).chain(h2.lines().skip(1)).collect();
    rows.reverse();
    rows.rotate_left(500);
    let header = h1.lines().next().unwrap();
    shuffled.write("declaraties_2023_h1.csv", &format!("{header}\n{}\n", rows.join("\n")));
    fs::remove_file(shuffled.dir().join("declaraties_2023_h2.csv")).unwrap();
    let shuffled = with_rapport(shuffled);
    for methode in ["mus", "aselect", "gestratificeerd"] {
        let options = ["--methode", methode, "--omvang", "60", "--zaad", "1"];
        assert_eq!(
            posten(&draw(&recht, &options)),
            posten(&draw(&shuffled, &options)),
            "{methode}"
        );
    }
}

#[test]
fn a_sample_says_what_it_was_drawn_from_and_holds_every_large_line() {
    let dossier = with_rapport(example());
    let samenvatting = dossier.samenvatting("2023-ijsselland");
    let dir = draw(&dossier, &["--omvang", "500", "--zaad", "3"]);
    let design = json(&dir.join("steekproef.json"));
    assert_eq!(design["populatie"]["regels"], samenvatting["totalen"]["regels"]);
    assert_eq!(design["populatie"]["bedrag"], samenvatting["totalen"]["bedrag"]);
    let interval = design["interval"].as_i64().unwrap();
    let whole = |p: &&Value| p["geheel"] == true;
    let heel: BTreeSet<String> = design["posten"]
        .as_array()
        .unwrap()
        .iter()
        .filter(whole)
        .map(|p| p["id"].as_str().unwrap().to_owned())
        .collect();
    // A sample of all lines is the population.
    let all = posten(&draw(&dossier, &["--methode", "aselect", "--omvang", "100000"]));
    let different: BTreeSet<&String> = all.iter().map(|(id, _)| id).collect();
    assert_eq!(different.len(), all.len(), "an Id is of one line");
    let large: BTreeSet<String> =
        all.into_iter().filter(|(_, b)| *b >= interval).map(|(id, _)| id).collect();
    assert!(!large.is_empty());
    assert_eq!(heel, large);
    let strata = design["lagen"].as_array().unwrap();
    let sum = |field: &str| strata.iter().map(|l| l[field].as_i64().unwrap()).sum::<i64>();
    assert_eq!(Some(sum("bedrag")), design["populatie"]["bedrag"].as_i64());
    assert_eq!(sum("in_steekproef"), design["posten"].as_array().unwrap().len() as i64);
}

#[test]
fn strata_hold_every_line_once() {
    let dossier = with_rapport(example());
    for per in ["onderdeel", "aanbieder"] {
        let options = ["--methode", "gestratificeerd", "--per", per, "--omvang", "80"];
        let design = json(&draw(&dossier, &options).join("steekproef.json"));
        let strata = design["lagen"].as_array().unwrap();
        let sum = |field: &str| strata.iter().map(|l| l[field].as_i64().unwrap()).sum::<i64>();
        assert_eq!(Some(sum("regels")), design["populatie"]["regels"].as_i64());
        assert_eq!(Some(sum("bedrag")), design["populatie"]["bedrag"].as_i64());
        assert_eq!(sum("in_steekproef"), 80);
        for stratum in strata {
            let (lines, n) = (stratum["regels"].as_i64(), stratum["in_steekproef"].as_i64());
            assert!(n >= lines.min(Some(2)) && n <= lines, "{stratum}");
        }
    }
}

#[test]
fn no_bsn_leaves() {
    let dossier = with_rapport(example());
    let dir = draw(&dossier, &["--omvang", "200", "--zaad", "3"]);
    let mut text = fs::read_to_string(dir.join("steekproef.csv")).unwrap();
    text += &fs::read_to_string(dir.join("steekproef.json")).unwrap();
    let mut book: Xlsx<_> = open_workbook(dir.join("steekproef.xlsx")).unwrap();
    for sheet in book.sheet_names() {
        for row in book.worksheet_range(&sheet).unwrap().rows() {
            row.iter().for_each(|cell| text += &format!("{cell};"));
        }
    }
    // Not any nine digits: a pseudonym or a hash may hold such a run by chance.
    let bsns: BTreeSet<String> = ["declaraties_2023_h1.csv", "declaraties_2023_perceel1.csv"]
        .iter()
        .flat_map(|name| rows_of(&dossier.dir().join(name)))
        .map(|row| row["Bsn"].clone())
        .filter(|bsn| bsn.len() == 9)
        .collect();
    assert!(bsns.len() > 100);
    for bsn in bsns {
        assert!(!text.contains(&bsn), "{bsn}");
    }
}

/// Whoever tries all Bsns must not find the one that a hash was made of.
#[test]
fn the_id_of_a_line_is_no_hash_of_a_bsn_in_its_number() {
    use sha2::{Digest, Sha256};
    let dossier = Dossier::minimaal();
    let rows = ROWS.replace("R1;", "999900006;").replace("R2;", "999900018;");
    dossier.write("declaraties.csv", &format!("{HEADER}{rows}"));
    let dossier = with_rapport(dossier);
    let dir = draw(&dossier, &["--methode", "aselect", "--omvang", "3"]);
    let ids: BTreeSet<String> =
        rows_of(&dir.join("steekproef.csv")).iter().map(|r| r["Id"].clone()).collect();
    assert_eq!(ids.len(), 3);
    for bsn in ["999900006", "999900018"] {
        let hash = Sha256::digest(format!("steekproef|0150|99000001|{bsn}|0"));
        let hex: String = hash[..8].iter().map(|b| format!("{b:02x}")).collect();
        assert!(!ids.contains(&format!("S{hex}")));
    }
}

#[test]
fn only_the_dossier_of_the_rapport_is_drawn_from() {
    let dossier = with_rapport(Dossier::minimaal());
    dossier.write("declaraties.csv", &format!("{HEADER}{}", ROWS.replace("12,10", "13,10")));
    steekproef(&dossier, &["--omvang", "2"])
        .refuses(3, &["declaraties.csv heeft een andere inhoud", "--dossier"]);
    dossier.write("declaraties.csv", &format!("{HEADER}{ROWS}"));
    dossier.write("declaraties2.csv", &format!("{HEADER}{ROWS}"));
    steekproef(&dossier, &["--omvang", "2"]).refuses(3, &["declaraties2.csv is erbij gekomen"]);
    fs::remove_file(dossier.dir().join("declaraties2.csv")).unwrap();
    fs::remove_file(dossier.dir().join("aanbieders.csv")).unwrap();
    steekproef(&dossier, &["--omvang", "2"]).refuses(3, &["aanbieders.csv ontbreekt"]);
    assert!(!dossier.out().join(DIR).exists());
    // The same files elsewhere are the same dossier.
    let copy = Dossier::minimaal();
    fs::remove_dir_all(dossier.dir()).unwrap();
    steekproef(&dossier, &["--omvang", "2"]).refuses(3, &["staat niet meer in", "--dossier"]);
    draw(&dossier, &["--omvang", "2", "--dossier", copy.dir().to_str().unwrap()]);
}

#[test]
fn the_same_files_read_in_another_way_are_another_population() {
    let dossier = Dossier::minimaal();
    dossier.write("declaraties.csv", &format!("{HEADER}{}", ROWS.replace("12,10", "1.210")));
    dossier.write("controle.toml", "[bedragen]\ndecimaal = \",\"\n");
    let dossier = with_rapport(dossier);
    dossier.write("controle.toml", "");
    steekproef(&dossier, &["--omvang", "2"]).refuses(
        3,
        &[
            "3 declaratieregels van samen € 1.372,00",
            "2 declaratieregels van samen € 162,00",
            "controle.toml",
        ],
    );
}

#[test]
fn what_is_no_rapport_is_refused() {
    let dossier = with_rapport(Dossier::minimaal());
    let rapport = dossier.out().join("2023-ijsselland");
    let manifest = fs::read_to_string(rapport.join("manifest.json")).unwrap();
    fs::write(rapport.join("manifest.json"), manifest.replace("getoetst", "x")).unwrap();
    steekproef(&dossier, &["--omvang", "2"]).refuses(3, &["manifest.json is beschadigd"]);
    fs::write(rapport.join("manifest.json"), "{").unwrap();
    steekproef(&dossier, &["--omvang", "2"]).refuses(3, &["geen JSON"]);
    fs::remove_file(rapport.join("manifest.json")).unwrap();
    steekproef(&dossier, &["--omvang", "2"]).refuses(3, &["geen map van een rapport"]);
}

#[test]
fn wrong_usage_is_said_so() {
    let dossier = with_rapport(Dossier::minimaal());
    steekproef(&dossier, &[]).refuses(2, &["--omvang"]);
    steekproef(&dossier, &["--omvang", "0"]).refuses(2, &["van 1 tot en met 100.000"]);
    steekproef(&dossier, &["--omvang", "2", "--per", "aanbieder"])
        .refuses(2, &["alleen de methode gestratificeerd"]);
    steekproef(&dossier, &["--omvang", "2", "--methode", "lot"]).refuses(2, &["mus, aselect"]);
    steekproef(&dossier, &["--omvang", "1", "--methode", "aselect"])
        .refuses(2, &["met één laag zijn ten minste 2 declaratieregels nodig"]);
    steekproef(&dossier, &["--omvang", "2", "--evalueren", "x.csv"])
        .refuses(2, &["kan niet samen met"]);
    steekproef(&dossier, &["--omvang", "2", "--zekerheid", "90%"]).refuses(2, &["--evalueren"]);
}

/// 108, 54 and 12,10 in three draws: 108 × 3 ≥ 174,10, 54 × 2 ≥ 66,10, 12,10 × 1 ≥ 12,10: all whole.
#[test]
fn when_all_is_checked_the_estimate_is_what_was_found() {
    let dossier = with_rapport(Dossier::minimaal());
    let dir = draw(&dossier, &["--omvang", "3", "--zaad", "1"]);
    let list = dossier.out().join("ingevuld.csv");
    fill_csv(&dir, &list, |_, row| match row["IngediendBedrag"].as_str() {
        "108,00" => set(row, "fout", "100"),
        "54,00" => set(row, "onzeker", ""),
        _ => set(row, "Fout", "€ 15,00"),
    });
    let outcome = evaluate(&dossier, &list, &[]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    for (kind, cent) in [("te_hoog", 800), ("te_laag", 290), ("onzeker", 5_400)] {
        let s = estimate(&dossier, kind);
        for field in ["gevonden", "geprojecteerd", "bovengrens"] {
            assert_eq!(s[field], cent, "{kind}: {s}");
        }
    }
    let row = |figure: &str| {
        let line = outcome.stdout.lines().find(|line| line.trim_start().starts_with(figure));
        line.unwrap_or_default().split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(row("Te hoog"), ["Te", "hoog", "Te", "laag", "Onzeker"], "{}", outcome.stdout);
    let bound = ["Bovengrens", "€", "8,00", "€", "2,90", "€", "54,00"];
    assert_eq!(row("Bovengrens"), bound, "{}", outcome.stdout);
}

/// One line half too high, one wholly: each stands for its part of an interval, from a workbook as
/// from a CSV.
#[test]
fn a_filled_in_workbook_and_csv_give_the_same_projection() {
    let dossier = with_rapport(example());
    let dir = draw(&dossier, &["--omvang", "50", "--zaad", "7"]);
    let design = json(&dir.join("steekproef.json"));
    let interval = design["interval"].as_i64().unwrap();
    let posten = posten(&dir);
    assert!(design["posten"].as_array().unwrap().iter().all(|p| p["trekkingen"] == 1));
    let even = posten.iter().position(|(_, b)| b % 2 == 0).unwrap();
    let other = (even + 1) % posten.len();
    let half = posten[even].1 / 2;
    let list = dossier.out().join("ingevuld.csv");
    fill_csv(&dir, &list, |id, row| match id {
        _ if id == even => set(row, "fout", &format!("{},{:02}", half / 100, half % 100)),
        _ if id == other => set(row, "fout", "0"),
        _ => set(row, "goed", ""),
    });
    let outcome = evaluate(&dossier, &list, &["--zekerheid", "90"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let from_csv = estimate(&dossier, "te_hoog");
    assert_eq!(from_csv["gevonden"], half + posten[other].1);
    let expected = (1.5 * interval as f64).round() as i64;
    assert_eq!(from_csv["geprojecteerd"], expected);
    // R(0) at 90% is −ln 0,1.
    let basis = (interval as f64 * 10_f64.ln()).round() as i64;
    assert_eq!(from_csv["basisprecisie"], basis);
    let book = dossier.out().join("ingevuld.xlsx");
    fill_xlsx(&dir, &book, |id| match id {
        _ if id == even => ("fout", Some(half as f64 / 100.0)),
        _ if id == other => ("fout", Some(0.0)),
        _ => ("goed", None),
    });
    let outcome = evaluate(&dossier, &book, &["--zekerheid", "90%"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    assert_eq!(estimate(&dossier, "te_hoog"), from_csv);
    let mut book: Xlsx<_> =
        open_workbook(dossier.out().join(EVALUATION).join("evaluatie.xlsx")).unwrap();
    let sheet = book.worksheet_range("Evaluatie").unwrap();
    let row = sheet.rows().find(|r| r[0] == Data::String("te hoog gedeclareerd".into())).unwrap();
    let in_book = |k: usize| match row[k] {
        Data::Float(n) => (n * 100.0).round() as i64,
        ref other => panic!("{other:?}"),
    };
    assert_eq!((in_book(2), in_book(4)), (half + posten[other].1, expected));
    assert_eq!(Some(in_book(7)), from_csv["bovengrens"].as_i64());
    assert_eq!(book.worksheet_range("Afwijkingen").unwrap().height(), 3);
}

#[test]
fn a_list_that_is_not_whole_or_not_true_is_refused() {
    let dossier = with_rapport(example());
    let dir = draw(&dossier, &["--omvang", "20", "--zaad", "5"]);
    let list = dossier.out().join("ingevuld.csv");
    let whole = || {
        fill_csv(&dir, &list, |_, row| set(row, "goed", ""));
        fs::read_to_string(&list).unwrap()
    };
    let good = whole();
    let regels: Vec<&str> = good.lines().collect();
    let refuses = |text: &str, words: &[&str]| {
        fs::write(&list, text).unwrap();
        evaluate(&dossier, &list, &[]).refuses(3, words);
    };
    refuses(
        &regels[..18].join("\n"),
        &["3 van de 20 declaratieregels ontbreken: nummer 18, 19, 20"],
    );
    refuses(&format!("{good}{}\n", regels[1]), &["staat op regel 2 en op regel 22"]);
    refuses(&regels[..1].join("\n"), &["er staan geen rijen in"]);
    refuses("", &["leeg"]);
    refuses(&good.replace("Oordeel", "Uitkomst"), &["de kolom Oordeel ontbreekt"]);
    refuses(&good.replace("zaad=5", "zaad=6"), &["zit niet in deze steekproef"]);
    refuses(&good.replacen("zaad=5", "zaad=6", 1), &["een andere steekproef dan regel 2"]);
    refuses(&good.replace("mus omvang", "mus  omvang"), &["is geen opzet van een steekproef"]);
    let with = |id: usize, oordeel: &str, vastgesteld: &str| {
        fill_csv(&dir, &list, |i, row| match i {
            _ if i == id => set(row, oordeel, vastgesteld),
            _ => set(row, "goed", ""),
        });
        fs::read_to_string(&list).unwrap()
    };
    refuses(&with(3, "", ""), &["1 van de 20 declaratieregels heeft nog geen oordeel: nummer 4"]);
    refuses(&with(3, "misschien", ""), &["regel 5, Oordeel 'misschien'", "goed, fout of onzeker"]);
    refuses(&with(3, "fout", ""), &["regel 5", "het vastgestelde bedrag ontbreekt"]);
    refuses(&with(3, "fout", "1.234"), &["regel 5, VastgesteldBedrag '1.234'", "dubbelzinnig"]);
    refuses(&with(3, "fout", "-1"), &["een bedrag is hier nul of meer"]);
    refuses(&with(3, "goed", "0,01"), &["regel 5", "het oordeel is goed, maar"]);
    refuses(&with(3, "onzeker", "999999,00"), &["regel 5", "niet lager dan het ingediende"]);
    let bedrag = &rows_of(&dir.join("steekproef.csv"))[0]["IngediendBedrag"];
    refuses(&good.replacen(bedrag.as_str(), "1,00", 1), &["een ingediend bedrag van € 1,00"]);
    let xlsx = dossier.out().join("ingevuld.xlsx");
    fs::write(&xlsx, "geen werkmap").unwrap();
    evaluate(&dossier, &xlsx, &[]).refuses(3, &["ingevuld.xlsx"]);
    evaluate(&dossier, &dossier.out().join("lijst.ods"), &[]).refuses(3, &["ods"]);
    evaluate(&dossier, &dossier.out().join("weg.csv"), &[]).refuses(3, &["weg.csv"]);
    assert!(!dossier.out().join(EVALUATION).exists());
    // And as it should be, it is accepted, also with Windows line ends and commas.
    fs::write(&list, whole()).unwrap();
    assert_eq!(evaluate(&dossier, &list, &[]).status, 0);
}

#[test]
fn lines_of_nothing_are_listed_apart_and_lines_taken_back_are_not_there() {
    let dossier = Dossier::minimaal();
    let header = HEADER.replace('\n', ";VorigReferentieNummer;DebetCredit\n");
    let rows = ROWS.replace('\n', ";;D\n");
    let zero = "R4;2023-04-10;0150;99000001;999900006;T1;45;45T01;2023-03-01;2023-03-31;0;01;1,08;0,00;;D\n";
    let credit = "R5;2023-04-10;0150;99000001;999900006;T1;45;45T01;2023-02-01;2023-02-28;50;01;1,08;54,00;R2;C\n";
    dossier.write("declaraties.csv", &format!("{header}{rows}{zero}{credit}"));
    let dossier = with_rapport(dossier);
    let dir = draw(&dossier, &["--omvang", "9"]);
    let bedragen: Vec<i64> = posten(&dir).into_iter().map(|(_, b)| b).collect();
    assert_eq!(bedragen, [10_800, 1_210]);
    let zero_lines = rows_of(&dir.join("nulregels.csv"));
    assert_eq!(zero_lines.len(), 1);
    assert_eq!(zero_lines[0]["ReferentieNummer"], "R4");
    // A line by lot can be one of nothing.
    let dir = draw(&dossier, &["--omvang", "9", "--methode", "aselect"]);
    assert_eq!(posten(&dir).len(), 3);
}

#[test]
fn a_shell_can_complete_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let outcome = ProgramOutput::of(program().args(["aanvullen", shell]));
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        for word in ["controleer", "steekproef", "productieverantwoording", "evalueren"] {
            assert!(outcome.stdout.contains(word), "{shell}: {word}");
        }
    }
    ProgramOutput::of(program().args(["aanvullen", "cmd"])).refuses(2, &["bash, zsh, fish"]);
}
