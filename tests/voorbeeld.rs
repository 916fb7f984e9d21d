//! The sample dossier: what it promises, and the rapport of it that the project shows.

use crate::hulp::{Dossier, VOORBEELD, rows_of};
use crate::{pagina, totalen};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The rapport that `reports/voorbeeld` shows, made with this key.
const RAPPORT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/reports/voorbeeld");
/// The second sample dossier.
const ZEELAND: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data/zeeland");
const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/regels");
const KEY: &str = include_str!("../reports/voorbeeld.sleutel");

fn make() -> (Dossier, std::path::PathBuf) {
    make_with(&[])
}

fn make_with(options: &[&str]) -> (Dossier, std::path::PathBuf) {
    let dossier = Dossier::empty();
    let key = dossier.with_key(KEY);
    let options = [&["--sleutel", &*key], options].concat();
    let outcome = dossier.controleer_dir(Path::new(VOORBEELD), &options);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let dir = dossier.out().join("2023-ijsselland");
    (dossier, dir)
}

/// Files of the example that are the same to the byte; of the others it is the numbers that count.
const EXACT: [&str; 4] =
    ["bevindingen.csv", "onderliggend.csv", "invoerfouten.csv", "samenvatting.json"];
const STALE: &str = "is stale: look at the difference, then run RECHTMATIG_VERNIEUW=1 cargo test";

/// The manifest of the example: without the clock, and with places as the project has them.
fn manifest_of_example(dir: &Path) -> serde_json::Value {
    let mut manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(dir.join("manifest.json")).unwrap()).unwrap();
    let begin = manifest["uitgevoerd"]["begin"].as_str().unwrap()[..10].to_owned();
    manifest["uitgevoerd"]["begin"] = format!("{begin}T00:00:00+00:00").into();
    manifest["uitgevoerd"]["seconden"] = 0.into();
    manifest["opties"]["dossier"] = "sample-data".into();
    manifest["plaats"] = serde_json::json!({ "dossier_vanaf_rapport": "../../sample-data" });
    manifest
}

/// `RECHTMATIG_VERNIEUW=1 cargo test` writes the rapport anew.
#[test]
fn the_example_rapport_is_what_the_sample_dossier_gives_today() {
    let (_dossier, dir) = make_with(&["--formaten", "html,xlsx,csv,json"]);
    let voorbeeld = Path::new(RAPPORT);
    if std::env::var_os("RECHTMATIG_VERNIEUW").is_some() {
        fs::create_dir_all(voorbeeld).unwrap();
        for name in EXACT.into_iter().chain(["rapport.html", "rapport.xlsx"]) {
            fs::copy(dir.join(name), voorbeeld.join(name)).unwrap();
        }
        let manifest = serde_json::to_string_pretty(&manifest_of_example(&dir)).unwrap();
        fs::write(voorbeeld.join("manifest.json"), format!("{manifest}\n")).unwrap();
    }
    let [mut now, mut earlier] = [&*dir, voorbeeld].map(manifest_of_example);
    for manifest in [&mut now, &mut earlier] {
        manifest["uitgevoerd"]["begin"].take();
    }
    assert!(now == earlier, "reports/voorbeeld/manifest.json {STALE}");
    for name in EXACT {
        let (now, earlier) = (fs::read(dir.join(name)), fs::read(voorbeeld.join(name)));
        assert!(now.unwrap() == earlier.unwrap_or_default(), "reports/voorbeeld/{name} {STALE}");
    }
    // A word may differ in what people read, a number may not: not from the json and the csv that
    // stand beside it, nor from today's.
    totalen::files_agree(voorbeeld);
    pagina::page_agrees_with_json(voorbeeld);
    pagina::page_agrees_with_csv(voorbeeld);
    let [now, earlier] =
        [&*dir, voorbeeld].map(|m| totalen::numbers_of_workbook(&m.join("rapport.xlsx")));
    let otherwise: Vec<_> =
        now.keys().chain(earlier.keys()).filter(|n| now.get(*n) != earlier.get(*n)).collect();
    assert!(
        otherwise.is_empty(),
        "the numbers of {otherwise:?} in reports/voorbeeld/rapport.xlsx: it {STALE}"
    );
    let [now, earlier] = [&*dir, voorbeeld].map(pagina::numbers_of_page);
    assert!(now == earlier, "the numbers of reports/voorbeeld/rapport.html {STALE}");
}

