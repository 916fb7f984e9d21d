//! Every amount in every file of a rapport adds up to the same totals, read back from each.

use crate::hulp::{Dossier, VOORBEELD, rows_of};
use calamine::{Data, DataType, Reader, Xlsx, open_workbook};
use polars_io::SerReader;
use polars_io::prelude::ParquetReader;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

const ERNSTEN: [&str; 3] = ["fout", "onzekerheid", "signaal"];

/// How many findings, and their sum in eurocents.
type Tally = (i64, i64);
/// By rule and ernst.
type PerRule = BTreeMap<(String, &'static str), Tally>;

/// A dossier in which some findings are judged, so that what is open differs from the totals.
fn make(source: &str, regio: &str) -> (Dossier, PathBuf) {
    let dossier = Dossier::empty();
    for thing in fs::read_dir(source).unwrap() {
        let path = thing.unwrap().path();
        if path.is_file() {
            fs::copy(&path, dossier.dir().join(path.file_name().unwrap())).unwrap();
        }
    }
    let key = dossier.key();
    let options = ["--regio", regio, "--sleutel", &key, "--overschrijf"];
    assert_eq!(dossier.controleer(&options).status, 0);
    let dir = dossier.out().join(format!("2023-{regio}"));
    let oordelen: Vec<String> = rows_of(&dir.join("bevindingen.csv"))
        .iter()
        .step_by(3)
        .map(|b| format!("{};terugvorderen\n", b["Id"]))
        .collect();
    dossier.write("beoordelingen.csv", &format!("Id;Oordeel\n{}", oordelen.concat()));
    assert_eq!(dossier.controleer(&options).status, 0);
    (dossier, dir)
}

fn ernst(name: &str) -> &'static str {
    ERNSTEN.into_iter().find(|e| *e == name).expect("a known ernst")
}

fn from_csv(dir: &Path) -> PerRule {
    let mut out = PerRule::new();
    for b in rows_of(&dir.join("bevindingen.csv")) {
        let slot = out.entry((b["Regel"].clone(), ernst(&b["Ernst"]))).or_default();
        let bedrag = &b["BedragInGeding"];
        let cent = if bedrag.is_empty() { 0 } else { bedrag.replace(',', "").parse().unwrap() };
        *slot = (slot.0 + 1, slot.1 + cent);
    }
    out
}

fn from_parquet(dir: &Path) -> PerRule {
    let file = File::open(dir.join("bevindingen.parquet")).unwrap();
    let table = ParquetReader::new(file).finish().unwrap();
    let text = |name: &str, i: usize| {
        table.column(name).unwrap().str().unwrap().get(i).unwrap().to_owned()
    };
    let mut out = PerRule::new();
    for i in 0..table.height() {
        let cent = table.column("BedragInGeding").unwrap().i64().unwrap().get(i).unwrap_or(0);
        let slot = out.entry((text("Regel", i), ernst(&text("Ernst", i)))).or_default();
        *slot = (slot.0 + 1, slot.1 + cent);
    }
    out
}

fn from_json(json: &Value) -> PerRule {
    let mut out = PerRule::new();
    for regel in json["regels"].as_array().unwrap() {
        for ernst in ERNSTEN {
            let b = &regel["bevindingen"][ernst];
            let counts = (b["aantal"].as_i64().unwrap(), b["bedrag_in_geding"].as_i64().unwrap());
            if counts.0 > 0 {
                out.insert((regel["regel"].as_str().unwrap().to_owned(), ernst), counts);
            }
        }
    }
    out
}

pub struct Workbook(BTreeMap<String, Vec<Vec<Data>>>);

impl Workbook {
    pub fn read(path: &Path) -> Workbook {
        let mut book: Xlsx<_> = open_workbook(path).expect("an independent reader opens it");
        let sheets = book.worksheets().into_iter();
        Workbook(sheets.map(|(n, b)| (n, b.rows().map(<[Data]>::to_vec).collect())).collect())
    }

