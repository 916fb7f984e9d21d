//! A start for an export as people have it: what `begin` proposes is read as our own form is.

mod exports;

use crate::hulp::{Bevinding, Dossier, ProgramOutput, VOORBEELD, program, rows_of};
use exports::{
    Columns, back_office, beschikkingen, drifting, lines_of_a_wide_export, of_warehouse, same,
};
use rust_xlsxwriter::Workbook;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The files of declaraties of the sample dossier.
const DECLARATIES: [&str; 4] = [
    "declaraties_2022.csv",
    "declaraties_2023_h1.csv",
    "declaraties_2023_h2.csv",
    "declaraties_2023_perceel1.csv",
];

/// The tables that people have in our own form.
const OTHERS: [&str; 5] = [
    "aanbieders.csv",
    "omzet.csv",
    "producten.csv",
    "productieverantwoording.csv",
    "startstop.csv",
];

fn sample(name: &str) -> Vec<Bevinding> {
    rows_of(&Path::new(VOORBEELD).join(name))
}

/// The rows as an export has them, the header first.
fn table(rows: &[Bevinding], columns: &Columns) -> Vec<Vec<String>> {
    let header = columns.iter().map(|(_, header, _)| (*header).to_owned()).collect();
    let cells = |row: &Bevinding| columns.iter().map(|(own, _, write)| write(&row[*own])).collect();
    std::iter::once(header).chain(rows.iter().map(cells)).collect()
}

fn csv(table: &[Vec<String>]) -> String {
    table.iter().map(|row| row.join(";") + "\r\n").collect()
}

fn with_others() -> Dossier {
    let d = Dossier::empty();
    for name in OTHERS {
        d.write_bytes(name, &fs::read(Path::new(VOORBEELD).join(name)).unwrap());
    }
    d
}

fn begin(d: &Dossier) -> ProgramOutput {
    let output = ProgramOutput::of(program().arg("begin").arg(d.dir()));
    assert_eq!(output.status, 0, "{}", output.stderr);
    output
}

/// What findings come to, whatever file and line they stand in.
fn findings(d: &Dossier) -> Vec<BTreeMap<String, String>> {
    let mut rows = d.bevindingen("2023-ijsselland");
    for row in &mut rows {
        for place in ["Id", "Jeugdige", "Bestand", "Regelnummer"] {
            row.remove(place);
        }
    }
    rows.sort();
    rows
}

/// The findings of the sample dossier in our own form.
fn own_findings() -> Vec<BTreeMap<String, String>> {
    let d = with_others();
    for name in DECLARATIES.iter().chain(&["toewijzingen.csv"]) {
        d.write_bytes(name, &fs::read(Path::new(VOORBEELD).join(name)).unwrap());
    }
    let output = d.controleer(&["--formaten", "csv"]);
    assert_eq!(output.status, 0, "{}", output.stderr);
    findings(&d)
}

/// `begin`, then `controleer`, gives the findings of our own form.
#[track_caller]
fn reads_as_our_own(d: &Dossier) {
    let output = begin(d);
    let settings = fs::read_to_string(d.dir().join("controle.toml")).unwrap();
    let run = ProgramOutput::of(
        program().arg("controleer").arg(d.dir()).arg("--uit").arg(d.out()).args([
            "--formaten",
            "csv",
            "--stil",
        ]),
    );
    assert_eq!(run.status, 0, "{}\n{}\n{settings}", output.stdout, run.stderr);
    let (now, expected) = (findings(d), own_findings());
    let differs = now.iter().filter(|f| !expected.contains(f)).take(3);
    let lost = expected.iter().filter(|f| !now.contains(f)).take(3);
    let (differs, lost): (Vec<_>, Vec<_>) = (differs.collect(), lost.collect());
    assert!(
        now == expected,
        "{} instead of {}\nnew: {differs:#?}\ngone: {lost:#?}\n{}\n{settings}",
        now.len(),
        expected.len(),
        output.stdout
    );
}

