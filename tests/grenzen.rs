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
    measured_run(&mut spec)
}

fn measured_run(spec: &mut std::process::Command) -> Measured {
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
        memory = memory.max(memory_with_readers(child.id())).max(memory_of(child.id(), "VmHWM:"));
        if let Some(status) = child.try_wait().unwrap() {
            break status.code().expect("it ends by itself");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    Measured { status, stderr: said.join().unwrap(), took: begin.elapsed(), memory }
}

/// Bytes of memory that a process and those that read for it use now, where the system tells.
fn memory_with_readers(process: u32) -> u64 {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let children =
        tasks.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    let children: Vec<u32> = children
        .flat_map(|text| text.split(' ').filter_map(|id| id.parse().ok()).collect::<Vec<u32>>())
        .collect();
    memory_of(process, "VmRSS:") + children.into_iter().map(memory_with_readers).sum::<u64>()
}

/// Bytes of memory of one process: what it uses now, or what it used at most.
fn memory_of(process: u32, which: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(which));
    let kilobytes = line.and_then(|text| text.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1_024
}

/// The run ended as it must, said this, and took no more than it may.
#[track_caller]
fn bounded(dossier: &Dossier, options: &[&str], status: i32, says: &str) {
    is_bounded(&measured(dossier, options), status, says);
}

#[track_caller]
fn is_bounded(run: &Measured, status: i32, says: &str) {
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
    let packed = gz.finish().unwrap();
    let dossier = with_declaraties("declaraties.csv.gz", &packed);
    bounded(&dossier, &[], 3, too_large);

    // Packed once more it is a hundredth of that: what it takes on the disk is what counts.
    let twice = package(&[("declaraties.csv.gz", &[&packed, b"", b""], 0)]);
    bounded(&with_declaraties("pak.zip", &twice), &[], 3, too_large);

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

/// A file with a hole in it says that it is large, and takes no room on the disk.
#[test]
fn a_file_that_is_read_whole_is_no_larger_than_the_memory_for_it() {
    for name in ["declaraties.parquet", "declaraties.xlsx", "declaraties.ods"] {
        let dossier = with_declaraties(name, b"");
        let file = std::fs::OpenOptions::new().write(true).open(dossier.dir().join(name)).unwrap();
        file.set_len(3_000_000_000).unwrap();
        for options in [&[][..], &["--proef"]] {
            bounded(&dossier, options, 3, "vraagt bij het lezen meer geheugen");
        }
    }
    let dossier = Dossier::minimaal();
    let settings = dossier.dir().join("controle.toml");
    std::fs::File::create(settings).unwrap().set_len(3_000_000_000).unwrap();
    bounded(&dossier, &[], 2, "controle.toml kan niet gelezen worden: het is groter dan 16 MB");
}

/// Rows come from another process, which nobody need trust.
#[test]
fn a_stream_of_rows_takes_no_more_memory_than_it_may() {
    let dossier = Dossier::minimaal();
    let deel = |step: &[&str], input: Stdio| {
        let mut spec = std::process::Command::new(program().get_program());
        spec.arg("deel").arg(dossier.dir()).args(["--jaar", "2023", "--geheugen", "200MB"]);
        spec.args(step).stdin(input);
        spec
    };
    let inventory = deel(&["--inventaris"], Stdio::null()).output().unwrap().stdout;
    // The same stream with a message at its end that is as long as it says.
    let path = dossier.out().with_extension("arrow");
    let mut stream = std::fs::File::create(&path).unwrap();
    stream.write_all(&inventory[..inventory.len() - 8]).unwrap();
    stream.write_all(&[0xff; 4]).unwrap();
    stream.write_all(&i32::MAX.to_le_bytes()).unwrap();
    stream.set_len(inventory.len() as u64 + i32::MAX as u64).unwrap();
    let open = || Stdio::from(std::fs::File::open(&path).unwrap());
    let no_room = "vraagt meer geheugen dan ervoor is";
    for field in ["bestand", "dossier"] {
        let run = measured_run(&mut deel(&["--sleutelveld", field], open()));
        // The stream of one step is none of another.
        let says = if field == "bestand" { no_room } else { "een rij voor de stap" };
        is_bounded(&run, 3, says);
    }
}

/// A rapport may come from somebody else too.
#[test]
fn a_received_rapport_is_read_within_bounds() {
    let dossier = Dossier::minimaal();
    assert_eq!(dossier.controleer(&[]).status, 0);
    let rapport = dossier.out().join("2023-ijsselland");
    let other = dossier.out().join("ander");
    std::fs::create_dir(&other).unwrap();
    for file in std::fs::read_dir(&rapport).unwrap().map(|file| file.unwrap().path()) {
        std::fs::copy(&file, other.join(file.file_name().unwrap())).unwrap();
    }
    let names = [
        "Id",
        "Regel",
        "Ernst",
        "Aanbieder",
        "Gemeente",
        "ReferentieNummer",
        "ToewijzingNummer",
        "Gevonden",
        "Verwacht",
    ];
    let (text, rows) = ("x".repeat(20_000), 20_000);
    let mut columns: Vec<Column> = names
        .iter()
        .map(|name| StringChunked::full((*name).into(), &text, rows).into_column())
        .collect();
    columns.push(Int64Chunked::full("BedragInGeding".into(), 1, rows).into_column());
    let mut table = DataFrame::new(rows, columns).unwrap();
    let findings = other.join("bevindingen.parquet");
    ParquetWriter::new(std::fs::File::create(&findings).unwrap()).finish(&mut table).unwrap();
    let compare = || {
        let mut spec = std::process::Command::new(program().get_program());
        measured_run(spec.arg("vergelijk").arg(&rapport).arg(&other))
    };
    let damaged = "bevindingen.parquet is beschadigd: het is geen leesbare tabel van bevindingen";
    is_bounded(&compare(), 3, damaged);
    let whole = std::fs::read(rapport.join("bevindingen.parquet")).unwrap();
    for place in (0..whole.len()).rev().step_by(whole.len() / 40) {
        let mut bytes = whole.clone();
        bytes[place] = 0xff;
        std::fs::write(&findings, bytes).unwrap();
        let run = compare();
        assert!(matches!(run.status, 0 | 3), "byte {place}: {} {}", run.status, run.stderr);
        assert!(run.memory < 500_000_000, "byte {place}: {} MB", run.memory / 1_000_000);
    }
}

/// The workbook of a rapport that `verifieer` looks into where another key made it.
#[test]
fn a_received_workbook_that_grows_beyond_all_measure_is_not_unpacked() {
    let dossier = Dossier::minimaal();
    assert_eq!(dossier.controleer(&[]).status, 0);
    let rapport = dossier.out().join("2023-ijsselland");
    let spaces = vec![b' '; 1_000_000];
    let bomb = package(&[("xl/worksheets/sheet1.xml", &[b"<x>", &spaces, b"</x>"], 1_000)]);
    std::fs::write(rapport.join("rapport.xlsx"), bomb).unwrap();
    let mut spec = std::process::Command::new(program().get_program());
    let run = measured_run(spec.arg("verifieer").arg(&rapport));
    assert!(run.memory < 500_000_000, "{} MB", run.memory / 1_000_000);
    assert_eq!(run.status, 1, "{}", run.stderr);
}

/// A zip of these parts, with a text in it that can't be packed, so that it is no bomb by its size.
fn package(parts: &[(&str, &[&[u8]], usize)]) -> Vec<u8> {
    let mut zip = ::zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, pieces, times) in parts {
        let options = ::zip::write::SimpleFileOptions::default();
        zip.start_file(*name, options.large_file(true)).unwrap();
        let [begin, again, end] = pieces else { panic!("three pieces make a part") };
        zip.write_all(begin).unwrap();
        (0..*times).for_each(|_| zip.write_all(again).unwrap());
        zip.write_all(end).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Letters in which nothing comes again.
fn unpackable(count: usize) -> String {
    let mut seed = 7_u64;
    let letter = |_| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from(b'a' + (seed >> 59) as u8 % 26)
    };
    (0..count).map(letter).collect()
}

/// Of workbooks a few kilobytes can ask for all memory there is: those that say it of many cells at once.
#[test]
fn a_workbook_that_asks_for_more_memory_than_there_is_is_refused_and_nothing_else_ends() {
    let no_room = "vraagt bij het lezen meer geheugen of tijd";
    let begin = "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\">\
         <office:body><office:spreadsheet><table:table table:name=\"a\">";
    let end = "</table:table></office:spreadsheet></office:body></office:document-content>";
    let mime: [&[u8]; 3] = [b"application/vnd.oasis.opendocument.spreadsheet", b"", b""];
    let manifest: [&[u8]; 3] = [
        b"<?xml version=\"1.0\"?><manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>",
        b"",
        b"",
    ];
    let cell = |text: &str, repeated: u32| {
        format!(
            "<table:table-cell office:value-type=\"string\" table:number-columns-repeated=\"{repeated}\">\
             <text:p>{text}</text:p></table:table-cell>"
        )
    };
    let header: String = HEADER.trim().split(';').map(|name| cell(name, 1)).collect();
    let begin = format!("{begin}<table:table-row>{header}</table:table-row>");
    for (text, wide, rows) in [("x", 14, 1_000_000), (&*"x".repeat(30_000), 14, 10_000)] {
        let row = format!(
            "<table:table-row table:number-rows-repeated=\"{rows}\">{}</table:table-row>",
            cell(text, wide)
        );
        let parts: [&[u8]; 3] = [begin.as_bytes(), row.as_bytes(), end.as_bytes()];
        let book = package(&[
            ("mimetype", &mime, 0),
            ("META-INF/manifest.xml", &manifest, 0),
            ("content.xml", &parts, 1),
        ]);
        bounded(&with_declaraties("declaraties.ods", &book), &[], 3, no_room);
    }

    // Texts that cells share, each of them empty.
    let relations: [&[u8]; 3] = [
        b"<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
        b"<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings\" Target=\"sharedStrings.xml\"/>",
        b"</Relationships>",
    ];
    let root: [&[u8]; 3] = [
        b"<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
        b"<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/>",
        b"</Relationships>",
    ];
    let book: [&[u8]; 3] = [
        b"<?xml version=\"1.0\"?><workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheets>",
        b"",
        b"</sheets></workbook>",
    ];
    let first = format!(
        "<?xml version=\"1.0\"?><sst count=\"1\" uniqueCount=\"1\"><si><t>{}</t></si>",
        unpackable(2_000_000)
    );
    let none = "<si><t/></si>".repeat(10_000);
    let texts: [&[u8]; 3] = [first.as_bytes(), none.as_bytes(), b"</sst>"];
    let bytes = package(&[
        ("_rels/.rels", &root, 1),
        ("xl/workbook.xml", &book, 0),
        ("xl/_rels/workbook.xml.rels", &relations, 1),
        ("xl/sharedStrings.xml", &texts, 1_800),
    ]);
    bounded(&with_declaraties("declaraties.xlsx", &bytes), &[], 3, no_room);
}

#[test]
fn what_no_part_of_the_audit_can_put_aside_is_refused_before_it_takes_more_than_there_is() {
    let dossier = Dossier::minimaal();
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    let header =
        "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;Einddatum\n";
    gz.write_all(header.as_bytes()).unwrap();
    let rest = "0150;99000001;999900006;2022-12-15;2023-01-01;2023-12-31";
    for i in 0..3_500_000 {
        writeln!(gz, "{i};{rest}").unwrap();
    }
    std::fs::remove_file(dossier.dir().join("toewijzingen.csv")).unwrap();
    dossier.write_bytes("toewijzingen.csv.gz", &gz.finish().unwrap());
    bounded(
        &dossier,
        &[],
        3,
        "toewijzingen.csv.gz: dit bestand vraagt bij het lezen meer geheugen",
    );
}

#[test]
fn a_header_of_more_columns_than_a_sheet_has_is_refused() {
    let columns: String = (0..16_400).map(|i| format!("{i:x};")).collect();
    let dossier = with_declaraties("declaraties.csv", format!("{columns}{HEADER}").as_bytes());
    dossier.controleer(&[]).refuses(3, &["declaraties.csv", "meer dan 16.384 kolommen"]);
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

/// What is wrong with a zip of very many files is said before they take the memory of the run.
#[test]
fn a_zip_of_more_files_than_a_region_has_messages_is_refused() {
    let (mut zip, mut list) = (Vec::new(), Vec::new());
    let count = 500_001_u64;
    for i in 0..count {
        let name = format!("m{i:07}.xml");
        let place = zip.len() as u32;
        // Version 2, no flags, stored, no time, no bytes.
        let facts = |lead: &[u8]| {
            let length = (name.len() as u16).to_le_bytes();
            [lead, &[20, 0], &[0; 20], &length, &[0; 2]].concat()
        };
        zip.extend(facts(b"PK\x03\x04"));
        zip.extend(name.as_bytes());
        list.extend(facts(b"PK\x01\x02\x14\x00"));
        list.extend([0; 10]);
        list.extend(place.to_le_bytes());
        list.extend(name.as_bytes());
    }
    let (begin, length) = (zip.len() as u64, list.len() as u64);
    zip.extend(list);
    let end = zip.len() as u64;
    zip.extend(b"PK\x06\x06");
    zip.extend(44_u64.to_le_bytes());
    zip.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    [count, count, length, begin].iter().for_each(|n| zip.extend(n.to_le_bytes()));
    zip.extend(b"PK\x06\x07\0\0\0\0");
    zip.extend(end.to_le_bytes());
    zip.extend([1, 0, 0, 0]);
    zip.extend(b"PK\x05\x06\0\0\0\0");
    zip.extend([0xff; 12]);
    zip.extend([0, 0]);
    let dossier = Dossier::minimaal();
    dossier.write_bytes("pak.zip", &zip);
    bounded(&dossier, &[], 3, "pak.zip: de zip heeft meer dan 500.000 bestanden");
}

/// Thousands of equal files are found in one look, and the first are named.
#[test]
fn very_many_equal_files_are_told_in_short() {
    let dossier = Dossier::minimaal();
    let text = format!("{HEADER}{ROWS}");
    (0..1_500).for_each(|i| dossier.write(&format!("map/declaraties {i:04}.csv"), &text));
    let run = measured(&dossier, &[]);
    is_bounded(&run, 3, "en nog 1.491");
    assert!(!run.stderr.contains("declaraties 0010"), "{}", run.stderr);
}

#[test]
fn findings_that_no_memory_holds_are_refused_with_the_rule_that_has_most_of_them() {
    // Each once more, too late, and beyond its budget.
    let row = ROWS.lines().next().unwrap().replace("2023-02-10", "2024-06-10");
    let rows: String =
        (0..120_000).map(|i| row.replacen("R1", &format!("R{i}"), 1) + "\n").collect();
    let dossier = with_declaraties("declaraties.csv", format!("{HEADER}{rows}").as_bytes());
    dossier.write(
        "toewijzingen.csv",
        "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;Einddatum;Budget\n\
         T1;0150;99000001;999900006;2022-12-15;2023-01-01;2023-12-31;100,00\n",
    );
    for options in [&["--toch"][..], &["--toch", "--draden", "1"]] {
        let run = measured(&dossier, options);
        is_bounded(&run, 3, "bevindingen dat zij niet in het geheugen van --geheugen passen");
        assert!(run.stderr.contains("--zonder"), "{}", run.stderr);
        dossier.wrote_nothing();
    }
    // Those of one rule fit.
    bounded(&dossier, &["--toch", "--alleen", "JW04", "--formaten", "json"], 0, "");
}