    /// The rows below the header that begins with these cells, up to a row without a first cell.
    fn table(&self, sheet: &str, header: &[&str]) -> Vec<&[Data]> {
        let rows = &self.0[sheet];
        let is_header = |row: &&Vec<Data>| header.iter().zip(row.iter()).all(|(k, c)| *c == **k);
        let begin = rows
            .iter()
            .position(|row| is_header(&row))
            .unwrap_or_else(|| panic!("{sheet}: {header:?}"));
        rows[begin + 1..].iter().take_while(|row| !row[0].is_empty()).map(Vec::as_slice).collect()
    }

    pub fn row(&self, sheet: &str, name: &str) -> &[Data] {
        let mut rows = self.0[sheet].iter();
        rows.find(|r| r[0].to_string().trim() == name).unwrap_or_else(|| panic!("{sheet}: {name}"))
    }
}

fn cent(cell: &Data) -> i64 {
    cell.as_f64().map_or(0, |euro| (euro * 100.0).round() as i64)
}

fn number(cell: &Data) -> i64 {
    cell.as_f64().map_or(0, |n| n as i64)
}

/// Amounts per rule and ernst of the sheets of findings, row by row.
fn from_sheets(book: &Workbook) -> PerRule {
    let mut out = PerRule::new();
    // The list has the findings of all sheets once more.
    for (name, rows) in book.0.iter().filter(|(name, _)| *name != "Lijst") {
        let Some(header) = rows.iter().position(|r| r.iter().any(|c| *c == "Id")) else {
            continue;
        };
        let Some(place) = rows[header].iter().position(|c| *c == "Bedrag in geding") else {
            continue;
        };
        for row in &rows[header + 1..] {
            assert!(!row[0].is_empty(), "{name}: an empty row");
            let key = (row[0].to_string(), ernst(&row[1].to_string()));
            let slot = out.entry(key).or_default();
            *slot = (slot.0 + 1, slot.1 + cent(&row[place]));
        }
    }
    out
}

/// Amounts per rule and ernst of the list of all findings.
fn from_list(book: &Workbook) -> PerRule {
    let mut out = PerRule::new();
    for row in book.table("Lijst", &["Regel", "Ernst", "Naam aanbieder"]) {
        let slot = out.entry((row[0].to_string(), ernst(&row[1].to_string()))).or_default();
        *slot = (slot.0 + 1, slot.1 + cent(&row[8]));
    }
    out
}

/// The sheet that lists all rules.
fn from_checks(book: &Workbook) -> PerRule {
    let mut out = PerRule::new();
    for row in book.table("Controles", &["Controle", "Wat", "Getoetst"]) {
        let regel = row[0].to_string();
        for (ernst, count, bedrag) in [("fout", 4, 5), ("onzekerheid", 6, 7)] {
            if number(&row[count]) > 0 {
                out.insert((regel.clone(), ernst), (number(&row[count]), cent(&row[bedrag])));
            }
        }
    }
    out
}

/// The numbers of each row of a table of the page, by the row's `data-…` or its first text.
fn from_page(html: &str, table: &str) -> Vec<(String, Vec<i64>)> {
    let of = html.find(&format!("id=\"{table}\"")).unwrap_or_else(|| panic!("{table}"));
    let text = &html[of..of + html[of..].find("</table>").unwrap()];
    let mut out = Vec::new();
    for row in text.split("<tr").skip(2) {
        let name = row.split("</th>").next().unwrap();
        let name =
            name.split('>').skip(1).map(|d| d.split('<').next().unwrap()).collect::<String>();
        let numbers = row.split("<data value=\"").skip(1);
        let numbers = numbers.map(|d| d.split('"').next().unwrap().parse().unwrap()).collect();
        out.push((name.trim().to_owned(), numbers));
    }
    out
}

