//! What must hold for every dossier, tried on made-up ones of several seeds.

use crate::hulp::{Bevinding, Dossier, ProgramOutput, program};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const RAPPORT: &str = "2023-ijsselland";

/// A table as it stands in a file: its columns, and its rows of cells.
struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn read(path: &Path) -> Table {
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_path(path).unwrap();
        let cells = |r: &csv::StringRecord| r.iter().map(str::to_owned).collect::<Vec<_>>();
        let header = cells(reader.headers().unwrap());
        Table { header, rows: reader.records().map(|r| cells(&r.unwrap())).collect() }
    }

    fn place(&self, kolom: &str) -> usize {
        self.header.iter().position(|k| k == kolom).unwrap()
    }

    fn write(&self, dossier: &Dossier, name: &str) {
        let mut out = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
        out.write_record(&self.header).unwrap();
        self.rows.iter().for_each(|r| out.write_record(r).unwrap());
        dossier.write_bytes(name, &out.into_inner().unwrap());
    }
}

fn made_up(seed: u64) -> Dossier {
    let d = Dossier::empty();
    let seed = seed.to_string();
    let make = ["--regels", "4000", "--fouten", "8%", "--stil", "--zaad", &seed];
    assert_eq!(ProgramOutput::of(program().arg("voorbeeld").arg(d.dir()).args(make)).status, 0);
    d
}

fn tested(d: &Dossier) -> Vec<Bevinding> {
    let key = d.key();
    let options =
        ["--overschrijf", "--sleutel", &key, "--formaten", "csv,json", "--max-afgekeurd", "100%"];
    let outcome = d.controleer(&options);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    d.bevindingen(RAPPORT)
}

fn centen(bedrag: &str) -> i64 {
    let digits: String = bedrag.chars().filter(|c| c.is_ascii_digit()).collect();
    digits.parse().unwrap_or(0)
}

/// What is in dispute by rule, of the rules that sum or count lines.
fn telregels(bevindingen: &[Bevinding]) -> BTreeMap<String, i64> {
    let mut out = BTreeMap::new();
    for b in bevindingen {
        let regel = &b["Regel"];
        if ["NS", "BU", "TF"].contains(&&regel[..2]) || regel == "TW11" || regel == "TW12" {
            *out.entry(regel.clone()).or_default() += centen(&b["BedragInGeding"]);
        }
    }
    out
}

#[test]
fn a_lawful_credit_never_raises_what_is_in_dispute() {
    for seed in 1..=5 {
        let d = made_up(seed);
        let first = telregels(&tested(&d));
        assert!(first.len() >= 8, "{first:?}");
        let mut table = Table::read(&d.dir().join("declaraties.csv"));
        let [nummer, previous, kind, ontvangen] =
            ["ReferentieNummer", "VorigReferentieNummer", "DebetCredit", "Ontvangstdatum"]
                .map(|k| table.place(k));
        let withdrawn: BTreeSet<String> =
            table.rows.iter().map(|r| r[previous].clone()).filter(|v| !v.is_empty()).collect();
        let mut probability = Pcg64::seed_from_u64(seed);
        let credits: Vec<Vec<String>> = table
            .rows
            .iter()
            .filter(|r| r[kind] == "D" && !withdrawn.contains(&r[nummer]))
            .filter(|_| probability.random_ratio(1, 6))
            .map(|r| {
                let mut credit = r.clone();
                credit[previous] =
                    std::mem::replace(&mut credit[nummer], format!("C-{}", r[nummer]));
                credit[kind] = "C".to_owned();
                credit[ontvangen] = "2024-02-28".to_owned();
                credit
            })
            .collect();
        assert!(credits.len() > 300);
        table.rows.extend(credits);
        table.write(&d, "declaraties.csv");
        let then = telregels(&tested(&d));
        for (regel, bedrag) in &then {
            let earlier = first.get(regel).copied().unwrap_or(0);
            assert!(*bedrag <= earlier, "seed {seed}, {regel}: {earlier} became {bedrag}");
        }
        assert!(then.values().sum::<i64>() < first.values().sum(), "credits do count");
    }
}

/// A jeugdige with findings whose toewijzingen and reference numbers nobody else's lines name.
fn without_context(declaraties: &Table, toewijzingen: &Table, bevindingen: &[Bevinding]) -> String {
    let cell = |t: &Table, r: &[String], kolom: &str| r[t.place(kolom)].clone();
    let mut of_who: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (table, kolommen) in [
        (declaraties, &["ToewijzingNummer", "ReferentieNummer", "VorigReferentieNummer"][..]),
        (toewijzingen, &["ToewijzingNummer"]),
    ] {
        for row in &table.rows {
            for kolom in kolommen {
                let kind = cell(table, row, "Bsn");
                of_who.entry(cell(table, row, kolom)).or_default().insert(kind);
            }
        }
    }
    let joined: BTreeSet<&String> = of_who
        .iter()
        .filter(|(nummer, children)| !nummer.is_empty() && children.len() > 1)
        .flat_map(|(_, children)| children)
        .collect();
    let may = |b: &&Bevinding| b["Ernst"] == "fout" && !b["Jeugdige"].is_empty();
    let children = bevindingen.iter().filter(may).map(|b| &b["Jeugdige"]);
    children.into_iter().find(|kind| !joined.contains(kind)).expect("one of many").clone()
}

