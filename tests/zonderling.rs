//! Odd dossiers: one thing of which there are very many takes time in proportion.

use crate::berichten_veel::controleer;
use crate::hulp::{Dossier, HEADER, ROWS};
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
