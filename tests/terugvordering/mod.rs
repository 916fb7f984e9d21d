//! From a verdict to money: what is to come back is each line once, the same in every place.

mod brieven;
mod jaar;

pub use jaar::recalculated;

use crate::hulp::{Bevinding, Dossier, HEADER, ProgramOutput, program, rows_of};
use std::fs;
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