fn samenvatting(dir: &Path) -> serde_json::Value {
    serde_json::from_slice(&fs::read(dir.join("samenvatting.json")).unwrap()).unwrap()
}

/// Findings and cents by rule and ernst, as the json has them.
fn per_line(json: &serde_json::Value) -> BTreeMap<(String, String), (i64, i64)> {
    let mut out = BTreeMap::new();
    for regel in json["regels"].as_array().unwrap() {
        for (ernst, b) in regel["bevindingen"].as_object().unwrap() {
            let [count, bedrag] = ["aantal", "bedrag_in_geding"].map(|v| b[v].as_i64().unwrap());
            if count > 0 {
                let code = regel["regel"].as_str().unwrap().to_owned();
                out.insert((code, ernst.clone()), (count, bedrag));
            }
        }
    }
    out
}

/// A whole number, or an amount in cents, in a text that may say more: `€ 1.234,50` is 123450.
fn digits(text: &str) -> i64 {
    let cijfers: String = text.chars().filter(char::is_ascii_digit).collect();
    cijfers.parse().unwrap_or(0)
}

#[test]
fn the_terminal_ends_with_totals_findings_and_what_was_not_tested() {
    let dossier = Dossier::empty();
    let outcome = dossier.controleer_dir_with_samenvatting(Path::new(VOORBEELD), &[]);
    let (screen, place) = outcome.stdout.rsplit_once("Rapport: ").unwrap();
    let (page, dir) = place.trim_end().split_once("\nAlle bestanden: ").unwrap();
    assert_eq!(Path::new(page), Path::new(dir).join("rapport.html"));
    assert!(dir.ends_with("2023-ijsselland"));
    let json = samenvatting(&dossier.out().join("2023-ijsselland"));
    let number = |path: &str| json.pointer(path).unwrap().as_i64().unwrap();
    let sentence = |begin: &str| -> Vec<i64> {
        let regel =
            screen.lines().find(|r| r.starts_with(begin)).unwrap_or_else(|| panic!("{begin}"));
        regel
            .split([' ', '('])
            .filter(|d| d.contains(|c: char| c.is_ascii_digit()))
            .map(digits)
            .collect()
    };
    let (read, rejected) = (number("/aansluiting/gelezen"), number("/aansluiting/afgekeurd"));
    assert_eq!(sentence("Leverjaar 2023 · Jeugdhulpregio IJsselland")[0], 2023);
    assert_eq!(sentence("Declaraties: "), [read, read - rejected, rejected]);
    assert_eq!(sentence("Getoetst: "), [number("/totalen/regels"), number("/totalen/bedrag")]);
    assert_eq!(sentence("Fout € "), [number("/totalen/fout"), number("/totalen/onzekerheid")]);
    // The table: a row for each rule and ernst, its last cells the number and the amount.
    let mut table = BTreeMap::new();
    let (above, under) =
        screen.split_once("Niet te toetsen (zie Niet getoetst in het rapport):\n").unwrap();
    for row in above.split('═').next_back().unwrap().lines().filter(|r| r.starts_with(' ')) {
        let (left, bedrag) = row.trim_end().rsplit_once("  ").unwrap();
        let (left, count) = left.trim_end().rsplit_once(' ').unwrap();
        let ernst = left.trim_end().rsplit_once(' ').unwrap().1.to_owned();
        let code = left.split_whitespace().next().unwrap().to_owned();
        table.insert((code, ernst), (digits(count), digits(bedrag)));
    }
    assert_eq!(table, per_line(&json));
    // What was not tested, the most frequent reason first.
    let mut reasons: BTreeMap<String, i64> = BTreeMap::new();
    for reason in json["regels"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|r| r["niet_getoetst"].as_array().unwrap())
    {
        *reasons.entry(reason["reden"].as_str().unwrap().to_owned()).or_default() +=
            reason["aantal"].as_i64().unwrap();
    }
    let shown: Vec<(i64, &str)> = under
        .lines()
        .filter_map(|r| r.split_once(" keer: "))
        .map(|(count, rest)| (digits(count), rest.rsplit_once(" (").unwrap().0))
        .collect();
    assert!(shown.is_sorted_by(|a, b| a.0 >= b.0));
    assert_eq!(shown.len(), reasons.len());
    for (count, reason) in shown {
        assert_eq!(reasons.get(reason), Some(&count), "{reason}");
    }
}

