//! Crediting, and what counts twice.

use super::{budget, dossier, finds, line};
use crate::naief::dossier::{FILES, Regel, dag};

// --- Credits and duplicates ---------------------------------------------------------------------

pub(super) fn credit(debet: &Regel, referentie: &str) -> Regel {
    Regel {
        referentie: referentie.to_owned(),
        previous: debet.referentie.clone(),
        credit: true,
        ..debet.clone()
    }
}

fn with_nummer(line: Regel, referentie: &str) -> Regel {
    Regel { referentie: referentie.to_owned(), ..line }
}

#[test]
fn a_credit_takes_back_the_debit_of_its_own_period_first_and_then_in_order() {
    let januari = with_nummer(line("2024-01-01", "2024-01-31", 60), "R1");
    let februari = with_nummer(line("2024-02-01", "2024-02-29", 60), "R1");
    let maart = with_nummer(line("2024-03-01", "2024-03-31", 60), "R1");
    let loose = Regel { begindatum: dag("2024-01-15"), ..credit(&januari, "C2") };
    let lines = [januari, februari.clone(), maart, credit(&februari, "C1"), loose];
    let mut d = dossier(2024, &[budget("2024-01-01", None, 0, "herstel")], &lines);
    // Only March is left; as a second and third R1, the later ones are JW01 all the same.
    let expected = [
        ("BU01", "a:4", "fout", 6_000),
        ("JW01", "a:3", "fout", 6_000),
        ("JW01", "a:4", "fout", 6_000),
    ];
    finds(&d, "BU01 JW01 JW02 JW03", &expected);
    d.lines.reverse();
    d.nummer();
    let expected = [
        ("BU01", "a:4", "fout", 6_000),
        ("JW01", "a:4", "fout", 6_000),
        ("JW01", "a:5", "fout", 6_000),
    ];
    finds(&d, "BU01 JW01 JW02 JW03", &expected);
}

#[test]
fn a_second_credit_of_one_debit_and_a_credit_that_differs_are_told_apart() {
    let debet = with_nummer(line("2024-01-01", "2024-01-31", 60), "R1");
    let other_bedrag = Regel { bedrag: 5_999, ..credit(&debet, "C3") };
    let lines = [debet.clone(), credit(&debet, "C1"), credit(&debet, "C2"), other_bedrag];
    finds(
        &dossier(2024, &[], &lines),
        "JW02 JW03",
        &[("JW02", "a:5", "fout", 5_999), ("JW03", "a:4", "fout", 6_000)],
    );
}

#[test]
fn a_reversed_credit_still_takes_back_its_debit_and_a_reversed_line_is_in_no_sum() {
    let debet = with_nummer(line("2024-01-01", "2024-01-31", 60), "R1");
    let reversed = Regel { einddatum: dag("2023-12-31"), ..credit(&debet, "C1") };
    let t = budget("2023-01-01", None, 0, "herstel");
    finds(&dossier(2024, std::slice::from_ref(&t), &[debet.clone(), reversed]), "BU01 JW02", &[]);
    let reversed = Regel { einddatum: dag("2024-01-01"), ..line("2024-01-31", "2024-01-31", 60) };
    let two = [reversed.clone(), reversed];
    finds(&dossier(2024, &[t], &two), "BU01 JW04 TW11 TW12 TF01 TF02 NS01", &[]);
}

#[test]
fn a_reference_on_a_reversed_line_counts_as_used() {
    let reversed = Regel { einddatum: dag("2024-01-01"), ..line("2024-01-31", "2024-01-31", 60) };
    let lines =
        [with_nummer(reversed, "R1"), with_nummer(line("2024-03-01", "2024-03-31", 60), "R1")];
    finds(&dossier(2024, &[], &lines), "JW01", &[("JW01", "a:3", "fout", 6_000)]);
}

#[test]
fn of_two_equal_lines_the_one_in_the_later_file_is_the_second() {
    let one = with_nummer(line("2024-01-01", "2024-01-31", 60), "R1");
    let two = Regel { file: FILES[1], ..one.clone() };
    for lines in [[one.clone(), two.clone()], [two, one]] {
        let expected = [("JW01", "b:2", "fout", 6_000), ("JW04", "b:2", "fout", 6_000)];
        finds(&dossier(2024, &[], &lines), "JW01 JW04", &expected);
    }
}

#[test]
fn contacts_without_the_columns_that_tell_them_apart_are_no_doubles() {
    let lines = [line("2024-01-01", "2024-01-01", 60), line("2024-01-01", "2024-01-01", 60)];
    let mut d = dossier(2024, &[], &lines);
    finds(&d, "JW04", &[("JW04", "a:3", "fout", 6_000)]);
    d.contact = true;
    finds(&d, "JW04", &[("JW04", "a:3", "fout", 6_000)]);
    d.kolommen[0].hulpverlener = false;
    finds(&d, "JW04", &[]);
}
