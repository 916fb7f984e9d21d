//! A whole year of claims, in all that names them.

use super::brieven::{letters_add_up, questions_add_up, with_end};
use super::{RAPPORT, cent, controleer, id_of, keep_open, terugvordering, with_bevindingen};
use crate::hulp::{Bevinding, Dossier, ProgramOutput, fill_in_book, program, rows_of};
use calamine::{Data, Reader, Xlsx, open_workbook};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

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