/// `€1,234.50` as the READMEs write it, in cents; none for a dash.
fn cent(text: &str) -> Option<i64> {
    text.starts_with('€').then(|| digits(text))
}

#[test]
fn what_the_readme_tells_is_what_the_program_finds() {
    let (_dossier, dir) = make();
    let readme = fs::read_to_string(Path::new(VOORBEELD).join("README.md")).unwrap();
    let json = samenvatting(&dir);
    let total = |field: &str| json["totalen"][field].as_i64().unwrap();
    let sentence = |begin: &str| -> Vec<i64> {
        let regel =
            readme.lines().find(|r| r.starts_with(begin)).unwrap_or_else(|| panic!("{begin}"));
        regel.split(' ').filter(|d| d.contains(|c: char| c.is_ascii_digit())).map(digits).collect()
    };
    let verteld = sentence("Control total: ");
    assert_eq!(verteld, [total("regels"), 2023, total("bedrag"), total("bevindingen")]);
    assert_eq!(sentence("Fout €"), [total("fout"), total("onzekerheid")]);

    // The table of rules: how many of each ernst, and the amount of all of them.
    let mut expected: BTreeMap<String, [i64; 4]> = BTreeMap::new();
    for ((code, ernst), (count, bedrag)) in per_line(&json) {
        let row = expected.entry(code).or_default();
        let ernsten = ["fout", "onzekerheid", "signaal"];
        row[ernsten.iter().position(|e| *e == ernst).unwrap()] += count;
        row[3] += bedrag;
    }
    let table =
        readme.split("| rule | fout | onzekerheid | signaal | amount in dispute |").nth(1).unwrap();
    let table: BTreeMap<String, [i64; 4]> = table
        .lines()
        .skip(2)
        .map_while(|r| {
            let cells: Vec<&str> = r.strip_prefix("| ")?.split('|').map(str::trim).collect();
            let [code, error, onzeker, signal, bedrag, _] = cells[..] else { return None };
            let counts = [error, onzeker, signal].map(digits);
            let [a, b, c] = counts;
            Some((code.to_owned(), [a, b, c, cent(bedrag).unwrap_or(0)]))
        })
        .collect();
    assert_eq!(table, expected);

    for b in rows_of(&dir.join("bevindingen.csv")) {
        let told = match (b["ReferentieNummer"].as_str(), b["ToewijzingNummer"].as_str()) {
            (line, _) if !line.is_empty() => {
                let amount = match b["BedragInGeding"].as_str() {
                    "" => "–".to_owned(),
                    amount => in_euro(digits(amount)),
                };
                format!("| {line} | {} | {} | {amount} |", b["Regel"], b["Ernst"])
            }
            // The many of TW18 are told together.
            (_, number) if !number.is_empty() && b["Regel"] != "TW18" => {
                format!("| toewijzing {number} | {} | {} |", b["Regel"], b["Ernst"])
            }
            _ => continue,
        };
        assert!(readme.contains(&told), "the README doesn't tell of {told}");
    }
}

