//! Periods and terms, closed at both ends.

use super::datum::{Dag, maandnaam};
use chrono::Datelike;
use std::fmt;

/// A closed run of days; `begin` never lies after `eind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Periode {
    begin: Dag,
    end: Dag,
}

impl Periode {
    /// `None` when the period is reversed.
    pub(crate) fn new(begin: Dag, end: Dag) -> Option<Periode> {
        (begin <= end).then_some(Periode { begin, end })
    }

    /// First day.
    pub(crate) fn begin(self) -> Dag {
        self.begin
    }

    /// Last day, which the period holds.
    pub(crate) fn end(self) -> Dag {
        self.end
    }

    /// Days, both ends counted: at least 1.
    pub(crate) fn dagen(self) -> i64 {
        self.end.dagen_after(self.begin) + 1
    }

    /// Number of different ISO weeks that the period touches.
    pub(crate) fn iso_weken(self) -> i64 {
        i64::from(self.end.week() - self.begin.week()) + 1
    }

    /// Number of calendar months that the period touches.
    pub(crate) fn maanden(self) -> i64 {
        i64::from(self.end.maand() - self.begin.maand()) + 1
    }

    /// Sundays in the period.
    pub(crate) fn zondagen(self) -> i64 {
        i64::from(self.end.zondagen_tot_en_met() - self.begin.plus_dagen(-1).zondagen_tot_en_met())
    }

    /// Mondays to Fridays in the period, public holidays too.
    pub(crate) fn weekdagen(self) -> i64 {
        (0..self.dagen()).filter(|n| self.begin.plus_dagen(*n).is_weekdag()).count() as i64
    }

    /// Does the week in which this period ends go on into `later`?
    pub(crate) fn share_a_week(self, later: Periode) -> bool {
        self.end.week() == later.begin.week()
    }

    /// Does the month in which this period ends go on into `later`?
    pub(crate) fn share_a_month(self, later: Periode) -> bool {
        self.end.maand() == later.begin.maand()
    }

    /// The whole calendar month that this day lies in.
    pub(crate) fn maand_of(dag: Dag) -> Periode {
        Periode { begin: dag.maandbegin(), end: dag.maandeinde() }
    }

    /// The last Sunday in the period.
    pub(crate) fn laatste_zondag(self) -> Option<Dag> {
        let zondag = self.end.plus_dagen(-self.end.since_zondag());
        (zondag >= self.begin && zondag.is_zondag()).then_some(zondag)
    }

    /// Does `dag` lie in the period, its ends included?
    pub(crate) fn contains(self, dag: Dag) -> bool {
        self.begin <= dag && dag <= self.end
    }
}

/// Dutch for people: `maart 2023` for a whole month, else `15-03-2023 t/m 31-03-2023`.
impl fmt::Display for Periode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Periode::maand_of(self.begin) {
            let d = self.begin.datum();
            return write!(f, "{} {}", maandnaam(d.month()), d.year());
        }
        write!(f, "{} t/m {}", self.begin, self.end)
    }
}

/// The term of a toewijzing: it may have no end, and may end before it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Termijn {
    /// First day.
    pub ingang: Dag,
    /// Last day, which the term holds; `None` for a term without an end.
    pub end: Option<Dag>,
}

/// Dutch for people.
impl fmt::Display for Termijn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.end {
            Some(end) => write!(f, "{} t/m {end}", self.ingang),
            None => write!(f, "vanaf {}, zonder einddatum", self.ingang),
        }
    }
}

impl Termijn {
    /// The term as a period; `None` without an end or when it ends before it begins.
    pub(crate) fn periode(self) -> Option<Periode> {
        self.end.and_then(|end| Periode::new(self.ingang, end))
    }

    /// What of `periode` lies inside the term.
    pub(crate) fn doorsnede(self, periode: Periode) -> Option<Periode> {
        let end = self.end.map_or(periode.end, |e| e.min(periode.end));
        Periode::new(self.ingang.max(periode.begin), end)
    }

    /// Do two terms, closed at both ends, share a day?
    pub(crate) fn overlaps(self, other: Termijn) -> bool {
        let begin = self.ingang.max(other.ingang);
        [self.end, other.end].into_iter().flatten().all(|e| begin <= e)
    }

    /// Is the term longer than `maanden`? A term without an end is.
    pub(crate) fn longer_than_maanden(self, maanden: i32) -> bool {
        self.end.is_none_or(|e| e >= self.ingang.plus_maanden(maanden))
    }

    /// Is the term longer than `dagen`? A term without an end is.
    pub(crate) fn longer_than_dagen(self, dagen: i64) -> bool {
        self.end.is_none_or(|e| e >= self.ingang.plus_dagen(dagen))
    }

    /// Does the term hold the whole of `periode`?
    pub(crate) fn covers(self, periode: Periode) -> bool {
        self.ingang <= periode.begin && self.end.is_none_or(|e| periode.end <= e)
    }

    /// Is the term at least `jaren` long? A term without an end counts as longer.
    pub(crate) fn at_least_jaren(self, jaren: i32) -> bool {
        self.end.is_none_or(|e| match e.jaar() - self.ingang.jaar() {
            // Most terms are settled by the years alone.
            difference if difference < jaren => false,
            difference if difference > jaren => true,
            _ => e >= self.ingang.plus_jaren(jaren),
        })
    }
}
