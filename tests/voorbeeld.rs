//! The sample dossier: what it promises, and the rapport of it that the project shows.

use crate::hulp::{Dossier, VOORBEELD, rijen_van};
use crate::{pagina, totalen};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The rapport that `reports/voorbeeld` shows, made with this key.
const RAPPORT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/reports/voorbeeld");
/// The second sample dossier.
const ZEELAND: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data/zeeland");
const GEVALLEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/regels");
const SLEUTEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/reports/voorbeeld.sleutel");

fn maak() -> (Dossier, std::path::PathBuf) {
    let dossier = Dossier::leeg();
    let uitkomst = dossier.controleer_map(Path::new(VOORBEELD), &["--sleutel", SLEUTEL]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    let map = dossier.uit().join("2023-ijsselland");
    (dossier, map)
}

/// Files of the example that are the same to the byte; of the others it is the numbers that count.
const EXACT: [&str; 3] = ["bevindingen.csv", "invoerfouten.csv", "samenvatting.json"];
const STALE: &str =
    "is stale: look at the difference, then run RECHTMATIG_VERNIEUW=1 cargo test --release";

/// `RECHTMATIG_VERNIEUW=1 cargo test --release` writes the rapport anew.
#[test]
fn the_example_rapport_is_what_the_sample_dossier_gives_today() {
    let (_dossier, map) = maak();
    let voorbeeld = Path::new(RAPPORT);
    if std::env::var_os("RECHTMATIG_VERNIEUW").is_some() {
        fs::create_dir_all(voorbeeld).unwrap();
        for naam in EXACT.into_iter().chain(["rapport.html", "rapport.xlsx"]) {
            fs::copy(map.join(naam), voorbeeld.join(naam)).unwrap();
        }
    }
    for naam in EXACT {
        let (nu, toen) = (fs::read(map.join(naam)), fs::read(voorbeeld.join(naam)));
        assert!(nu.unwrap() == toen.unwrap_or_default(), "reports/voorbeeld/{naam} {STALE}");
    }
    // A word may differ in what people read, a number may not: not from the json and the csv that
    // stand beside it, nor from today's.
    totalen::files_agree(voorbeeld);
    pagina::page_agrees_with_json(voorbeeld);
    pagina::page_agrees_with_csv(voorbeeld);
    let [nu, toen] =
        [&*map, voorbeeld].map(|m| totalen::numbers_of_workbook(&m.join("rapport.xlsx")));
    let anders: Vec<_> =
        nu.keys().chain(toen.keys()).filter(|n| nu.get(*n) != toen.get(*n)).collect();
    assert!(
        anders.is_empty(),
        "the numbers of {anders:?} in reports/voorbeeld/rapport.xlsx: it {STALE}"
    );
    let [nu, toen] = [&*map, voorbeeld].map(pagina::numbers_of_page);
    assert!(nu == toen, "the numbers of reports/voorbeeld/rapport.html {STALE}");
}

fn samenvatting(map: &Path) -> serde_json::Value {
    serde_json::from_slice(&fs::read(map.join("samenvatting.json")).unwrap()).unwrap()
}

/// Findings and cents by rule and ernst, as the json has them.
fn per_regel(json: &serde_json::Value) -> BTreeMap<(String, String), (i64, i64)> {
    let mut uit = BTreeMap::new();
    for regel in json["regels"].as_array().unwrap() {
        for (ernst, b) in regel["bevindingen"].as_object().unwrap() {
            let [aantal, bedrag] = ["aantal", "bedrag_in_geding"].map(|v| b[v].as_i64().unwrap());
            if aantal > 0 {
                let code = regel["regel"].as_str().unwrap().to_owned();
                uit.insert((code, ernst.clone()), (aantal, bedrag));
            }
        }
    }
    uit
}

/// A whole number, or an amount in cents, in a text that may say more: `€ 1.234,50` is 123450.
fn cijfers(tekst: &str) -> i64 {
    let cijfers: String = tekst.chars().filter(char::is_ascii_digit).collect();
    cijfers.parse().unwrap_or(0)
}

#[test]
fn the_terminal_ends_with_totals_findings_and_what_was_not_tested() {
    let dossier = Dossier::leeg();
    let uitkomst = dossier.controleer_map_met_samenvatting(Path::new(VOORBEELD), &[]);
    let (scherm, plaats) = uitkomst.stdout.rsplit_once("Rapport: ").unwrap();
    let (pagina, map) = plaats.trim_end().split_once("\nAlle bestanden: ").unwrap();
    assert_eq!(Path::new(pagina), Path::new(map).join("rapport.html"));
    assert!(map.ends_with("2023-ijsselland"));
    let json = samenvatting(&dossier.uit().join("2023-ijsselland"));
    let getal = |pad: &str| json.pointer(pad).unwrap().as_i64().unwrap();
    let zin = |begin: &str| -> Vec<i64> {
        let regel =
            scherm.lines().find(|r| r.starts_with(begin)).unwrap_or_else(|| panic!("{begin}"));
        regel
            .split([' ', '('])
            .filter(|d| d.contains(|c: char| c.is_ascii_digit()))
            .map(cijfers)
            .collect()
    };
    let (gelezen, afgekeurd) = (getal("/aansluiting/gelezen"), getal("/aansluiting/afgekeurd"));
    assert_eq!(zin("Leverjaar 2023 · Jeugdhulpregio IJsselland")[0], 2023);
    assert_eq!(zin("Declaraties: "), [gelezen, gelezen - afgekeurd, afgekeurd]);
    assert_eq!(zin("Getoetst: "), [getal("/totalen/regels"), getal("/totalen/bedrag")]);
    assert_eq!(zin("Fout € "), [getal("/totalen/fout"), getal("/totalen/onzekerheid")]);
    // The table: a row for each rule and ernst, its last cells the number and the amount.
    let mut tabel = BTreeMap::new();
    let (boven, onder) =
        scherm.split_once("Niet te toetsen (zie Niet getoetst in het rapport):\n").unwrap();
    for rij in boven.split('═').next_back().unwrap().lines().filter(|r| r.starts_with(' ')) {
        let (links, bedrag) = rij.trim_end().rsplit_once("  ").unwrap();
        let (links, aantal) = links.trim_end().rsplit_once(' ').unwrap();
        let ernst = links.trim_end().rsplit_once(' ').unwrap().1.to_owned();
        let code = links.split_whitespace().next().unwrap().to_owned();
        tabel.insert((code, ernst), (cijfers(aantal), cijfers(bedrag)));
    }
    assert_eq!(tabel, per_regel(&json));
    // What was not tested, the most frequent reason first.
    let mut redenen: BTreeMap<String, i64> = BTreeMap::new();
    for reden in json["regels"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|r| r["niet_getoetst"].as_array().unwrap())
    {
        *redenen.entry(reden["reden"].as_str().unwrap().to_owned()).or_default() +=
            reden["aantal"].as_i64().unwrap();
    }
    let getoond: Vec<(i64, &str)> = onder
        .lines()
        .filter_map(|r| r.split_once(" keer: "))
        .map(|(aantal, rest)| (cijfers(aantal), rest.rsplit_once(" (").unwrap().0))
        .collect();
    assert!(getoond.is_sorted_by(|a, b| a.0 >= b.0));
    assert_eq!(getoond.len(), redenen.len());
    for (aantal, reden) in getoond {
        assert_eq!(redenen.get(reden), Some(&aantal), "{reden}");
    }
}

/// `€1,234.50` as the READMEs write it, in cents; none for a dash.
fn cent(tekst: &str) -> Option<i64> {
    tekst.starts_with('€').then(|| cijfers(tekst))
}

#[test]
fn what_the_readme_tells_is_what_the_program_finds() {
    let (_dossier, map) = maak();
    let readme = fs::read_to_string(Path::new(VOORBEELD).join("README.md")).unwrap();
    let json = samenvatting(&map);
    let totaal = |veld: &str| json["totalen"][veld].as_i64().unwrap();
    let zin = |begin: &str| -> Vec<i64> {
        let regel =
            readme.lines().find(|r| r.starts_with(begin)).unwrap_or_else(|| panic!("{begin}"));
        regel.split(' ').filter(|d| d.contains(|c: char| c.is_ascii_digit())).map(cijfers).collect()
    };
    let verteld = zin("Control total: ");
    assert_eq!(verteld, [totaal("regels"), 2023, totaal("bedrag"), totaal("bevindingen")]);
    assert_eq!(zin("Fout €"), [totaal("fout"), totaal("onzekerheid")]);

    // The table of rules: how many of each ernst, and the amount of all of them.
    let mut verwacht: BTreeMap<String, [i64; 4]> = BTreeMap::new();
    for ((code, ernst), (aantal, bedrag)) in per_regel(&json) {
        let rij = verwacht.entry(code).or_default();
        let ernsten = ["fout", "onzekerheid", "signaal"];
        rij[ernsten.iter().position(|e| *e == ernst).unwrap()] += aantal;
        rij[3] += bedrag;
    }
    let tabel =
        readme.split("| rule | fout | onzekerheid | signaal | amount in dispute |").nth(1).unwrap();
    let tabel: BTreeMap<String, [i64; 4]> = tabel
        .lines()
        .skip(2)
        .map_while(|r| {
            let cellen: Vec<&str> = r.strip_prefix("| ")?.split('|').map(str::trim).collect();
            let [code, fout, onzeker, signaal, bedrag, _] = cellen[..] else { return None };
            let aantallen = [fout, onzeker, signaal].map(cijfers);
            let [a, b, c] = aantallen;
            Some((code.to_owned(), [a, b, c, cent(bedrag).unwrap_or(0)]))
        })
        .collect();
    assert_eq!(tabel, verwacht);

    for b in rijen_van(&map.join("bevindingen.csv")) {
        let nummer = &b["ReferentieNummer"];
        assert!(readme.contains(nummer.as_str()), "the README doesn't tell of {nummer}");
    }
}

fn maak_zeeland() -> (Dossier, std::path::PathBuf) {
    let dossier = Dossier::leeg();
    let uitkomst = dossier.controleer_map(Path::new(ZEELAND), &[]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    let map = dossier.uit().join("2023-zeeland");
    (dossier, map)
}

#[test]
fn what_the_readme_of_zeeland_tells_is_what_the_program_finds() {
    let (_dossier, map) = maak_zeeland();
    let readme = fs::read_to_string(Path::new(ZEELAND).join("README.md")).unwrap();
    let bevindingen = rijen_van(&map.join("bevindingen.csv"));
    for b in &bevindingen {
        let over = match b["ReferentieNummer"].as_str() {
            "" => format!("toewijzing {}", b["ToewijzingNummer"]),
            nummer => nummer.to_owned(),
        };
        let verteld = format!("| {over} | {} | {} |", b["Regel"], b["Ernst"]);
        assert!(readme.contains(&verteld), "the README doesn't tell of {verteld}");
    }
    assert!(readme.contains(&format!("Findings: {}.", bevindingen.len())));
}

#[test]
fn what_zeeland_charges_on_adds_up_and_is_told() {
    let (_dossier, map) = maak_zeeland();
    let readme = fs::read_to_string(Path::new(ZEELAND).join("README.md")).unwrap();
    let getal = |tekst: &str| tekst.replace(',', "").parse::<i64>().unwrap();
    let mut per_gemeente: BTreeMap<String, [i64; 4]> = BTreeMap::new();
    for rij in rijen_van(&map.join("doorbelasting.csv")) {
        let [regels, gedeclareerd, fout, door] =
            ["Regels", "Gedeclareerd", "Fout", "DoorTeBelasten"].map(|kolom| getal(&rij[kolom]));
        assert_eq!(gedeclareerd - fout, door, "{rij:?}");
        for sleutel in [rij["Gemeente"].as_str(), "together"] {
            let som = per_gemeente.entry(sleutel.to_owned()).or_default();
            *som = [som[0] + regels, som[1] + gedeclareerd, som[2] + fout, som[3] + door];
        }
    }
    let json = samenvatting(&map);
    let totaal = |veld: &str| json["totalen"][veld].as_i64().unwrap();
    let samen = per_gemeente["together"];
    assert_eq!(samen[..3], [totaal("regels"), totaal("bedrag"), totaal("fout")]);
    for (gemeente, [regels, bedragen @ ..]) in per_gemeente {
        let [gedeclareerd, fout, door] = bedragen.map(in_euro);
        let cellen = format!("| {regels} | {gedeclareerd} | {fout} | {door} |");
        let verteld =
            readme.lines().any(|r| r.starts_with(&format!("| {gemeente}")) && r.ends_with(&cellen));
        assert!(verteld, "the README doesn't tell of {gemeente} {cellen}");
    }
}

/// `€1,234.50`, as the README writes it.
fn in_euro(cent: i64) -> String {
    let euro = cent / 100;
    let duizendtal = if euro < 1000 { String::new() } else { format!("{},", euro / 1000) };
    let rest = if euro < 1000 { euro.to_string() } else { format!("{:03}", euro % 1000) };
    format!("€{duizendtal}{rest}.{:02}", cent % 100)
}

#[test]
fn all_formats_hold_the_same_findings_and_sums() {
    use polars_core::prelude::ChunkAgg;
    use polars_io::prelude::*;
    let (_dossier, map) = maak();
    let csv = rijen_van(&map.join("bevindingen.csv"));
    let bestand = fs::File::open(map.join("bevindingen.parquet")).unwrap();
    let tabel = ParquetReader::new(bestand).finish().unwrap();
    let namen: Vec<String> = tabel.get_column_names().iter().map(|n| n.to_string()).collect();
    let kop = fs::read_to_string(map.join("bevindingen.csv")).unwrap();
    let kop = kop.trim_start_matches('\u{feff}').lines().next().unwrap().to_owned();
    assert_eq!(namen.join(";"), kop);
    assert_eq!(tabel.height(), csv.len());
    let bedrag = |tekst: &str| tekst.replace(',', "").parse::<i64>().ok();
    let som_csv: i64 = csv.iter().filter_map(|b| bedrag(&b["BedragInGeding"])).sum();
    let som_parquet = tabel.column("BedragInGeding").unwrap().i64().unwrap().sum().unwrap();
    let json = samenvatting(&map);
    let som_json: i64 = json["regels"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|r| r["bevindingen"].as_object().unwrap().values().cloned().collect::<Vec<_>>())
        .map(|e| e["bedrag_in_geding"].as_i64().unwrap())
        .sum();
    assert_eq!((som_csv, som_csv), (som_parquet, som_json));
    let partijen = |naam: &str, veld: &str| -> i64 {
        json[naam].as_array().unwrap().iter().map(|p| p[veld].as_i64().unwrap()).sum()
    };
    for veld in ["fout", "onzekerheid", "bedrag", "regels"] {
        let totaal = json["totalen"][veld].as_i64().unwrap();
        assert_eq!(partijen("aanbieders", veld), totaal, "{veld} by aanbieder");
        assert_eq!(partijen("gemeenten", veld), totaal, "{veld} by gemeente");
    }
}

#[test]
fn committed_data_holds_test_numbers_only() {
    for map in [VOORBEELD, ZEELAND, RAPPORT, GEVALLEN] {
        for ding in fs::read_dir(map).unwrap() {
            let pad = ding.unwrap().path();
            let Ok(tekst) = fs::read_to_string(&pad) else { continue };
            for reeks in tekst.split(|c: char| !c.is_ascii_digit()).filter(|r| r.len() == 9) {
                let n: u32 = reeks.parse().unwrap();
                let echt = rechtmatig::dossier::Bsn(n).is_geldig();
                let test = (999_900_006..=999_999_990).contains(&n);
                assert!(!echt || test, "{} holds {reeks}", pad.display());
            }
        }
    }
}
