//! Every amount in every file of a rapport adds up to the same totals, read back from each.

use crate::hulp::{Dossier, VOORBEELD, rijen_van};
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
type Telling = (i64, i64);
/// By rule and ernst.
type PerRegel = BTreeMap<(String, &'static str), Telling>;

/// A dossier in which some findings are judged, so that what is open differs from the totals.
fn maak(bron: &str, regio: &str) -> (Dossier, PathBuf) {
    let dossier = Dossier::leeg();
    for ding in fs::read_dir(bron).unwrap() {
        let pad = ding.unwrap().path();
        if pad.is_file() {
            fs::copy(&pad, dossier.map().join(pad.file_name().unwrap())).unwrap();
        }
    }
    let sleutel = dossier.sleutel();
    let opties = ["--regio", regio, "--sleutel", &sleutel, "--overschrijf"];
    assert_eq!(dossier.controleer(&opties).status, 0);
    let map = dossier.uit().join(format!("2023-{regio}"));
    let oordelen: Vec<String> = rijen_van(&map.join("bevindingen.csv"))
        .iter()
        .step_by(3)
        .map(|b| format!("{};terugvorderen\n", b["Id"]))
        .collect();
    dossier.schrijf("beoordelingen.csv", &format!("Id;Oordeel\n{}", oordelen.concat()));
    assert_eq!(dossier.controleer(&opties).status, 0);
    (dossier, map)
}

fn ernst(naam: &str) -> &'static str {
    ERNSTEN.into_iter().find(|e| *e == naam).expect("a known ernst")
}

fn uit_csv(map: &Path) -> PerRegel {
    let mut uit = PerRegel::new();
    for b in rijen_van(&map.join("bevindingen.csv")) {
        let plek = uit.entry((b["Regel"].clone(), ernst(&b["Ernst"]))).or_default();
        let bedrag = &b["BedragInGeding"];
        let cent = if bedrag.is_empty() { 0 } else { bedrag.replace(',', "").parse().unwrap() };
        *plek = (plek.0 + 1, plek.1 + cent);
    }
    uit
}

fn uit_parquet(map: &Path) -> PerRegel {
    let bestand = File::open(map.join("bevindingen.parquet")).unwrap();
    let tabel = ParquetReader::new(bestand).finish().unwrap();
    let tekst = |naam: &str, i: usize| {
        tabel.column(naam).unwrap().str().unwrap().get(i).unwrap().to_owned()
    };
    let mut uit = PerRegel::new();
    for i in 0..tabel.height() {
        let cent = tabel.column("BedragInGeding").unwrap().i64().unwrap().get(i).unwrap_or(0);
        let plek = uit.entry((tekst("Regel", i), ernst(&tekst("Ernst", i)))).or_default();
        *plek = (plek.0 + 1, plek.1 + cent);
    }
    uit
}

fn uit_json(json: &Value) -> PerRegel {
    let mut uit = PerRegel::new();
    for regel in json["regels"].as_array().unwrap() {
        for ernst in ERNSTEN {
            let b = &regel["bevindingen"][ernst];
            let telling = (b["aantal"].as_i64().unwrap(), b["bedrag_in_geding"].as_i64().unwrap());
            if telling.0 > 0 {
                uit.insert((regel["regel"].as_str().unwrap().to_owned(), ernst), telling);
            }
        }
    }
    uit
}

struct Werkmap(BTreeMap<String, Vec<Vec<Data>>>);

impl Werkmap {
    fn lees(pad: &Path) -> Werkmap {
        let mut boek: Xlsx<_> = open_workbook(pad).expect("an independent reader opens it");
        let bladen = boek.worksheets().into_iter();
        Werkmap(bladen.map(|(n, b)| (n, b.rows().map(<[Data]>::to_vec).collect())).collect())
    }

