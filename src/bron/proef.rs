//! Rows in whatever form, to compare the quick way of reading them with the one that takes every form.

use super::csv::Recordlezer;
use super::kop::{Kolomnamen, Kop};
use super::rij::Rij;
use super::velden::{Bedragen, Geldeenheid};
use super::verslag::Leesverslag;
use crate::dossier::{BestandNr, Kolommen, Soort};
use proptest::prelude::*;

/// What a cell may hold instead of what it usually holds.
const ANDERS: [&str; 42] = [
    "",
    " 12 ",
    "1",
    "01",
    "193",
    "123",
    "19301",
    "1,5",
    "1.234",
    "12.345,67",
    "-3",
    "€ 5",
    "03-01-2023",
    "20230103",
    "2023-02-30",
    "1899-01-01",
    "Herstel",
    "DUURZAAM",
    "duurzaam",
    "inspanning",
    "ja",
    "FALSE",
    "0",
    "x",
    "kdc  KDC",
    "crisis onbekend",
    "é",
    "\u{a0}kdc",
    "999",
    "2023-01-02 ",
    "99999999",
    "123456789",
    "54002",
    "D",
    "c",
    "Stop",
    "10000001",
    "1.000",
    "0,05",
    "83",
    "255",
    "01-01-2023",
];

/// This row with some of its cells in another form, between two that are as usual.
pub fn rijen_in_elke_vorm<const N: usize>(
    gewoon: [&'static str; N],
) -> impl Strategy<Value = (String, Geldeenheid)> {
    let anders = proptest::collection::vec((0..N, proptest::sample::select(&ANDERS[..])), 0..4);
    (anders, any::<bool>()).prop_map(move |(anders, eurocent)| {
        let mut cellen = gewoon;
        for (plaats, cel) in anders {
            cellen[plaats] = cel;
        }
        let rijen = [gewoon, cellen, gewoon].map(|cellen| cellen.join(";"));
        let eenheid = if eurocent { Geldeenheid::Eurocent } else { Geldeenheid::Euro };
        (rijen.join("\n"), eenheid)
    })
}

/// Reads these rows under this header.
pub fn lees_rijen(
    soort: Soort,
    kop: &str,
    rijen: &str,
    eenheid: Geldeenheid,
    mut lees: impl FnMut(Rij<'_>),
) -> Leesverslag {
    let namen = Kolomnamen::default();
    let kop = Kop::lees(kop.as_bytes(), "t.csv", soort, &namen, Kolommen::default())
        .unwrap_or_else(|fout| panic!("{fout}"));
    let mut verslag = Leesverslag::default();
    let mut lezer = Recordlezer::nieuw(rijen.as_bytes(), 2, b';');
    let bedragen = Bedragen { decimaal: None, eenheid };
    while let Some(record) = lezer.volgende() {
        lees(Rij::nieuw(record, &kop, BestandNr(3), bedragen, &mut verslag));
    }
    verslag
}