/// Credit lines as a back office has them: below zero, without a column that says so.
fn with_negative_credits(rows: &[Bevinding]) -> Vec<Vec<String>> {
    let mut out = table(rows, &back_office());
    let amount = back_office().iter().position(|(own, ..)| *own == "IngediendBedrag").unwrap();
    for (row, cells) in rows.iter().zip(&mut out[1..]) {
        if row["DebetCredit"] == "C" {
            cells[amount] = cells[amount].replace("€ ", "€ -");
        }
    }
    out
}

#[test]
fn a_back_office_with_a_title_own_headers_and_negative_credits_is_read_as_our_own() {
    let d = with_others();
    for (name, of) in ["Export A.csv", "Export B.csv", "Export C.csv", "Export D.csv"]
        .into_iter()
        .zip(DECLARATIES)
    {
        let title = "Uitdraai declaraties jeugd\r\nGemaakt op 2-1-2024\r\n\r\n";
        d.write(name, &format!("{title}{}", csv(&with_negative_credits(&sample(of)))));
    }
    d.write("Lijst beschikkingen.csv", &csv(&table(&sample("toewijzingen.csv"), &beschikkingen())));
    reads_as_our_own(&d);
}

/// All lines, by the month in which they end; those of other years in the first file.
fn per_month() -> Vec<(usize, Vec<Bevinding>)> {
    let mut months: BTreeMap<usize, Vec<Bevinding>> = BTreeMap::new();
    for row in DECLARATIES.into_iter().flat_map(sample) {
        let end = row["Einddatum"].clone();
        let month = if end.ends_with("2023") { end[3..5].parse().unwrap_or(0) } else { 0 };
        months.entry(month).or_default().push(row);
    }
    months.into_iter().collect()
}

#[test]
fn monthly_files_with_drifting_headers_are_read_as_our_own() {
    let d = with_others();
    for (month, rows) in per_month() {
        d.write(&format!("uitdraai {month:02}.csv"), &csv(&table(&rows, &drifting(month))));
    }
    d.write_bytes(
        "toewijzingen.csv",
        &fs::read(Path::new(VOORBEELD).join("toewijzingen.csv")).unwrap(),
    );
    reads_as_our_own(&d);
}

#[test]
fn a_workbook_with_a_sheet_a_month_a_hidden_one_and_two_rows_of_headers_is_read_as_our_own() {
    let d = with_others();
    let mut book = Workbook::new();
    for (month, rows) in per_month() {
        let sheet = book.add_worksheet();
        sheet.set_name(format!("maand {month:02}")).unwrap();
        sheet.write_string(0, 0, "Declaratie").unwrap();
        sheet.write_string(0, 11, "Periode").unwrap();
        sheet.write_string(0, 13, "Levering").unwrap();
        for (row, cells) in (1..).zip(table(&rows, &drifting(month))) {
            for (place, cell) in (0..).zip(cells) {
                sheet.write_string(row, place, cell).unwrap();
            }
        }
    }
    let hidden = book.add_worksheet();
    hidden.set_name("oud").unwrap().set_hidden(true);
    for (row, cells) in (0..).zip(table(&sample(DECLARATIES[0]), &drifting(0))) {
        for (place, cell) in (0..).zip(cells) {
            hidden.write_string(row, place, cell).unwrap();
        }
    }
    let path = d.dir().join("Jaaroverzicht.xlsx");
    book.save(&path).unwrap();
    d.write_bytes(
        "toewijzingen.csv",
        &fs::read(Path::new(VOORBEELD).join("toewijzingen.csv")).unwrap(),
    );
    let output = begin(&d);
    assert!(output.stdout.contains("verborgen blad 'oud'"), "{}", output.stdout);
    fs::remove_file(d.dir().join("controle.toml")).unwrap();
    reads_as_our_own(&d);
}