    /// The rows below the header that begins with these cells, up to a row without a first cell.
    fn tabel(&self, blad: &str, kop: &[&str]) -> Vec<&[Data]> {
        let rijen = &self.0[blad];
        let is_kop = |rij: &&Vec<Data>| kop.iter().zip(rij.iter()).all(|(k, c)| *c == **k);
        let begin =
            rijen.iter().position(|rij| is_kop(&rij)).unwrap_or_else(|| panic!("{blad}: {kop:?}"));
        rijen[begin + 1..].iter().take_while(|rij| !rij[0].is_empty()).map(Vec::as_slice).collect()
    }

    fn rij(&self, blad: &str, naam: &str) -> &[Data] {
        let mut rijen = self.0[blad].iter();
        rijen.find(|r| r[0].to_string().trim() == naam).unwrap_or_else(|| panic!("{blad}: {naam}"))
    }
}

fn cent(cel: &Data) -> i64 {
    cel.as_f64().map_or(0, |euro| (euro * 100.0).round() as i64)
}

fn getal(cel: &Data) -> i64 {
    cel.as_f64().map_or(0, |n| n as i64)
}

/// Amounts per rule and ernst of the sheets of findings, row by row.
fn uit_bladen(boek: &Werkmap) -> PerRegel {
    let mut uit = PerRegel::new();
    for (naam, rijen) in &boek.0 {
        let Some(kop) = rijen.iter().position(|r| r.iter().any(|c| *c == "Id")) else {
            continue;
        };
        let Some(plaats) = rijen[kop].iter().position(|c| *c == "Bedrag in geding") else {
            continue;
        };
        for rij in &rijen[kop + 1..] {
            assert!(!rij[0].is_empty(), "{naam}: an empty row");
            let sleutel = (rij[0].to_string(), ernst(&rij[1].to_string()));
            let plek = uit.entry(sleutel).or_default();
            *plek = (plek.0 + 1, plek.1 + cent(&rij[plaats]));
        }
    }
    uit
}

/// The sheet that lists all rules.
fn uit_controles(boek: &Werkmap) -> PerRegel {
    let mut uit = PerRegel::new();
    for rij in boek.tabel("Controles", &["Controle", "Wat", "Getoetst"]) {
        let regel = rij[0].to_string();
        for (ernst, aantal, bedrag) in [("fout", 4, 5), ("onzekerheid", 6, 7)] {
            if getal(&rij[aantal]) > 0 {
                uit.insert((regel.clone(), ernst), (getal(&rij[aantal]), cent(&rij[bedrag])));
            }
        }
    }
    uit
}

/// The numbers of each row of a table of the page, by the row's `data-…` or its first text.
fn uit_pagina(html: &str, tabel: &str) -> Vec<(String, Vec<i64>)> {
    let van = html.find(&format!("id=\"{tabel}\"")).unwrap_or_else(|| panic!("{tabel}"));
    let tekst = &html[van..van + html[van..].find("</table>").unwrap()];
    let mut uit = Vec::new();
    for rij in tekst.split("<tr").skip(2) {
        let naam = rij.split("</th>").next().unwrap();
        let naam =
            naam.split('>').skip(1).map(|d| d.split('<').next().unwrap()).collect::<String>();
        let getallen = rij.split("<data value=\"").skip(1);
        let getallen = getallen.map(|d| d.split('"').next().unwrap().parse().unwrap()).collect();
        uit.push((naam.trim().to_owned(), getallen));
    }
    uit
}

fn uit_pagina_per_regel(html: &str) -> PerRegel {
    let mut uit = PerRegel::new();
    for (naam, n) in uit_pagina(html, "tabel-controles") {
        let code = naam.split_whitespace().next().unwrap().to_owned();
        for (i, ernst) in ERNSTEN.into_iter().enumerate() {
            if n[2 + 2 * i] > 0 {
                uit.insert((code.clone(), ernst), (n[2 + 2 * i], n[3 + 2 * i]));
            }
        }
    }
    uit
}

fn kern(json: &Value, paden: &[&str]) -> Vec<i64> {
    paden
        .iter()
        .map(|p| json.pointer(p).and_then(Value::as_i64).unwrap_or_else(|| panic!("{p}")))
        .collect()
}

