//! Times each stage by itself: reading, joining, the rules, the totals, and every format.
//!
//! `cargo bench` makes a region's year for it. `RECHTMATIG_DOSSIER=DIR cargo bench` takes a dossier of
//! one's own instead, under the year and the region that its `controle.toml` names.

use criterion::measurement::WallTime;
use criterion::{
    BatchSize, BenchmarkGroup, Criterion, SamplingMode, Throughput, criterion_group, criterion_main,
};
use rechtmatig::bron::{Ingelezen, Instelling, Leesopties, Leeswijze, lees_dossier};
use rechtmatig::dossier::Dossier;
use rechtmatig::rapport::{Formaat, Pseudoniemen, Rapport, Uitvoering};
use rechtmatig::regels::{REGISTER, kenmerken};
use rechtmatig::regelset::{Regelset, Regelsetbron};
use rechtmatig::toetsing::Regeltelling;
use rechtmatig::toetsing::{AuditRule, Controle, toets};
use rechtmatig::voorbeeld::{Vorm, Wens, maak, plaats};
use rechtmatig::writing::Plaats;
use rust_decimal::Decimal;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// Names a dossier to measure with.
const DOSSIER: &str = "RECHTMATIG_DOSSIER";

const JAAR: i32 = 2023;
const REGIO: &str = "ijsselland";

/// Lines of the dossier that is made: what a region gets in a year.
const REGELS: u64 = 250_000;

/// A dossier on disk, and how it is read.
struct Opzet {
    map: PathBuf,
    instelling: Instelling,
    regelset: Regelset,
    /// Where the dossier is, if it was made, and where rapporten go.
    tijdelijk: TempDir,
}

impl Opzet {
    fn maak() -> Opzet {
        let tijdelijk = tempfile::tempdir().expect("a temporary folder can be made");
        let map = std::env::var_os(DOSSIER).map_or_else(
            || {
                let map = tijdelijk.path().join("jaar");
                voorbeeld(&map);
                map
            },
            PathBuf::from,
        );
        let instelling =
            Instelling::lees(&map).unwrap_or_else(|e| panic!("{}: {}", map.display(), e.bericht));
        let regelset = regelset(instelling.regio.as_deref().unwrap_or(REGIO));
        Opzet { map, instelling, regelset, tijdelijk }
    }

    fn lees(&self) -> Ingelezen {
        let opties = Leesopties {
            wijze: Leeswijze {
                kolomnamen: self.instelling.kolomnamen.clone(),
                bedragen: self.instelling.bedragen,
                zonder_bsn: self.regelset.beschikkingsvrij.clone(),
            },
            max_afgekeurd: Decimal::new(5, 0),
            toewijzingen_nodig: self.regelset.beschikkingsvrij.is_empty(),
        };
        lees_dossier(&self.map, &opties, &|_, _| {}).unwrap_or_else(|e| panic!("{e}"))
    }

    fn verbind(&self, ingelezen: Ingelezen) -> Dossier {
        let catalogus = |categorie: &str, code: &str| {
            let rij = self.regelset.catalogusrij(categorie, code);
            rij.cloned()
        };
        ingelezen.rijen.verbind(catalogus)
    }

    /// A place for a rapport of its own.
    fn plaats(&self) -> Plaats {
        Plaats::maak(self.tijdelijk.path(), "rapport", true).unwrap_or_else(|e| panic!("{e}"))
    }
}

fn regelset(regio: &str) -> Regelset {
    Regelset::lees(regio, &Regelsetbron::Ingebouwd, &kenmerken())
        .unwrap_or_else(|e| panic!("{}", e.bericht))
}

/// A made-up year with 3% of its lines flagged.
fn voorbeeld(map: &Path) {
    let wens =
        Wens { regels: REGELS, zaad: 1, fouten: Decimal::new(3, 0), vorm: Vorm::Csv, jaar: JAAR };
    plaats(map, false)
        .and_then(|plaats| maak(plaats, &regelset(REGIO), &wens, &|_, _| {}))
        .unwrap_or_else(|e| panic!("{e}"));
}

fn stappen(c: &mut Criterion) {
    let opzet = Opzet::maak();
    let jaar = opzet.instelling.jaar.unwrap_or(JAAR);
    let dossier = opzet.verbind(opzet.lees());
    let regels = Throughput::Elements(dossier.regels.len() as u64);

    let mut groep = groep(c, "stage", &regels);
    groep.bench_function("read", |b| b.iter_with_large_drop(|| opzet.lees()));
    groep.bench_function("join", |b| {
        b.iter_batched(|| opzet.lees(), |gelezen| opzet.verbind(gelezen), BatchSize::PerIteration)
    });
    let controle = Controle::nieuw(&dossier, &opzet.regelset, jaar, opzet.instelling.niveau);
    let alle = AuditRule::all(REGISTER, &opzet.regelset);
    let toets = || toets(&controle, &alle, &|_, _| {});
    groep.bench_function("rules", |b| b.iter_with_large_drop(toets));
    let telling = Regeltelling::van(&controle);
    let pseudoniemen = Pseudoniemen::eenmalig(false);
    let rapport = |uitkomsten| {
        Rapport::maak(&controle, uitkomsten, &telling, &[], Vec::new(), &[], &pseudoniemen)
    };
    groep.bench_function("totals", |b| b.iter_batched(toets, rapport, BatchSize::PerIteration));
    groep.finish();

    let rapport = rapport(toets());
    let mut groep = self::groep(c, "write", &regels);
    let los = Formaat::ALLE.map(|f| (f.naam(), vec![f]));
    for (naam, formaten) in los.into_iter().chain([("all", Formaat::ALLE.to_vec())]) {
        groep.bench_function(naam, |b| {
            b.iter_batched(
                || opzet.plaats(),
                |plaats| {
                    let geschreven =
                        rapport.schrijf(plaats, &formaten, &[], &Uitvoering::default());
                    geschreven.unwrap_or_else(|e| panic!("{e}"))
                },
                BatchSize::PerIteration,
            )
        });
    }
    groep.finish();
}

/// Stages take tenths of seconds: few samples of one run each tell enough.
fn groep<'c>(
    c: &'c mut Criterion,
    naam: &str,
    regels: &Throughput,
) -> BenchmarkGroup<'c, WallTime> {
    let mut groep = c.benchmark_group(naam);
    groep
        .throughput(regels.clone())
        .sampling_mode(SamplingMode::Flat)
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4));
    groep
}

criterion_group!(benches, stappen);
criterion_main!(benches);
