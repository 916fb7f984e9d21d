//! What must hold for every dossier, tried on made-up ones of several seeds.

use crate::hulp::{Bevinding, Dossier, ProgramOutput, VOORBEELD, program, rounds};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use rechtmatig::audit::{Audit, Spec, run_whole};
use rechtmatig::regels::fingerprints;
use rechtmatig::regelset::{Regelset, RulesetSource};
use rust_decimal::Decimal;
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
const LIMITS: [(&str, &[&str]); 20] = [
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
    ("Ontvangstdatum", &["", "1990-01-01", "2025-12-31"]),
    ("Toewijzingsdatum", &["1990-01-01", "2023-12-31", "2025-12-31"]),
    ("Ingangsdatum", &["1990-01-01", "2024-02-29", "2025-12-31"]),
    ("Geboortedatum", &["", "1900-01-01", "2023-12-31", "2004-02-29"]),
    ("Frequentie", &["", "2", "4", "6", "7"]),
    ("Eenheid", &["01", "04", "14", "16", "82", "83"]),
    ("DebetCredit", &["D", "C"]),
    ("ProductCode", &["", "x"]),
];

/// A small dossier with the tables from which random ones are made.
type Base = (Dossier, [Table; 2]);

const CHANGED: [&str; 2] = ["declaraties.csv", "toewijzingen.csv"];

/// Small dossiers of a region, with all that a dossier may have.
fn small(regio: &str) -> Vec<Base> {
    let with_tables = |d: Dossier| {
        let tables = CHANGED.map(|name| Table::read(&d.dir().join(name)));
        (d, tables)
    };
    if regio == "zeeland" {
        let d = Dossier::empty();
        for file in std::fs::read_dir(Path::new(VOORBEELD).join(regio)).unwrap() {
            let path = file.unwrap().path();
            std::fs::copy(&path, d.dir().join(path.file_name().unwrap())).unwrap();
        }
        return vec![with_tables(d)];
    }
    let of = |seed: u64| {
        let d = Dossier::empty();
        let seed = seed.to_string();
        let make = ["--regels", "40", "--fouten", "10%", "--stil", "--zaad", &seed];
        let mut spec = program();
        spec.arg("voorbeeld").arg(d.dir()).args(make).args(["--regio", regio]);
        assert_eq!(ProgramOutput::of(&mut spec).status, 0);
        with_tables(d)
    };
    (1..=8).map(of).collect()
}

/// The table with some of its values at their limits: about one in `share`.
fn at_limits(table: &Table, share: u32, random: &mut Pcg64) -> Table {
    let mut out = Table { header: table.header.clone(), rows: table.rows.clone() };
    let place = |(kolom, values): &(&str, &'static [&str])| {
        Some((table.header.iter().position(|k| k == kolom)?, *values))
    };
    let places: Vec<(usize, &[&str])> = LIMITS.iter().filter_map(place).collect();
    for row in &mut out.rows {
        for (place, values) in &places {
            if random.random_ratio(1, share) {
                row[*place] = values[random.random_range(0..values.len())].to_owned();
            }
        }
    }
    out
}

/// The rules that fail on the dossier in this folder.
fn failing(d: &Dossier, regelset: &Regelset) -> Vec<String> {
    let spec = Spec { jaar: Some(2023), max_rejected: Decimal::ONE_HUNDRED, ..Spec::new(d.dir()) };
    let audit = Audit::under(&spec, regelset.clone()).expect("the settings can be read");
    // A dossier without one line that can be read is refused.
    let Ok(read) = audit.setup.read(&|_| {}) else { return Vec::new() };
    let joined = audit.setup.join(read);
    let run = run_whole(&joined.context(audit.jaar), &audit.rules, &|_, _| {});
    let failed = run.outcomes.into_iter().filter_map(|outcome| {
        Some(format!("{}: {:?}", outcome.rule.code, outcome.failed.as_ref()?))
    });
    failed.collect()
}

#[test]
fn no_value_that_a_file_can_hold_makes_a_rule_fail() {
    let shares = [2, 3, 10, 40];
    // Small dossiers: handing work to other threads would take longer than the work.
    let thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread starts");
    for regio in ["ijsselland", "zeeland"] {
        let regelset = Regelset::read(regio, &RulesetSource::BuiltIn, &fingerprints())
            .expect("the built-in ruleset can be read");
        let bases = small(regio);
        for seed in 0..rounds(200) {
            let mut random = Pcg64::seed_from_u64(seed.into());
            let (d, tables) = &bases[seed as usize % bases.len()];
            let share = shares[seed as usize / bases.len() % shares.len()];
            for (table, name) in tables.iter().zip(CHANGED) {
                at_limits(table, share, &mut random).write(d, name);
            }
            let failed = thread.install(|| failing(d, &regelset));
            assert!(failed.is_empty(), "{regio}, seed {seed}: {failed:?}");
        }
    }
}

/// Nothing that the rapport reckons with them overflows either.
#[test]
fn values_at_their_limits_are_reported_whole() {
    for seed in 31..33 {
        let d = made_up(seed);
        let mut random = Pcg64::seed_from_u64(seed);
        for name in ["declaraties.csv", "toewijzingen.csv"] {
            at_limits(&Table::read(&d.dir().join(name)), 3, &mut random).write(&d, name);
        }
        let outcome = d.controleer(&["--toch", "--max-afgekeurd", "100%"]);
        assert_eq!(outcome.status, 0, "seed {seed}: {}", outcome.stderr);
    }
}