/// What a near miss is about: aanbieder (empty for any), and the number of a line or toewijzing.
fn near_misses(story: &str) -> Vec<(String, String)> {
    let bullets = story.split("\nNear miss").nth(1).unwrap_or_default();
    let bullets = bullets.split("\n## ").next().unwrap().lines().filter(|l| l.starts_with("- "));
    bullets
        .flat_map(|bullet| {
            let head = bullet.split(':').next().unwrap();
            let words = head.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
            let words: Vec<&str> = words.filter(|w| digits(w) > 0).collect();
            let (aanbieders, numbers): (Vec<&str>, Vec<&str>) =
                words.into_iter().partition(|w| w.starts_with("990") && w.len() == 8);
            let aanbieder = aanbieders.first().unwrap_or(&"").to_string();
            numbers.into_iter().map(move |n| (aanbieder.clone(), n.to_owned())).collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn no_near_miss_of_the_samples_has_the_finding_of_its_story() {
    let samples = [(VOORBEELD, make()), (ZEELAND, make_zeeland())];
    let checked: Vec<usize> = samples
        .into_iter()
        .map(|(sample, (_dossier, dir))| {
            let readme = fs::read_to_string(Path::new(sample).join("README.md")).unwrap();
            let findings = rows_of(&dir.join("bevindingen.csv"));
            let mut checked = 0;
            for story in readme.split("\n### ").skip(1) {
                let rule = story.split(". ").nth(1).unwrap().split(':').next().unwrap();
                for (aanbieder, number) in near_misses(story) {
                    let of_it = |b: &&BTreeMap<String, String>| {
                        let line = &b["ReferentieNummer"];
                        let over = if line.is_empty() { &b["ToewijzingNummer"] } else { line };
                        b["Regel"] == rule
                            && *over == number
                            && (aanbieder.is_empty() || b["Aanbieder"] == aanbieder)
                    };
                    assert!(!findings.iter().any(|b| of_it(&b)), "{rule} finds {number}");
                    checked += 1;
                }
            }
            checked
        })
        .collect();
    assert!(checked[0] > 150 && checked[1] > 50, "{checked:?}");
}

#[test]
fn the_readmes_of_the_samples_count_the_rows_of_their_files() {
    for dir in [VOORBEELD, ZEELAND] {
        let readme = fs::read_to_string(Path::new(dir).join("README.md")).unwrap();
        let files = readme.split("## Files").nth(1).unwrap().split("\n##").next().unwrap();
        for row in files.lines().filter(|row| row.contains(".csv` |")) {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            let name = cells[1].trim_matches('`');
            let rows = rows_of(&Path::new(dir).join(name)).len();
            assert_eq!(digits(cells[2]), i64::try_from(rows).unwrap(), "{dir}/{name}");
        }
    }
}

fn make_zeeland() -> (Dossier, std::path::PathBuf) {
    let dossier = Dossier::empty();
    let outcome = dossier.controleer_dir(Path::new(ZEELAND), &[]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let dir = dossier.out().join("2023-zeeland");
    (dossier, dir)
}

#[test]
fn what_the_readme_of_zeeland_tells_is_what_the_program_finds() {
    let (_dossier, dir) = make_zeeland();
    let readme = fs::read_to_string(Path::new(ZEELAND).join("README.md")).unwrap();
    let bevindingen = rows_of(&dir.join("bevindingen.csv"));
    for b in &bevindingen {
        let text = |kolom: &str| b[kolom].as_str();
        let over = match [text("ReferentieNummer"), text("ToewijzingNummer"), text("Jeugdige")] {
            ["", "", ""] => format!("aanbieder {}", b["Aanbieder"]),
            ["", "", _] => "a child".to_owned(),
            ["", nummer, _] => format!("toewijzing {nummer}"),
            [nummer, ..] => nummer.to_owned(),
        };
        let verteld = format!("| {over} | {} | {} |", b["Regel"], b["Ernst"]);
        assert!(readme.contains(&verteld), "the README doesn't tell of {verteld}");
    }
    assert!(readme.contains(&format!("Findings: {}.", bevindingen.len())));
}

#[test]
fn what_zeeland_charges_on_adds_up_and_is_told() {
    let (_dossier, dir) = make_zeeland();
    let readme = fs::read_to_string(Path::new(ZEELAND).join("README.md")).unwrap();
    let number = |text: &str| text.replace(',', "").parse::<i64>().unwrap();
    let mut per_gemeente: BTreeMap<String, [i64; 4]> = BTreeMap::new();
    for row in rows_of(&dir.join("doorbelasting.csv")) {
        let [lines, gedeclareerd, error, by] =
            ["Regels", "Gedeclareerd", "Fout", "DoorTeBelasten"].map(|kolom| number(&row[kolom]));
        assert!(row["Maand"].starts_with("2023-"), "{row:?}");
        assert_eq!(gedeclareerd - error, by, "{row:?}");
        for key in [row["Gemeente"].as_str(), "together"] {
            let sum = per_gemeente.entry(key.to_owned()).or_default();
            *sum = [sum[0] + lines, sum[1] + gedeclareerd, sum[2] + error, sum[3] + by];
        }
    }
    let json = samenvatting(&dir);
    let total = |field: &str| json["totalen"][field].as_i64().unwrap();
    let together = per_gemeente["together"];
    assert_eq!(together[..3], [total("regels"), total("bedrag"), total("fout")]);
    for (gemeente, [lines, bedragen @ ..]) in per_gemeente {
        let [gedeclareerd, error, by] = bedragen.map(in_euro);
        let cells = format!("| {lines} | {gedeclareerd} | {error} | {by} |");
        let verteld =
            readme.lines().any(|r| r.starts_with(&format!("| {gemeente}")) && r.ends_with(&cells));
        assert!(verteld, "the README doesn't tell of {gemeente} {cells}");
    }
}

#[test]
fn what_people_judged_changes_what_zeeland_charges_on() {
    let dossier = Dossier::empty();
    for thing in fs::read_dir(ZEELAND).unwrap() {
        let path = thing.unwrap().path();
        fs::copy(&path, dossier.dir().join(path.file_name().unwrap())).unwrap();
    }
    let key = dossier.key();
    let run = || {
        let outcome = dossier.controleer(&["--overschrijf", "--sleutel", &key]);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        dossier.out().join("2023-zeeland")
    };
    let dir = run();
    let findings = rows_of(&dir.join("bevindingen.csv"));
    let id = |rule: &str, line: &str| {
        let fits =
            |b: &&BTreeMap<String, String>| b["Regel"] == rule && b["ReferentieNummer"] == line;
        findings.iter().find(fits).expect("the finding is there")["Id"].clone()
    };
    // One fout stands, one is let go, an onzekerheid is wanted back and another isn't.
    let verdicts = [
        (id("ZL01", "Z23-0101"), "terugvorderen"),
        (id("ZL01", "Z23-0103"), "niet-verwijtbaar"),
        (id("LF01", "Z23-1302"), "terugvorderen"),
        (id("ZL03", "Z23-0312"), "akkoord"),
    ];
    let rows: String = verdicts.iter().map(|(id, oordeel)| format!("{id};{oordeel}\n")).collect();
    dossier.write("beoordelingen.csv", &format!("Id;Oordeel\n{rows}"));
    let dir = run();
    let rows = rows_of(&dir.join("doorbelasting.csv"));
    let columns = ["Gedeclareerd", "Fout", "FoutVervallen", "Teruggevorderd", "DoorTeBelasten"];
    let of = |gemeente: &str, aanbieder: &str, code: &str, maand: &str| {
        let fits = |r: &&BTreeMap<String, String>| {
            [&r["Gemeente"], &r["Aanbieder"], &r["ProductCode"], &r["Maand"]]
                == [gemeente, aanbieder, code, maand]
        };
        let row = rows.iter().find(fits).expect("the row is there");
        columns.map(|kolom| row[kolom].as_str())
    };
    let stands = of("0718", "99000024", "50Z11", "2023-03");
    assert_eq!(stands, ["147,00", "147,00", "0,00", "0,00", "0,00"]);
    let dropped = of("0687", "99000025", "50Z10", "2023-04");
    assert_eq!(dropped, ["410,00", "410,00", "410,00", "0,00", "410,00"]);
    let reclaimed = of("0718", "99000021", "45Z01", "2023-07");
    assert_eq!(reclaimed, ["435,00", "0,00", "0,00", "435,00", "0,00"]);
    let kept = of("0715", "99000024", "50Z11", "2023-05");
    assert_eq!(kept, ["367,50", "0,00", "0,00", "0,00", "367,50"]);
    let amount = |text: &str| text.replace(',', "").parse::<i64>().unwrap();
    for row in &rows {
        let [declared, error, dropped, reclaimed, by] = columns.map(|kolom| amount(&row[kolom]));
        assert_eq!(declared - error + dropped - reclaimed, by, "{row:?}");
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
    let (_dossier, dir) = make();
    let csv = rows_of(&dir.join("bevindingen.csv"));
    let file = fs::File::open(dir.join("bevindingen.parquet")).unwrap();
    let table = ParquetReader::new(file).finish().unwrap();
    let names: Vec<String> = table.get_column_names().iter().map(|n| n.to_string()).collect();
    let header = fs::read_to_string(dir.join("bevindingen.csv")).unwrap();
    let header = header.trim_start_matches('\u{feff}').lines().next().unwrap().to_owned();
    assert_eq!(names.join(";"), header);
    assert_eq!(table.height(), csv.len());
    let bedrag = |text: &str| text.replace(',', "").parse::<i64>().ok();
    let sum_csv: i64 = csv.iter().filter_map(|b| bedrag(&b["BedragInGeding"])).sum();
    let sum_parquet = table.column("BedragInGeding").unwrap().i64().unwrap().sum().unwrap();
    let json = samenvatting(&dir);
    let sum_json: i64 = json["regels"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|r| r["bevindingen"].as_object().unwrap().values().cloned().collect::<Vec<_>>())
        .map(|e| e["bedrag_in_geding"].as_i64().unwrap())
        .sum();
    assert_eq!((sum_csv, sum_csv), (sum_parquet, sum_json));
    let parties = |name: &str, field: &str| -> i64 {
        json[name].as_array().unwrap().iter().map(|p| p[field].as_i64().unwrap()).sum()
    };
    for field in ["fout", "onzekerheid", "bedrag", "regels"] {
        let total = json["totalen"][field].as_i64().unwrap();
        assert_eq!(parties("aanbieders", field), total, "{field} by aanbieder");
        assert_eq!(parties("gemeenten", field), total, "{field} by gemeente");
    }
}

#[test]
fn committed_data_holds_test_numbers_only() {
    for dir in [VOORBEELD, ZEELAND, RAPPORT, CASES] {
        for thing in fs::read_dir(dir).unwrap() {
            let path = thing.unwrap().path();
            let Ok(text) = fs::read_to_string(&path) else { continue };
            for run in text.split(|c: char| !c.is_ascii_digit()).filter(|r| r.len() == 9) {
                let n: u32 = run.parse().unwrap();
                let echt = rechtmatig::dossier::Bsn(n).is_valid();
                let test = (999_900_006..=999_999_990).contains(&n);
                assert!(!echt || test, "{} holds {run}", path.display());
            }
        }
    }
}
