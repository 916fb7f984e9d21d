//! Words, amounts and dates of a table that need a setting to be read.

use super::draft::Draft;
use super::recognise::Recognised;
use crate::bron::is_date;
use crate::dossier::Kolom;
use std::collections::{BTreeMap, BTreeSet};

/// Usual words for our codes.
const WORDS: &str = include_str!("words.csv");

/// Columns of amounts, by which the decimal mark of a table is told.
const AMOUNTS: [Kolom; 7] = [
    Kolom::IngediendBedrag,
    Kolom::ProductTarief,
    Kolom::Budget,
    Kolom::Bedrag,
    Kolom::Omzet,
    Kolom::Tarief,
    Kolom::LandelijkeOmzet,
];

/// Columns of codes that people write as words.
const CODES: [Kolom; 4] = [Kolom::Eenheid, Kolom::Frequentie, Kolom::Verwijzer, Kolom::DebetCredit];

/// The code that a word of this column usually stands for.
fn usual(kolom: Kolom, word: &str) -> Option<&'static str> {
    WORDS.lines().skip(1).find_map(|line| {
        let mut cells = line.split(';');
        let (of, code, words) = (cells.next()?, cells.next()?, cells.next()?);
        (of == kolom.name() && words.split(',').any(|w| w == word)).then_some(code)
    })
}

/// Is this a cell that the program reads by itself?
fn is_read(kolom: Kolom, cell: &str) -> bool {
    let empty = ["", "-", "null", "nvt", "n.v.t.", "#n/b", "#n/a"];
    let cell = cell.trim_matches(['=', '"', '\'']).to_lowercase();
    let is_digits = cell.trim_end_matches(".0").bytes().all(|c| c.is_ascii_digit());
    match kolom {
        _ if empty.contains(&cell.as_str()) => true,
        Kolom::DebetCredit => ["d", "c", "debet", "credit", "db", "cr"].contains(&cell.as_str()),
        _ => is_digits,
    }
}

impl Draft {
    /// Takes up the words of a table; gives those that only a person can know, by column.
    pub(super) fn add_words(&mut self, table: &Recognised) -> BTreeMap<Kolom, BTreeSet<String>> {
        let mut strange: BTreeMap<Kolom, BTreeSet<String>> = BTreeMap::new();
        for kolom in CODES {
            for cell in table.cells(kolom).filter(|c| !is_read(kolom, c)) {
                let word = cell.trim().to_lowercase();
                match usual(kolom, &word) {
                    Some(code) => {
                        self.words.entry(kolom).or_default().insert(word, code.to_owned());
                    }
                    None => {
                        strange.entry(kolom).or_default().insert(word);
                    }
                }
            }
        }
        strange
    }

    /// Takes up the order of dates where one can only be month before day, and the likely decimal mark
    /// where an amount could mean two things: that amount is given back.
    pub(super) fn add_forms(&mut self, table: &Recognised) -> Option<String> {
        let (mut comma, mut point, mut both) = (false, false, None);
        for cell in AMOUNTS.into_iter().flat_map(|kolom| table.cells(kolom)) {
            match mark(cell) {
                Mark::Comma => comma = true,
                Mark::Point => point = true,
                Mark::Either => both = Some(cell.to_owned()),
                Mark::None => {}
            }
        }
        if both.is_some() && comma != point {
            self.decimals.insert(table.kind, if comma { ',' } else { '.' });
        }
        if is_month_first(table) {
            self.month_first.insert(table.kind);
        }
        both
    }
}

enum Mark {
    None,
    Comma,
    Point,
    /// One separator and three digits: thousands, or decimals.
    Either,
}

fn mark(cell: &str) -> Mark {
    let Some(last) = cell.rfind([',', '.']) else { return Mark::None };
    let decimals = cell[last + 1..].chars().take_while(char::is_ascii_digit).count();
    let only = !cell[..last].contains([',', '.']);
    match (decimals, cell.as_bytes()[last]) {
        (3, _) if only => Mark::Either,
        (1 | 2, b',') => Mark::Comma,
        (1 | 2, _) => Mark::Point,
        _ => Mark::None,
    }
}

/// Is there a date whose middle can be no month, and none whose first part can be none?
fn is_month_first(table: &Recognised) -> bool {
    let (mut day_first, mut month_first) = (false, false);
    let dates = table.columns.values().copied().flat_map(|kolom| table.cells(kolom));
    for cell in dates.filter(|c| is_date(c)) {
        let mut parts = cell.split(['-', '/', '.', ' ']);
        let (Some(a), Some(b)) = (parts.next(), parts.next()) else { continue };
        let (Ok(a), Ok(b)) = (a.parse::<u32>(), b.parse::<u32>()) else { continue };
        day_first |= (13..=31).contains(&a);
        month_first |= a <= 12 && (13..=31).contains(&b);
    }
    month_first && !day_first
}

/// The year in which most periods of a table end.
pub(super) fn likeliest_jaar<'t>(tables: impl Iterator<Item = &'t Recognised>) -> Option<i32> {
    let mut years: BTreeMap<i32, usize> = BTreeMap::new();
    for table in tables {
        for cell in table.cells(Kolom::Einddatum).filter(|c| is_date(c)) {
            *years.entry(year_of(cell)?).or_default() += 1;
        }
    }
    years.into_iter().max_by_key(|(_, count)| *count).map(|(jaar, _)| jaar)
}

fn year_of(date: &str) -> Option<i32> {
    let parts: Vec<&str> =
        date.split(['-', '/', '.', ' ', 'T']).filter(|p| !p.is_empty()).collect();
    let is_year = |p: &&&str| p.len() == 4 && p.bytes().all(|c| c.is_ascii_digit());
    match parts.as_slice() {
        [one] => one.get(..4)?.parse().ok(),
        parts => match parts.iter().find(is_year) {
            Some(year) => year.parse().ok(),
            None => parts.get(2)?.parse::<i32>().ok().map(|year| 2000 + year),
        },
    }
}

/// Has a table amounts, and all but one in a hundred no decimal mark?
pub(super) fn has_whole_amounts(table: &Recognised) -> bool {
    let cells = AMOUNTS.into_iter().flat_map(|kolom| table.cells(kolom));
    let (mut filled, mut marked) = (0, 0);
    for cell in cells.filter(|c| !c.is_empty()) {
        filled += 1;
        marked += usize::from(cell.contains([',', '.']));
    }
    filled > 0 && marked * 100 <= filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_everybody_uses_have_their_code() {
        assert_eq!(usual(Kolom::Eenheid, "uren"), Some("04"));
        assert_eq!(usual(Kolom::Frequentie, "per week"), Some("2"));
        assert_eq!(usual(Kolom::Eenheid, "per week"), None);
        assert!(is_read(Kolom::Eenheid, "01") && is_read(Kolom::Eenheid, "4.0"));
        assert!(is_read(Kolom::DebetCredit, "Credit") && !is_read(Kolom::DebetCredit, "Kredit"));
    }

    #[test]
    fn the_year_of_a_date_is_found_in_every_form() {
        for date in ["31-12-2023", "2023-12-31", "20231231", "31/12/23", "31 december 2023"] {
            assert_eq!(year_of(date), Some(2023), "{date}");
        }
    }
}