fn from_page_per_rule(html: &str) -> PerRule {
    let mut out = PerRule::new();
    for (name, n) in from_page(html, "tabel-controles") {
        let code = name.split_whitespace().next().unwrap().to_owned();
        for (i, ernst) in ERNSTEN.into_iter().enumerate() {
            if n[2 + 2 * i] > 0 {
                out.insert((code.clone(), ernst), (n[2 + 2 * i], n[3 + 2 * i]));
            }
        }
    }
    out
}

fn core(json: &Value, paths: &[&str]) -> Vec<i64> {
    paths
        .iter()
        .map(|p| json.pointer(p).and_then(Value::as_i64).unwrap_or_else(|| panic!("{p}")))
        .collect()
}

/// The rapport in this folder holds the same numbers in all its files: findings and amounts by rule,
/// the totals, those of each aanbieder and gemeente, and the reconciliation.
pub fn files_agree(dir: &Path) {
    let json: Value =
        serde_json::from_slice(&fs::read(dir.join("samenvatting.json")).unwrap()).unwrap();
    let book = Workbook::read(&dir.join("rapport.xlsx"));
    let html = fs::read_to_string(dir.join("rapport.html")).unwrap();
    per_regel(&from_csv(dir), &json, &book, &html);
    let totalen = totals(&json, &book, &html);
    parties(&totalen, &json, &book, &html);
    aansluiting(&json, &book, &html);
}

fn per_regel(csv: &PerRule, json: &Value, book: &Workbook, html: &str) {
    assert!(csv.len() >= 20, "{csv:?}");
    assert_eq!(*csv, from_json(json), "json");
    assert_eq!(*csv, from_sheets(book), "the sheets of findings");
    assert_eq!(*csv, from_list(book), "the list");
    assert_eq!(*csv, from_page_per_rule(html), "the page");
    let without_signalen: PerRule =
        csv.iter().filter(|((_, e), _)| *e != "signaal").map(|(k, v)| (k.clone(), *v)).collect();
    assert_eq!(without_signalen, from_checks(book), "the sheet Controles");
}

/// The totals without double counting: what was tested, fout, onzekerheid, and what of both is open.
fn totals(json: &Value, book: &Workbook, html: &str) -> Vec<i64> {
    let totalen = core(
        &json["totalen"],
        &["/bedrag", "/fout", "/onzekerheid", "/open/fout", "/open/onzekerheid"],
    );
    let s = |name: &str| cent(&book.row("Samenvatting", name)[2]);
    let open: Vec<i64> = book.0["Samenvatting"]
        .iter()
        .filter(|r| r[0].to_string().contains("waarvan nog zonder oordeel"))
        .map(|r| cent(&r[2]))
        .collect();
    let samenvatting =
        [s("Getoetste declaratieregels"), s("Fout"), s("Onzekerheid"), open[0], open[1]];
    assert_eq!(totalen, samenvatting, "the first sheet");
    let kengetal = |id: &str| -> i64 {
        let of = html.find(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("{id}"));
        html[of..]
            .split("<data value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .parse()
            .unwrap()
    };
    assert_eq!(
        totalen[..3],
        [kengetal("totaal-bedrag"), kengetal("totaal-fout"), kengetal("totaal-onzekerheid")],
        "the head of the page"
    );
    // What is open stands on the page where something is judged.
    let sentence =
        html.split("<p id=\"open\">").nth(1).map(|rest| rest.split("</p>").next().unwrap());
    let (all, open) = (&json["totalen"]["bevindingen"], &json["totalen"]["open"]["bevindingen"]);
    assert_eq!(sentence.is_some(), all != open);
    for (bedrag, what) in [(totalen[3], "fout"), (totalen[4], "onzeker")] {
        let Some(sentence) = sentence else { break };
        assert!(
            sentence.contains(&format!("<data value=\"{bedrag}\">")),
            "open {what}: {sentence}"
        );
    }
    totalen
}

/// Parties: in each file the same, and together the totals.
fn parties(totals: &[i64], json: &Value, book: &Workbook, html: &str) {
    for (list, key, sheet, table) in [
        ("aanbieders", "aanbieder", "Aanbieders", "tabel-aanbieder"),
        ("gemeenten", "gemeente", "Gemeenten", "tabel-gemeente"),
    ] {
        let partijen: BTreeMap<String, Vec<i64>> = json[list]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| {
                let paths = ["/bedrag", "/fout", "/onzekerheid", "/open_fout", "/open_onzekerheid"];
                (p[key].as_str().unwrap().to_owned(), core(p, &paths))
            })
            .collect();
        for (i, total) in totals.iter().enumerate() {
            assert_eq!(partijen.values().map(|p| p[i]).sum::<i64>(), *total, "{list}, column {i}");
        }
        let header = if sheet == "Aanbieders" { "Aanbieder" } else { "Gemeente" };
        let from_sheet = book.table(sheet, &[header, "Naam"]);
        let (sum, rows) = from_sheet.split_last().unwrap();
        assert_eq!(sum[0].to_string(), "Totaal");
        let bedragen = |row: &[Data]| [3, 5, 7, 9, 10].map(|k| cent(&row[k])).to_vec();
        assert_eq!(bedragen(sum), totals, "{sheet}: its last row");
        let in_sheet: BTreeMap<String, Vec<i64>> =
            rows.iter().map(|r| (r[0].to_string(), bedragen(r))).collect();
        assert_eq!(in_sheet, partijen, "{sheet}");
        let mut on_page = [0, 0];
        for (_, n) in from_page(html, table).iter().filter(|(name, _)| name != "Totaal") {
            on_page = [on_page[0] + n[0], on_page[1] + n[1]];
        }
        assert_eq!(on_page, [totals[1], totals[2]], "{table}");
    }
}

