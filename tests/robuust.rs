//! The targets of the fuzzer, run for a moment on inputs that a fixed seed makes from good and bad
//! files: the same on every machine, with the ordinary compiler.

use crate::hulp::{Uitkomst, VOORBEELD, programma};
use doelen::DOELEN;
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
const PER_DOEL: u64 = 2_000;

/// Pieces that readers treat apart.
const WOORDEN: [&[u8]; 24] = [
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

fn muteer(kans: &mut Pcg64, zaden: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = zaden[kans.random_range(0..zaden.len())].clone();
    for _ in 0..kans.random_range(0..8) {
        let plek = |kans: &mut Pcg64, bytes: &[u8]| kans.random_range(0..=bytes.len());
        let (a, b) = (plek(kans, &bytes), plek(kans, &bytes));
        let (van, tot) = (a.min(b), a.max(b).min(a.min(b) + 200));
        match kans.random_range(0..6) {
            0 if a < bytes.len() => bytes[a] ^= 1 << kans.random_range(0..8),
            1 if a < bytes.len() => bytes[a] = kans.next_u32() as u8,
            2 => drop(bytes.drain(van..tot)),
            3 => {
                let stuk = bytes[van..tot].to_vec();
                bytes.splice(a..a, stuk);
            }
            4 => {
                let woord = WOORDEN[kans.random_range(0..WOORDEN.len())];
                bytes.splice(a..a, woord.iter().copied());
            }
            _ => bytes.truncate(a.max(bytes.len() / 2)),
        }
    }
    bytes
}

fn begin_van(pad: &Path) -> Vec<u8> {
    let bytes = fs::read(pad).unwrap();
    let regels = bytes.split_inclusive(|b| *b == b'\n').take(20);
    regels.flatten().copied().collect()
}

/// Good and bad files for a target.
fn zaden(doel: &str) -> Vec<Vec<u8>> {
    let mut uit = vec![Vec::new()];
    let past = |naam: &str| match doel {
        "csv" | "velden" => naam.ends_with(".csv"),
        "berichten" => naam.ends_with(".xml"),
        "instelling" => naam.ends_with(".toml"),
        "vormen" => naam.ends_with(".gz") || naam.ends_with(".zip") || naam.ends_with(".parquet"),
        _ => false,
    };
    for geval in fs::read_dir(Path::new(PROJECT).join("tests/slecht")).unwrap() {
        for bestand in fs::read_dir(geval.unwrap().path()).unwrap() {
            let pad = bestand.unwrap().path();
            if past(pad.file_name().unwrap().to_str().unwrap()) {
                uit.push(fs::read(pad).unwrap());
            }
        }
    }
    match doel {
        "csv" => {
            for naam in ["declaraties_2023_h1.csv", "declaraties_2023_perceel1.csv"] {
                uit.push(begin_van(&Path::new(VOORBEELD).join(naam)));
            }
        }
        "velden" => uit.push(
            b"R1\n0150\n99000001\n999900006\nT1\n45\n45T01\n2023-01-01\n31-01-2023\n100\n01\n1,08\n1.108,00\nD\n\n1\n30\n20230210"
                .to_vec(),
        ),
        "berichten" => {
            let map = tempfile::tempdir().unwrap();
            let maak = ["voorbeeld", "--vorm", "ijw", "--regels", "40", "--stil"];
            let uitkomst = Uitkomst::van(programma().args(maak).arg(map.path().join("v")));
            assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
            for soort in ["jw301", "jw305", "jw307", "jw323"] {
                for bericht in fs::read_dir(map.path().join("v").join(soort)).unwrap().take(3) {
                    uit.push(fs::read(bericht.unwrap().path()).unwrap());
                }
            }
        }
        "vormen" => {
            let csv = begin_van(&Path::new(VOORBEELD).join("declaraties_2023_h1.csv"));
            let mut gz = flate2::write::GzEncoder::new(vec![2], flate2::Compression::fast());
            gz.write_all(&csv).unwrap();
            uit.push(gz.finish().unwrap());
        }
        "regelset" => {
            for naam in ["landelijk.toml", "ijsselland.toml", "zeeland.toml"] {
                uit.push(fs::read(Path::new(PROJECT).join("rules").join(naam)).unwrap());
            }
        }
        "instelling" => uit.push(b"jaar = 2023\nregio = \"ijsselland\"\nniveau = \"contact\"\n[kolommen]\n\"Kind\" = \"Bsn\"\n[bedragen]\ndecimaal = \"komma\"\n".to_vec()),
        _ => {}
    }
    uit
}

#[test]
fn whatever_a_file_holds_the_program_comes_back_and_loses_no_row() {
    let aantal = std::env::var("RECHTMATIG_ROBUUST").ok().and_then(|n| n.parse().ok());
    let aantal: u64 = aantal.unwrap_or(PER_DOEL);
    DOELEN.par_iter().for_each(|(naam, doel)| {
        let zaden = zaden(naam);
        let map = tempfile::tempdir().unwrap();
        for nr in 0..aantal {
            let mut kans = Pcg64::seed_from_u64(nr);
            let bytes = muteer(&mut kans, &zaden);
            let gelukt = std::panic::catch_unwind(|| doel(map.path(), &bytes)).is_ok();
            if !gelukt {
                let bewaard = std::env::temp_dir().join(format!("robuust-{naam}-{nr}"));
                fs::write(&bewaard, &bytes).unwrap();
                panic!("{naam} {nr} failed; its input is {}", bewaard.display());
            }
        }
    });
}
