//! A Bsn in whatever dress, in whatever text or name, is in nothing that is written or said.

use crate::hulp::{Dossier, program};
use crate::privacy::{files, strata};
use rechtmatig::dossier::Bsn;
use std::collections::HashSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use unicode_normalization::UnicodeNormalization;

/// Ways to write nine digits so that a person still reads them.
const DRESSES: [fn(&str) -> String; 12] = [
    |d| d.to_owned(),
    |d| format!("kind{d}x"),
    |d| format!("7{d}"),
    |d| format!("{d}42"),
    |d| format!("0{d}"),
    |d| groups(d, "."),
    |d| groups(d, " "),
    |d| format!("{}-{}", &d[..4], &d[4..]),
    |d| groups(d, "/"),
    |d| groups(d, "\u{a0}"),
    |d| groups(d, "\u{200b}"),
    |d| other_digits(d, '\u{ff10}'),
];

/// The same for names of files, which hold no slash.
fn in_a_name(i: usize, digits: &str) -> String {
    let dress = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11][i % 11];
    DRESSES[dress](digits)
}

fn groups(d: &str, between: &str) -> String {
    [&d[..3], &d[3..6], &d[6..]].join(between)
}

fn other_digits(d: &str, zero: char) -> String {
    let of = |c: char| char::from_u32(u32::from(zero) + c.to_digit(10)?);
    d.chars().filter_map(of).collect()
}

/// Bsns to plant, each in the next dress.
struct Planting {
    numbers: Box<dyn Iterator<Item = u32>>,
    count: usize,
}

impl Planting {
    fn new() -> Planting {
        let all = || (999_900_006..=999_999_990).filter(|n| Bsn(*n).is_valid());
        Planting { numbers: Box::new(all().cycle()), count: 0 }
    }

    fn next(&mut self) -> String {
        self.count += 1;
        self.numbers.next().expect("it goes round").to_string()
    }

    fn dressed(&mut self) -> String {
        let digits = self.next();
        DRESSES[self.count % 12](&digits)
    }

    fn named(&mut self) -> String {
        let digits = self.next();
        in_a_name(self.count, &digits)
    }
}

/// All Bsns that can be read in these bytes: in the digits of any script, whatever splits them.
fn readable(bytes: &[u8], bsns: &HashSet<u32>) -> Vec<u32> {
    let text = String::from_utf8_lossy(bytes);
    let mut found = Vec::new();
    let mut digits: Vec<u32> = Vec::new();
    let mut apart = 0;
    for c in text.nfkc() {
        if let Some(digit) = c.to_digit(10) {
            digits.push(digit);
            apart = 0;
            if let Some(from) = digits.len().checked_sub(9) {
                let number = digits[from..].iter().fold(0, |n, d| n * 10 + d);
                found.extend(bsns.contains(&number).then_some(number));
            }
        } else if c != '\u{200b}' {
            let splits = ['.', ' ', '-', '/', '\u{a0}'].contains(&c);
            apart += 1;
            if !splits || apart > 3 {
                digits.clear();
            }
        }
    }
    found
}

const TEXTS: [&str; 11] = [
    "DeclaratieNummer",
    "ReferentieNummer",
    "VorigReferentieNummer",
    "ToewijzingNummer",
    "ProductCategorie",
    "ProductCode",
    "Functie",
    "Hulpverlener",
    "Groep",
    "Opmerking van ons",
    "Door",
];

/// Are there rows that are refused, for a Bsn where none can be?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Refused {
    Some,
    None,
}

/// Lines with a dressed Bsn in every column that holds text, some refused for each column that doesn't.
fn declaraties(p: &mut Planting, rows: usize, refused: Refused) -> String {
    let mut out = TEXTS.join(";")
        + ";Gemeente;Aanbieder;Bsn;Begindatum;Einddatum;GeleverdVolume;Eenheid;ProductTarief;IngediendBedrag;Ontvangstdatum\n";
    for i in 0..rows {
        let texts: Vec<String> = TEXTS.iter().map(|_| p.dressed()).collect();
        let mut plain: Vec<String> =
            "0150;99000001;;2023-07-01;2023-07-31;100;01;1,08;108,00;2024-06-01"
                .split(';')
                .map(str::to_owned)
                .collect();
        plain[2] = p.next();
        if i % 4 == 0 && refused == Refused::Some {
            plain[i / 4 % 10] = p.dressed();
        }
        out += &format!("{};{}\n", texts.join(";"), plain.join(";"));
    }
    out
}

