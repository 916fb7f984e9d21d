//! From a finding to its lines: what `onderliggend` names is what the finding speaks of, and a person
//! finds it in the export.

use crate::hulp::{Bevinding, Dossier, HEADER, VOORBEELD, rows_of};
use polars_core::prelude::*;
use polars_io::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::Path;

/// Rules of which a finding rests on messages, papers or the absence of lines.
const MAY_BE_WITHOUT: [&str; 10] =
    ["JW17", "OM01", "PV01", "PV02", "PV07", "SG09", "TF07", "TW16", "ZL05", "ZL13"];

/// Rules of which a finding on a toewijzing is about others with it.
const TOGETHER: [&str; 6] = ["BU05", "BU09", "CR03", "TW24", "ZL07", "ZL08"];

fn cent(euro: &str) -> i64 {
    let euro = euro.replace(',', ".");
    let (whole, part) = euro.split_once('.').unwrap_or((&euro, "00"));
    let whole: i64 = whole.parse().unwrap();
    whole * 100 + format!("{part:0<2}").parse::<i64>().unwrap()
}

/// The rows of all declaraties, by file and physical line.
fn export(dir: &Path) -> BTreeMap<(String, usize), Bevinding> {
    let mut rows = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.starts_with("declaraties") {
            let of_file = rows_of(&dir.join(&name));
            rows.extend((2..).zip(of_file).map(|(line, row)| ((name.clone(), line), row)));
        }
    }
    rows
}

fn found_in_export(line: &Bevinding, export: &BTreeMap<(String, usize), Bevinding>) -> Bevinding {
    let place = (line["Bestand"].clone(), line["Regelnummer"].parse().unwrap());
    let row = export.get(&place).unwrap_or_else(|| panic!("no row at {place:?}"));
    for kolom in ["ReferentieNummer", "ToewijzingNummer", "Aanbieder", "ProductCode"] {
        assert_eq!(line[kolom], row[kolom], "{place:?}");
    }
    assert_eq!(cent(&line["IngediendBedrag"]), cent(&row["IngediendBedrag"]), "{place:?}");
    assert_eq!(cent(&line["GeleverdVolume"]), cent(&row["GeleverdVolume"]), "{place:?}");
    row.clone()
}

fn speaks_of(b: &Bevinding, lines: &[&Bevinding], rows: &[Bevinding]) {
    let (id, rule) = (&b["Id"], b["Regel"].as_str());
    let places: BTreeSet<_> = lines.iter().map(|l| (&l["Bestand"], &l["Regelnummer"])).collect();
    assert_eq!(places.len(), lines.len(), "{id} names a line twice");
    let all = |kolom: &str| lines.iter().all(|l| l[kolom] == b[kolom]);
    if !b["ToewijzingNummer"].is_empty() {
        assert!(TOGETHER.contains(&rule) || all("ToewijzingNummer"), "{id}");
    } else if !b["Jeugdige"].is_empty() {
        let children: BTreeSet<&str> = rows.iter().map(|r| r["Bsn"].as_str()).collect();
        assert_eq!(children.len(), 1, "{id} is about one jeugdige");
        let named = lines.iter().all(|l| b["Toelichting"].contains(&l["Aanbieder"]));
        assert!(named && b["Toelichting"].contains("Betrokken aanbieder"), "{id}");
    } else if !b["Aanbieder"].is_empty() && rule != "TW21" {
        assert!(all("Aanbieder"), "{id}");
    }
    let shares: Vec<i64> = lines
        .iter()
        .filter(|l| !l["Aandeel"].is_empty())
        .map(|l| {
            assert!((0..=cent(&l["IngediendBedrag"])).contains(&cent(&l["Aandeel"])), "{id}");
            cent(&l["Aandeel"])
        })
        .collect();
    if !shares.is_empty() {
        assert_eq!(shares.len(), lines.len(), "{id}");
        assert_eq!(shares.iter().sum::<i64>(), cent(&b["BedragInGeding"]), "{id}");
    }
}

fn parquet_is_csv(dir: &Path, csv: &[Bevinding]) {
    let file = File::open(dir.join("onderliggend.parquet")).unwrap();
    let table = ParquetReader::new(file).finish().unwrap();
    let kolommen: Vec<&str> = table.get_column_names().iter().map(|n| n.as_str()).collect();
    assert_eq!(
        kolommen,
        [
            "Id",
            "Bestand",
            "Regelnummer",
            "Aanbieder",
            "Gemeente",
            "ReferentieNummer",
            "ToewijzingNummer",
            "Begindatum",
            "Einddatum",
            "ProductCode",
            "GeleverdVolume",
            "IngediendBedrag",
            "Aandeel"
        ]
    );
    assert_eq!(table.height(), csv.len());
    for (name, kind) in [
        ("Regelnummer", DataType::Int64),
        ("GeleverdVolume", DataType::Int64),
        ("IngediendBedrag", DataType::Int64),
        ("Aandeel", DataType::Int64),
        ("Begindatum", DataType::Date),
        ("Einddatum", DataType::Date),
    ] {
        assert_eq!(*table.column(name).unwrap().dtype(), kind, "{name}");
    }
    let ids = table.column("Id").unwrap().str().unwrap().clone();
    assert!(ids.iter().zip(csv).all(|(id, row)| id == Some(row["Id"].as_str())));
    for name in ["IngediendBedrag", "GeleverdVolume", "Aandeel"] {
        let numbers = table.column(name).unwrap().i64().unwrap().clone();
        let of_csv = csv.iter().map(|row| (!row[name].is_empty()).then(|| cent(&row[name])));
        assert!(numbers.iter().eq(of_csv), "{name}");
    }
}

