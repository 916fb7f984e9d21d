//! From a verdict to money: what is to come back is each line once, the same in every place.

use crate::hulp::{Bevinding, Dossier, HEADER, ProgramOutput, fill_in_book, program, rows_of};
use calamine::{Data, Reader, Xlsx, open_workbook};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

const RAPPORT: &str = "2023-ijsselland";

pub fn cent(euro: &str) -> i64 {
    let (whole, part) = euro.split_once(',').unwrap_or((euro, "00"));
    format!("{whole}{part}").parse().unwrap()
}

pub fn controleer(d: &Dossier) -> ProgramOutput {
    let key = d.key();
    let outcome = d.controleer_with_samenvatting(&["--overschrijf", "--sleutel", &key]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    outcome
}

/// The folder that `terugvordering` wrote, and what it said.
pub fn terugvordering(d: &Dossier) -> (PathBuf, String) {
    let mut spec = program();
    spec.arg("terugvordering").arg(d.out().join(RAPPORT)).arg("--uit").arg(d.out());
    let outcome = ProgramOutput::of(spec.arg("--overschrijf"));
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    (d.out().join(format!("{RAPPORT}-terugvordering")), outcome.stdout)
}

/// R1 and R2 without a toewijzing, for 108 and 54 euros, and R3 one euro above its tariff.
fn with_bevindingen() -> Dossier {
    let dossier = Dossier::minimaal();
    let read = |name: &str| fs::read_to_string(dossier.dir().join(name)).unwrap();
    dossier.write("toewijzingen.csv", &read("toewijzingen.csv").replace("T1;", "T9;"));
    dossier.write("declaraties.csv", &read("declaraties.csv").replace("1,21;12,10", "1,21;13,10"));
    dossier
}

fn id_of(bevindingen: &[Bevinding], regel: &str, referentie: &str) -> String {
    let fits = |b: &&Bevinding| b["Regel"] == regel && b["ReferentieNummer"] == referentie;
    bevindingen.iter().find(fits).expect("the finding is there")["Id"].clone()
}

#[test]
fn what_comes_back_is_the_agreed_amount_and_never_more_than_the_lines_hold() {
    let d = with_bevindingen();
    controleer(&d);
    let bevindingen = d.bevindingen(RAPPORT);
    let [one, two, three] = [("TW01", "R1"), ("TW01", "R2"), ("TF02", "R3")]
        .map(|(regel, nummer)| id_of(&bevindingen, regel, nummer));
    d.write(
        "beoordelingen.csv",
        &format!(
            "Id;Oordeel;Bedrag\n{one};terugvorderen;\n{two};terugvorderen;20,50\n\
             {three};terugvorderen;13,11\n"
        ),
    );
    let told = controleer(&d).stdout;
    assert!(told.contains("1 oordeel noemt een bedrag dat hoger is"), "{told}");
    let (dir, told) = terugvordering(&d);
    assert!(
        told.contains("Terug te vorderen over 2023: € 128,50, 2 declaratieregels van 1 aanbieder.")
    );
    let rows = rows_of(&dir.join("terugvordering.csv"));
    let amounts: Vec<_> =
        rows.iter().map(|r| (r["ReferentieNummer"].as_str(), r["Bedrag"].as_str())).collect();
    assert_eq!(amounts, [("R1", "108,00"), ("R2", "20,50")]);
    assert_eq!(rows[1]["Bevindingen"], two);
    // What went too far is named where verdicts stand that no finding has, and is open.
    let not = &d.samenvatting(RAPPORT)["oordelen"]["niet_overgenomen"];
    assert_eq!((&not[0]["id"], &not[0]["waarom"]), (&three.into(), &"boven_regels".into()));
}

#[test]
fn an_agreed_amount_that_cannot_be_read_asks_nothing_back() {
    let d = with_bevindingen();
    controleer(&d);
    let one = id_of(&d.bevindingen(RAPPORT), "TW01", "R1");
    d.write("beoordelingen.csv", &format!("Id;Oordeel;Bedrag\n{one};terugvorderen;veel\n"));
    let key = d.key();
    let options = ["--overschrijf", "--max-afgekeurd", "100%", "--sleutel", &key];
    assert_eq!(d.controleer(&options).status, 0);
    let errors = rows_of(&d.out().join(RAPPORT).join("invoerfouten.csv"));
    assert_eq!((errors[0]["Kolom"].as_str(), errors[0]["Waarde"].as_str()), ("Bedrag", "veel"));
    assert_eq!(d.samenvatting(RAPPORT)["oordelen"]["bevindingen"]["terugvorderen"]["aantal"], 0);
}

#[test]
fn a_rapport_in_which_nothing_is_judged_gives_no_terugvordering_and_says_what_to_do() {
    let d = with_bevindingen();
    controleer(&d);
    let of = |dir: &Path| ProgramOutput::of(program().arg("terugvordering").arg(dir));
    of(&d.out().join(RAPPORT)).refuses(3, &["is geen bevinding beoordeeld", "beoordelingen.xlsx"]);
    of(&d.dir()).refuses(3, &["is geen map van een rapport"]);
}

/// R1 is asked back whole, of R2 € 20,50.
fn asked_back() -> (Dossier, [String; 2]) {
    let d = with_bevindingen();
    controleer(&d);
    let bevindingen = d.bevindingen(RAPPORT);
    let ids = ["R1", "R2"].map(|nummer| id_of(&bevindingen, "TW01", nummer));
    let [one, two] = &ids;
    d.write(
        "beoordelingen.csv",
        &format!("Id;Oordeel;Bedrag\n{one};terugvorderen;\n{two};terugvorderen;20,50\n"),
    );
    controleer(&d);
    (d, ids)
}

/// Puts what is open into the dossier, for the next run.
fn keep_open(d: &Dossier) {
    let (dir, _) = terugvordering(d);
    fs::copy(dir.join("openstaand.csv"), d.dir().join("openstaand.csv")).unwrap();
}

/// Lines that credit others: their own number, when they came, aanbieder, what they take back, how much.
fn credit(d: &Dossier, rows: &[(&str, &str, &str, &str, &str)]) {
    let header = HEADER.trim_end().replace("ProductTarief", "VorigReferentieNummer");
    let mut csv = format!("{header};DebetCredit\n");
    for (nummer, dag, agb, of, bedrag) in rows {
        csv += &format!(
            "{nummer};{dag};0150;{agb};999900006;T1;45;45T01;2023-01-01;2023-01-31;100;01;{of};{bedrag};C\n"
        );
    }
    d.write("declaraties-credit.csv", &csv);
}

/// Of each line in a list what was asked, came back and is open, and how that is said.
fn states(path: &Path) -> Vec<[String; 5]> {
    let kolommen = ["ReferentieNummer", "Bedrag", "Teruggenomen", "Open", "Status"];
    rows_of(path).iter().map(|r| kolommen.map(|k| r[k].clone())).collect()
}

#[test]
fn a_credit_in_a_later_run_closes_exactly_its_claim_and_a_partial_one_lowers_it() {
    let (d, _) = asked_back();
    keep_open(&d);
    credit(
        &d,
        &[
            ("C1", "2024-03-01", "99000001", "R1", "108,00"),
            ("C2", "2024-03-02", "99000001", "R2", "5,00"),
            // Of another aanbieder, and of a line of which nothing was asked.
            ("C3", "2024-03-03", "99000002", "R2", "54,00"),
            ("C4", "2024-03-04", "99000001", "R3", "13,10"),
        ],
    );
    let expected = [
        ["R1", "108,00", "108,00", "0,00", "teruggenomen op 01-03-2024"],
        ["R2", "20,50", "5,00", "15,50", "deels teruggenomen op 02-03-2024"],
    ];
    controleer(&d);
    let json = &d.samenvatting(RAPPORT)["terugvordering"];
    assert_eq!(
        (&json["bedrag"], &json["teruggenomen"], &json["open"]),
        (&12850.into(), &11300.into(), &1550.into())
    );
    let (dir, told) = terugvordering(&d);
    assert_eq!(states(&dir.join("openstaand.csv")), expected);
    assert_eq!(states(&dir.join("terugvordering.csv")), expected);
    assert!(told.contains("Daarvan is € 113,00 teruggenomen; nog open is € 15,50."), "{told}");
    let page = fs::read_to_string(d.out().join(RAPPORT).join("rapport.html")).unwrap();
    let table = page.split("id=\"tabel-terugvordering\"").nth(1).unwrap();
    assert!(table.contains("<data value=\"1550\">"), "the page says what is open");

    // What was counted once isn't counted again, whether its credit lines are still there or not.
    for credits_left in [true, false] {
        keep_open(&d);
        if !credits_left {
            fs::remove_file(d.dir().join("declaraties-credit.csv")).unwrap();
        }
        controleer(&d);
        let (dir, _) = terugvordering(&d);
        let now = states(&dir.join("openstaand.csv"));
        assert_eq!(now[1], expected[1], "credits left: {credits_left}");
        assert_eq!(now[0][3], "0,00");
    }
}

#[test]
fn a_credit_that_was_there_before_the_claim_pays_nothing_of_it() {
    let (d, _) = asked_back();
    let before = ("C1", "2023-12-01", "99000001", "R2", "5,00");
    credit(&d, &[before]);
    controleer(&d);
    keep_open(&d);
    credit(&d, &[before, ("C2", "2024-03-02", "99000001", "R2", "7,00")]);
    controleer(&d);
    let (dir, _) = terugvordering(&d);
    let expected = ["R2", "20,50", "7,00", "13,50", "deels teruggenomen op 02-03-2024"];
    assert_eq!(states(&dir.join("openstaand.csv"))[1], expected);
}

#[test]
fn a_claim_lapses_with_its_verdict_and_stands_in_two_lists_once() {
    let (d, [one, two]) = asked_back();
    keep_open(&d);
    let now = fs::read_to_string(d.dir().join("openstaand.csv")).unwrap();
    d.write("openstaand-oud.csv", &now.replace("20,50", "54,00"));
    d.write(
        "beoordelingen.csv",
        &format!("Id;Oordeel;Bedrag\n{one};terugvorderen;\n{two};akkoord;\n"),
    );
    let told = controleer(&d).stdout;
    assert!(told.contains("2 vorderingen staan er meer dan eens in"), "{told}");
    let (dir, _) = terugvordering(&d);
    let expected =
        [["R1", "108,00", "0,00", "108,00", "open"], ["R2", "0,00", "0,00", "0,00", "vervallen"]];
    assert_eq!(states(&dir.join("openstaand.csv")), expected);
}

/// All words of a document, without its form.
fn words_of_docx(path: &Path) -> String {
    let mut package = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut xml = String::new();
    package.by_name("word/document.xml").unwrap().read_to_string(&mut xml).unwrap();
    let mut words = String::new();
    for part in xml.split('<').skip(1) {
        words.push_str(part.split_once('>').map_or("", |(_, text)| text));
        words.push(' ');
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first amount behind these words.
fn amount_after(text: &str, words: &str) -> Option<i64> {
    let (_, rest) = text.split_once(words)?;
    let (_, rest) = rest.split_once("€ ")?;
    let amount: String =
        rest.chars().take_while(|c| c.is_ascii_digit() || [',', '.'].contains(c)).collect();
    Some(cent(&amount.trim_end_matches(['.', ',']).replace('.', "")))
}

/// Files in a folder whose names end so.
fn with_end(dir: &Path, end: &str) -> Vec<PathBuf> {
    let all = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = all.filter(|p| p.to_str().unwrap().ends_with(end)).collect();
    found.sort();
    found
}

/// The letters of decision: their items add up to their totals, and these to what is open.
fn letters_add_up(dir: &Path, lines: &[Bevinding]) {
    let letters = with_end(&dir.join("per-aanbieder"), "-besluit.txt");
    let mut all = 0;
    for path in &letters {
        let text = fs::read_to_string(path).unwrap();
        let total = amount_after(&text, "Wij hebben besloten om").unwrap();
        let rows = text.lines().skip_while(|l| !l.starts_with("Referentie")).skip(1);
        let rows: Vec<&str> = rows.take_while(|l| !l.starts_with("Totaal")).collect();
        let amounts = |row: &&str| {
            let last = row.rsplit("€ ").next().unwrap();
            cent(&last.split_whitespace().next().unwrap().replace('.', ""))
        };
        assert_eq!(rows.iter().map(amounts).sum::<i64>(), total, "{}", path.display());
        assert_eq!(amount_after(&text, "\nTotaal"), Some(total));
        let agb = &path.file_name().unwrap().to_str().unwrap()[..8];
        let own: Vec<&Bevinding> = lines.iter().filter(|l| l["Aanbieder"] == agb).collect();
        assert_eq!(rows.len(), own.len());
        assert!(own.iter().all(|l| rows.iter().any(|r| r.starts_with(&l["ReferentieNummer"]))));
        let document = words_of_docx(&path.with_extension("docx"));
        let words = text.split_whitespace().map(|word| word.replace('&', "&amp;"));
        // Headings stand in capitals in the text.
        let absent: Vec<String> =
            words.filter(|w| w.to_uppercase() != *w && !document.contains(w.as_str())).collect();
        assert!(absent.is_empty(), "{absent:?} not in the document");
        all += total;
    }
    assert_eq!(all, lines.iter().map(|l| cent(&l["Open"])).sum::<i64>());
}

/// The letters that ask: what their points count adds up to the total that they name.
fn questions_add_up(dir: &Path) {
    let letters = with_end(dir, "-brief.txt");
    assert!(!letters.is_empty());
    for path in letters {
        let text = fs::read_to_string(&path).unwrap();
        for (heading, total) in [
            ("WAT VOLGENS ONZE", "Op uw declaratieregels gaat het om"),
            ("WAT WIJ U WILLEN", "hoogstens"),
        ] {
            let Some((_, part)) = text.split_once(heading) else { continue };
            let part = part.split("\r\nWAT ").next().unwrap().split("UW REACTIE").next().unwrap();
            let points = part
                .split("\r\n\r\n")
                .filter(|p| p.starts_with(|c: char| c.is_ascii_digit()) && p.contains("Grond:"));
            let counted = |point: &str| {
                let all = amount_after(point.split("\r\nGrond").next().unwrap(), " bevinding")
                    .unwrap_or(0);
                amount_after(point, "daarvan telt").unwrap_or(all)
            };
            let sum: i64 = points.map(counted).sum();
            assert_eq!(Some(sum), amount_after(part, total), "{}: {heading}", path.display());
        }
    }
}

#[test]
fn a_letter_names_what_came_back_and_what_does_not_count_apart() {
    let (d, _) = asked_back();
    keep_open(&d);
    credit(&d, &[("C2", "2024-03-02", "99000001", "R2", "5,00")]);
    controleer(&d);
    let (dir, _) = terugvordering(&d);
    let letter = dir.join("per-aanbieder").join("99000001-besluit.txt");
    let text = fs::read_to_string(letter).unwrap();
    for words in [
        "Aan: De Linde (AGB-code 99000001)",
        "om € 123,50 van u terug te vorderen, op 2 declaratieregels",
        "1. Bij deze declaratieregel hoort geen toewijzing. (TW01: Geen toewijzing)",
        "Bij 1 declaratieregel is het bedrag met u overeengekomen.",
        "WAT AL TERUG IS",
        "als VorigReferentieNummer",
        "uiterlijk op [datum]",
    ] {
        assert!(text.contains(words), "no '{words}' in\n{text}");
    }
    assert!(!text.contains("999900006"), "no Bsn is needed");
}

/// The bytes of a file as they stand, and what is packed in it.
fn bytes_of(path: &Path) -> Vec<u8> {
    let mut bytes = fs::read(path).unwrap();
    if let Ok(mut package) = zip::ZipArchive::new(std::io::Cursor::new(bytes.clone())) {
        for i in 0..package.len() {
            package.by_index(i).unwrap().read_to_end(&mut bytes).unwrap();
        }
    }
    bytes
}

#[test]
fn a_number_with_a_bsn_in_it_is_masked_and_its_claim_still_closes() {
    let d = with_bevindingen();
    let csv = fs::read_to_string(d.dir().join("declaraties.csv")).unwrap();
    d.write("declaraties.csv", &csv.replace("R1;", "K-999900006;"));
    controleer(&d);
    let judged = d.bevindingen(RAPPORT);
    let one = judged.iter().find(|b| b["ReferentieNummer"].starts_with("K-J")).unwrap();
    d.write("beoordelingen.csv", &format!("Id;Oordeel\n{};terugvorderen\n", one["Id"]));
    d.write("reacties.csv", &format!("Id;Reactie\n{};Kind 999900006 was er wel\n", one["Id"]));
    controleer(&d);
    let (dir, _) = terugvordering(&d);
    let written = [&dir, &dir.join("per-aanbieder"), &d.out().join(RAPPORT)].map(|dir| {
        fs::read_dir(dir).unwrap().map(|f| f.unwrap().path()).filter(|p| p.is_file()).collect()
    });
    let written: Vec<PathBuf> = written.into_iter().flat_map(|of: Vec<PathBuf>| of).collect();
    assert!(written.iter().any(|path| path.ends_with("99000001-besluit.docx")));
    for path in written {
        let found = bytes_of(&path).windows(9).any(|w| w == b"999900006");
        assert!(!found, "a Bsn in {}", path.display());
    }
    keep_open(&d);
    credit(&d, &[("C1", "2024-03-01", "99000001", "K-999900006", "108,00")]);
    controleer(&d);
    let (dir, _) = terugvordering(&d);
    assert_eq!(states(&dir.join("openstaand.csv"))[0][4], "teruggenomen op 01-03-2024");
}

/// A line by file and row, and of which aanbieder and gemeente it is.
type Place = (String, String);
type Parties = (String, String);

/// What findings judged `terugvorderen` ask of each line, straight from the lists of a rapport: `agreed`
/// is by Id.
fn asked(
    bevindingen: &[Bevinding],
    under: &[Bevinding],
    agreed: &BTreeMap<String, Option<i64>>,
) -> BTreeMap<Place, (Parties, i64)> {
    let place = |r: &Bevinding| (r["Bestand"].clone(), r["Regelnummer"].clone());
    let parties = |r: &Bevinding| (r["Aanbieder"].clone(), r["Gemeente"].clone());
    let mut of_rule: BTreeMap<(Place, String), i64> = BTreeMap::new();
    let mut most: BTreeMap<Place, (Parties, i64, i64)> = BTreeMap::new();
    let mut ask = |r: &Bevinding, amount: i64| {
        let slot = most.entry(place(r)).or_insert((parties(r), 0, cent(&r["IngediendBedrag"])));
        slot.1 = slot.1.max(amount);
    };
    for b in bevindingen {
        let Some(agreed) = agreed.get(&b["Id"]) else { continue };
        let lines: Vec<&Bevinding> = under.iter().filter(|l| l["Id"] == b["Id"]).collect();
        if lines.is_empty() && !b["ReferentieNummer"].is_empty() && !b["BedragInGeding"].is_empty()
        {
            let sum = of_rule.entry((place(b), b["Regel"].clone())).or_default();
            *sum += agreed.unwrap_or_else(|| cent(&b["BedragInGeding"]));
            ask(b, *sum);
        } else if lines.iter().all(|l| !l["Aandeel"].is_empty()) {
            let mut rest = agreed.unwrap_or(i64::MAX);
            for line in lines.iter().rev() {
                let part = cent(&line["Aandeel"]).min(rest);
                rest -= part;
                if part > 0 && line["Einddatum"].ends_with("2023") {
                    ask(line, part);
                }
            }
        }
    }
    let capped = |(place, (parties, amount, declared)): (Place, (Parties, i64, i64))| {
        (place, (parties, amount.min(declared)))
    };
    most.into_iter().map(capped).filter(|(_, (_, amount))| *amount > 0).collect()
}

/// Verdicts on a part of the findings, some with an amount that was agreed.
fn judge(
    d: &Dossier,
    bevindingen: &[Bevinding],
    under: &[Bevinding],
    seed: u64,
) -> BTreeMap<String, Option<i64>> {
    let mut random = Pcg64::seed_from_u64(seed);
    let mut judged = BTreeMap::new();
    let mut csv = "Id;Oordeel;Bedrag\n".to_owned();
    // Findings on lines that don't count ask nothing back.
    let dead = ["JW01", "JW02", "JW03", "JW15"];
    for b in bevindingen.iter().filter(|b| !dead.contains(&b["Regel"].as_str())) {
        let carried: Vec<i64> = (under.iter().filter(|l| l["Id"] == b["Id"]))
            .filter(|l| l["Einddatum"].ends_with("2023") && !l["Aandeel"].is_empty())
            .map(|l| cent(&l["Aandeel"]))
            .collect();
        let most = match b["BedragInGeding"].as_str() {
            "" => 0,
            _ if b["ReferentieNummer"].is_empty() => carried.iter().sum(),
            text => cent(text),
        };
        match random.random_range(0..10) {
            0..4 => {
                csv += &format!("{};terugvorderen;\n", b["Id"]);
                judged.insert(b["Id"].clone(), None);
            }
            4..6 if most > 1 => {
                let agreed = random.random_range(1..most);
                csv += &format!("{};terugvorderen;{},{:02}\n", b["Id"], agreed / 100, agreed % 100);
                judged.insert(b["Id"].clone(), Some(agreed));
            }
            6 => csv += &format!("{};akkoord;\n", b["Id"]),
            _ => {}
        }
    }
    d.write("beoordelingen.csv", &csv);
    judged
}

/// The workbook without what its formulas came to when it was written.
fn without_results(book: &Path, to: &Path) {
    let mut from = zip::ZipArchive::new(File::open(book).unwrap()).unwrap();
    let mut out = zip::ZipWriter::new(File::create(to).unwrap());
    for i in 0..from.len() {
        let mut entry = from.by_index(i).unwrap();
        let (name, mut bytes) = (entry.name().unwrap().into_owned(), Vec::new());
        entry.read_to_end(&mut bytes).unwrap();
        if name.starts_with("xl/worksheets/") {
            let text = String::from_utf8(bytes).unwrap();
            let mut parts = text.split("</f>");
            let mut bare = parts.next().unwrap().to_owned();
            for part in parts {
                let rest = part.strip_prefix("<v>").map(|p| p.split_once("</v>").unwrap().1);
                bare = bare + "</f>" + rest.unwrap_or(part);
            }
            bytes = bare.into_bytes();
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(&bytes).unwrap();
    }
    out.finish().unwrap();
}

/// The workbook as LibreOffice counts it; `None`, and a line that says so, where there is none.
pub fn recalculated(book: &Path, check: &str) -> Option<PathBuf> {
    let dir = book.parent().unwrap().join("herrekend");
    fs::create_dir_all(&dir).unwrap();
    let bare = book.parent().unwrap().join("kaal.xlsx");
    without_results(book, &bare);
    let profile = format!("-env:UserInstallation=file://{}", dir.join("profiel").display());
    let run = std::process::Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", "xlsx", "--outdir"])
        .args([&dir, &bare])
        .output();
    if run.is_err() {
        let _ =
            writeln!(std::io::stderr(), "skipped a part of {check}: no LibreOffice on the PATH");
        return None;
    }
    Some(dir.join("kaal.xlsx"))
}

/// Amounts by aanbieder and gemeente on the sheet of totals, and the total.
fn totals_on_sheet(book: &Path) -> (BTreeMap<Parties, i64>, i64) {
    let mut book: Xlsx<_> = open_workbook(book).unwrap();
    let sheet = book.worksheet_range("Terugvordering").unwrap();
    let euros = |cell: &Data| match cell {
        Data::Float(n) => (n * 100.0).round() as i64,
        Data::Int(n) => n * 100,
        other => panic!("no amount: {other:?}"),
    };
    let (mut sums, mut total) = (BTreeMap::new(), None);
    for row in sheet.rows().skip_while(|r| r[0] != "Aanbieder").skip(1) {
        match row[0].to_string().as_str() {
            "Totaal" => {
                total = Some(euros(&row[5]));
                break;
            }
            aanbieder => {
                let parties = (aanbieder.to_owned(), row[2].to_string());
                assert_eq!(sums.insert(parties, euros(&row[5])), None);
            }
        }
    }
    (sums, total.expect("the sheet has a total"))
}

/// What the list of findings, in which people decide, says is asked back in all.
fn asked_in_list(book: &Path) -> i64 {
    let mut book: Xlsx<_> = open_workbook(book).unwrap();
    let sheet = book.worksheet_range("Lijst").unwrap();
    let mut rows = sheet.rows().skip_while(|r| r[0] != "Regel");
    let header = rows.next().unwrap();
    let place = header.iter().position(|cell| *cell == "Terug te vorderen").unwrap();
    let cents = |row: &[Data]| match &row[place] {
        Data::Float(n) => (n * 100.0).round() as i64,
        Data::Int(n) => n * 100,
        _ => 0,
    };
    rows.map(cents).sum()
}

/// The same in the page: the text of each amount in its table.
fn amounts_in_page(page: &Path) -> Vec<String> {
    let page = fs::read_to_string(page).unwrap();
    let table = page.split("id=\"tabel-terugvordering\"").nth(1).unwrap();
    let rows = table.split("</table>").next().unwrap().split("<tr").skip(2);
    let last_cell = |row: &str| {
        let cell = row.rsplit("<td").next().unwrap();
        let cell = cell.split_once('>').unwrap().1.split("</td>").next().unwrap();
        let (mut text, mut inside) = (String::new(), true);
        for c in cell.chars() {
            inside = (inside || c == '>') && c != '<';
            text.extend((inside && (c.is_ascii_digit() || c == ',')).then_some(c));
        }
        text
    };
    rows.map(last_cell).collect()
}

#[test]
fn recoverable_totals_are_each_line_once_in_csv_workbook_page_and_summary() {
    let check = "recoverable totals";
    for seed in 1..=3_u64 {
        let d = Dossier::empty();
        let zaad = seed.to_string();
        let make = ["--regels", "1500", "--fouten", "10%", "--stil", "--zaad", &zaad];
        let made = ProgramOutput::of(program().arg("voorbeeld").arg(d.dir()).args(make));
        assert_eq!(made.status, 0, "{}", made.stderr);
        controleer(&d);
        let bevindingen = d.bevindingen(RAPPORT);
        let under = rows_of(&d.out().join(RAPPORT).join("onderliggend.csv"));
        let judged = judge(&d, &bevindingen, &under, seed);
        let key = d.key();
        let options = ["--overschrijf", "--sleutel", &key, "--per-aanbieder"];
        assert_eq!(d.controleer(&options).status, 0);
        questions_add_up(&d.out().join(RAPPORT).join("per-aanbieder"));
        let (dir, _) = terugvordering(&d);

        let expected = asked(&bevindingen, &under, &judged);
        assert!(expected.len() > 20, "there is something to ask back");
        let lines = rows_of(&dir.join("terugvordering.csv"));
        let found: BTreeMap<Place, (Parties, i64)> = lines
            .iter()
            .map(|r| {
                let parties = (r["Aanbieder"].clone(), r["Gemeente"].clone());
                ((r["Bestand"].clone(), r["Regelnummer"].clone()), (parties, cent(&r["Bedrag"])))
            })
            .collect();
        assert_eq!(found.len(), lines.len(), "a line stands there once");
        assert_eq!(found, expected, "seed {seed}");
        letters_add_up(&dir, &lines);

        let mut sums: BTreeMap<Parties, i64> = BTreeMap::new();
        for (parties, amount) in expected.values() {
            *sums.entry(parties.clone()).or_default() += amount;
        }
        let total: i64 = sums.values().sum();
        let in_csv: BTreeMap<Parties, i64> = rows_of(&dir.join("totalen.csv"))
            .iter()
            .map(|r| ((r["Aanbieder"].clone(), r["Gemeente"].clone()), cent(&r["Bedrag"])))
            .collect();
        assert_eq!(in_csv, sums);
        let json: Value = d.samenvatting(RAPPORT)["terugvordering"].clone();
        assert_eq!(json["bedrag"], total);
        let of_parties = json["per_aanbieder_en_gemeente"].as_array().unwrap();
        let of_parties: i64 = of_parties.iter().map(|p| p["bedrag"].as_i64().unwrap()).sum();
        assert_eq!(of_parties, total);
        let page = amounts_in_page(&d.out().join(RAPPORT).join("rapport.html"));
        let page: Vec<i64> = page.iter().map(|text| cent(text)).collect();
        assert_eq!(page, sums.values().copied().chain([total]).collect::<Vec<_>>());
        assert_eq!(
            totals_on_sheet(&d.out().join(RAPPORT).join("rapport.xlsx")),
            (sums.clone(), total)
        );
        assert_eq!(asked_in_list(&d.out().join(RAPPORT).join("rapport.xlsx")), total);
        let book = dir.join("terugvordering.xlsx");
        assert_eq!(totals_on_sheet(&book), (sums.clone(), total));
        let recalculated = (seed == 1).then(|| recalculated(&book, check)).flatten();
        if let Some(book) = recalculated {
            assert_eq!(totals_on_sheet(&book), (sums, total));
        }
    }
}

/// Runs and gives every aanbieder its package.
fn with_packages(d: &Dossier) -> ProgramOutput {
    let key = d.key();
    let options = ["--overschrijf", "--sleutel", &key, "--per-aanbieder"];
    let outcome = d.controleer_with_samenvatting(&options);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    outcome
}

#[test]
fn what_an_aanbieder_wrote_in_its_sheet_stands_beside_the_finding_everywhere() {
    let d = with_bevindingen();
    with_packages(&d);
    let bevindingen = d.bevindingen(RAPPORT);
    assert!(!bevindingen[0].contains_key("Reactie"));
    let [one, two] = ["R1", "R2"].map(|nummer| id_of(&bevindingen, "TW01", nummer));
    let package = d.out().join(RAPPORT).join("per-aanbieder").join("99000001.xlsx");
    let said = "De gemeente verstuurde de toewijzing te laat; 999900006";
    fill_in_book(&package, &d.dir().join("reacties-linde.xlsx"), "Reactie", &[(&one, said)]);
    d.write(
        "reacties.csv",
        &format!("Id;Reactie;Door;Datum\n{one};Zie onze brief;Bo;01-03-2024\nTW01-0000000000000000;weg;;\n"),
    );
    d.write(
        "beoordelingen.csv",
        &format!("Id;Oordeel\n{one};terugvorderen\n{two};terugvorderen\n"),
    );
    let told = with_packages(&d).stdout;
    assert!(told.contains("1 reactie gaat over een bevinding die nu niet voorkomt"), "{told}");
    let words = "De gemeente verstuurde de toewijzing te laat";
    let of =
        |b: &Vec<Bevinding>, id: &str| b.iter().find(|b| b["Id"] == id).unwrap()["Reactie"].clone();
    let now = d.bevindingen(RAPPORT);
    let reaction = of(&now, &one);
    assert!(reaction.contains(words) && reaction.contains("Bo, 01-03-2024: Zie onze brief"));
    assert!(!reaction.contains("999900006"), "no Bsn: {reaction}");
    assert_eq!(of(&now, &two), "");
    let json = &d.samenvatting(RAPPORT)["reacties"];
    assert_eq!(
        (&json["bevindingen"], &json["zonder_bevinding"][0]),
        (&1.into(), &"TW01-0000000000000000".into())
    );
    let dir = d.out().join(RAPPORT);
    assert!(fs::read_to_string(dir.join("rapport.html")).unwrap().contains(words));
    let mut book: Xlsx<_> = open_workbook(dir.join("rapport.xlsx")).unwrap();
    let list = book.worksheet_range("Lijst").unwrap();
    assert!(list.rows().any(|r| r.iter().any(|cell| cell.to_string().contains(words))));
    let table = fs::read(dir.join("bevindingen.parquet")).unwrap();
    assert!(table.windows(7).any(|w| w == b"Reactie"));
    // The next package asks again, with nothing filled in.
    let mut own: Xlsx<_> = open_workbook(&package).unwrap();
    let cells = own
        .worksheets()
        .into_iter()
        .flat_map(|(_, sheet)| sheet.rows().flatten().map(ToString::to_string).collect::<Vec<_>>());
    assert!(cells.into_iter().all(|cell| !cell.contains(words)));
    let (dir, _) = terugvordering(&d);
    let letter = dir.join("per-aanbieder").join("99000001-besluit.txt");
    let letter = fs::read_to_string(letter).unwrap();
    assert!(letter.contains("UW REACTIE") && letter.contains(words), "{letter}");
}

/// The rows of the made-up declaraties, with their headers.
fn declared(d: &Dossier) -> (Vec<String>, BTreeMap<Place, Bevinding>) {
    let mut rows = BTreeMap::new();
    let mut header = Vec::new();
    for path in with_end(&d.dir(), ".csv") {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.starts_with("declaraties") {
            let text = fs::read_to_string(&path).unwrap();
            let first = text.lines().next().unwrap().trim_start_matches('\u{feff}').to_owned();
            header = first.split(';').map(str::to_owned).collect();
            let of_file = (2..).zip(rows_of(&path));
            rows.extend(of_file.map(|(line, row)| ((name.clone(), line.to_string()), row)));
        }
    }
    (header, rows)
}

/// For every claim what its aanbieder sends: a credit of the line, and what is left of it anew. Gives how
/// much it credits and declares.
fn pay(d: &Dossier, claims: &[Bevinding]) -> (i64, i64) {
    let (mut header, rows) = declared(d);
    for kolom in ["VorigReferentieNummer", "DebetCredit"] {
        if !header.iter().any(|h| h == kolom) {
            header.push(kolom.to_owned());
        }
    }
    let mut csv = header.join(";") + "\n";
    let (mut credited, mut anew) = (0, 0);
    let mut add = |row: &Bevinding| {
        let cells = header.iter().map(|h| row.get(h).cloned().unwrap_or_default());
        csv += &(cells.collect::<Vec<_>>().join(";") + "\n");
    };
    for (i, claim) in claims.iter().enumerate() {
        let mut row = rows[&(claim["Bestand"].clone(), claim["Regelnummer"].clone())].clone();
        let (of, declared) = (row["ReferentieNummer"].clone(), cent(&claim["IngediendBedrag"]));
        let mut set = |kolom: &str, value: String| row.insert(kolom.to_owned(), value);
        set("ReferentieNummer", format!("credit-{i}"));
        set("DeclaratieNummer", "credits".to_owned());
        set("VorigReferentieNummer", of);
        set("DebetCredit", "C".to_owned());
        add(&row);
        credited += declared;
        let rest = declared - cent(&claim["Bedrag"]);
        if rest > 0 {
            let mut set = |kolom: &str, value: String| row.insert(kolom.to_owned(), value);
            set("ReferentieNummer", format!("nieuw-{i}"));
            set("VorigReferentieNummer", String::new());
            set("DebetCredit", "D".to_owned());
            set("IngediendBedrag", format!("{},{:02}", rest / 100, rest % 100));
            add(&row);
            anew += rest;
        }
    }
    d.write("declaraties-credits.csv", &csv);
    (credited, anew)
}

#[test]
fn a_whole_year_ends_with_nothing_open_and_every_euro_explained() {
    let d = Dossier::empty();
    let make = ["--regels", "1200", "--fouten", "8%", "--stil", "--zaad", "11"];
    let made = ProgramOutput::of(program().arg("voorbeeld").arg(d.dir()).args(make));
    assert_eq!(made.status, 0, "{}", made.stderr);

    // The audit; a package with a letter goes to each aanbieder, and some of it comes back.
    with_packages(&d);
    let bevindingen = d.bevindingen(RAPPORT);
    let packages = d.out().join(RAPPORT).join("per-aanbieder");
    let mut excused = Vec::new();
    for path in with_end(&packages, ".xlsx") {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(packages.join(name.replace(".xlsx", "-brief.docx")).is_file());
        let first =
            bevindingen.iter().find(|b| b["Aanbieder"] == name[..8] && b["Ernst"] == "fout");
        if let Some(b) = first {
            let to = d.dir().join(format!("reacties-{name}"));
            fill_in_book(&path, &to, "Reactie", &[(&b["Id"], "Dit klopt wel: zie ons dossier.")]);
            excused.push(b["Id"].clone());
        }
    }
    assert!(excused.len() > 2);

    // Their reactions stand beside the findings; people judge all of these.
    with_packages(&d);
    let now = d.bevindingen(RAPPORT);
    assert_eq!(now.iter().filter(|b| !b["Reactie"].is_empty()).count(), excused.len());
    let mut csv = "Id;Oordeel\n".to_owned();
    for b in now.iter().filter(|b| b["Ernst"] != "signaal") {
        let verdict = if excused.contains(&b["Id"]) { "akkoord" } else { "terugvorderen" };
        csv += &format!("{};{verdict}\n", b["Id"]);
    }
    d.write("beoordelingen.csv", &csv);
    with_packages(&d);
    let before = d.samenvatting(RAPPORT);
    let (dir, _) = terugvordering(&d);
    let claims = rows_of(&dir.join("terugvordering.csv"));
    assert!(claims.len() > 20, "there is something to ask back");
    letters_add_up(&dir, &claims);
    keep_open(&d);

    // The aanbieders do as the letters ask. Nothing is open then.
    let (credited, anew) = pay(&d, &claims);
    let asked: i64 = claims.iter().map(|c| cent(&c["Bedrag"])).sum();
    assert_eq!(credited - anew, asked, "what comes back is what was asked");
    with_packages(&d);
    let after = d.samenvatting(RAPPORT);
    let (dir, _) = terugvordering(&d);
    for row in rows_of(&dir.join("openstaand.csv")) {
        assert!(row["Status"].starts_with("teruggenomen"), "{row:?}");
    }
    let sums = &after["terugvordering"];
    assert_eq!((&sums["teruggenomen"], &sums["open"]), (&asked.into(), &0.into()));
    assert!(
        !dir.join("per-aanbieder").join("99000001-besluit.txt").exists(),
        "nobody is asked again"
    );
    let declared = |json: &Value| json["totalen"]["bedrag"].as_i64().unwrap();
    assert_eq!(declared(&before) - asked, declared(&after), "every euro is explained");
    let fates = after["oordelen"]["niet_overgenomen"].as_array().unwrap();
    assert!(fates.iter().filter(|f| f["waarom"] == "teruggenomen").count() > 10);

    let key = d.key();
    let mut verifieer = program();
    verifieer.arg("verifieer").arg(d.out().join(RAPPORT)).args(["--sleutel", &key]);
    let verified = ProgramOutput::of(&mut verifieer);
    assert_eq!(verified.status, 0, "{}{}", verified.stdout, verified.stderr);
    assert!(verified.stdout.contains("Gelijk: het dossier geeft hetzelfde rapport"));

    // In parts, too.
    let elsewhere = d.out().join("in-delen");
    let outcome = d.controleer_to(&elsewhere, &["--geheugen", "1MB", "--sleutel", &key]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let claims = |out: &Path| fs::read(out.join(RAPPORT).join("terugvordering.json")).unwrap();
    assert!(
        claims(&elsewhere) == claims(&d.out()),
        "the same claims, taken back by the same lines"
    );
}
