//! Values that would do something where they are read: in a spreadsheet, on a page, on a terminal.

use crate::hulp::{Dossier, program, rows_of};
use calamine::{Data, Reader, Xlsx, open_workbook};
use std::fs;
use std::io::Read;
use std::path::Path;

const RAPPORT: &str = "2023-ijsselland";
const AANVALLEN: [&str; 8] = [
    "=HYPERLINK(\"\"http://a.invalid\"\";\"\"klik\"\")",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "＝1+1",
    "<script>window.geraakt=1</script>",
    "\u{1b}[2J\u{7}",
];

/// A dossier with an attack in every column that holds text, and in names.
fn dossier() -> Dossier {
    let d = Dossier::empty();
    let mut aanbieders = String::from("Aanbieder;Naam;Perceel\n");
    let mut toewijzingen = String::from(
        "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;Einddatum;ProductCategorie;ProductCode\n",
    );
    let mut declaraties = String::from(
        "DeclaratieNummer;ReferentieNummer;VorigReferentieNummer;DebetCredit;Ontvangstdatum;Gemeente;Aanbieder;Bsn;ToewijzingNummer;ProductCategorie;ProductCode;Begindatum;Einddatum;GeleverdVolume;Eenheid;ProductTarief;IngediendBedrag;Functie;Hulpverlener\n",
    );
    for (i, aanval) in AANVALLEN.iter().enumerate() {
        let agb = 99_000_001 + i;
        aanbieders += &format!("{agb};\"{aanval}\";1\n");
        toewijzingen += &format!(
            "\"{aanval}\";0150;{agb};999900006;2022-12-15;2023-01-01;2023-06-30;\"{aanval}\";\"{aanval}\"\n"
        );
        // Late and out of term, of a product that the toewijzing hasn't; a credit without its debit.
        for (debet, nummer, previous) in
            [("D", "", String::new()), ("C", "-c", format!("{aanval}x"))]
        {
            declaraties += &format!(
                "\"{aanval}\";\"{aanval}{nummer}\";\"{previous}\";{debet};2024-06-01;0150;{agb};999900006;\"{aanval}\";\"{aanval}\";\"{aanval}\";2023-07-01;2023-07-31;100;01;1,08;108,00;\"{aanval}\";\"{aanval}\"\n"
            );
        }
        // Refused, with the attack as the value that is shown.
        declaraties += &format!(
            "x;y{i};;D;2024-06-01;\"{aanval}\";{agb};999900006;T;45;45T01;2023-07-01;2023-07-31;100;01;1,08;108,00;;\n"
        );
    }
    d.write("aanbieders.csv", &aanbieders);
    d.write("toewijzingen.csv", &toewijzingen);
    d.write("declaraties =1+1 <img src=x onerror=geraakt()>.csv", &declaraties);
    d
}

/// Would a spreadsheet run this?
fn runs(cell: &str) -> bool {
    let number = cell.trim_start_matches(['-', '+']);
    let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || c == ',');
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) && !is_number
}

fn files(dir: &Path, end: &str) -> Vec<std::path::PathBuf> {
    let mut out = Vec::new();
    for thing in fs::read_dir(dir).unwrap() {
        let path = thing.unwrap().path();
        if path.is_dir() {
            out.extend(files(&path, end));
        } else if path.extension().is_some_and(|e| e == end) {
            out.push(path);
        }
    }
    out
}

