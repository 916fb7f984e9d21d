//! Same input, same bytes: whatever the number of threads, the order of rows or the files.

use crate::hulp::{Dossier, VOORBEELD, files_of_rapport};
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

fn copy_of_example() -> Dossier {
    let dossier = Dossier::empty();
    for thing in fs::read_dir(VOORBEELD).unwrap() {
        let path = thing.unwrap().path();
        if path.is_dir() {
            continue;
        }
        fs::copy(&path, dossier.dir().join(path.file_name().unwrap())).unwrap();
    }
    dossier
}

fn content(dir: &Path, name: &str) -> Vec<u8> {
    fs::read(dir.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

#[test]
fn one_thread_and_two_give_the_same_bytes() {
    let dossier = copy_of_example();
    let key = dossier.key();
    let dirs = ["1", "2"].map(|threads| {
        let out = dossier.out().join(threads);
        let outcome = dossier.controleer_to(&out, &["--draden", threads, "--sleutel", &key]);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        out.join("2023-ijsselland")
    });
    for name in files_of_rapport() {
        assert!(content(&dirs[0], name) == content(&dirs[1], name), "{name} differs");
    }
}

#[test]
fn shuffled_rows_change_nothing_but_line_numbers() {
    let recht = copy_of_example();
    let key = recht.key();
    assert_eq!(recht.controleer(&["--sleutel", &key]).status, 0);
    let shuffled = copy_of_example();
    for thing in fs::read_dir(shuffled.dir()).unwrap() {
        let path = thing.unwrap().path();
        if path.extension().is_some_and(|e| e == "csv") {
            let text = fs::read_to_string(&path).unwrap();
            let (header, rows) = text.split_once('\n').unwrap();
            let mut rows: Vec<&str> = rows.lines().filter(|r| !r.is_empty()).collect();
            let count = rows.len();
            rows.reverse();
            rows.rotate_left(count / 3);
            fs::write(&path, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
        }
    }
    assert_eq!(shuffled.controleer(&["--sleutel", &key]).status, 0);
    let without_line_number = |d: &Dossier| -> Vec<Vec<(String, String)>> {
        d.bevindingen("2023-ijsselland")
            .into_iter()
            .map(|b| b.into_iter().filter(|(kolom, _)| kolom != "Regelnummer").collect())
            .collect()
    };
    assert_eq!(without_line_number(&recht), without_line_number(&shuffled));
    let samenvatting = |d: &Dossier| d.samenvatting("2023-ijsselland");
    assert_eq!(samenvatting(&recht), samenvatting(&shuffled));
}

#[test]
fn one_file_or_two_give_the_same_findings() {
    let two = copy_of_example();
    let key = two.key();
    assert_eq!(two.controleer(&["--sleutel", &key]).status, 0);
    let one = copy_of_example();
    let read = |name: &str| fs::read_to_string(one.dir().join(name)).unwrap();
    let (h1, h2) = (read("declaraties_2023_h1.csv"), read("declaraties_2023_h2.csv"));
    assert_eq!(h1.lines().next(), h2.lines().next(), "the halves have the same columns");
    let rest: String = h2.lines().skip(1).map(|r| format!("{r}\n")).collect();
    one.write("declaraties_2023_h1.csv", &format!("{}\n{rest}", h1.trim_end()));
    fs::remove_file(one.dir().join("declaraties_2023_h2.csv")).unwrap();
    assert_eq!(one.controleer(&["--sleutel", &key]).status, 0);
    let without_place = |d: &Dossier| -> Vec<Vec<(String, String)>> {
        let place = |kolom: &str| kolom == "Regelnummer" || kolom == "Bestand";
        d.bevindingen("2023-ijsselland")
            .into_iter()
            .map(|b| b.into_iter().filter(|(kolom, _)| !place(kolom)).collect())
            .collect()
    };
    assert_eq!(without_place(&two), without_place(&one));
}

/// The rows of a table in files of seven rows, as if each were of another export: with other delimiters,
/// columns, character sets and titles.
fn in_small_files(dossier: &Dossier, table: &str) {
    let text = fs::read_to_string(dossier.dir().join(format!("{table}.csv"))).unwrap();
    fs::remove_file(dossier.dir().join(format!("{table}.csv"))).unwrap();
    let rows: Vec<Vec<&str>> = text
        .trim_start_matches('\u{feff}')
        .lines()
        .filter(|row| !row.is_empty())
        .map(|row| row.split(';').collect())
        .collect();
    for (i, part) in rows[1..].chunks(7).enumerate() {
        let all = || std::iter::once(&rows[0]).chain(part);
        let joined =
            |mark: &str| -> String { all().map(|row| format!("{}\n", row.join(mark))).collect() };
        let bytes = match i % 5 {
            0 => joined(";").into_bytes(),
            1 => joined("\t").into_bytes(),
            2 => all()
                .flat_map(|row| {
                    let cells: Vec<&str> = row.iter().rev().copied().collect();
                    format!("{}\r\n", cells.join(";")).into_bytes()
                })
                .collect(),
            // Windows-1252: each character is one byte.
            3 => all()
                .enumerate()
                .flat_map(|(n, row)| {
                    let own = if n == 0 { "Opmerking" } else { "caf\u{e9}" };
                    let text = format!("{};{own}\n", row.join(";"));
                    text.chars().map(|c| c as u8).collect::<Vec<u8>>()
                })
                .collect(),
            _ => format!("Export van de maand;;\n{}", joined(";")).into_bytes(),
        };
        dossier.write_bytes(&format!("{table}_{i:04}.csv"), &bytes);
    }
}

#[test]
fn very_many_small_files_of_many_kinds_give_the_same_findings() {
    let whole = copy_of_example();
    let key = whole.key();
    assert_eq!(whole.controleer(&["--sleutel", &key]).status, 0);
    let many = copy_of_example();
    for table in ["declaraties_2023_h1", "declaraties_2023_h2", "toewijzingen", "startstop"] {
        in_small_files(&many, table);
    }
    let files = fs::read_dir(many.dir()).unwrap().count();
    assert!(files > 100, "{files} files");
    for threads in ["1", "2"] {
        let out = many.out().join(threads);
        let options = ["--sleutel", &key, "--draden", threads, "--max-afgekeurd", "20%"];
        let outcome = many.controleer_to(&out, &options);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    }
    let [one, two] = ["1", "2"].map(|threads| many.out().join(threads).join("2023-ijsselland"));
    for name in files_of_rapport() {
        assert!(content(&one, name) == content(&two, name), "{name} differs");
    }
    let without_place = |path: &Path| -> Vec<Vec<(String, String)>> {
        let place = |kolom: &str| kolom == "Regelnummer" || kolom == "Bestand";
        crate::hulp::rows_of(path)
            .into_iter()
            .map(|b| b.into_iter().filter(|(kolom, _)| !place(kolom)).collect())
            .collect()
    };
    let of_whole = whole.out().join("2023-ijsselland/bevindingen.csv");
    assert_eq!(without_place(&of_whole), without_place(&one.join("bevindingen.csv")));
}

#[test]
fn of_many_small_files_the_first_that_is_wrong_is_named() {
    let dossier = copy_of_example();
    in_small_files(&dossier, "declaraties_2023_h1");
    for name in ["declaraties_2023_h1_0012", "declaraties_2023_h1_0007"] {
        dossier.write(&format!("{name}.csv"), "ReferentieNummer;Gemeente\nN1;0150\n");
    }
    for threads in ["1", "2"] {
        let outcome = dossier.controleer(&["--draden", threads]);
        outcome.refuses(3, &["declaraties_2023_h1_0007.csv"]);
        assert!(!outcome.stderr.contains("0012"), "{}", outcome.stderr);
    }
}

/// All files of a rapport but what its run left in them: the options and the clock.
fn without_loop(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut out: Vec<(String, Vec<u8>)> = fs::read_dir(dir)
        .expect("a rapport was written")
        .map(|thing| thing.expect("readable").file_name().into_string().expect("our own name"))
        .filter(|name| name != "manifest.json")
        .map(|name| (name.clone(), content(dir, &name)))
        .collect();
    for (name, bytes) in &mut out {
        if name == "rapport.html" {
            let text = String::from_utf8(std::mem::take(bytes)).expect("the page is UTF-8");
            let of_loop = |row: &&str| {
                ["Optie --geheugen", "seconden", "Gemaakt op"].iter().any(|w| row.contains(w))
            };
            let rows: Vec<&str> = text.lines().filter(|row| !of_loop(row)).collect();
            *bytes = rows.join("\n").into_bytes();
        }
    }
    let workbook = out.iter().position(|(name, _)| name == "rapport.xlsx").expect("a workbook");
    let (_, bytes) = out.remove(workbook);
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook is a zip");
    for i in 0..zip.len() {
        let mut part = zip.by_index(i).expect("readable");
        let name = format!("rapport.xlsx/{}", part.name().expect("readable"));
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("readable");
        // The sheet Verantwoording tells of the run: its rows are those of the page.
        if !bytes.windows(7).any(|w| w == b"SHA-256") {
            out.push((name, bytes));
        }
    }
    out.sort();
    out
}

/// The same rapport whether a dossier fits in memory or is audited in many parts, and nothing left
/// beside it.
#[track_caller]
fn whole_and_in_parts(dir: &Path, rapport: &str, memory: &[&str]) {
    let dossier = Dossier::empty();
    let key = dossier.key();
    let mut rapporten = [None].into_iter().chain(memory.iter().map(Some)).map(|memory| {
        let out = dossier.out().join(memory.unwrap_or(&"heel"));
        let mut options = vec!["--jaar", "2023", "--sleutel", &key];
        options.extend(memory.iter().flat_map(|g| ["--geheugen", **g]));
        let mut spec = crate::hulp::program();
        spec.env("RECHTMATIG_LOG", "debug").arg("controleer").arg(dir);
        let outcome =
            crate::hulp::ProgramOutput::of(spec.arg("--uit").arg(&out).args(options).arg("--stil"));
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        let parts = outcome.stderr.matches("toewijzing ").count();
        assert_eq!(fs::read_dir(&out).expect("written").count(), 1, "nothing beside the rapport");
        (parts, without_loop(&out.join(rapport)))
    });
    let (parts, whole) = rapporten.next().expect("the whole is first");
    assert_eq!(parts, 0, "the whole is audited in one piece");
    for ((parts, in_parts), memory) in rapporten.zip(memory) {
        assert!(parts > 1, "{parts} parts with {memory}");
        for ((name, a), (other, b)) in whole.iter().zip(&in_parts) {
            assert_eq!(name, other);
            assert!(a == b, "{name} differs with {memory}");
        }
        assert_eq!(whole.len(), in_parts.len());
    }
}

#[test]
fn the_sample_in_parts_gives_the_same_bytes() {
    whole_and_in_parts(Path::new(crate::hulp::VOORBEELD), "2023-ijsselland", &["1KB", "20KB"]);
    let zeeland = Path::new(crate::hulp::VOORBEELD).join("zeeland");
    whole_and_in_parts(&zeeland, "2023-zeeland", &["1KB"]);
}

/// A line that names another jeugdige than its toewijzing is needed with both.
#[test]
fn what_was_granted_together_is_seen_in_parts_too() {
    let dossier = Dossier::granted_together();
    let outcome = dossier.controleer(&["--alleen", "WV14,VZ03,WV15"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    for rule in ["WV14", "VZ03", "WV15"] {
        let findings = dossier.bevindingen("2023-ijsselland");
        assert_eq!(findings.iter().filter(|b| b["Regel"] == rule).count(), 8, "{rule}");
    }
    whole_and_in_parts(&dossier.dir(), "2023-ijsselland", &["1KB", "2KB", "4KB"]);
}

#[test]
fn a_made_up_dossier_in_parts_gives_the_same_bytes() {
    let older = Dossier::empty();
    let dir = older.dir().join("v");
    let made = crate::hulp::ProgramOutput::of(
        crate::hulp::program().arg("voorbeeld").arg(&dir).args(["--regels", "50000"]),
    );
    assert_eq!(made.status, 0, "{}", made.stderr);
    whole_and_in_parts(&dir, "2023-ijsselland", &["1MB", "10MB"]);
}