/// The reconciliation, step by step, and what the rapport itself says of its totals.
fn aansluiting(json: &Value, book: &Workbook, html: &str) {
    let steps = from_page(html, "tabel-aansluiting");
    let in_sheet = book.table("Aansluiting", &["Stap", "Bedrag", "Declaratieregels"]);
    for (i, step) in json["aansluiting"]["stappen"].as_array().unwrap().iter().enumerate() {
        let from_json = core(step, &["/regels", "/bedrag"]);
        assert_eq!(steps[i + 2].1, from_json, "the page, {step}");
        let row = in_sheet[i + 2];
        assert_eq!([number(&row[2]), cent(&row[1])].to_vec(), from_json, "the sheet, {step}");
    }
    let totals = book.table("Verantwoording", &["Controletotalen"]);
    assert_eq!(totals.len(), 11);
    for row in totals {
        assert_eq!(row[0].to_string(), "sluit aan", "{row:?}");
    }
}

#[test]
fn every_amount_in_every_file_adds_up_to_the_same_totals() {
    for (source, regio) in
        [(VOORBEELD, "ijsselland"), (&*format!("{VOORBEELD}/zeeland"), "zeeland")]
    {
        let (dossier, dir) = make(source, regio);
        files_agree(&dir);
        assert_eq!(from_csv(&dir), from_parquet(&dir), "parquet");
        let totals = &dossier.samenvatting(&format!("2023-{regio}"))["totalen"];
        let (error, open) = (totals["fout"].as_i64(), totals["open"]["fout"].as_i64());
        assert!(open < error && open > Some(0), "some is judged, some is open: {totals}");
    }
}

/// Every number in the workbook, sheet by sheet; texts are left out.
pub fn numbers_of_workbook(path: &Path) -> BTreeMap<String, Vec<String>> {
    let number = |cell: &Data| match cell {
        Data::Int(_) | Data::Float(_) | Data::DateTime(_) => Some(cell.to_string()),
        _ => None,
    };
    let of_sheet = |rows: Vec<Vec<Data>>| rows.iter().flatten().filter_map(number).collect();
    Workbook::read(path).0.into_iter().map(|(name, rows)| (name, of_sheet(rows))).collect()
}