#[test]
fn the_lines_under_a_finding_are_those_it_speaks_of_and_are_found_in_the_export() {
    for (folder, rapport) in [("", "2023-ijsselland"), ("/zeeland", "2023-zeeland")] {
        let source = format!("{VOORBEELD}{folder}");
        let dossier = Dossier::empty();
        let outcome = dossier.controleer_dir(Path::new(&source), &[]);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        let dir = dossier.out().join(rapport);
        let export = export(Path::new(&source));
        let csv = rows_of(&dir.join("onderliggend.csv"));
        let mut under: BTreeMap<&str, Vec<&Bevinding>> = BTreeMap::new();
        csv.iter().for_each(|line| under.entry(&line["Id"]).or_default().push(line));
        let mut with_lines = 0;
        for b in rows_of(&dir.join("bevindingen.csv")) {
            let lines = under.remove(b["Id"].as_str()).unwrap_or_default();
            // Only a line has an amount of its own.
            if !b["IngediendBedrag"].is_empty() {
                assert!(lines.is_empty(), "{} is about one line", b["Id"]);
                continue;
            }
            let may_be_without = MAY_BE_WITHOUT.contains(&b["Regel"].as_str());
            assert!(!lines.is_empty() || may_be_without, "{} has no lines", b["Id"]);
            with_lines += usize::from(!lines.is_empty());
            let rows: Vec<Bevinding> = lines.iter().map(|l| found_in_export(l, &export)).collect();
            speaks_of(&b, &lines, &rows);
        }
        assert!(with_lines > 3, "{with_lines} findings with lines in {rapport}");
        assert!(under.is_empty(), "lines of no finding: {:?}", under.keys());
        parquet_is_csv(&dir, &csv);
    }
}

/// Lines of one aanbieder that came in 59 days after their month; amounts come back, so that equal
/// ones are told apart.
fn late(count: usize, numbers: impl Iterator<Item = usize>) -> String {
    let line = |i: usize| {
        format!(
            "R{i:05};2023-03-31;0150;99000001;999900006;T1;45;45T01;2023-01-01;2023-01-31;100;01;1,08;{},00\n",
            i * 7 % 13 + 1
        )
    };
    let lines: Vec<String> = numbers.map(line).collect();
    assert_eq!(lines.len(), count);
    HEADER.to_owned() + &lines.concat()
}

/// What stands under the one TL03 of these declaraties: the ReferentieNummers and amounts, in order.
fn largest(declaraties: &str, options: &[&str]) -> Vec<(String, i64)> {
    let dossier = Dossier::minimaal();
    dossier.write("declaraties.csv", declaraties);
    let all = [&["--alleen", "TL03", "--formaten", "csv,json,html"], options].concat();
    let outcome = dossier.controleer(&all);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let dir = dossier.out().join("2023-ijsselland");
    let bevindingen = rows_of(&dir.join("bevindingen.csv"));
    assert_eq!(bevindingen.len(), 1);
    let json = &dossier.samenvatting("2023-ijsselland")["onderliggend"];
    assert_eq!(json["bevindingen"], 1);
    assert_eq!(json["ingekort"][0]["id"], bevindingen[0]["Id"].as_str());
    assert_eq!(json["ingekort"][0]["regels"], 1200);
    assert_eq!(json["ingekort"][0]["genoemd"], 1000);
    let rows = rows_of(&dir.join("onderliggend.csv"));
    assert_eq!(rows.len(), 1000);
    // Each carries itself: the finding is for all of them.
    assert!(rows.iter().all(|r| r["Aandeel"] == r["IngediendBedrag"]));
    let row = |r: &Bevinding| (r["ReferentieNummer"].clone(), cent(&r["IngediendBedrag"]));
    rows.iter().map(row).collect()
}

#[test]
fn under_an_aanbieder_stand_the_thousand_largest_lines_in_whatever_order_they_came() {
    let in_order = largest(&late(1200, 0..1200), &[]);
    assert!(in_order.windows(2).all(|pair| pair[0].1 >= pair[1].1), "the largest first");
    let mut amounts: Vec<usize> = (0..1200).map(|i| (i * 7 % 13 + 1) * 100).collect();
    amounts.sort_unstable_by(|a, b| b.cmp(a));
    let named: Vec<usize> = in_order.iter().map(|(_, cent)| *cent as usize).collect();
    assert_eq!(named, amounts[..1000]);
    let turned = late(1200, (0..1200).rev());
    assert_eq!(largest(&turned, &[]), in_order);
    assert_eq!(largest(&turned, &["--geheugen", "1MB"]), in_order);
    assert_eq!(largest(&turned, &["--draden", "1"]), in_order);
}