#[test]
fn leaving_out_a_jeugdige_changes_nothing_for_another() {
    for seed in 11..=15 {
        let d = made_up(seed);
        let options = ["--overschrijf", "--bsn-tonen", "--formaten", "csv"];
        // Signals compare with everybody, turnover is a sum over everybody.
        let of_others = |gone: &str| -> Vec<Bevinding> {
            assert_eq!(d.controleer(&options).status, 0);
            let mut out = d.bevindingen(RAPPORT);
            out.retain(|b| !["SG", "OM"].contains(&&b["Regel"][..2]));
            // What sums over all lines of an aanbieder is no jeugdige's.
            out.retain(|b| !b["Jeugdige"].is_empty() && b["Jeugdige"] != gone);
            out.iter_mut().for_each(|b| drop(b.remove("Regelnummer")));
            out.sort();
            out
        };
        let all = of_others("");
        let names = ["declaraties.csv", "toewijzingen.csv", "startstop.csv"];
        let mut tables = names.map(|name| Table::read(&d.dir().join(name)));
        let kind = without_context(&tables[0], &tables[1], &all);
        let with = of_others(&kind);
        assert!(with.len() < all.len());
        for (table, name) in tables.iter_mut().zip(names) {
            let bsn = table.place("Bsn");
            table.rows.retain(|r| r[bsn] != kind);
            table.write(&d, name);
        }
        let without = of_others(&kind);
        for (a, b) in with.iter().zip(&without) {
            assert_eq!(a, b, "seed {seed}");
        }
        assert_eq!(with.len(), without.len(), "seed {seed}");
    }
}

#[test]
fn totals_are_the_sums_of_their_parts() {
    for seed in 21..=23 {
        let d = made_up(seed);
        let bevindingen = tested(&d);
        let s = d.samenvatting(RAPPORT);
        let a = &s["aansluiting"];
        let steps = a["stappen"].as_array().unwrap();
        let step = |name: &str, what: &str| {
            let step = steps.iter().find(|step| step["stap"] == name);
            step.unwrap_or_else(|| panic!("{name} in {steps:?}"))[what].as_i64().unwrap()
        };
        let credits: i64 = steps
            .iter()
            .filter(|step| step["stap"].as_str().unwrap().starts_with("credit_"))
            .map(|step| step["regels"].as_i64().unwrap())
            .sum();
        assert_eq!(
            a["gelezen"].as_i64().unwrap(),
            a["afgekeurd"].as_i64().unwrap() + step("aanvaard_debet", "regels") + credits
        );
        for what in ["regels", "bedrag"] {
            let off = step("teruggenomen", what) + step("afgewezen", what);
            assert_eq!(step("aanvaard_debet", what) - off, step("levend", what));
        }
        // A line counts once: for the highest amount and the heaviest ernst that a rule gave it.
        for group in ["aanbieders", "gemeenten"] {
            for what in ["regels", "bedrag", "fout", "onzekerheid"] {
                let parts: i64 =
                    s[group].as_array().unwrap().iter().map(|p| p[what].as_i64().unwrap()).sum();
                assert_eq!(Some(parts), s["totalen"][what].as_i64(), "{group} {what}");
            }
        }
        let errors = bevindingen.iter().filter(|b| b["Ernst"] == "fout");
        let sum: i64 = errors.map(|b| centen(&b["BedragInGeding"])).sum();
        assert!((1..=sum).contains(&s["totalen"]["fout"].as_i64().unwrap()));
    }
}

/// The lowest and the highest that each column takes, and just past them.
const LIMITS: [(&str, &[&str]); 12] = [
    ("GeleverdVolume", &["0", "0,01", "99999999,99", "99999999"]),
    ("ProductTarief", &["0", "0,01", "999999999,99", "42949672,95"]),
    ("IngediendBedrag", &["0", "0,01", "999999999,99"]),
    ("NoShow", &["0", "255", "65535", "9999"]),
    ("NoShowMinuten", &["0,01", "99999999,99"]),
    ("AfspraakMinuten", &["0,01", "99999999,99"]),
    ("ReistijdMinuten", &["0,01", "99999999,99"]),
    ("Gesprekken", &["0", "1", "65535", "4294967295"]),
    ("Volume", &["0", "0,01", "99999999,99"]),
    ("Budget", &["0", "0,01", "999999999,99"]),
    ("Begindatum", &["1990-01-01", "2023-01-01", "2025-12-31"]),
    ("Einddatum", &["1990-01-01", "2023-12-31", "2025-12-31", "9999-12-31"]),
];

#[test]
fn no_value_that_a_file_can_hold_makes_a_rule_fail() {
    // With more of them, and all columns at once, on `RECHTMATIG_ROBUUST`.
    let more = std::env::var("RECHTMATIG_ROBUUST").ok().and_then(|n| n.parse().ok()).unwrap_or(0);
    let shares = [3, 10, 40, 200];
    for (seed, share) in (31_u64..35 + more).zip(shares.into_iter().cycle()) {
        let d = made_up(seed);
        let mut random = Pcg64::seed_from_u64(seed);
        for name in ["declaraties.csv", "toewijzingen.csv"] {
            let mut table = Table::read(&d.dir().join(name));
            let places: Vec<(usize, &[&str])> = LIMITS
                .iter()
                .filter_map(|(kolom, values)| {
                    Some((table.header.iter().position(|k| k == kolom)?, *values))
                })
                .collect();
            for row in &mut table.rows {
                for (place, values) in &places {
                    if random.random_ratio(1, share) {
                        row[*place] = values[random.random_range(0..values.len())].to_owned();
                    }
                }
            }
            table.write(&d, name);
        }
        let options = ["--toch", "--formaten", "json", "--max-afgekeurd", "100%"];
        let outcome = d.controleer(&options);
        assert_eq!(outcome.status, 0, "seed {seed}: {}", outcome.stderr);
        let rules = d.samenvatting(RAPPORT)["regels"].as_array().unwrap().clone();
        let failed: Vec<_> = rules.iter().filter(|r| !r["mislukt"].is_null()).collect();
        assert!(failed.is_empty(), "seed {seed}: {failed:?}");
    }
}