/// A part of the workbook as it stands in the zip.
fn part(dir: &Path, name: &str) -> String {
    let file = File::open(dir.join("rapport.xlsx")).unwrap();
    let mut zip = zip::ZipArchive::new(file).unwrap();
    let mut text = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn the_workbook_is_laid_out_to_be_worked_in_and_printed() {
    let dossier = Dossier::empty();
    assert_eq!(dossier.controleer_dir(Path::new(VOORBEELD), &["--formaten", "xlsx"]).status, 0);
    let dir = dossier.out().join("2023-ijsselland");
    let book = part(&dir, "xl/workbook.xml");
    let samenvatting = part(&dir, "xl/worksheets/sheet1.xml");
    assert!(
        samenvatting.contains("fitToWidth=\"1\"")
            || samenvatting.contains("<pageSetUpPr fitToPage=\"1\"/>")
    );
    assert!(!samenvatting.contains("fitToHeight=\"0\""), "the summary is one page");
    assert!(samenvatting.contains("location=\"'BU Budget'!A1\""), "it leads to the sheets");
    // Sheet 3 is the list of all findings, in which people decide; sheet 6 the first of a family.
    let both = [
        "paperSize=\"9\"",
        "orientation=\"landscape\"",
        "fitToHeight=\"0\"",
        "state=\"frozen\"",
        "type=\"dataBar\"",
        "location=\"'Samenvatting'!A1\"",
        "Pagina &amp;P van &amp;N",
    ];
    let choices = "akkoord,terugvorderen,niet-verwijtbaar,nader-onderzoek";
    for (name, more) in [("sheet3.xml", choices), ("sheet6.xml", "<autoFilter")] {
        let sheet = part(&dir, &format!("xl/worksheets/{name}"));
        for onderdeel in both.into_iter().chain([more]) {
            assert!(sheet.contains(onderdeel), "{name}: {onderdeel}");
        }
    }
    // Nobody reacted: that column takes no room.
    let list = part(&dir, "xl/worksheets/sheet3.xml");
    let hidden = list.split("<col ").filter(|col| col.contains("hidden=\"1\""));
    assert_eq!(hidden.filter(|col| col.contains("min=\"13\"")).count(), 1);
    let table = part(&dir, "xl/tables/table1.xml");
    assert!(table.contains("name=\"Lijst\"") && table.contains("<autoFilter"), "{table}");
    assert!(book.contains("_xlnm.Print_Titles") && book.contains("_xlnm.Print_Area"));
    assert!(part(&dir, "docProps/core.xml").contains("Rechtmatigheid jeugdhulp 2023"));
    // What a family measures.
    let book = Workbook::read(&dir.join("rapport.xlsx"));
    let budget = book.0["BU Budget"].iter().find(|r| r[0] == "Regel").unwrap();
    let place = |header: &str| budget.iter().position(|c| *c == *header).unwrap();
    let (used, limit, above, deel) =
        (place("Gebruikt"), place("Budget"), place("Erboven"), place("Deel van het budget"));
    let regels: Vec<_> = book.0["BU Budget"].iter().filter(|r| r[0] == "BU01").collect();
    assert!(regels.len() > 2);
    for row in regels {
        assert!(cent(&row[above]) > 0);
        assert_eq!(cent(&row[used]) - cent(&row[limit]), cent(&row[above]));
        let expected = cent(&row[used]) as f64 / cent(&row[limit]) as f64;
        assert!((row[deel].as_f64().unwrap() - expected).abs() < 1e-9);
    }
}

#[test]
fn fouten_and_onzekerheden_are_held_against_the_tolerance_that_the_user_states() {
    let dossier = Dossier::minimaal();
    let read = |name: &str| fs::read_to_string(dossier.dir().join(name)).unwrap();
    // R3 declares 1 euro too much, of 175.10 euros in all: 0.571%.
    dossier.write("declaraties.csv", &read("declaraties.csv").replace("1,21;12,10", "1,21;13,10"));
    let check = |toml: Option<&str>| {
        if let Some(toml) = toml {
            dossier.write("controle.toml", toml);
        }
        assert_eq!(dossier.controleer(&["--overschrijf"]).status, 0);
        let dir = dossier.out().join("2023-ijsselland");
        let book = Workbook::read(&dir.join("rapport.xlsx"));
        let row = book.row("Verantwoording", "Fouten");
        let html = fs::read_to_string(dir.join("rapport.html")).unwrap();
        assert!(html.contains(&row[1].to_string()));
        (row[1].to_string(), cent(&row[2]), cent(&row[4]))
    };
    assert_eq!(check(None), ("er is geen tolerantie opgegeven".to_owned(), 100, 0));
    let with = |procent: &str| check(Some(&format!("[tolerantie]\nfouten = \"{procent}\"\n")));
    assert_eq!(with("1%"), ("binnen de tolerantie".to_owned(), 100, 175));
    assert_eq!(with("0,5%"), ("boven de tolerantie".to_owned(), 100, 87));
}

#[test]
fn a_verdict_leaves_the_tolerance_only_by_letting_an_amount_go() {
    let dossier = Dossier::minimaal();
    let read = |name: &str| fs::read_to_string(dossier.dir().join(name)).unwrap();
    // R1 and R2 without a toewijzing, for 108 and 54 euros, and R3 one euro above its tariff.
    dossier.write("toewijzingen.csv", &read("toewijzingen.csv").replace("T1;", "T9;"));
    dossier.write("declaraties.csv", &read("declaraties.csv").replace("1,21;12,10", "1,21;13,10"));
    dossier.write("controle.toml", "[tolerantie]\nfouten = \"10%\"\nsamen = \"100%\"\n");
    let run = || {
        assert_eq!(dossier.controleer(&["--overschrijf"]).status, 0);
        let json = dossier.samenvatting("2023-ijsselland")["tolerantie"].clone();
        let row = |what: &str| {
            let row = json.as_array().unwrap().iter().find(|t| t["wat"] == what).unwrap();
            (row["bedrag"].as_i64().unwrap(), row["uitkomst"].as_str().unwrap().to_owned())
        };
        (row("Fouten"), row("Fouten en onzekerheden samen"))
    };
    let above = |cent| (cent, "boven de tolerantie".to_owned());
    let within = |cent| (cent, "binnen de tolerantie".to_owned());
    assert_eq!(run(), (above(16_300), within(16_300)));
    let findings = dossier.bevindingen("2023-ijsselland");
    let verdicts = |verdict: &str| {
        let on_line = findings.iter().filter(|b| b["Regel"] == "TW01");
        let rows: String = on_line.map(|b| format!("{};{verdict}\n", b["Id"])).collect();
        dossier.write("beoordelingen.csv", &format!("Id;Oordeel\n{rows}"));
    };
    for (verdict, expected) in [
        ("terugvorderen", above(16_300)),
        ("nader-onderzoek", above(16_300)),
        ("akkoord", within(100)),
        ("niet-verwijtbaar", within(100)),
    ] {
        verdicts(verdict);
        assert_eq!(run().0, expected, "{verdict}");
    }
    // Once the credits of what is reclaimed are in the dossier, nothing of it counts.
    verdicts("terugvorderen");
    let declaraties = read("declaraties.csv");
    let header = declaraties.lines().next().unwrap().to_owned();
    let credited: Vec<String> = declaraties
        .lines()
        .skip(1)
        .flat_map(|line| {
            let own = format!("{line};;D");
            let (number, rest) = line.split_once(';').unwrap();
            let credit = format!("C{number};{rest};{number};C");
            if number == "R3" { vec![own] } else { vec![own, credit] }
        })
        .collect();
    let table = format!("{header};VorigReferentieNummer;DebetCredit\n{}\n", credited.join("\n"));
    dossier.write("declaraties.csv", &table);
    assert_eq!(run().0.0, 100);
}