#[test]
fn eurocents_plain_dates_and_lost_zeros_are_read_as_our_own() {
    let d = with_others();
    let columns = |name: &str| -> Vec<String> {
        let text = fs::read_to_string(Path::new(VOORBEELD).join(name)).unwrap();
        let header = text.trim_start_matches('\u{feff}').lines().next().unwrap();
        header.split(';').map(str::to_owned).collect()
    };
    for name in DECLARATIES.into_iter().chain(["toewijzingen.csv"]) {
        let own = columns(name);
        let mut out = own.join(";") + "\n";
        for row in sample(name) {
            let cells: Vec<String> = own.iter().map(|c| of_warehouse(c)(&row[c])).collect();
            out += &(cells.join(";") + "\n");
        }
        let name = if name == "toewijzingen.csv" {
            "indicaties.csv".to_owned()
        } else {
            format!("dwh_{name}")
        };
        d.write(&name, &out);
    }
    reads_as_our_own(&d);
}

#[test]
fn one_wide_export_is_read_as_two_tables() {
    // Toewijzingen of one version, each with lines: a wide export has no others.
    let lines = sample(DECLARATIES[3]);
    let mut toewijzingen = sample("toewijzingen.csv");
    let count = |nr: &str| {
        sample("toewijzingen.csv").iter().filter(|t| t["ToewijzingNummer"] == nr).count()
    };
    toewijzingen.retain(|t| {
        lines.iter().any(|l| {
            l["ToewijzingNummer"] == t["ToewijzingNummer"] && l["Gemeente"] == t["Gemeente"]
        })
    });
    toewijzingen.retain(|t| count(&t["ToewijzingNummer"]) == 1);
    let of = |line: &Bevinding| {
        toewijzingen.iter().find(|t| t["ToewijzingNummer"] == line["ToewijzingNummer"])
    };
    let lines: Vec<Bevinding> = lines.into_iter().filter(|l| of(l).is_some()).collect();
    let own = Dossier::empty();
    let all = |rows: &[Bevinding], kind: &str| {
        let header: Vec<&String> = rows[0].keys().collect();
        let mut out = header.iter().map(|h| h.as_str()).collect::<Vec<_>>().join(";") + "\n";
        for row in rows {
            out += &(header.iter().map(|h| row[*h].as_str()).collect::<Vec<_>>().join(";") + "\n");
        }
        own.write(&format!("{kind}.csv"), &out);
    };
    all(&lines, "declaraties");
    let wide: Columns = vec![
        ("Toewijzingsdatum", "Datum beschikking", same),
        ("Ingangsdatum", "Ingangsdatum beschikking", same),
        ("Einddatum", "Einddatum beschikking", same),
        ("Budget", "Toegewezen budget", same),
        ("Geboortedatum", "Geboortedatum", same),
        ("Verwijzer", "Verwijzer", same),
        ("Budgetsoort", "Budgetsoort", same),
    ];
    let keys = ["ToewijzingNummer", "Gemeente", "Aanbieder", "Bsn"];
    let told = |column: &str| keys.contains(&column) || wide.iter().any(|(own, ..)| *own == column);
    let own_rows = toewijzingen.iter().cloned().map(|mut row| {
        row.retain(|column, _| told(column));
        row
    });
    all(&own_rows.collect::<Vec<_>>(), "toewijzingen");
    let left = table(&lines, &lines_of_a_wide_export());
    let joined: Vec<Bevinding> = lines.iter().map(|l| of(l).unwrap().clone()).collect();
    let right = table(&joined, &wide);
    let rows: Vec<Vec<String>> =
        left.into_iter().zip(right).map(|(a, b)| [a, b].concat()).collect();
    let d = Dossier::empty();
    for to in [&own, &d] {
        to.write_bytes(
            "aanbieders.csv",
            &fs::read(Path::new(VOORBEELD).join("aanbieders.csv")).unwrap(),
        );
    }
    d.write("alles.csv", &csv(&rows));
    let output = begin(&d);
    for to in [&own, &d] {
        let run = to.controleer(&["--formaten", "csv"]);
        assert_eq!(run.status, 0, "{}\n{}", run.stderr, output.stdout);
    }
    let (now, expected) = (findings(&d), findings(&own));
    let new = now.iter().find(|f| !expected.contains(f));
    let gone = expected.iter().find(|f| !now.contains(f));
    assert!(now == expected, "{new:#?} {gone:#?}\n{}", output.stdout);
}

