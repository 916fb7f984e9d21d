//! How the cells of one file are written, and what in them can be.

use super::fields::{AmountFormat, DateOrder};
use super::koppen::genormaliseerd;
use super::mapping::ColumnWords;
use crate::dossier::{Dag, Gemeente, Kolom};
use std::collections::BTreeMap;

/// What a reader of cells must know of the file that they stand in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Forms<'f> {
    pub amounts: AmountFormat,
    pub dates: DateOrder,
    pub words: &'f ColumnWords,
    pub gemeenten: &'f GemeenteNames,
    pub plausible: PlausibleDates,
    /// Is there a column DebetCredit that some rows leave empty, or none? Always so in a table; a
    /// message says it of every line.
    pub credit_by_sign: bool,
}

impl<'f> Forms<'f> {
    /// Of a message: its standard leaves no choice.
    pub(crate) fn of_message(known: &'f Knowledge) -> Forms<'f> {
        static NO_WORDS: ColumnWords = ColumnWords::NONE;
        Forms {
            amounts: AmountFormat::IN_CENTS,
            dates: DateOrder::DayFirst,
            words: &NO_WORDS,
            gemeenten: &known.gemeenten,
            plausible: known.plausible,
            credit_by_sign: false,
        }
    }
}

/// What is known before any file is read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Knowledge {
    pub gemeenten: GemeenteNames,
    pub plausible: PlausibleDates,
}

/// Gemeenten of the leverjaar by their names.
#[derive(Clone, Debug, Default)]
pub(crate) struct GemeenteNames(BTreeMap<String, Option<Gemeente>>);

impl GemeenteNames {
    /// Those of the leverjaar, with their names as CBS spells them. A name that two have is no one's.
    pub(crate) fn new<'n>(names: impl IntoIterator<Item = (Gemeente, &'n str)>) -> GemeenteNames {
        let mut all: BTreeMap<String, Option<Gemeente>> = BTreeMap::new();
        for (gemeente, name) in names {
            let one = |known: &mut Option<Gemeente>| *known = known.filter(|g| *g == gemeente);
            all.entry(simplified(name)).and_modify(one).or_insert(Some(gemeente));
        }
        GemeenteNames(all)
    }

    /// The gemeente of this name.
    pub(crate) fn get(&self, name: &str) -> Option<Gemeente> {
        self.0.get(&simplified(name)).copied().flatten()
    }
}

/// A name in small letters, without spaces and dashes, nor the apostrophe of 's-Hertogenbosch, which
/// is written in many ways.
fn simplified(name: &str) -> String {
    genormaliseerd(name).replace(['\'', '\u{2019}', '\u{2018}', '`', '.'], "")
}

/// The days that anything of a leverjaar can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlausibleDates {
    pub first: Dag,
    pub last: Dag,
}

impl Default for PlausibleDates {
    /// Any day at all.
    fn default() -> PlausibleDates {
        let dag = |jaar, maand, dag| Dag::from_jmd(jaar, maand, dag).expect("a day");
        PlausibleDates { first: dag(1900, 1, 1), last: dag(9999, 12, 31) }
    }
}

impl PlausibleDates {
    /// The first year in which there can be anything that a dossier tells, but for a birth.
    const FIRST: i32 = 1990;
    /// Years after the leverjaar in which something about it is still received.
    const AFTER: i32 = 2;

    /// Those of a dossier about this year.
    pub(crate) fn of(leverjaar: i32) -> PlausibleDates {
        let any = PlausibleDates::default();
        let dag = |jaar, maand, dag| Dag::from_jmd(jaar, maand, dag);
        PlausibleDates {
            first: dag(Self::FIRST, 1, 1).unwrap_or(any.first),
            last: dag(leverjaar + Self::AFTER, 12, 31).unwrap_or(any.last),
        }
    }

    /// Can a date in this column be this day? A birth may be long ago, a verdict come late, what was
    /// agreed end long after, and a claim be made when it can't be any more (JW08).
    #[inline]
    pub(crate) fn holds(&self, kolom: Kolom, dag: Dag, is_end: bool) -> bool {
        (self.first <= dag && dag <= self.last)
            || (dag > self.last && (is_end || kolom == Kolom::DeclaratieDagtekening))
            || (dag < self.first && kolom == Kolom::Geboortedatum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gemeente_is_known_by_its_name_unless_two_have_it() {
        let names = GemeenteNames::new([
            (Gemeente(796), "'s-Hertogenbosch"),
            (Gemeente(150), "Deventer"),
            (Gemeente(1), "Bergen"),
            (Gemeente(2), "Bergen"),
        ]);
        assert_eq!(names.get(" DEVENTER "), Some(Gemeente(150)));
        assert_eq!(names.get("’s Hertogenbosch"), Some(Gemeente(796)));
        assert_eq!((names.get("Bergen"), names.get("Devente")), (None, None));
    }

    #[test]
    fn a_date_is_plausible_from_1990_until_two_years_after_the_leverjaar() {
        let of = PlausibleDates::of(2023);
        let dag = |jaar| Dag::from_jmd(jaar, 12, 31).unwrap();
        for (jaar, kolom, is_end, holds) in [
            (1989, Kolom::Ingangsdatum, false, false),
            (1989, Kolom::Geboortedatum, false, true),
            (1990, Kolom::Begindatum, false, true),
            (2025, Kolom::Ontvangstdatum, false, true),
            (2026, Kolom::Einddatum, false, false),
            (2026, Kolom::Einddatum, true, true),
            (2026, Kolom::Geboortedatum, false, false),
            (2026, Kolom::Datum, false, false),
            (2026, Kolom::DeclaratieDagtekening, false, true),
            (1989, Kolom::Einddatum, true, false),
        ] {
            assert_eq!(of.holds(kolom, dag(jaar), is_end), holds, "{jaar} {kolom}");
        }
    }
}
