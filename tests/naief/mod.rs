//! The engine against a second, naive implementation of the rules that decide about money.
//!
//! Thousands of small random dossiers go through both; the findings must be the same. A difference
//! is made as small as it gets and shown as CSV, with what each of the two found.
//! `NAIEF_GEVALLEN` sets the number of dossiers, `NAIEF_ZAAD` another start of the random numbers.

mod dossier;
mod gevallen;
mod regels;

use dossier::Dossier;
use proptest::test_runner::{
    Config, RngAlgorithm, TestCaseError, TestCaseResult, TestError, TestRng, TestRunner,
};
use rechtmatig::audit::{Audit, Spec, run_whole};
use rechtmatig::regels::fingerprints;
use rechtmatig::regelset::{Regelset, RulesetSource};
use rechtmatig::toetsing::Subject;
use regels::Bevinding;
use rust_decimal::Decimal;
use std::path::Path;

const REGELS: [&str; 20] = [
    "NS01", "BU01", "BU08", "TW06", "TW07", "TW08", "TW09", "TW10", "TW11", "TW12", "TW26", "JW01",
    "JW02", "JW03", "JW04", "TF01", "TF02", "OM01", "WV11", "CR03",
];

/// What the engine finds in this folder, sorted.
fn of_program(dir: &Path, regelset: &Regelset) -> Vec<Bevinding> {
    let spec = Spec {
        only: REGELS.map(str::to_owned).to_vec(),
        max_rejected: Decimal::ZERO,
        ..Spec::new(dir)
    };
    let audit = Audit::under(&spec, regelset.clone()).expect("the settings can be read");
    assert_eq!(audit.rules.len(), REGELS.len());
    let read = audit.setup.read(&|_| {}).expect("the dossier can be read");
    assert!(read.errors.is_empty(), "unreadable: {:?}", read.errors);
    let joined = audit.setup.join(read);
    let dossier = &joined.dossier;
    let mut out = Vec::new();
    for outcome in run_whole(&joined.context(audit.jaar), &audit.rules, &|_, _| {}).outcomes {
        assert!(outcome.failed.is_none(), "{}: {:?}", outcome.rule.code, outcome.failed);
        for b in outcome.outcomes.bevindingen {
            let about = match b.subject {
                Subject::Line(id) => {
                    let line = dossier.line(id);
                    format!("{}:{}", dossier.file(line.file).pad, line.line_number)
                }
                Subject::Aanbieder(id) => dossier.aanbieder(id).agb.to_string(),
                Subject::Toewijzing(id) => {
                    let t = dossier.toewijzing(id);
                    format!("{} {}", t.gemeente, dossier.toewijzingnummer(t.nummer))
                }
                otherwise => format!("{otherwise:?}"),
            };
            let bedrag = b.bedrag.map(|c| i128::from(c.0));
            let regel = outcome.rule.code.to_owned();
            out.push(Bevinding { regel, about, ernst: b.ernst.name(), bedrag });
        }
    }
    out.sort();
    out
}

fn regelset() -> Regelset {
    Regelset::read("ijsselland", &RulesetSource::BuiltIn, &fingerprints())
        .expect("the built-in ruleset can be read")
}

/// What the engine finds in this dossier.
fn found_in(dossier: &Dossier, regelset: &Regelset) -> Vec<Bevinding> {
    // In memory where the system has a place for that: the disk would take most of the time.
    let dir = tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .expect("a temporary folder can be made");
    dossier.write(dir.path());
    of_program(dir.path(), regelset)
}

/// Both find the same in this dossier; it gives what the engine found.
#[track_caller]
fn once(dossier: &Dossier) -> Vec<Bevinding> {
    let program = found_in(dossier, &regelset());
    assert_eq!(program, regels::bevindingen(dossier), "in {dossier:?}");
    program
}

fn list(bevindingen: &[Bevinding], other: &[Bevinding]) -> String {
    let regel = |b: &Bevinding| {
        let only = if other.contains(b) { ' ' } else { '*' };
        let bedrag = b.bedrag.map_or("-".to_owned(), |c| c.to_string());
        format!("{only} {} {} {} {bedrag}\n", b.regel, b.about, b.ernst)
    };
    bevindingen.iter().map(regel).collect()
}

fn compare(dossier: &Dossier, regelset: &Regelset) -> TestCaseResult {
    let program = found_in(dossier, regelset);
    let naief = regels::bevindingen(dossier);
    if program == naief {
        return Ok(());
    }
    Err(TestCaseError::fail(format!(
        "\nthe program (* = not found naively):\n{}naively (* = not found by the program):\n{}",
        list(&program, &naief),
        list(&naief, &program)
    )))
}

/// The dossier without the lines and versions that the difference can do without.
fn without_superfluous_rows(mut dossier: Dossier, regelset: &Regelset) -> Dossier {
    for i in (0..dossier.lines.len()).rev() {
        let mut smaller = dossier.clone();
        smaller.lines.remove(i);
        smaller.nummer();
        if !smaller.lines.is_empty() && compare(&smaller, regelset).is_err() {
            dossier = smaller;
        }
    }
    for i in (0..dossier.versies.len()).rev() {
        let mut smaller = dossier.clone();
        smaller.versies.remove(i);
        if compare(&smaller, regelset).is_err() {
            dossier = smaller;
        }
    }
    dossier
}

fn from_environment<T: std::str::FromStr>(name: &str, otherwise: T) -> T {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")),
        Err(_) => otherwise,
    }
}

#[test]
fn the_engine_and_a_naive_reading_of_the_rules_find_the_same() {
    let config = Config {
        cases: from_environment("NAIEF_GEVALLEN", 4_000),
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..Config::default()
    };
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&from_environment("NAIEF_ZAAD", 2_023_u64).to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let regelset = regelset();
    // Small dossiers: handing work to other threads would take longer than the work.
    let thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread starts");
    thread.install(|| {
        let mut runner = TestRunner::new_with_rng(config, rng);
        match runner.run(&dossier::dossier(), |dossier| compare(&dossier, &regelset)) {
            Ok(()) => {}
            Err(TestError::Fail(_, dossier)) => {
                let smaller = without_superfluous_rows(dossier, &regelset);
                let difference = compare(&smaller, &regelset).expect_err("they still differ");
                panic!("the two differ on this dossier:\n{smaller:?}\n{difference}")
            }
            Err(TestError::Abort(reason)) => panic!("{reason}"),
        }
    });
}
