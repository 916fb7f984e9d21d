//! Draft answers to declaration messages.

use super::geweigerd::step;
use super::{R1, R2, errors, good, jw323, succeeds, with_bericht};
use crate::hulp::{Dossier, rows_of};
use std::fs;

/// Day of the answers, where a test doesn't say another.
const DAGTEKENING: [&str; 2] = ["--dagtekening", "2023-03-01"];

/// `antwoord` on this dossier, in a folder beside it.
pub(super) fn answer(dossier: &Dossier, options: &[&str]) -> crate::hulp::ProgramOutput {
    let out = dossier.out();
    crate::hulp::ProgramOutput::of(
        crate::hulp::program()
            .arg("antwoord")
            .arg(dossier.dir())
            .arg("--uit")
            .arg(&out)
            .arg("--overschrijf")
            .args(if options.contains(&"--dagtekening") { &[][..] } else { &DAGTEKENING })
            .args(options),
    )
}

fn answer_to(dossier: &Dossier, nummer: &str) -> String {
    fs::read_to_string(dossier.out().join(format!("antwoorden/JW325-{nummer}.xml"))).unwrap()
}

/// What stands in an element, by its local name, each time that it comes.
fn values<'x>(xml: &'x str, name: &str) -> Vec<&'x str> {
    xml.split(&format!(":{name}>"))
        .collect::<Vec<_>>()
        .chunks(2)
        .filter_map(|pair| pair.get(1))
        .filter_map(|text| text.split_once("</").map(|(value, _)| value))
        .collect()
}

