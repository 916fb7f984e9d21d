//! What must hold for every dossier, tried on made-up ones of several seeds.

use crate::hulp::{Bevinding, Dossier, Uitkomst, programma};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const RAPPORT: &str = "2023-ijsselland";

/// A table as it stands in a file: its columns, and its rows of cells.
struct Tabel {
    kop: Vec<String>,
    rijen: Vec<Vec<String>>,
}

impl Tabel {
    fn lees(pad: &Path) -> Tabel {
        let mut lezer = csv::ReaderBuilder::new().delimiter(b';').from_path(pad).unwrap();
        let cellen = |r: &csv::StringRecord| r.iter().map(str::to_owned).collect::<Vec<_>>();
        let kop = cellen(lezer.headers().unwrap());
        Tabel { kop, rijen: lezer.records().map(|r| cellen(&r.unwrap())).collect() }
    }

    fn plaats(&self, kolom: &str) -> usize {
        self.kop.iter().position(|k| k == kolom).unwrap()
    }

    fn schrijf(&self, dossier: &Dossier, naam: &str) {
        let mut uit = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
        uit.write_record(&self.kop).unwrap();
        self.rijen.iter().for_each(|r| uit.write_record(r).unwrap());
        dossier.schrijf_bytes(naam, &uit.into_inner().unwrap());
    }
}

fn verzonnen(zaad: u64) -> Dossier {
    let d = Dossier::leeg();
    let zaad = zaad.to_string();
    let maak = ["--regels", "4000", "--fouten", "8%", "--stil", "--zaad", &zaad];
    assert_eq!(Uitkomst::van(programma().arg("voorbeeld").arg(d.map()).args(maak)).status, 0);
    d
}

fn getoetst(d: &Dossier) -> Vec<Bevinding> {
    let sleutel = d.sleutel();
    let opties = [
        "--overschrijf",
        "--sleutel",
        &sleutel,
        "--formaten",
        "csv,json",
        "--max-afgekeurd",
        "100%",
    ];
    let uitkomst = d.controleer(&opties);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    d.bevindingen(RAPPORT)
}

fn centen(bedrag: &str) -> i64 {
    let cijfers: String = bedrag.chars().filter(|c| c.is_ascii_digit()).collect();
    cijfers.parse().unwrap_or(0)
}

/// What is in dispute by rule, of the rules that sum or count lines.
fn telregels(bevindingen: &[Bevinding]) -> BTreeMap<String, i64> {
    let mut uit = BTreeMap::new();
    for b in bevindingen {
        let regel = &b["Regel"];
        if ["NS", "BU", "TF"].contains(&&regel[..2]) || regel == "TW11" || regel == "TW12" {
            *uit.entry(regel.clone()).or_default() += centen(&b["BedragInGeding"]);
        }
    }
    uit
}

#[test]
fn a_lawful_credit_never_raises_what_is_in_dispute() {
    for zaad in 1..=5 {
        let d = verzonnen(zaad);
        let eerst = telregels(&getoetst(&d));
        assert!(eerst.len() >= 8, "{eerst:?}");
        let mut tabel = Tabel::lees(&d.map().join("declaraties.csv"));
        let [nummer, vorig, soort, ontvangen] =
            ["ReferentieNummer", "VorigReferentieNummer", "DebetCredit", "Ontvangstdatum"]
                .map(|k| tabel.plaats(k));
        let teruggenomen: BTreeSet<String> =
            tabel.rijen.iter().map(|r| r[vorig].clone()).filter(|v| !v.is_empty()).collect();
        let mut kans = Pcg64::seed_from_u64(zaad);
        let credits: Vec<Vec<String>> = tabel
            .rijen
            .iter()
            .filter(|r| r[soort] == "D" && !teruggenomen.contains(&r[nummer]))
            .filter(|_| kans.random_ratio(1, 6))
            .map(|r| {
                let mut credit = r.clone();
                credit[vorig] = std::mem::replace(&mut credit[nummer], format!("C-{}", r[nummer]));
                credit[soort] = "C".to_owned();
                credit[ontvangen] = "2024-02-28".to_owned();
                credit
            })
            .collect();
        assert!(credits.len() > 300);
        tabel.rijen.extend(credits);
        tabel.schrijf(&d, "declaraties.csv");
        let daarna = telregels(&getoetst(&d));
        for (regel, bedrag) in &daarna {
            let eerder = eerst.get(regel).copied().unwrap_or(0);
            assert!(*bedrag <= eerder, "seed {zaad}, {regel}: {eerder} became {bedrag}");
        }
        assert!(daarna.values().sum::<i64>() < eerst.values().sum(), "credits do count");
    }
}

