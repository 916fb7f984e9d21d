//! `rapport.html`: what stands on it adds up, holds nothing that can do harm, and works in a browser.

mod bladeren;

use crate::hulp::{Dossier, HEADER, VOORBEELD, rows_of};
use base64::Engine;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The sample dossier, audited; the folder with the rapport.
fn example(options: &[&str]) -> (Dossier, PathBuf) {
    let dossier = Dossier::empty();
    let outcome = dossier.controleer_dir(Path::new(VOORBEELD), options);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let dir = dossier.out().join("2023-ijsselland");
    (dossier, dir)
}

fn read(dir: &Path) -> String {
    fs::read_to_string(dir.join("rapport.html")).expect("a page was written")
}

/// What stands between two texts, the first time.
#[track_caller]
fn between<'t>(text: &'t str, of: &str, until: &str) -> &'t str {
    let rest = text.split_once(of).unwrap_or_else(|| panic!("no {of}")).1;
    rest.split_once(until).unwrap_or_else(|| panic!("no {until} after {of}")).0
}

/// The data that the page's script reads.
fn data(html: &str) -> Value {
    let json = between(html, r#"<script type="application/json" id="gegevens">"#, "</script>");
    serde_json::from_str(json).expect("it is JSON")
}

/// The numbers of a row or a cell, in order.
fn numbers(html: &str) -> Vec<i64> {
    html.split(r#"<data value=""#)
        .skip(1)
        .map(|rest| rest.split_once('"').unwrap().0.parse().expect("a whole number"))
        .collect()
}

/// The numbers of each row of a table, and those of its foot.
fn table(html: &str, id: &str) -> (Vec<Vec<i64>>, Option<Vec<i64>>) {
    let tabel = between(html, &format!(r#"id="{id}""#), "</table>");
    let (body, foot) = match tabel.split_once("<tfoot>") {
        Some((body, foot)) => (body, Some(numbers(foot))),
        None => (tabel, None),
    };
    let rows = body.split("<tr").map(numbers).filter(|row| !row.is_empty()).collect();
    (rows, foot)
}

/// Sums of the columns of a table.
fn sums(rows: &[Vec<i64>]) -> Vec<i64> {
    let mut out = vec![0; rows[0].len()];
    for row in rows {
        assert_eq!(row.len(), out.len());
        out.iter_mut().zip(row).for_each(|(sum, n)| *sum += n);
    }
    out
}

/// Every number that stands on the page, in order.
pub fn numbers_of_page(dir: &Path) -> Vec<i64> {
    numbers(&read(dir))
}

fn samenvatting(dir: &Path) -> Value {
    serde_json::from_slice(&fs::read(dir.join("samenvatting.json")).unwrap()).unwrap()
}

const ERNST: [&str; 3] = ["fout", "onzekerheid", "signaal"];

#[test]
fn the_page_shows_the_totals_that_the_other_formats_hold() {
    let (_dossier, dir) = example(&[]);
    page_agrees_with_json(&dir);
}

/// Every total and breakdown on the page in this folder is what its `samenvatting.json` says.
pub fn page_agrees_with_json(dir: &Path) {
    let (html, json) = (read(dir), samenvatting(dir));
    let total = |field: &str| json["totalen"][field].as_i64().unwrap();
    for field in ["regels", "bedrag", "fout", "onzekerheid"] {
        let shown = between(&html, &format!(r#"id="totaal-{field}">"#), "</dd>");
        assert_eq!(numbers(shown), [total(field)], "{field}");
    }
    let kernzin = numbers(between(&html, r#"class="kernzin">"#, "</p>"));
    assert_eq!(kernzin, [total("bedrag"), total("fout"), total("onzekerheid")]);

    let mut separate = Vec::new();
    for ernst in ["fout", "onzekerheid"] {
        let of_ernst = &json["totalen"]["buiten_regeltotalen"][ernst];
        separate.extend(["aantal", "bedrag_in_geding"].map(|v| of_ernst[v].as_i64().unwrap()));
    }
    assert_eq!(numbers(between(&html, r#"id="apart">"#, "</p>")), separate);

    // Every breakdown of the amounts adds up to them, and of the counts to all findings.
    let regels = json["regels"].as_array().unwrap();
    let per_ernst = |field: &str| {
        ERNST.map(|ernst| {
            regels.iter().map(|r| r["bevindingen"][ernst][field].as_i64().unwrap()).sum::<i64>()
        })
    };
    let counts = per_ernst("aantal");
    for what in ["aanbieder", "gemeente", "maand"] {
        let (rows, foot) = table(&html, &format!("tabel-{what}"));
        let mut expected = vec![total("fout"), total("onzekerheid")];
        expected.extend(counts);
        assert_eq!(sums(&rows), expected, "by {what}");
        assert_eq!(foot.unwrap(), expected, "foot by {what}");
    }
    let bedragen = per_ernst("bedrag_in_geding");
    let (rows, _) = table(&html, "tabel-regel");
    let [errors, onzekerheden, signalen] = counts;
    assert_eq!(sums(&rows), [bedragen[0], bedragen[1], errors, onzekerheden, signalen]);

    // Every rule: tested, not testable, and per ernst how many and how much.
    let (rows, _) = table(&html, "tabel-controles");
    assert_eq!(rows.len(), regels.len());
    for (row, regel) in rows.iter().zip(regels) {
        let reasons = regel["niet_getoetst"].as_array().unwrap();
        let not: i64 = reasons.iter().map(|r| r["aantal"].as_i64().unwrap()).sum();
        let mut expected = vec![regel["getoetst"].as_i64().unwrap(), not];
        for ernst in ERNST {
            let of_ernst = &regel["bevindingen"][ernst];
            expected.extend(["aantal", "bedrag_in_geding"].map(|v| of_ernst[v].as_i64().unwrap()));
        }
        assert_eq!(*row, expected, "{}", regel["regel"]);
    }
    let (rows, _) = table(&html, "tabel-aansluiting");
    let steps = json["aansluiting"]["stappen"].as_array().unwrap();
    for (row, step) in rows[2..].iter().zip(steps) {
        assert_eq!(*row, [&step["regels"], &step["bedrag"]].map(|w| w.as_i64().unwrap()), "{step}");
    }
    assert_eq!(rows.len(), steps.len() + 2);
}

#[test]
fn the_page_holds_the_findings_of_the_csv() {
    let (_dossier, dir) = example(&[]);
    page_agrees_with_csv(&dir);
}

/// The findings in the data of the page in this folder are those of its `bevindingen.csv`.
pub fn page_agrees_with_csv(dir: &Path) {
    let g = data(&read(dir));
    let b = &g["bevindingen"];
    let word = |kolom: &str, i: usize| {
        let place = b[kolom][i].as_u64().unwrap() as usize;
        g["woorden"][place].as_str().unwrap().to_owned()
    };
    let code = |kolom: &str, list: &str, i: usize| {
        let place = b[kolom][i].as_i64().unwrap();
        let row = usize::try_from(place).ok().map(|p| &g[list][p][0]);
        row.map_or("", |c| c.as_str().unwrap()).to_owned()
    };
    let bedrag = |kolom: &str, i: usize| {
        let cent = b[kolom][i].as_i64();
        cent.map(|c| format!("{},{:02}", c / 100, c % 100)).unwrap_or_default()
    };
    let mut on_the_page: Vec<Vec<String>> = (0..b["id"].as_array().unwrap().len())
        .map(|i| {
            let regel = g["regels"][b["regel"][i].as_u64().unwrap() as usize]["code"].as_str();
            let regel = regel.unwrap().to_owned();
            vec![
                format!("{regel}-{}", b["id"][i].as_str().unwrap()),
                regel,
                ERNST[b["ernst"][i].as_u64().unwrap() as usize].to_owned(),
                code("aanbieder", "aanbieders", i),
                code("gemeente", "gemeenten", i),
                word("toewijzingnummer", i),
                word("referentie", i),
                word("product", i),
                bedrag("ingediend", i),
                bedrag("bedrag", i),
                word("gevonden", i),
                word("verwacht", i),
                word("toelichting", i),
                word("bron", i),
            ]
        })
        .collect();
    let kolommen = [
        "Id",
        "Regel",
        "Ernst",
        "Aanbieder",
        "Gemeente",
        "ToewijzingNummer",
        "ReferentieNummer",
        "ProductCode",
        "IngediendBedrag",
        "BedragInGeding",
        "Gevonden",
        "Verwacht",
        "Toelichting",
        "Bron",
    ];
    let mut in_csv: Vec<Vec<String>> = rows_of(&dir.join("bevindingen.csv"))
        .into_iter()
        .map(|row| kolommen.map(|k| row[k].clone()).to_vec())
        .collect();
    // The page has the largest first.
    let bedragen = b["bedrag"].as_array().unwrap().iter().map(|c| c.as_i64().unwrap_or(0));
    assert!(bedragen.is_sorted_by(|a, b| a >= b));
    on_the_page.sort();
    in_csv.sort();
    assert_eq!(on_the_page, in_csv);
}

/// What one wants to know in the ten minutes before a meeting.
#[test]
fn the_first_screen_answers_what_a_meeting_asks() {
    let (_dossier, dir) = example(&[]);
    let html = read(&dir);
    let glance = between(&html, "id=\"oogopslag\"", "</dl>");
    let json = samenvatting(&dir);
    let mut parties: Vec<(i64, String)> = json["aanbieders"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| (p["fout"].as_i64().unwrap(), p["aanbieder"].as_str().unwrap().to_owned()))
        .filter(|(fout, _)| *fout > 0)
        .collect();
    parties.sort_by_key(|(fout, code)| (-fout, code.clone()));
    let named: Vec<&str> = glance.split("data-waarde=\"").skip(1).map(|rest| &rest[..8]).collect();
    let most: Vec<&str> = parties.iter().take(5).map(|(_, code)| code.as_str()).collect();
    assert_eq!(named, most);
    assert_eq!(named.len(), 5);
    for words in ["Er is geen tolerantie opgegeven", "Nog niemand heeft iets beoordeeld"] {
        assert!(glance.contains(words), "{words}: {glance}");
    }
    // Why something wasn't tested comes first; each rule with its reasons follows.
    let reasons = between(&html, "id=\"tabel-waarom\"", "</table>");
    let counts: i64 = numbers(reasons).iter().sum();
    let per_rule = table(&html, "tabel-niet-getoetst").0;
    assert_eq!(counts, per_rule.iter().map(|row| row[1]).sum::<i64>());

    let dossier = Dossier::minimaal();
    dossier.write("controle.toml", "[tolerantie]\nfouten = \"1%\"\n");
    assert_eq!(dossier.controleer(&[]).status, 0);
    let dir = dossier.out().join("2023-ijsselland");
    let html = read(&dir);
    let glance = between(&html, "id=\"oogopslag\"", "</dl>");
    assert!(glance.contains("de tolerantie van 1%"), "{glance}");
}

#[test]
fn the_policy_lets_only_the_pages_own_style_and_script_run() {
    let (_dossier, dir) = example(&[]);
    let html = read(&dir);
    let beleid = between(&html, r#"http-equiv="Content-Security-Policy" content=""#, "\"")
        .replace("&#x27;", "'")
        .replace("&#x2f;", "/");
    let hash = |text: &str| {
        let hash = Sha256::digest(text.as_bytes());
        format!("'sha256-{}'", base64::engine::general_purpose::STANDARD.encode(hash))
    };
    let style = hash(between(&html, "<style>", "</style>"));
    let script = hash(between(&html, "<script>", "</script>"));
    let regels: BTreeMap<&str, &str> =
        beleid.split(';').map(|r| r.trim().split_once(' ').unwrap()).collect();
    assert_eq!(regels["default-src"], "'none'");
    assert_eq!((regels["style-src"], regels["script-src"]), (&*style, &*script));
    assert_eq!(regels["require-trusted-types-for"], "'script'");
    assert!(!beleid.contains("unsafe"), "{beleid}");
    // Nothing to ask for: no address, no style or handler in an element.
    for forbidden in ["http://", "https://", " style=", " src=", " onclick", "<link", "url(h"] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
}

/// A text that would break out of a page that isn't careful, wherever it may stand.
const BAD_FAITH: &str =
    "</script><img src=x onerror=window.geraakt=1>\u{2028}]]>--><!-- ${7*7} &lt;b&gt; '\"";

/// Hostile texts in every column that takes a text, in the name of a file and in a ruleset.
fn vijandig() -> (Dossier, PathBuf) {
    let bad_faith = BAD_FAITH.replace('"', "\"\"");
    let cell = |name: &str| format!("\"{name}{bad_faith}\"");
    let dossier = Dossier::empty();
    dossier.write(
        "aanbieders.csv",
        &format!("Aanbieder;Naam;Perceel\n99000001;{};1\n", cell("De Linde")),
    );
    dossier.write(
        "producten.csv",
        &format!(
            "ProductCategorie;ProductCode;Omschrijving;Onderdeel;Tariefsleutel\n{};{};{};ambulant;TG1\n",
            cell("45"), cell("45T01"), cell("Hulp")
        ),
    );
    dossier.write(
        "toewijzingen.csv",
        &format!(
            "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;Einddatum;ProductCategorie;ProductCode;Budget;Budgetsoort\n\
             {};0150;99000001;999900006;2022-12-15;2023-01-01;2023-12-31;{};{};100,00;herstel\n",
            cell("T1"), cell("45"), cell("45T01"),
        ),
    );
    let header = HEADER.trim_end().to_owned() + ";DeclaratieNummer;Functie;Hulpverlener;Groep\n";
    let regel = |id: &str, maand: &str| {
        format!(
            "{};2023-0{maand}-10;0150;99000001;999900006;{};{};{};2023-01-01;2023-01-31;100;01;1,08;108,00;{};{};{};{}\n",
            cell(id),
            cell("T1"),
            cell("45"),
            cell("45T01"),
            cell("D1"),
            cell("arts"),
            cell("H1"),
            cell("G1")
        )
    };
    let regels = regel("R1", "2") + &regel("R2", "6");
    dossier.write(
        "declaraties <img src=x onerror=window.geraakt=1> & '.csv",
        &format!("{header}{regels}"),
    );
    let toml = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/ijsselland.toml"));
    let own = format!(
        "{}\n[eigen.X01]\ntitel = {boos:?}\nkolom = \"IngediendBedrag\"\nals = \"minstens\"\nwaarde = 1\nernst = \"signaal\"\nbron = {boos:?}\ntoelichting = {boos:?}\n",
        toml.unwrap(),
        boos = BAD_FAITH.replace('\u{2028}', " "),
    );
    dossier.write("../regels/ijsselland.toml", &own);
    let regels = dossier.dir().join("../regels").display().to_string();
    let outcome = dossier.controleer(&["--regels", &regels]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let dir = dossier.out().join("2023-ijsselland");
    (dossier, dir)
}

#[test]
fn hostile_texts_stay_texts() {
    let (_dossier, dir) = vijandig();
    let html = read(&dir);
    assert!(!html.to_lowercase().contains("<img"));
    assert_eq!(html.matches("</script>").count(), 2);
    assert_eq!(html.matches("<!--").count(), 0);
    let g = data(&html);
    let words = g["woorden"].as_array().unwrap();
    for word in ["R1", "R2", "T1", "D1", "45T01", "45", "Hulp", "arts"] {
        let expected = format!("{word}{BAD_FAITH}").replace('\u{2028}', "\u{fffd}");
        assert!(words.iter().any(|w| w == &expected), "{word} isn't whole");
    }
}