#[test]
fn an_answer_to_a_lawful_message_grants_all_of_it() {
    let dossier = with_bericht();
    let outcome = answer(&dossier, &[]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let xml = answer_to(&dossier, "00001");
    assert!(xml.contains("http://www.istandaarden.nl/ijw/3_2/jw325/schema"), "{xml}");
    assert_eq!(values(&xml, "BerichtCode"), ["491"]);
    assert_eq!(
        (values(&xml, "Afzender"), values(&xml, "Ontvanger")),
        (vec!["0150"], vec!["99000001"])
    );
    let identificaties = values(&xml, "Identificatie");
    assert_eq!((identificaties[0].len(), identificaties[1]), (12, "B1"));
    assert_eq!(values(&xml, "Dagtekening"), ["2023-03-01", "2023-02-10"]);
    assert_eq!(values(&xml, "RetourCode"), ["0200", "8001"]);
    assert_eq!(values(&xml, "TotaalBedrag"), ["10800", "10800"]);
    assert!(!xml.contains("Clienten"), "{xml}");
}

#[test]
fn a_prestatie_with_a_fout_is_refused_whole_with_the_codes_of_its_rules() {
    let dossier = with_bericht();
    // R2 is on a toewijzing that doesn't exist.
    let other = ("R2", "", "999900006", "9", "45T01", "2023-01-31", 5_400, "D");
    dossier.write("in/goed.xml", &jw323("B1", "D1", (16_200, "D"), &[R1, other]));
    let outcome = answer(&dossier, &[]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let xml = answer_to(&dossier, "00001");
    assert_eq!(values(&xml, "ReferentieNummer"), ["R2"]);
    // Header, prestatie, its jeugdige, the declaration.
    assert_eq!(values(&xml, "RetourCode"), ["0200", "9338", "0200", "0200"]);
    assert_eq!(values(&xml, "TotaalBedrag"), ["16200", "10800"]);
    assert_eq!(values(&xml, "Bsn"), ["999900006"]);
    assert_eq!(values(&xml, "GeleverdVolume"), ["100"]);
    let without = answer(&dossier, &["--zonder", "TW01"]);
    assert_eq!(without.status, 0, "{}", without.stderr);
    assert_eq!(values(&answer_to(&dossier, "00001"), "RetourCode"), ["0200", "8001"]);
}

#[test]
fn our_answer_read_back_refuses_the_same_prestaties() {
    let dossier = with_bericht();
    let other = ("R2", "", "999900006", "9", "45T01", "2023-01-31", 5_400, "D");
    dossier.write("in/goed.xml", &jw323("B1", "D1", (16_200, "D"), &[R1, other]));
    answer(&dossier, &[]);
    dossier.write("terug/JW325.xml", &answer_to(&dossier, "00001"));
    succeeds(&dossier);
    assert_eq!((step(&dossier, "levend").0, step(&dossier, "afgewezen").0), (1, 1));
    assert!(errors(&dossier).is_empty());
    // What is answered is not answered again.
    let outcome = answer(&dossier, &[]);
    assert!(outcome.stdout.contains("geen antwoord         1"), "{}", outcome.stdout);
}

#[test]
fn a_used_declaration_number_refuses_the_declaration_and_a_wrong_total_the_message() {
    let dossier = with_bericht();
    let second = ("R3", "", "999900006", "T1", "45T01", "2023-01-31", 10_800, "D");
    dossier.write("in/nog.xml", &jw323("B2", "D1", (10_800, "D"), &[second]));
    dossier.write("in/totaal.xml", &jw323("B3", "D3", (1, "D"), &[R2]));
    let outcome = answer(&dossier, &["--zonder", "JW04"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let twice = answer_to(&dossier, "00002");
    assert_eq!(values(&twice, "RetourCode"), ["0200", "9333"]);
    assert_eq!(values(&twice, "TotaalBedrag"), ["10800", "0"]);
    assert!(!twice.contains("Clienten"));
    let total = answer_to(&dossier, "00003");
    assert_eq!(values(&total, "RetourCode"), ["0001"]);
    assert!(!total.contains("DeclaratieAntwoord>"), "{total}");
}

#[test]
fn nothing_is_refused_on_what_the_sender_could_not_know_or_a_person_must_judge() {
    let dossier = with_bericht();
    let header =
        "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;Einddatum\n";
    let first = "1;0150;99000001;999900006;2022-12-15;2023-01-01;2023-12-31\n";
    dossier.write("in/goed.xml", &good().replace(">T1<", ">1<"));
    // The delivery ended on 31 January; the term was cut short no later than that, and after it.
    for (versie, retour) in
        [("2023-01-31", vec!["0200", "9308", "0200", "0200"]), ("2023-02-01", vec!["0200", "8001"])]
    {
        let later = format!("1;0150;99000001;999900006;{versie};2023-01-01;2023-01-15\n");
        dossier.write("toewijzingen.csv", &format!("{header}{first}{later}"));
        let outcome = answer(&dossier, &[]);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        assert_eq!(values(&answer_to(&dossier, "00001"), "RetourCode"), retour, "{versie}");
    }
    let rows = rows_of(&dossier.out().join("antwoorden/niet-afgewezen.csv"));
    let tw06 = rows.iter().find(|r| r["Regel"] == "TW06").expect("TW06 is told");
    assert!(tw06["Waarom"].contains("onzekerheid"), "{tw06:?}");
    // JW06 is a signaal: its code exists, but it refuses nothing.
    assert!(
        rows.iter().any(|r| r["Regel"] == "JW06" && r["Waarom"].contains("signaal")),
        "{rows:?}"
    );
}

/// The return codes of the only message where its toewijzing has these versions: Bsn,
/// Toewijzingsdatum, Ingangsdatum and Einddatum of each.
fn retourcodes_under(dossier: &Dossier, versies: &[[&str; 4]]) -> Vec<String> {
    let header = "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;Einddatum;Bijzonderheid\n";
    let row = |[bsn, datum, begin, end]: &[&str; 4]| {
        format!("1;0150;99000001;{bsn};{datum};{begin};{end};\n")
    };
    let rows: String = versies.iter().map(row).collect();
    dossier.write("toewijzingen.csv", &format!("{header}{rows}"));
    let outcome = answer(dossier, &[]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    values(&answer_to(dossier, "00001"), "RetourCode").into_iter().map(str::to_owned).collect()
}

#[test]
fn a_breach_that_was_there_before_the_change_is_refused_and_one_of_the_change_alone_is_not() {
    let dossier = with_bericht();
    dossier.write("in/goed.xml", &good().replace(">T1<", ">1<"));
    let (bsn, other, first, changed) = ("999900006", "999900018", "2022-12-15", "2023-03-01");
    // Changed after the message of 10 February, in what the line doesn't break: it did before too.
    for (retour, before, after) in [
        (
            "9308",
            [bsn, first, "2023-01-01", "2023-01-15"],
            [bsn, changed, "2023-01-01", "2023-01-20"],
        ),
        (
            "9307",
            [bsn, first, "2023-01-10", "2023-12-31"],
            [bsn, changed, "2023-01-20", "2023-12-31"],
        ),
        (
            "8187",
            [other, first, "2023-01-01", "2023-12-31"],
            [other, changed, "2023-01-01", "2023-11-30"],
        ),
    ] {
        let codes = retourcodes_under(&dossier, &[before, after]);
        assert!(codes.iter().any(|code| code == retour), "{retour}: {codes:?}");
    }
    // What the aanbieder kept to when it delivered.
    let good = [bsn, first, "2023-01-01", "2023-12-31"];
    for after in [
        [bsn, changed, "2023-01-01", "2023-01-15"],
        [bsn, changed, "2023-01-20", "2023-12-31"],
        [other, changed, "2023-01-01", "2023-12-31"],
    ] {
        assert_eq!(retourcodes_under(&dossier, &[good, after]), ["0200", "8001"], "{after:?}");
    }
    // Given only after the message, and broken as it was given.
    let late = [bsn, changed, "2023-01-20", "2023-12-31"];
    assert!(retourcodes_under(&dossier, &[late]).contains(&"9307".to_owned()));
}

#[test]
fn a_message_that_waits_longer_than_ten_working_days_is_told() {
    let dossier = with_bericht();
    // Received on Friday 10 February: the tenth working day is Friday the 24th.
    for (dag, late) in [("2023-02-24", ""), ("2023-02-27", "te laat: 11 werkdagen na ontvangst")] {
        let outcome = answer(&dossier, &["--dagtekening", dag]);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        let row = &rows_of(&dossier.out().join("antwoorden/overzicht.csv"))[0];
        assert_eq!((&*row["Ontvangen"], &*row["Termijn"]), ("10-02-2023", late));
        let count = if late.is_empty() { "0" } else { "1" };
        let told = format!("over de termijn       {count}");
        assert!(outcome.stdout.contains(&told), "{}", outcome.stdout);
    }
}

#[test]
fn no_answer_is_drafted_that_would_repeat_what_the_standard_does_not_allow() {
    let long = "1234567890123";
    for (what, nummer, line, element) in [
        ("text in a number", "D1", ("R2", "T9"), "ToewijzingNummer"),
        ("a long reference", "D1", ("R23456789012345678901", "9"), "ReferentieNummer"),
        ("a long number", long, ("R2", "1"), "DeclaratieNummer"),
    ] {
        let dossier = with_bericht();
        let (referentie, toewijzing) = line;
        let prestatie =
            (referentie, "", "999900006", toewijzing, "45T01", "2023-01-31", 5_400, "D");
        dossier.write("in/goed.xml", &jw323("B1", nummer, (5_400, "D"), &[prestatie]));
        let outcome = answer(&dossier, &[]);
        assert_eq!(outcome.status, 0, "{what}: {}", outcome.stderr);
        let row = &rows_of(&dossier.out().join("antwoorden/overzicht.csv"))[0];
        assert_eq!(row["Antwoord"], "", "{what}");
        assert!(row["Uitkomst"].contains(&format!("{element} past niet")), "{what}: {row:?}");
    }
}

#[test]
fn without_messages_there_is_nothing_to_answer() {
    let dossier = Dossier::minimaal();
    answer(&dossier, &[]).refuses(3, &["geen declaratieberichten"]);
    dossier.wrote_nothing();
}