/// A jeugdige with findings whose toewijzingen and reference numbers nobody else's lines name.
fn zonder_verband(declaraties: &Tabel, toewijzingen: &Tabel, bevindingen: &[Bevinding]) -> String {
    let cel = |t: &Tabel, r: &[String], kolom: &str| r[t.plaats(kolom)].clone();
    let mut van_wie: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (tabel, kolommen) in [
        (declaraties, &["ToewijzingNummer", "ReferentieNummer", "VorigReferentieNummer"][..]),
        (toewijzingen, &["ToewijzingNummer"]),
    ] {
        for rij in &tabel.rijen {
            for kolom in kolommen {
                let kind = cel(tabel, rij, "Bsn");
                van_wie.entry(cel(tabel, rij, kolom)).or_default().insert(kind);
            }
        }
    }
    let verbonden: BTreeSet<&String> = van_wie
        .iter()
        .filter(|(nummer, kinderen)| !nummer.is_empty() && kinderen.len() > 1)
        .flat_map(|(_, kinderen)| kinderen)
        .collect();
    let mag = |b: &&Bevinding| b["Ernst"] == "fout" && !b["Jeugdige"].is_empty();
    let kinderen = bevindingen.iter().filter(mag).map(|b| &b["Jeugdige"]);
    kinderen.into_iter().find(|kind| !verbonden.contains(kind)).expect("one of many").clone()
}

#[test]
fn leaving_out_a_jeugdige_changes_nothing_for_another() {
    for zaad in 11..=15 {
        let d = verzonnen(zaad);
        let opties = ["--overschrijf", "--bsn-tonen", "--formaten", "csv"];
        // Signals compare with everybody, turnover is a sum over everybody.
        let van_anderen = |weg: &str| -> Vec<Bevinding> {
            assert_eq!(d.controleer(&opties).status, 0);
            let mut uit = d.bevindingen(RAPPORT);
            uit.retain(|b| !["SG", "OM"].contains(&&b["Regel"][..2]));
            // What sums over all lines of an aanbieder is no jeugdige's.
            uit.retain(|b| !b["Jeugdige"].is_empty() && b["Jeugdige"] != weg);
            uit.iter_mut().for_each(|b| drop(b.remove("Regelnummer")));
            uit.sort();
            uit
        };
        let alle = van_anderen("");
        let namen = ["declaraties.csv", "toewijzingen.csv", "startstop.csv"];
        let mut tabellen = namen.map(|naam| Tabel::lees(&d.map().join(naam)));
        let kind = zonder_verband(&tabellen[0], &tabellen[1], &alle);
        let met = van_anderen(&kind);
        assert!(met.len() < alle.len());
        for (tabel, naam) in tabellen.iter_mut().zip(namen) {
            let bsn = tabel.plaats("Bsn");
            tabel.rijen.retain(|r| r[bsn] != kind);
            tabel.schrijf(&d, naam);
        }
        let zonder = van_anderen(&kind);
        for (a, b) in met.iter().zip(&zonder) {
            assert_eq!(a, b, "seed {zaad}");
        }
        assert_eq!(met.len(), zonder.len(), "seed {zaad}");
    }
}

#[test]
fn totals_are_the_sums_of_their_parts() {
    for zaad in 21..=23 {
        let d = verzonnen(zaad);
        let bevindingen = getoetst(&d);
        let s = d.samenvatting(RAPPORT);
        let a = &s["aansluiting"];
        let stappen = a["stappen"].as_array().unwrap();
        let stap = |naam: &str, wat: &str| {
            let stap = stappen.iter().find(|stap| stap["stap"] == naam);
            stap.unwrap_or_else(|| panic!("{naam} in {stappen:?}"))[wat].as_i64().unwrap()
        };
        let credits: i64 = stappen
            .iter()
            .filter(|stap| stap["stap"].as_str().unwrap().starts_with("credit_"))
            .map(|stap| stap["regels"].as_i64().unwrap())
            .sum();
        assert_eq!(
            a["gelezen"].as_i64().unwrap(),
            a["afgekeurd"].as_i64().unwrap() + stap("aanvaard_debet", "regels") + credits
        );
        for wat in ["regels", "bedrag"] {
            let af = stap("teruggenomen", wat) + stap("afgewezen", wat);
            assert_eq!(stap("aanvaard_debet", wat) - af, stap("levend", wat));
        }
        // A line counts once: for the highest amount and the heaviest ernst that a rule gave it.
        for groep in ["aanbieders", "gemeenten"] {
            for wat in ["regels", "bedrag", "fout", "onzekerheid"] {
                let delen: i64 =
                    s[groep].as_array().unwrap().iter().map(|p| p[wat].as_i64().unwrap()).sum();
                assert_eq!(Some(delen), s["totalen"][wat].as_i64(), "{groep} {wat}");
            }
        }
        let fouten = bevindingen.iter().filter(|b| b["Ernst"] == "fout");
        let som: i64 = fouten.map(|b| centen(&b["BedragInGeding"])).sum();
        assert!((1..=som).contains(&s["totalen"]["fout"].as_i64().unwrap()));
    }
}
