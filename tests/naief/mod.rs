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
use rechtmatig::bron::{Instelling, Leesopties, Leeswijze, lees_dossier};
use rechtmatig::regels::{REGISTER, kenmerken};
use rechtmatig::regelset::{Regelset, Regelsetbron};
use rechtmatig::toetsing::{AuditRule, Controle, Onderwerp, toets};
use regels::Bevinding;
use rust_decimal::Decimal;
use std::path::Path;

const REGELS: [&str; 11] =
    ["NS01", "BU01", "TW11", "TW12", "JW01", "JW02", "JW03", "JW04", "TF01", "TF02", "OM01"];

/// What the engine finds in this folder, sorted.
fn van_het_programma(map: &Path, regelset: &Regelset) -> Vec<Bevinding> {
    let instelling = Instelling::lees(map).expect("the settings can be read");
    let opties = Leesopties {
        wijze: Leeswijze {
            kolomnamen: instelling.kolomnamen,
            bedragen: instelling.bedragen,
            zonder_bsn: Vec::new(),
        },
        max_afgekeurd: Decimal::ZERO,
        toewijzingen_nodig: true,
    };
    let ingelezen = lees_dossier(map, &opties, &|_, _| {}).expect("the dossier can be read");
    assert!(ingelezen.fouten.is_empty(), "unreadable: {:?}", ingelezen.fouten);
    let mut regelset = regelset.clone();
    regelset.vul_catalogus_aan(ingelezen.producten);
    regelset.vul_tarieven_aan(ingelezen.tarieven);
    let dossier =
        ingelezen.rijen.verbind(|categorie, code| regelset.catalogusrij(categorie, code).cloned());
    let jaar = instelling.jaar.expect("the settings say the year");
    let controle = Controle::nieuw(&dossier, &regelset, jaar, instelling.niveau);
    let mut gekozen = AuditRule::all(REGISTER, &regelset);
    gekozen.retain(|r| REGELS.contains(&r.code));
    assert_eq!(gekozen.len(), REGELS.len());
    let mut uit = Vec::new();
    for uitkomst in toets(&controle, &gekozen, &|_, _| {}) {
        assert!(uitkomst.mislukt.is_none(), "{}: {:?}", uitkomst.regel.code, uitkomst.mislukt);
        for b in uitkomst.uitkomsten.bevindingen {
            let waarover = match b.onderwerp {
                Onderwerp::Regel(nr) => {
                    let regel = dossier.regel(nr);
                    format!("{}:{}", dossier.bestand(regel.bestand).pad, regel.regelnummer)
                }
                Onderwerp::Aanbieder(nr) => dossier.aanbieder(nr).agb.to_string(),
                anders => format!("{anders:?}"),
            };
            let bedrag = b.bedrag.map(|c| i128::from(c.0));
            let regel = uitkomst.regel.code.to_owned();
            uit.push(Bevinding { regel, waarover, ernst: b.ernst.naam(), bedrag });
        }
    }
    uit.sort();
    uit
}

fn regelset() -> Regelset {
    Regelset::lees("ijsselland", &Regelsetbron::Ingebouwd, &kenmerken())
        .expect("the built-in ruleset can be read")
}

/// What the engine finds in this dossier.
fn gevonden_in(dossier: &Dossier, regelset: &Regelset) -> Vec<Bevinding> {
    // In memory where the system has a place for that: the disk would take most of the time.
    let map = tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .expect("a temporary folder can be made");
    dossier.schrijf(map.path());
    van_het_programma(map.path(), regelset)
}

/// Both find the same in this dossier; it gives what the engine found.
#[track_caller]
fn eens(dossier: &Dossier) -> Vec<Bevinding> {
    let programma = gevonden_in(dossier, &regelset());
    assert_eq!(programma, regels::bevindingen(dossier), "in {dossier:?}");
    programma
}

fn lijst(bevindingen: &[Bevinding], andere: &[Bevinding]) -> String {
    let regel = |b: &Bevinding| {
        let alleen = if andere.contains(b) { ' ' } else { '*' };
        let bedrag = b.bedrag.map_or("-".to_owned(), |c| c.to_string());
        format!("{alleen} {} {} {} {bedrag}\n", b.regel, b.waarover, b.ernst)
    };
    bevindingen.iter().map(regel).collect()
}

fn vergelijk(dossier: &Dossier, regelset: &Regelset) -> TestCaseResult {
    let programma = gevonden_in(dossier, regelset);
    let naief = regels::bevindingen(dossier);
    if programma == naief {
        return Ok(());
    }
    Err(TestCaseError::fail(format!(
        "\nthe program (* = not found naively):\n{}naively (* = not found by the program):\n{}",
        lijst(&programma, &naief),
        lijst(&naief, &programma)
    )))
}

/// The dossier without the lines and versions that the difference can do without.
fn zonder_overbodige_rijen(mut dossier: Dossier, regelset: &Regelset) -> Dossier {
    for i in (0..dossier.regels.len()).rev() {
        let mut kleiner = dossier.clone();
        kleiner.regels.remove(i);
        kleiner.nummer();
        if !kleiner.regels.is_empty() && vergelijk(&kleiner, regelset).is_err() {
            dossier = kleiner;
        }
    }
    for i in (0..dossier.versies.len()).rev() {
        let mut kleiner = dossier.clone();
        kleiner.versies.remove(i);
        if vergelijk(&kleiner, regelset).is_err() {
            dossier = kleiner;
        }
    }
    dossier
}

fn uit_omgeving<T: std::str::FromStr>(naam: &str, anders: T) -> T {
    match std::env::var(naam) {
        Ok(tekst) => tekst.parse().unwrap_or_else(|_| panic!("{naam} is no number: {tekst}")),
        Err(_) => anders,
    }
}

#[test]
fn the_engine_and_a_naive_reading_of_the_rules_find_the_same() {
    let config = Config {
        cases: uit_omgeving("NAIEF_GEVALLEN", 4_000),
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..Config::default()
    };
    let mut zaad = [0; 32];
    zaad[..8].copy_from_slice(&uit_omgeving("NAIEF_ZAAD", 2_023_u64).to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &zaad);
    let regelset = regelset();
    // Small dossiers: handing work to other threads would take longer than the work.
    let draad = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread starts");
    draad.install(|| {
        let mut runner = TestRunner::new_with_rng(config, rng);
        match runner.run(&dossier::dossier(), |dossier| vergelijk(&dossier, &regelset)) {
            Ok(()) => {}
            Err(TestError::Fail(_, dossier)) => {
                let kleiner = zonder_overbodige_rijen(dossier, &regelset);
                let verschil = vergelijk(&kleiner, &regelset).expect_err("they still differ");
                panic!("the two differ on this dossier:\n{kleiner:?}\n{verschil}")
            }
            Err(TestError::Abort(reden)) => panic!("{reden}"),
        }
    });
}
