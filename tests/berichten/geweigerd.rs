//! Prestaties that an answer of the gemeente refused.

use super::{Prestatie, R1, R2, bericht, jw323, regels_of, succeeds, with_bericht};
use crate::hulp::Dossier;
use std::fmt::Write;
use std::fs;

/// Lines and euros of a step of the Aansluiting.
pub(super) fn step(dossier: &Dossier, key: &str) -> (u64, String) {
    let samenvatting = dossier.samenvatting("2023-ijsselland");
    let steps = samenvatting["aansluiting"]["stappen"].as_array().expect("a list of steps");
    let stap = steps.iter().find(|s| s["stap"] == key).expect("a step of this name");
    (stap["regels"].as_u64().expect("a number of lines"), stap["bedrag"].to_string())
}

/// A JW325 of 0150 to 99000001 about message `over` with declaration `nummer`: return codes of the
/// header, of the declaration, and of each prestatie.
pub(super) fn jw325(
    id: &str,
    (over, nummer): (&str, &str),
    header: &str,
    whole: Option<&str>,
    prestaties: &[(&str, &str)],
) -> String {
    let codes = |codes: &str| {
        let codes = codes.split(' ').fold(String::new(), |mut all, code| {
            write!(all, "<p:RetourCode>{code}</p:RetourCode>").unwrap();
            all
        });
        format!("<p:RetourCodes>{codes}</p:RetourCodes>")
    };
    let mut clienten = String::new();
    for (referentie, retour) in prestaties {
        write!(
            clienten,
            "<p:Client><p:Bsn>999900006</p:Bsn><p:Prestaties><p:Prestatie><p:ProductReferentie>\
             <ijw:ReferentieNummer>{referentie}</ijw:ReferentieNummer></p:ProductReferentie>{}\
             </p:Prestatie></p:Prestaties>{}</p:Client>",
            codes(retour),
            codes("0200")
        )
        .unwrap();
    }
    if !clienten.is_empty() {
        clienten = format!("<p:Clienten>{clienten}</p:Clienten>");
    }
    let answer = whole.map_or(String::new(), |whole| {
        format!(
            "<p:DeclaratieAntwoord><p:DeclaratieNummer>{nummer}</p:DeclaratieNummer>{clienten}{}\
             </p:DeclaratieAntwoord>",
            codes(whole)
        )
    });
    let over = format!(
        "<jw325:DeclaratieIdentificatie><ijw:Identificatie>{over}</ijw:Identificatie>\
         <ijw:Dagtekening>2023-02-10</ijw:Dagtekening></jw325:DeclaratieIdentificatie>{}",
        codes(header).replace("p:", "jw325:")
    );
    bericht("jw325", "0150", "99000001", id, "2023-02-20", &answer)
        .replace("</jw325:Header>", &format!("{over}</jw325:Header>"))
}

#[test]
fn what_the_gemeente_refused_is_not_live_and_is_counted() {
    let two = jw323("B1", "D1", (16_200, "D"), &[R1, R2]);
    let r2: &[(&str, &str)] = &[("R2", "9338 9341")];
    for (what, answer, refused) in [
        ("nothing refused", jw325("A", ("B1", "D1"), "0200", Some("8001"), &[]), 0),
        ("one prestatie", jw325("A", ("B1", "D1"), "0200", Some("0200"), r2), 1),
        ("not judged", jw325("A", ("B1", "D1"), "0200", Some("0200"), &[("R2", "0233")]), 1),
        (
            "listed without a remark",
            jw325("A", ("B1", "D1"), "0200", Some("0200"), &[("R2", "0200")]),
            0,
        ),
        ("the declaration", jw325("A", ("B1", "D1"), "0200", Some("9333"), &[]), 2),
        ("the message", jw325("A", ("B1", "D1"), "0001", None, &[]), 2),
        ("known by its declaration", jw325("A", ("B9", "D1"), "0200", Some("0200"), r2), 1),
        ("another message", jw325("A", ("B9", "D9"), "0200", Some("0200"), r2), 0),
    ] {
        let dossier = with_bericht();
        dossier.write("in/goed.xml", &two);
        dossier.write("uit/antwoord.xml", &answer);
        succeeds(&dossier);
        assert_eq!(step(&dossier, "aanvaard_debet").0, 2, "{what}");
        assert_eq!(step(&dossier, "afgewezen").0, refused, "{what}");
        assert_eq!(step(&dossier, "levend").0, 2 - refused, "{what}");
        // Two lines of one delivery: JW04 as long as both are live.
        let twice = regels_of(&dossier).contains(&"JW04".to_owned());
        assert_eq!(twice, refused == 0, "{what}");
    }
}

