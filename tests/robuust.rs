//! The targets of the fuzzer, run for a moment on inputs that a fixed seed makes from good and bad
//! files: the same on every machine, with the ordinary compiler.

use crate::hulp::{ProgramOutput, VOORBEELD, program};
use doelen::TARGETS;
use rand::{Rng, RngExt, SeedableRng};
use rand_pcg::Pcg64;
use rayon::prelude::*;
use std::fs;
use std::io::Write;
use std::path::Path;

#[path = "../fuzz/doelen.rs"]
mod doelen;

const PROJECT: &str = env!("CARGO_MANIFEST_DIR");
/// Inputs for each target, unless `RECHTMATIG_ROBUUST` says how many.
const PER_TARGET: u64 = 600;

/// Pieces that readers treat apart.
const WORDS: [&[u8]; 24] = [
    b"\"",
    b"\"\"",
    b";",
    b",",
    b"\r\n",
    b"\n",
    b"\t",
    b"\0",
    b"\xef\xbb\xbf",
    b"\xff",
    b"-",
    b"=",
    b"0",
    b"999900006",
    b"99999999999",
    b"2023-02-29",
    b"31-12-2023",
    b"1.234,56",
    b"<!DOCTYPE x>",
    b"&amp;",
    b"</",
    b"]]>",
    b"[[",
    b"\xe2\x80\x8b",
];

fn muteer(probability: &mut Pcg64, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = seeds[probability.random_range(0..seeds.len())].clone();
    for _ in 0..probability.random_range(0..8) {
        let slot =
            |probability: &mut Pcg64, bytes: &[u8]| probability.random_range(0..=bytes.len());
        let (a, b) = (slot(probability, &bytes), slot(probability, &bytes));
        let (of, until) = (a.min(b), a.max(b).min(a.min(b) + 200));
        match probability.random_range(0..6) {
            0 if a < bytes.len() => bytes[a] ^= 1 << probability.random_range(0..8),
            1 if a < bytes.len() => bytes[a] = probability.next_u32() as u8,
            2 => drop(bytes.drain(of..until)),
            3 => {
                let piece = bytes[of..until].to_vec();
                bytes.splice(a..a, piece);
            }
            4 => {
                let word = WORDS[probability.random_range(0..WORDS.len())];
                bytes.splice(a..a, word.iter().copied());
            }
            _ => bytes.truncate(a.max(bytes.len() / 2)),
        }
    }
    bytes
}

fn start_of(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    let regels = bytes.split_inclusive(|b| *b == b'\n').take(20);
    regels.flatten().copied().collect()
}

/// Good and bad files for a target.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let mut out = vec![Vec::new()];
    let fits = |name: &str| match target {
        "csv" | "velden" | "eens" | "begin" => name.ends_with(".csv"),
        "berichten" => name.ends_with(".xml"),
        "instelling" => name.ends_with(".toml"),
        "vormen" => name.ends_with(".gz") || name.ends_with(".zip") || name.ends_with(".parquet"),
        _ => false,
    };
    for case in fs::read_dir(Path::new(PROJECT).join("tests/slecht")).unwrap() {
        for file in fs::read_dir(case.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            if fits(path.file_name().unwrap().to_str().unwrap()) {
                out.push(fs::read(path).unwrap());
            }
        }
    }
    match target {
        "csv" | "eens" | "begin" => {
            for name in ["declaraties_2023_h1.csv", "declaraties_2023_perceel1.csv"] {
                out.push(start_of(&Path::new(VOORBEELD).join(name)));
            }
        }
        "velden" => out.push(
            b"R1\n0150\n99000001\n999900006\nT1\n45\n45T01\n2023-01-01\n31-01-2023\n100\n01\n1,08\n1.108,00\nD\n\n1\n30\n20230210"
                .to_vec(),
        ),
        "berichten" => {
            let dir = tempfile::tempdir().unwrap();
            let make = ["voorbeeld", "--vorm", "ijw", "--regels", "40", "--stil"];
            let outcome = ProgramOutput::of(program().args(make).arg(dir.path().join("v")));
            assert_eq!(outcome.status, 0, "{}", outcome.stderr);
            for kind in ["jw301", "jw305", "jw307", "jw323"] {
                for bericht in fs::read_dir(dir.path().join("v").join(kind)).unwrap().take(3) {
                    out.push(fs::read(bericht.unwrap().path()).unwrap());
                }
            }
        }
        "vormen" => {
            let csv = start_of(&Path::new(VOORBEELD).join("declaraties_2023_h1.csv"));
            let mut gz = flate2::write::GzEncoder::new(vec![2], flate2::Compression::fast());
            gz.write_all(&csv).unwrap();
            out.push(gz.finish().unwrap());
        }
        "onderdelen" => out.extend(doelen::whole_parts()),
        "regelset" => {
            for name in ["landelijk.toml", "ijsselland.toml", "zeeland.toml"] {
                out.push(fs::read(Path::new(PROJECT).join("rules").join(name)).unwrap());
            }
        }
        "instelling" => out.push(b"jaar = 2023\nregio = \"ijsselland\"\nniveau = \"contact\"\n[kolommen]\n\"Kind\" = \"Bsn\"\n[bedragen]\ndecimaal = \"komma\"\n".to_vec()),
        _ => {}
    }
    out
}

#[test]
fn whatever_a_file_holds_the_program_comes_back_and_loses_no_row() {
    let count = std::env::var("RECHTMATIG_ROBUUST").ok().and_then(|n| n.parse().ok());
    let count: u64 = count.unwrap_or(PER_TARGET);
    TARGETS.par_iter().for_each(|(name, target)| {
        let zaden = seeds(name);
        let dir = tempfile::tempdir().unwrap();
        for id in 0..count {
            let mut probability = Pcg64::seed_from_u64(id);
            let bytes = muteer(&mut probability, &zaden);
            let succeeded = std::panic::catch_unwind(|| target(dir.path(), &bytes)).is_ok();
            if !succeeded {
                let kept = std::env::temp_dir().join(format!("robuust-{name}-{id}"));
                fs::write(&kept, &bytes).unwrap();
                panic!("{name} {id} failed; its input is {}", kept.display());
            }
        }
    });
}

#[test]
fn the_containers_that_are_broken_part_by_part_are_whole() {
    let dir = tempfile::tempdir().unwrap();
    for part in doelen::whole_parts() {
        let found = doelen::with_part(dir.path(), part[0], &part[1..]);
        // All of it was read, and the rules ran.
        assert!(found.contains("TW01 "), "{}: {found}", part[0]);
    }
}