/// The rapport in this folder holds the same numbers in all its files: findings and amounts by rule,
/// the totals, those of each aanbieder and gemeente, and the reconciliation.
pub fn files_agree(map: &Path) {
    let json: Value =
        serde_json::from_slice(&fs::read(map.join("samenvatting.json")).unwrap()).unwrap();
    let boek = Werkmap::lees(&map.join("rapport.xlsx"));
    let html = fs::read_to_string(map.join("rapport.html")).unwrap();
    per_regel(&uit_csv(map), &json, &boek, &html);
    let totalen = totalen(&json, &boek, &html);
    partijen(&totalen, &json, &boek, &html);
    aansluiting(&json, &boek, &html);
}

fn per_regel(csv: &PerRegel, json: &Value, boek: &Werkmap, html: &str) {
    assert!(csv.len() >= 20, "{csv:?}");
    assert_eq!(*csv, uit_json(json), "json");
    assert_eq!(*csv, uit_bladen(boek), "the sheets of findings");
    assert_eq!(*csv, uit_pagina_per_regel(html), "the page");
    let zonder_signalen: PerRegel =
        csv.iter().filter(|((_, e), _)| *e != "signaal").map(|(k, v)| (k.clone(), *v)).collect();
    assert_eq!(zonder_signalen, uit_controles(boek), "the sheet Controles");
}

/// The totals without double counting: what was tested, fout, onzekerheid, and what of both is open.
fn totalen(json: &Value, boek: &Werkmap, html: &str) -> Vec<i64> {
    let totalen = kern(
        &json["totalen"],
        &["/bedrag", "/fout", "/onzekerheid", "/open/fout", "/open/onzekerheid"],
    );
    let s = |naam: &str| cent(&boek.rij("Samenvatting", naam)[2]);
    let open: Vec<i64> = boek.0["Samenvatting"]
        .iter()
        .filter(|r| r[0].to_string().contains("waarvan nog zonder oordeel"))
        .map(|r| cent(&r[2]))
        .collect();
    let samenvatting =
        [s("Getoetste declaratieregels"), s("Fout"), s("Onzekerheid"), open[0], open[1]];
    assert_eq!(totalen, samenvatting, "the first sheet");
    let kengetal = |id: &str| -> i64 {
        let van = html.find(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("{id}"));
        html[van..]
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
    let zin = html.split("<p id=\"open\">").nth(1).map(|rest| rest.split("</p>").next().unwrap());
    let (alle, open) = (&json["totalen"]["bevindingen"], &json["totalen"]["open"]["bevindingen"]);
    assert_eq!(zin.is_some(), alle != open);
    for (bedrag, wat) in [(totalen[3], "fout"), (totalen[4], "onzeker")] {
        let Some(zin) = zin else { break };
        assert!(zin.contains(&format!("<data value=\"{bedrag}\">")), "open {wat}: {zin}");
    }
    totalen
}

/// Parties: in each file the same, and together the totals.
fn partijen(totalen: &[i64], json: &Value, boek: &Werkmap, html: &str) {
    for (lijst, sleutel, blad, tabel) in [
        ("aanbieders", "aanbieder", "Aanbieders", "tabel-aanbieder"),
        ("gemeenten", "gemeente", "Gemeenten", "tabel-gemeente"),
    ] {
        let partijen: BTreeMap<String, Vec<i64>> = json[lijst]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| {
                let paden = ["/bedrag", "/fout", "/onzekerheid", "/open_fout", "/open_onzekerheid"];
                (p[sleutel].as_str().unwrap().to_owned(), kern(p, &paden))
            })
            .collect();
        for (i, totaal) in totalen.iter().enumerate() {
            assert_eq!(
                partijen.values().map(|p| p[i]).sum::<i64>(),
                *totaal,
                "{lijst}, column {i}"
            );
        }
        let kop = if blad == "Aanbieders" { "Aanbieder" } else { "Gemeente" };
        let uit_blad = boek.tabel(blad, &[kop, "Naam"]);
        let (som, rijen) = uit_blad.split_last().unwrap();
        assert_eq!(som[0].to_string(), "Totaal");
        let bedragen = |rij: &[Data]| [3, 5, 7, 9, 10].map(|k| cent(&rij[k])).to_vec();
        assert_eq!(bedragen(som), totalen, "{blad}: its last row");
        let in_blad: BTreeMap<String, Vec<i64>> =
            rijen.iter().map(|r| (r[0].to_string(), bedragen(r))).collect();
        assert_eq!(in_blad, partijen, "{blad}");
        let mut op_pagina = [0, 0];
        for (_, n) in uit_pagina(html, tabel).iter().filter(|(naam, _)| naam != "Totaal") {
            op_pagina = [op_pagina[0] + n[0], op_pagina[1] + n[1]];
        }
        assert_eq!(op_pagina, [totalen[1], totalen[2]], "{tabel}");
    }
}