#[test]
fn an_answer_that_is_found_by_its_declaration_number_is_counted_and_said() {
    let dossier = with_bericht();
    for (over, told) in [("B1", false), ("B9", true)] {
        dossier.write("uit/antwoord.xml", &jw325("A", (over, "D1"), "0200", Some("8001"), &[]));
        let outcome = dossier.controleer_with_samenvatting(&["--overschrijf"]);
        let said = outcome.stdout.contains("gekoppeld op aanbieder, gemeente");
        assert_eq!(said, told, "{over}: {}", outcome.stdout);
    }
}

#[test]
fn a_refused_credit_takes_nothing_back_and_a_refused_debit_is_no_credits_first_choice() {
    let debet = jw323("B1", "D1", (10_800, "D"), &[R1]);
    let credit: Prestatie<'_> = ("C1", "R1", "999900006", "T1", "45T01", "2023-01-31", 10_800, "C");
    let dossier = with_bericht();
    dossier.write("in/goed.xml", &debet);
    dossier.write("in/terug.xml", &jw323("B2", "D2", (10_800, "C"), &[credit]));
    succeeds(&dossier);
    assert_eq!((step(&dossier, "levend").0, step(&dossier, "teruggenomen").0), (0, 1));
    let no = jw325("A", ("B2", "D2"), "0200", Some("0200"), &[("C1", "9307")]);
    dossier.write("uit/antwoord.xml", &no);
    dossier.controleer(&["--overschrijf"]);
    assert_eq!((step(&dossier, "levend").0, step(&dossier, "teruggenomen").0), (1, 0));
    assert_eq!(step(&dossier, "credit_afgewezen").0, 1);
    assert_eq!(regels_of(&dossier), Vec::<String>::new());
}

#[test]
fn an_answer_to_declarations_in_csv_is_matched_by_its_numbers() {
    let dossier = Dossier::minimaal();
    let csv = fs::read_to_string(dossier.dir().join("declaraties.csv")).unwrap();
    let with_nummer: Vec<String> = csv
        .lines()
        .enumerate()
        .map(|(i, l)| format!("{};{l}", if i == 0 { "DeclaratieNummer" } else { "D1" }))
        .collect();
    for (what, text, nummer, refused) in [
        ("without a number", csv.clone(), "D1", 1),
        ("with its number", with_nummer.join("\n"), "D1", 1),
        ("with another number", with_nummer.join("\n"), "D2", 0),
    ] {
        dossier.write("declaraties.csv", &text);
        let answer = jw325("A", ("B1", nummer), "0200", Some("0200"), &[("R1", "9338")]);
        dossier.write("antwoord.xml", &answer);
        dossier.controleer(&["--overschrijf"]);
        assert_eq!(step(&dossier, "afgewezen").0, refused, "{what}");
    }
    let outcome = dossier.controleer_with_samenvatting(&["--overschrijf"]);
    assert!(
        outcome.stdout.contains("1 prestatie die een antwoord (JW325) afwijst")
            || outcome.stderr.contains("1 prestatie die een antwoord (JW325) afwijst"),
        "{}{}",
        outcome.stdout,
        outcome.stderr
    );
}
