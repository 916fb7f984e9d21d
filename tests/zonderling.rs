//! Odd dossiers: one thing of which there are very many takes time in proportion.

use crate::berichten_veel::controleer;
use crate::hulp::{Dossier, HEADER, ROWS};
use chrono::{Days, NaiveDate};
use std::fmt::Write;

/// A dossier with so many of one thing takes at most twice as long a piece as one with a quarter of them.
#[track_caller]
fn in_proportion(count: usize, make: impl Fn(&Dossier, usize)) {
    let take = |count| {
        let dossier = Dossier::minimaal();
        make(&dossier, count);
        Some(controleer(&dossier.dir(), &dossier.out())?.processor)
    };
    // What every run takes, and the clock's own coarseness, count for nothing.
    let (Some(few), Some(many)) = (take(count / 4), take(count)) else { return };
    assert!(many <= 8 * few + 20, "{many} against {few} hundredths of a second");
}

#[test]
fn credits_of_one_reference_number_are_matched_in_proportion() {
    in_proportion(48_000, |dossier, count| {
        let mut text = format!("{};DebetCredit;VorigReferentieNummer\n", HEADER.trim_end());
        let row = ROWS.lines().next().unwrap();
        for i in 0..count {
            let (direction, previous) = if i % 2 == 0 { ("D", "") } else { ("C", "R1") };
            writeln!(text, "{row};{direction};{previous}").unwrap();
        }
        dossier.write("declaraties.csv", &text);
    });
}

#[test]
fn toewijzingen_of_one_child_that_share_no_day_are_told_apart_in_proportion() {
    const AANBIEDERS: usize = 3;
    in_proportion(36_000, |dossier, count| {
        let mut toewijzingen = "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;\
             Ingangsdatum;Einddatum;ProductCategorie;ProductCode;Budget;Verwijzer\n"
            .to_owned();
        let mut declaraties = HEADER.to_owned();
        for i in 0..count {
            let day = Days::new((i / AANBIEDERS) as u64);
            let day = NaiveDate::from_ymd_opt(1990, 1, 2).unwrap() + day;
            let aanbieder = 99_000_001 + i % AANBIEDERS;
            writeln!(
                toewijzingen,
                "T{i};0150;{aanbieder};999900006;{day};{day};{day};45;45T01;100,00;01"
            )
            .unwrap();
            writeln!(
                declaraties,
                "R{i};2023-02-10;0150;{aanbieder};999900006;T{i};45;45T01;2023-01-01;2023-01-31;\
                 100;01;1,08;108,00"
            )
            .unwrap();
        }
        dossier.write("toewijzingen.csv", &toewijzingen);
        dossier.write("declaraties.csv", &declaraties);
    });
}