#[test]
fn settings_are_never_overwritten_and_proposals_of_products_never_applied_unseen() {
    let d = Dossier::minimaal();
    d.write("controle.toml", "jaar = 2023\n");
    let rows =
        fs::read_to_string(d.dir().join("declaraties.csv")).unwrap().replace("45T01", "EIGEN");
    d.write("declaraties.csv", &rows);
    let output = begin(&d);
    assert_eq!(fs::read_to_string(d.dir().join("controle.toml")).unwrap(), "jaar = 2023\n");
    assert!(d.dir().join("controle.voorstel.toml").is_file(), "{}", output.stdout);
    assert!(
        output.stdout.contains("jeugdige P-") || output.stdout.contains("jeugdige "),
        "{}",
        output.stdout
    );
    assert!(!output.stdout.contains("999900006"), "{}", output.stdout);
    let path = d.dir().join("producten.csv");
    let products = fs::read_to_string(&path).unwrap();
    assert!(products.contains("EIGEN") && products.contains("VOORSTEL"), "{products}");
    let run = d.controleer_with_samenvatting(&["--alleen", "JW12"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.contains("nog een voorstel"), "{}", run.stdout);
    assert_eq!(d.bevindingen("2023-ijsselland").len(), 2);
    fs::write(&path, products.replace("VOORSTEL", "")).unwrap();
    let run = d.controleer(&["--alleen", "JW12", "--overschrijf"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(d.bevindingen("2023-ijsselland").len(), 0);
}

#[test]
fn a_trial_shows_what_is_read_and_how_and_writes_nothing() {
    let d = Dossier::minimaal();
    let rows = fs::read_to_string(d.dir().join("declaraties.csv")).unwrap();
    d.write("declaraties.csv", &rows.replace("IngediendBedrag", "Bedrag"));
    let output = d.controleer_with_samenvatting(&["--proef"]);
    assert_eq!(output.status, 0, "{}", output.stderr);
    for words in [
        "kolom Bedrag gelezen als IngediendBedrag",
        "3 gelezen = 3 aanvaard + 0 afgekeurd",
        "Controletotalen",
        "IngediendBedrag € 108,00 (debet)",
        "er is niets geschreven",
    ] {
        assert!(output.stdout.contains(words), "no '{words}' in:\n{}", output.stdout);
    }
    assert!(!output.stdout.contains("999900006"), "{}", output.stdout);
    d.wrote_nothing();
}

#[test]
fn all_missing_columns_are_named_at_once_as_a_block_to_paste() {
    let d = Dossier::minimaal();
    let rows = fs::read_to_string(d.dir().join("declaraties.csv")).unwrap();
    let rows = rows
        .replace("IngediendBedrag", "Ingedind bedr")
        .replace(";Bsn;", ";Kolom 5;")
        .replace("ReferentieNummer", "Iets");
    d.write("declaraties.csv", &rows);
    let output = d.controleer(&[]);
    output.refuses(
        3,
        &[
            "de kolommen ReferentieNummer, Bsn en IngediendBedrag ontbreken",
            "[kolommen.declaraties]",
            "\"Ingedind bedr\" = \"IngediendBedrag\"",
            "\"Kolom 5\" = \"Bsn\"   # bevat nummers die aan de elfproef voldoen",
            "# \"uw kop\" = \"ReferentieNummer\"",
        ],
    );
}

#[test]
fn two_headers_for_one_column_are_never_chosen_between() {
    let d = Dossier::minimaal();
    let rows = fs::read_to_string(d.dir().join("declaraties.csv")).unwrap();
    let rows: String = rows
        .lines()
        .enumerate()
        .map(|(nr, row)| format!("{row};{}\n", if nr == 0 { "Totaalbedrag" } else { "1,00" }))
        .collect();
    d.write("declaraties.csv", &rows.replace("IngediendBedrag", "Bedrag"));
    let output = d.controleer(&[]);
    output.refuses(
        3,
        &["\"Bedrag\" = \"IngediendBedrag\"", "# of: \"Totaalbedrag\" = \"IngediendBedrag\""],
    );
}
