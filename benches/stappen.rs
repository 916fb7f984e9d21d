//! Times each stage by itself: reading, joining, the rules, the totals, and every format.
//!
//! `cargo bench` makes a region's year for it. `RECHTMATIG_DOSSIER=DIR cargo bench` takes a dossier of
//! one's own instead, under the year and the region that its `controle.toml` names.

use criterion::measurement::WallTime;
use criterion::{
    BatchSize, BenchmarkGroup, Criterion, SamplingMode, Throughput, criterion_group, criterion_main,
};
use rechtmatig::audit::{Audit, Outcome, Setup, Spec, run_whole};
use rechtmatig::bron::Ingelezen;
use rechtmatig::rapport::{Formaat, Pseudoniemen, Rapport, Uitvoering};
use rechtmatig::regels::kenmerken;
use rechtmatig::regelset::{Regelset, Regelsetbron};
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

/// A dossier on disk, under its own settings.
struct Opzet {
    map: PathBuf,
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
        Opzet { map, tijdelijk }
    }

    fn audit(&self) -> Audit {
        Audit::open(&Spec::new(&self.map)).unwrap_or_else(|e| panic!("{e:?}"))
    }

    fn read(&self) -> (Setup, Ingelezen) {
        let Audit { setup, .. } = self.audit();
        let read = setup.read(&|_| {}).unwrap_or_else(|e| panic!("{e:?}"));
        (setup, read)
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
    let audit = opzet.audit();
    let (setup, read) = opzet.read();
    let joined = setup.join(read);
    let regels = Throughput::Elements(joined.dossier.regels.len() as u64);

    let mut groep = groep(c, "stage", &regels);
    groep.bench_function("read", |b| b.iter_with_large_drop(|| opzet.read()));
    groep.bench_function("join", |b| {
        let join = |(setup, read): (Setup, Ingelezen)| setup.join(read);
        b.iter_batched(|| opzet.read(), join, BatchSize::PerIteration)
    });
    let controle = joined.controle(audit.jaar);
    let run = || run_whole(&controle, &audit.rules, &|_, _| {});
    groep.bench_function("rules", |b| b.iter_with_large_drop(run));
    let pseudoniemen = Pseudoniemen::eenmalig(false);
    let rapport = |o: Outcome| {
        Rapport::maak(&controle, o.outcomes, &o.counts, &[], Vec::new(), &[], &pseudoniemen)
    };
    groep.bench_function("totals", |b| b.iter_batched(run, rapport, BatchSize::PerIteration));
    groep.finish();

    let rapport = rapport(run());
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