fn dossier(p: &mut Planting, refused: Refused) -> Dossier {
    let d = Dossier::empty();
    d.write("declaraties.csv", &declaraties(p, 750, refused));
    // Their own lines in files, folders, sheets and entries that carry a Bsn in their names.
    let path = format!("map {}/declaraties {}.csv", p.named(), p.named());
    d.write(&path, &declaraties(p, 20, refused));
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(format!("blad {}", p.named())).unwrap();
    for (r, row) in declaraties(p, 20, refused).lines().enumerate() {
        for (k, cell) in row.split(';').enumerate() {
            sheet.write_string(r as u32, k as u16, cell).unwrap();
        }
    }
    let bytes = book.save_to_buffer().unwrap();
    d.write_bytes(&format!("declaraties {}.xlsx", p.named()), &bytes);
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let entry = format!("in {}/declaraties {}.csv", p.named(), p.named());
    zip.start_file(entry, zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(declaraties(p, 20, refused).as_bytes()).unwrap();
    d.write_bytes(&format!("pak {}.zip", p.named()), &zip.finish().unwrap().into_inner());
    d.write(&format!("niets {}.txt", p.named()), "niets");

    let mut toewijzingen = "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;Einddatum;ProductCategorie;ProductCode;Bijzonderheid;Geboortedatum\n".to_owned();
    for i in 0..60 {
        let birth = match refused {
            Refused::Some if i % 2 == 0 => p.dressed(),
            _ => String::new(),
        };
        toewijzingen += &format!(
            "{};0150;99000001;{};2022-12-15;2023-01-01;2023-06-30;{};{};kind {};{birth}\n",
            p.dressed(),
            p.next(),
            p.dressed(),
            p.dressed(),
            p.dressed()
        );
    }
    d.write("toewijzingen.csv", &toewijzingen);
    d.write(
        "aanbieders.csv",
        &format!(
            "Aanbieder;Naam;Perceel;Penvoerder\n99000001;\"De Linde {}\";1;{}\n99000002;{};1;\n",
            p.dressed(),
            p.dressed(),
            p.dressed()
        ),
    );
    let mut producten =
        "ProductCategorie;ProductCode;Omschrijving;Onderdeel;Tariefsleutel\n".to_owned();
    for _ in 0..12 {
        producten +=
            &format!("{};{};{};ambulant;{}\n", p.dressed(), p.dressed(), p.dressed(), p.dressed());
    }
    d.write("producten.csv", &producten);
    let mut oordelen = "Id;Oordeel;Opmerking;Door;Datum\n".to_owned();
    for i in 0..12 {
        oordelen += &format!(
            "TW01-00000000000000{i:02};akkoord;{};{};2024-01-01\n",
            p.dressed(),
            p.dressed()
        );
    }
    d.write("beoordelingen.csv", &oordelen);
    small_tables(p, &d);
    d
}

/// A row of each of the tables that a dossier may have besides, with a dressed Bsn in each text.
fn small_tables(p: &mut Planting, d: &Dossier) {
    let mut table = |name: &str, header: &str, row: &str| {
        let mut text = format!("{header}\n");
        for _ in 0..4 {
            let cells = row.split(';').map(|cell| match cell {
                "?" => p.dressed(),
                "bsn" => p.next(),
                cell => cell.to_owned(),
            });
            text += &(cells.collect::<Vec<_>>().join(";") + "\n");
        }
        d.write(name, &text);
    };
    table(
        "tarieven.csv",
        "Jaar;Tariefsleutel;Perceel;Aanbieder;Eenheid;Tarief;Bron",
        "2023;?;1;99000001;01;1,08;?",
    );
    table("omzet.csv", "Aanbieder;Jaar;Omzet;ProductCode;Volume", "99000001;2023;100,00;?;1");
    table(
        "startstop.csv",
        "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Soort;Datum;Verzonden;RedenBeeindiging",
        "?;0150;99000001;bsn;start;2023-01-02;2023-01-03;",
    );
    table(
        "afspraken.csv",
        "Aanbieder;Gemeente;ProductCode;Naam;Doelgroep;Startdatum;Einddatum;Aantal",
        "99000001;0150;?;?;?;2023-01-01;2023-12-31;2",
    );
    table(
        "maatwerk.csv",
        "Aanbieder;Gemeente;ToewijzingNummer;ProductCode;Tarief;Eenheid;Startdatum;Einddatum",
        "99000001;0150;?;?;1,00;01;2023-01-01;2023-12-31",
    );
    table(
        "productieverantwoording.csv",
        "Aanbieder;Gemeente;Jaar;ProductCategorie;ProductCode;AantalJeugdigen;Bedrag;Status",
        "99000001;0150;2023;?;?;3;100,00;definitief",
    );
    table(
        "openstaand.csv",
        "Aanbieder;Gemeente;ReferentieNummer;ToewijzingNummer;ProductCode;Bedrag;Creditregels;Bevindingen",
        "99000001;0150;?;?;?;10,00;?;?",
    );
    table("reacties.csv", "Id;Reactie;Door;Datum", "TW01-0000000000000001;?;?;2024-01-01");
}

/// Runs it, with a log of all that it can tell, and gives what it said.
fn said(arguments: &[&str], may_fail: bool) -> Vec<u8> {
    let mut spec = program();
    let output = spec.env("RECHTMATIG_LOG", "trace").args(arguments).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(may_fail || output.status.success(), "{arguments:?}: {text}");
    [output.stdout, output.stderr].concat()
}

#[track_caller]
fn nowhere(bsns: &HashSet<u32>, what: &str, bytes: &[u8]) {
    let found = readable(bytes, bsns);
    if let Some(first) = found.first() {
        let text = String::from_utf8_lossy(bytes);
        let digits = first.to_string();
        let near = text.find(&digits[..3]).unwrap_or(0);
        let near: String = text[near..].chars().take(120).collect();
        panic!("{} in {what}, such as {first}; near {near:?}", found.len());
    }
}

#[test]
fn a_bsn_in_any_dress_in_any_text_or_name_is_in_no_byte_of_any_output() {
    let mut planting = Planting::new();
    let d = dossier(&mut planting, Refused::Some);
    assert!(planting.count >= 10_000, "only {}", planting.count);
    let bsns: HashSet<u32> = planting.numbers.take(9_500).collect();
    let out = |name: &str| d.out().join(name).display().to_string();
    let (dir, key) = (d.dir().display().to_string(), d.key());
    let all = ["--jaar", "2023", "--max-afgekeurd", "100%", "--toch"];
    let controleer = |name: &str, more: &[&str]| {
        let place = out(name);
        let mut arguments = vec!["controleer", &dir, "--uit", &place];
        arguments.extend(all);
        arguments.extend(more);
        said(&arguments, false)
    };
    let mut heard = vec![
        controleer("a", &["--sleutel", &key, "--per-aanbieder", "--per-gemeente"]),
        controleer("b", &["--geheugen", "300MB"]),
        said(&["controleer", &dir, "--jaar", "2023", "--proef"], true),
        said(&["controleer", &dir, "--jaar", "2023", "--uit", &out("geen")], true),
        said(&["begin", &dir], true),
    ];
    let (a, b) = (out("a/2023-ijsselland"), out("b/2023-ijsselland"));
    heard.push(said(&["vergelijk", &a, &b, "--uit", &out("verschil.csv")], false));
    heard.push(said(&["vergelijk", &a, &b], false));
    let mut written = files(&d.out());
    written.extend(["controle.toml", "controle.voorstel.toml"].map(|name| d.dir().join(name)));
    nowhere_in(&d, &bsns, &heard, &written);
    assert!(written.len() > 15, "{written:?}");
    // What was planted can be found where it is not masked.
    let source = fs::read(d.dir().join("declaraties.csv")).unwrap();
    assert!(readable(&source, &bsns).len() > 7_000);
}

/// No Bsn is in what was said, nor in these files and their names.
#[track_caller]
fn nowhere_in(d: &Dossier, bsns: &HashSet<u32>, heard: &[Vec<u8>], written: &[PathBuf]) {
    for text in heard {
        nowhere(bsns, "what was said", text);
    }
    for path in written.iter().filter(|path| path.is_file()) {
        let name = path.strip_prefix(d.out()).unwrap_or(Path::new(""));
        nowhere(bsns, "a name", name.as_os_str().as_encoded_bytes());
        for stratum in strata(path) {
            nowhere(bsns, &path.display().to_string(), &stratum);
        }
    }
}

/// The commands that come after an audit, or stand beside it.
#[test]
fn a_bsn_in_any_dress_is_in_no_byte_of_what_any_other_command_writes_or_says() {
    let mut planting = Planting::new();
    let d = dossier(&mut planting, Refused::None);
    let out = |name: &str| d.out().join(name).display().to_string();
    let (dir, key) = (d.dir().display().to_string(), d.key());
    let uit = d.out().display().to_string();
    let of_year = |command: &'static str| [command, &dir, "--jaar", "2023", "--uit", &uit];
    let with_key = ["--sleutel", &key];
    let controleer = [&of_year("controleer")[..], &["--overschrijf", "--toch"], &with_key].concat();
    let mut heard = vec![said(&controleer, false)];
    // Every finding is to come back, with words of who judged it.
    let mut oordelen = "Id;Oordeel;Opmerking;Door;Datum\n".to_owned();
    let rapport = "2023-ijsselland";
    for row in d.bevindingen(rapport) {
        let (why, who) = (planting.dressed(), planting.dressed());
        oordelen += &format!("{};terugvorderen;{why};{who};2024-01-01\n", row["Id"]);
    }
    d.write("beoordelingen.csv", &oordelen);
    let bsns: HashSet<u32> = planting.numbers.take(12_000).collect();
    let rapport = out(rapport);
    let steekproef = ["steekproef", &rapport, "--omvang", "12", "--zaad", "1", "--uit", &uit];
    let filled_in = out("2023-ijsselland-steekproef/steekproef.xlsx");
    for arguments in [
        &controleer[..],
        &["terugvordering", &rapport, "--uit", &uit],
        &[&steekproef[..], &with_key].concat(),
        &["steekproef", &rapport, "--evalueren", &filled_in, "--uit", &out("evaluatie")],
        &["verifieer", &rapport, "--sleutel", &key],
        &of_year("productieverantwoording"),
        &[&of_year("monitor")[..], &with_key, &["--per-aanbieder"]].concat(),
        &["monitor", &dir, "--jaar", "2023", "--voor-derden", "--uit", &out("derden")],
    ] {
        // A sample in which nothing is filled in can't be evaluated; what is said of it counts.
        heard.push(said(arguments, arguments.contains(&"--evalueren")));
    }
    let written = files(&d.out());
    for kind in ["docx", "txt", "xlsx", "csv", "parquet", "html", "json"] {
        let is_kind = |path: &&PathBuf| path.extension().is_some_and(|e| e == kind);
        assert!(written.iter().any(|path| is_kind(&path)), "no {kind} in {written:?}");
    }
    nowhere_in(&d, &bsns, &heard, &written);
}

/// In an answer a Bsn belongs, of the client that it is about: what is said of it has none.
#[test]
fn what_is_said_of_messages_and_answers_has_no_bsn() {
    let mut planting = Planting::new();
    let d = Dossier::empty();
    let make = ["--vorm", "ijw", "--regels", "200", "--fouten", "10%", "--stil"];
    let dir = d.dir().display().to_string();
    said(&[&["voorbeeld", &dir][..], &make].concat(), false);
    for path in files(&d.dir()).into_iter().filter(|p| p.extension().is_some_and(|e| e == "xml")) {
        let text = fs::read_to_string(&path).unwrap();
        let mut pieces = text.split("ReferentieNummer>");
        let mut dressed = pieces.next().unwrap().to_owned();
        for piece in pieces {
            // Between two tags of that name its text, which may be twenty letters long.
            match piece.split_once("</") {
                Some((number, rest)) if !number.contains('<') && !number.is_empty() => {
                    let mut number = planting.dressed();
                    number.retain(|c| c.is_ascii() && c != '/');
                    dressed += &format!("ReferentieNummer>{number}</{rest}");
                }
                _ => dressed += &format!("ReferentieNummer>{piece}"),
            }
        }
        let name = path.file_name().unwrap().to_string_lossy();
        let named = format!("{} {name}", planting.named());
        fs::write(path.with_file_name(named), dressed).unwrap();
        fs::remove_file(path).unwrap();
    }
    let uit = d.out().display().to_string();
    let controleer = ["controleer", &dir, "--jaar", "2023", "--toch", "--max-afgekeurd", "100%"];
    let heard = vec![
        said(&["antwoord", &dir, "--uit", &uit], true),
        said(&[&controleer[..], &["--uit", &uit]].concat(), true),
    ];
    assert!(planting.count > 100);
    let bsns: HashSet<u32> = planting.numbers.take(12_000).collect();
    let mut written = files(&d.out());
    assert!(!written.is_empty());
    written.retain(|path| path.extension().is_none_or(|e| e != "xml"));
    nowhere_in(&d, &bsns, &heard, &written);
}