/// The reconciliation, step by step, and what the rapport itself says of its totals.
fn aansluiting(json: &Value, boek: &Werkmap, html: &str) {
    let stappen = uit_pagina(html, "tabel-aansluiting");
    let in_blad = boek.tabel("Aansluiting", &["Stap", "Bedrag", "Regels"]);
    for (i, stap) in json["aansluiting"]["stappen"].as_array().unwrap().iter().enumerate() {
        let van_json = kern(stap, &["/regels", "/bedrag"]);
        assert_eq!(stappen[i + 2].1, van_json, "the page, {stap}");
        let rij = in_blad[i + 2];
        assert_eq!([getal(&rij[2]), cent(&rij[1])].to_vec(), van_json, "the sheet, {stap}");
    }
    let totalen = boek.tabel("Verantwoording", &["Controletotalen"]);
    assert_eq!(totalen.len(), 11);
    for rij in totalen {
        assert_eq!(rij[0].to_string(), "sluit aan", "{rij:?}");
    }
}

#[test]
fn every_amount_in_every_file_adds_up_to_the_same_totals() {
    for (bron, regio) in [(VOORBEELD, "ijsselland"), (&*format!("{VOORBEELD}/zeeland"), "zeeland")]
    {
        let (dossier, map) = maak(bron, regio);
        files_agree(&map);
        assert_eq!(uit_csv(&map), uit_parquet(&map), "parquet");
        let totalen = &dossier.samenvatting(&format!("2023-{regio}"))["totalen"];
        let (fout, open) = (totalen["fout"].as_i64(), totalen["open"]["fout"].as_i64());
        assert!(open < fout && open > Some(0), "some is judged, some is open: {totalen}");
    }
}

/// Every number in the workbook, sheet by sheet; texts are left out.
pub fn numbers_of_workbook(pad: &Path) -> BTreeMap<String, Vec<String>> {
    let getal = |cel: &Data| match cel {
        Data::Int(_) | Data::Float(_) | Data::DateTime(_) => Some(cel.to_string()),
        _ => None,
    };
    let van_blad = |rijen: Vec<Vec<Data>>| rijen.iter().flatten().filter_map(getal).collect();
    Werkmap::lees(pad).0.into_iter().map(|(naam, rijen)| (naam, van_blad(rijen))).collect()
}

/// A part of the workbook as it stands in the zip.
fn deel(map: &Path, naam: &str) -> String {
    let bestand = File::open(map.join("rapport.xlsx")).unwrap();
    let mut zip = zip::ZipArchive::new(bestand).unwrap();
    let mut tekst = String::new();
    zip.by_name(naam).unwrap().read_to_string(&mut tekst).unwrap();
    tekst
}

