//! What a file asks has bounds: of memory, of time, and of what is kept of it.

use crate::hulp::{Dossier, HEADER, ROWS, program, rows_of};
use flate2::Compression;
use flate2::write::GzEncoder;
use polars_core::prelude::*;
use polars_io::prelude::ParquetWriter;
use std::io::{Read, Write};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// How a run ended.
struct Measured {
    status: i32,
    stderr: String,
    took: Duration,
    /// Bytes of memory at most, where the system tells.
    memory: u64,
}

/// `controleer` with a budget of 200 MB.
fn measured(dossier: &Dossier, options: &[&str]) -> Measured {
    let mut spec = std::process::Command::new(program().get_program());
    spec.arg("controleer").arg(dossier.dir()).args(["--jaar", "2023", "--stil", "--geheugen"]);
    spec.arg("200MB").args(options).arg("--uit").arg(dossier.out());
    let begin = Instant::now();
    let mut child = spec.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stderr.take().unwrap();
    let said = std::thread::spawn(move || {
        let mut stderr = String::new();
        pipe.read_to_string(&mut stderr).unwrap();
        stderr
    });
    let mut memory = 0;
    let status = loop {
        memory = memory.max(most_memory(child.id()));
        if let Some(status) = child.try_wait().unwrap() {
            break status.code().expect("it ends by itself");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    Measured { status, stderr: said.join().unwrap(), took: begin.elapsed(), memory }
}

/// Bytes of memory that a process used at most so far, where the system tells.
fn most_memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = most.and_then(|text| text.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1_024
}

/// The run ended as it must, said this, and took no more than it may.
#[track_caller]
fn bounded(dossier: &Dossier, options: &[&str], status: i32, says: &str) {
    let run = measured(dossier, options);
    assert_eq!(run.status, status, "{}", run.stderr);
    assert!(run.stderr.contains(says), "{}", run.stderr);
    assert!(run.memory < 500_000_000, "{} MB", run.memory / 1_000_000);
    // A slow machine that does other things too is no fault.
    assert!(run.took < Duration::from_secs(60), "{:?}", run.took);
}

fn with_declaraties(name: &str, bytes: &[u8]) -> Dossier {
    let dossier = Dossier::minimaal();
    std::fs::remove_file(dossier.dir().join("declaraties.csv")).unwrap();
    dossier.write_bytes(name, bytes);
    dossier
}

/// A table with this text in a column of each of so many rows.
fn parquet(text: &str, rows: usize) -> Vec<u8> {
    let row: Vec<&str> = ROWS.lines().next().unwrap().split(';').collect();
    let columns = HEADER.trim().split(';').zip(row).map(|(name, cell)| {
        let cell = if name == "ReferentieNummer" { text } else { cell };
        StringChunked::full(name.into(), cell, rows).into_column()
    });
    let mut table = DataFrame::new(rows, columns.collect()).unwrap();
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut table).unwrap();
    bytes
}

#[test]
fn a_file_that_grows_beyond_all_measure_is_refused_before_it_does() {
    let too_large = "te groot om een tabel te zijn";
    let mut gz = GzEncoder::new(Vec::new(), Compression::best());
    gz.write_all(HEADER.as_bytes()).unwrap();
    let lines = "x\n".repeat(1 << 20);
    (0..100).for_each(|_| gz.write_all(lines.as_bytes()).unwrap());
    let dossier = with_declaraties("declaraties.csv.gz", &gz.finish().unwrap());
    bounded(&dossier, &[], 3, too_large);

    let dossier = with_declaraties("declaraties.parquet", &parquet(&"x".repeat(5_000), 20_000));
    bounded(&dossier, &[], 3, too_large);

    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let long = "x".repeat(30_000);
    for (k, name) in HEADER.trim().split(';').enumerate() {
        sheet.write_string(0, k as u16, name).unwrap();
        for row in 1..4_000 {
            sheet.write_string(row, k as u16, &*long).unwrap();
        }
    }
    let dossier = with_declaraties("declaraties.xlsx", &book.save_to_buffer().unwrap());
    bounded(&dossier, &[], 3, too_large);
}

/// Changes of a Parquet file at any place: it is read, or refused by name.
#[test]
fn a_parquet_file_with_any_byte_changed_ends_nothing_but_itself() {
    let whole = parquet("R1", 300);
    let mut seed = 1_u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) as usize % below
    };
    for _ in 0..40 {
        let mut bytes = whole.clone();
        for _ in 0..=random(3) {
            let place = random(bytes.len());
            bytes[place] = [0, 0xff, 0x80, 0x7f][random(4)];
        }
        let run = measured(
            &with_declaraties("declaraties.parquet", &bytes),
            &["--max-afgekeurd", "100%", "--toch"],
        );
        assert!(matches!(run.status, 0 | 3), "{}: {}", run.status, run.stderr);
        assert!(
            run.status == 0
                || run.stderr.contains("declaraties.parquet")
                || run.stderr.contains("declaratieregel"),
            "{}",
            run.stderr
        );
        assert!(run.memory < 500_000_000, "{} MB", run.memory / 1_000_000);
    }
}

#[test]
fn a_value_of_a_message_that_no_schema_allows_refuses_the_message_alone() {
    let dossier = Dossier::minimaal();
    let long = "9".repeat(100_000);
    let prestatie = "<p:Prestatie><p:ToewijzingNummer>1</p:ToewijzingNummer></p:Prestatie>";
    let message = format!(
        "<p:Bericht xmlns:p=\"http://www.istandaarden.nl/ijw/3_2/jw323/schema\"><p:Declaratie><p:Clienten><p:Client>\
         <p:Bsn>{long}</p:Bsn><p:Prestaties>{}</p:Prestaties></p:Client></p:Clienten></p:Declaratie></p:Bericht>",
        prestatie.repeat(5_000)
    );
    dossier.write("bericht.xml", &message);
    bounded(&dossier, &[], 0, "");
    let errors = rows_of(&dossier.out().join("2023-ijsselland/invoerfouten.csv"));
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0]["Bestand"], "bericht.xml");
    assert_eq!(errors[0]["Reden"], "Bsn op regel 1 is langer dan de berichtstandaard toestaat");
    assert_eq!(dossier.samenvatting("2023-ijsselland")["totalen"]["regels"], 3);
}

/// All are counted, the first are named.
#[test]
fn ten_thousand_unreadable_values_of_a_file_are_named_and_all_are_counted() {
    let dossier = Dossier::minimaal();
    let row = ROWS.lines().next().unwrap().replace("0150", "Zwole");
    let mut text = format!("{HEADER}{ROWS}");
    (0..12_000).for_each(|i| text += &format!("{}\n", row.replace("R1;", &format!("X{i};"))));
    dossier.write("declaraties.csv", &text);
    let run = dossier.controleer_with_samenvatting(&["--max-afgekeurd", "100%", "--toch"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let said = run.stdout + &run.stderr;
    assert!(
        said.contains("12.000 waarden zijn onleesbaar; invoerfouten noemt de eerste 10.000"),
        "{said}"
    );
    let rapport = dossier.out().join("2023-ijsselland");
    assert_eq!(rows_of(&rapport.join("invoerfouten.csv")).len(), 10_000);
    assert_eq!(dossier.samenvatting("2023-ijsselland")["aansluiting"]["afgekeurd"], 12_000);
}