/// Every output of every command that writes what it read.
fn all_output() -> (Dossier, String) {
    let d = dossier();
    let outcome = d.controleer_with_samenvatting(&["--max-afgekeurd", "100%"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let mut said = outcome.stdout + &outcome.stderr;
    let pv = program()
        .arg("productieverantwoording")
        .arg(d.dir())
        .args(["--jaar", "2023", "--uit"])
        .arg(d.out().join("pv"))
        .output()
        .unwrap();
    said += &String::from_utf8(pv.stdout).unwrap();
    said += &String::from_utf8(pv.stderr).unwrap();
    (d, said)
}

#[test]
fn a_spreadsheet_shows_what_stood_in_the_files_and_runs_none_of_it() {
    let (d, _) = all_output();
    let mut aanvallen = 0;
    for path in files(&d.out(), "csv") {
        for row in rows_of(&path) {
            for (kolom, cell) in row {
                assert!(!runs(&cell), "{}: {kolom}: {cell:?}", path.display());
                let read = cell.trim_start_matches('\u{200b}');
                aanvallen += u32::from(read != cell && runs(read));
            }
        }
    }
    assert!(aanvallen >= 80, "only {aanvallen} attacks came through to be told");
    let mut cells = 0;
    for path in files(&d.out(), "xlsx") {
        let mut book: Xlsx<_> = open_workbook(&path).unwrap();
        for sheet in book.sheet_names() {
            let formulas = book.worksheet_formula(&sheet).unwrap();
            let not_ons = formulas.used_cells().find(|(_, _, f)| {
                f.contains("HYPERLINK(\"http") || f.contains("cmd") || f.contains("1+1")
            });
            assert!(not_ons.is_none(), "{}: {sheet}: {not_ons:?}", path.display());
            let range = book.worksheet_range(&sheet).unwrap();
            cells += range
                .used_cells()
                .filter(|(_, _, c)| matches!(c, Data::String(t) if runs(t)))
                .count();
        }
    }
    assert!(cells >= 60, "only {cells} attacks came through to be told");
}

/// Excel takes a text for one, also after it is edited, if its format says so.
#[test]
fn a_cell_with_an_attack_is_marked_as_text_for_whoever_edits_it() {
    let (d, _) = all_output();
    let bytes = fs::File::open(d.out().join(RAPPORT).join("rapport.xlsx")).unwrap();
    let mut zip = zip::ZipArchive::new(bytes).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let stijlen = part("xl/styles.xml");
    let (_, cells) = stijlen.split_once("<cellXfs").unwrap();
    let text: Vec<bool> =
        cells.split("<xf ").skip(1).map(|xf| xf.contains("quotePrefix=\"1\"")).collect();
    let mut gemerkt = 0;
    let sheets = part("xl/workbook.xml").matches("<sheet ").count();
    for id in 1..=sheets {
        let sheet = part(&format!("xl/worksheets/sheet{id}.xml"));
        for cell in sheet.split("<c ").skip(1) {
            let Some((header, rest)) = cell.split_once("<t>") else { continue };
            let content = rest.split("</t>").next().unwrap();
            if runs(content) {
                let style = header.split("s=\"").nth(1).and_then(|s| s.split('"').next()).unwrap();
                assert!(text[style.parse::<usize>().unwrap()], "{cell}");
                gemerkt += 1;
            }
        }
    }
    assert!(gemerkt >= 30, "only {gemerkt} cells were seen");
}

#[test]
fn a_page_shows_what_stood_in_the_files_and_runs_none_of_it() {
    let (d, _) = all_output();
    let html = fs::read_to_string(d.out().join(RAPPORT).join("rapport.html")).unwrap();
    for piece in ["<script>window.geraakt", "<img src=x"] {
        assert!(!html.contains(piece), "{piece}");
    }
    assert!(html.contains("window.geraakt"), "it is shown");
}

#[test]
fn nothing_in_a_file_steers_the_terminal() {
    let (_, said) = all_output();
    let sends = said.chars().find(|c| c.is_control() && !['\n', '\r'].contains(c));
    assert!(sends.is_none(), "{sends:?} in {said}");
}

/// A line end in a name, a value, a path, a setting or a rapport of another begins no line of ours.
#[cfg(unix)]
#[test]
fn nothing_from_elsewhere_begins_a_line_that_looks_like_one_of_the_program() {
    let says = |arguments: &[&str]| {
        let output = program().args(arguments).output().unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(said.contains("␊Nep"), "{arguments:?}: {said}");
        assert!(!said.contains("\nNep"), "{arguments:?}: {said}");
    };
    let d = Dossier::minimaal();
    let [dir, uit] = [d.dir(), d.out()].map(|path| path.display().to_string());
    let controleer = ["controleer", &dir, "--jaar", "2023", "--stil", "--uit", &uit];
    let with = |extra: &[&'static str]| [&controleer[..], extra].concat();
    says(&["controleer", "nergens\nNep", "--jaar", "2023", "--uit", &uit]);
    says(&with(&["--alleen", "x\nNep"]));
    says(&with(&["--sleutel", "/nergens\nNep/x"]));
    let declaraties = fs::read_to_string(d.dir().join("declaraties.csv")).unwrap();
    d.write("declaraties.csv", &declaraties.replace("0150", "\"01\nNep\""));
    says(&controleer);
    d.write("declaraties.csv", &declaraties);
    d.write("declaraties_a\nNep.csv", "x;y\n1;2\n");
    says(&controleer);
    fs::remove_file(d.dir().join("declaraties_a\nNep.csv")).unwrap();
    d.write("controle.toml", "regio = \"a\\nNep\"\n");
    says(&controleer);
    fs::remove_file(d.dir().join("controle.toml")).unwrap();
    assert_eq!(d.controleer(&[]).status, 0);
    let rapport = d.out().join(RAPPORT);
    let other = d.out().join("ander");
    fs::create_dir(&other).unwrap();
    for file in fs::read_dir(&rapport).unwrap().map(|file| file.unwrap().path()) {
        fs::copy(&file, other.join(file.file_name().unwrap())).unwrap();
    }
    let text = fs::read_to_string(other.join("samenvatting.json")).unwrap();
    let changed = text.replacen("\"ijsselland\"", "\"x\\nNep\"", 1);
    fs::write(other.join("samenvatting.json"), changed).unwrap();
    says(&["vergelijk", rapport.to_str().unwrap(), other.to_str().unwrap()]);
}