#[test]
fn the_workbook_is_laid_out_to_be_worked_in_and_printed() {
    let dossier = Dossier::leeg();
    assert_eq!(dossier.controleer_map(Path::new(VOORBEELD), &["--formaten", "xlsx"]).status, 0);
    let map = dossier.uit().join("2023-ijsselland");
    let boek = deel(&map, "xl/workbook.xml");
    let samenvatting = deel(&map, "xl/worksheets/sheet1.xml");
    assert!(
        samenvatting.contains("fitToWidth=\"1\"")
            || samenvatting.contains("<pageSetUpPr fitToPage=\"1\"/>")
    );
    assert!(!samenvatting.contains("fitToHeight=\"0\""), "the summary is one page");
    assert!(samenvatting.contains("location=\"'BU Budget'!A1\""), "it leads to the sheets");
    // Sheet 3 is the first with findings.
    let bevindingen = deel(&map, "xl/worksheets/sheet3.xml");
    for onderdeel in [
        "paperSize=\"9\"",
        "orientation=\"landscape\"",
        "fitToHeight=\"0\"",
        "<autoFilter",
        "state=\"frozen\"",
        "akkoord,terugvorderen,niet-verwijtbaar,nader-onderzoek",
        "type=\"dataBar\"",
        "location=\"'Samenvatting'!A1\"",
        "Pagina &amp;P van &amp;N",
    ] {
        assert!(bevindingen.contains(onderdeel), "{onderdeel}");
    }
    assert!(boek.contains("_xlnm.Print_Titles") && boek.contains("_xlnm.Print_Area"));
    assert!(deel(&map, "docProps/core.xml").contains("Rechtmatigheid jeugdhulp 2023"));
    // What a family measures.
    let boek = Werkmap::lees(&map.join("rapport.xlsx"));
    let budget = boek.0["BU Budget"].iter().find(|r| r[0] == "Regel").unwrap();
    let plaats = |kop: &str| budget.iter().position(|c| *c == *kop).unwrap();
    let (gebruikt, grens, erboven, deel) =
        (plaats("Gebruikt"), plaats("Budget"), plaats("Erboven"), plaats("Deel van het budget"));
    let regels: Vec<_> = boek.0["BU Budget"].iter().filter(|r| r[0] == "BU01").collect();
    assert!(regels.len() > 2);
    for rij in regels {
        assert!(cent(&rij[erboven]) > 0);
        assert_eq!(cent(&rij[gebruikt]) - cent(&rij[grens]), cent(&rij[erboven]));
        let verwacht = cent(&rij[gebruikt]) as f64 / cent(&rij[grens]) as f64;
        assert!((rij[deel].as_f64().unwrap() - verwacht).abs() < 1e-9);
    }
}

#[test]
fn fouten_and_onzekerheden_are_held_against_the_tolerance_that_the_user_states() {
    let dossier = Dossier::minimaal();
    let lees = |naam: &str| fs::read_to_string(dossier.map().join(naam)).unwrap();
    // R3 declares 1 euro too much, of 175.10 euros in all: 0.571%.
    dossier
        .schrijf("declaraties.csv", &lees("declaraties.csv").replace("1,21;12,10", "1,21;13,10"));
    let toets = |toml: Option<&str>| {
        if let Some(toml) = toml {
            dossier.schrijf("controle.toml", toml);
        }
        assert_eq!(dossier.controleer(&["--overschrijf"]).status, 0);
        let map = dossier.uit().join("2023-ijsselland");
        let boek = Werkmap::lees(&map.join("rapport.xlsx"));
        let rij = boek.rij("Verantwoording", "Fouten");
        let html = fs::read_to_string(map.join("rapport.html")).unwrap();
        assert!(html.contains(&rij[1].to_string()));
        (rij[1].to_string(), cent(&rij[2]), cent(&rij[4]))
    };
    assert_eq!(toets(None), ("er is geen tolerantie opgegeven".to_owned(), 100, 0));
    let met = |procent: &str| toets(Some(&format!("[tolerantie]\nfouten = \"{procent}\"\n")));
    assert_eq!(met("1%"), ("binnen de tolerantie".to_owned(), 100, 175));
    assert_eq!(met("0,5%"), ("boven de tolerantie".to_owned(), 100, 87));
}
