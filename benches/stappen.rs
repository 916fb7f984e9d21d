//! Times each stage by itself: reading, joining, the rules, the totals, and every format.
//!
//! `cargo bench` makes a region's year for it. `RECHTMATIG_DOSSIER=DIR cargo bench` takes a dossier of
//! one's own instead, under the year and the region that its `controle.toml` names.

use criterion::measurement::WallTime;
use criterion::{
    BatchSize, BenchmarkGroup, Criterion, SamplingMode, Throughput, criterion_group, criterion_main,
};
use rechtmatig::audit::{Audit, Outcome, Setup, Spec, run_whole};
use rechtmatig::bron::ReadDossier;
use rechtmatig::rapport::{Format, Pseudonyms, Rapport, RunInfo};
use rechtmatig::regels::fingerprints;
use rechtmatig::regelset::{Regelset, RulesetSource};
use rechtmatig::voorbeeld::{DossierForm, ExampleSpec, VoorbeeldError, make};
use rechtmatig::writing::{Inputs, OutputDir};
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
struct Bench {
    dir: PathBuf,
    /// Where the dossier is, if it was made, and where rapporten go.
    temporary: TempDir,
}

impl Bench {
    fn make() -> Bench {
        let temporary = tempfile::tempdir().expect("a temporary folder can be made");
        let dir = std::env::var_os(DOSSIER).map_or_else(
            || {
                let dir = temporary.path().join("jaar");
                example(&dir);
                dir
            },
            PathBuf::from,
        );
        Bench { dir, temporary }
    }

    fn audit(&self) -> Audit {
        Audit::open(&Spec::new(&self.dir)).unwrap_or_else(|e| panic!("{e:?}"))
    }

    fn read(&self) -> (Setup, ReadDossier) {
        let Audit { setup, .. } = self.audit();
        let read = setup.read(&|_| {}).unwrap_or_else(|e| panic!("{e:?}"));
        (setup, read)
    }

    /// A place for a rapport of its own.
    fn place(&self) -> OutputDir {
        OutputDir::make(self.temporary.path(), "rapport", true, Inputs::default())
            .unwrap_or_else(|e| panic!("{e}"))
    }
}

fn regelset(regio: &str) -> Regelset {
    Regelset::read(regio, &RulesetSource::BuiltIn, &fingerprints())
        .unwrap_or_else(|e| panic!("{}", e.bericht))
}

/// A made-up year with 3% of its lines flagged.
fn example(dir: &Path) {
    let spec = ExampleSpec {
        lines: REGELS,
        seed: 1,
        fouten: Decimal::new(3, 0),
        largest: None,
        answers: false,
        niveau: Default::default(),
        dress: Default::default(),
        form: DossierForm::Csv,
        jaar: JAAR,
    };
    OutputDir::of_dossier(dir, false)
        .map_err(VoorbeeldError::from)
        .and_then(|position| make(position, &regelset(REGIO), &spec, &|_, _| {}))
        .unwrap_or_else(|e| panic!("{e}"));
}

fn steps(c: &mut Criterion) {
    let design = Bench::make();
    let audit = design.audit();
    let (setup, read) = design.read();
    let joined = setup.join(read);
    let lines = Throughput::Elements(joined.dossier.lines.len() as u64);

    let mut groep = group(c, "stage", &lines);
    groep.bench_function("read", |b| b.iter_with_large_drop(|| design.read()));
    groep.bench_function("join", |b| {
        let join = |(setup, read): (Setup, ReadDossier)| setup.join(read);
        b.iter_batched(|| design.read(), join, BatchSize::PerIteration)
    });
    let context = joined.context(audit.jaar);
    let run = || run_whole(&context, &audit.rules, &|_, _| {});
    groep.bench_function("rules", |b| b.iter_with_large_drop(run));
    let pseudonyms = Pseudonyms::eenmalig(false);
    let rapport = |o: Outcome| {
        Rapport::make(&context, o.outcomes, &o.counts, &[], Vec::new(), &[], &pseudonyms)
    };
    groep.bench_function("totals", |b| b.iter_batched(run, rapport, BatchSize::PerIteration));
    groep.finish();

    let rapport = rapport(run());
    let mut groep = self::group(c, "write", &lines);
    let loose = Format::ALL.map(|f| (f.name(), vec![f]));
    for (name, formats) in loose.into_iter().chain([("all", Format::ALL.to_vec())]) {
        groep.bench_function(name, |b| {
            b.iter_batched(
                || design.place(),
                |place| {
                    let written = rapport.write(place, &formats, &[], &RunInfo::default());
                    written.unwrap_or_else(|e| panic!("{e}"))
                },
                BatchSize::PerIteration,
            )
        });
    }
    groep.finish();
}

/// Stages take tenths of seconds: few samples of one run each tell enough.
fn group<'c>(c: &'c mut Criterion, name: &str, lines: &Throughput) -> BenchmarkGroup<'c, WallTime> {
    let mut groep = c.benchmark_group(name);
    groep
        .throughput(lines.clone())
        .sampling_mode(SamplingMode::Flat)
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4));
    groep
}

criterion_group!(benches, steps);
criterion_main!(benches);
