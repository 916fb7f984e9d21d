//! Days, with the calendar of the specification: a whole number of years after
//! 29 February is 1 March in common years, a whole number of months later is the same day or the
//! month's last.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::num::{NonZeroI32, NonZeroU16};

/// A calendar day of the common era, kept as its number in it, from 1: an absent day costs no room.
/// In files of ours it is the number of days since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "i32", try_from = "i32")]
pub struct Dag(NonZeroI32);

const _: () = assert!(size_of::<Option<Dag>>() == 4, "an absent day costs no room");

/// A day in two bytes: one of 1990 or of the 178 years after it. A date before them or after is none
/// of a declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ShortDag(NonZeroU16);

impl ShortDag {
    /// Days from 1970-01-01 to the day before the first.
    const BEFORE: i32 = 7304;

    /// `None` outside those years.
    pub(crate) fn new(dag: Dag) -> Option<ShortDag> {
        let days = u16::try_from(dag.dagen_since_1970() - Self::BEFORE).ok()?;
        NonZeroU16::new(days).map(ShortDag)
    }

    /// The day itself.
    pub(crate) fn dag(self) -> Dag {
        let days = Self::BEFORE + i32::from(self.0.get());
        Dag::from_dagen_since_1970(days).expect("a day of those years")
    }
}

impl From<Dag> for i32 {
    /// Days since 1970.
    fn from(dag: Dag) -> i32 {
        dag.dagen_since_1970()
    }
}

impl TryFrom<i32> for Dag {
    type Error = &'static str;
    fn try_from(dagen: i32) -> Result<Dag, &'static str> {
        Dag::from_dagen_since_1970(dagen).ok_or("een dag buiten de kalender")
    }
}

/// Days between 1 January of the year 1 and 1 January 1970.
const UNTIL_1970: i32 = 719_163;

/// The number of a date in the common era.
const fn number(datum: NaiveDate) -> i32 {
    datum.to_epoch_days() + UNTIL_1970
}

/// The last day that adding days comes to.
const LAST: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("a day of the calendar");

/// The months of two centuries, in which nearly every day of a dossier lies. A line asks some ten
/// times for a month, or makes a day of one: to have chrono work that out each time made a whole run
/// 4% slower.
mod months {
    use super::number;
    use chrono::NaiveDate;

    pub(super) const FROM_JAAR: i32 = 1900;
    pub(super) const UNTIL_JAAR: i32 = 2100;
    const COUNT: usize = (UNTIL_JAAR - FROM_JAAR) as usize * 12;

    /// The first day of each month, and of the one after the last.
    pub(super) static FIRST: [i32; COUNT + 1] = first();
    /// For each day its month.
    static MONTH: [u16; DAYS] = month_of_days();
    const DAYS: usize = (first()[COUNT] - first()[0]) as usize;

    const fn first() -> [i32; COUNT + 1] {
        let mut first = [0; COUNT + 1];
        let mut month = 0;
        while month <= COUNT {
            let jaar = FROM_JAAR + month as i32 / 12;
            let datum = NaiveDate::from_ymd_opt(jaar, month as u32 % 12 + 1, 1);
            first[month] = number(datum.expect("a day of the calendar"));
            month += 1;
        }
        first
    }

    const fn month_of_days() -> [u16; DAYS] {
        let first = first();
        let mut months = [0; DAYS];
        let (mut dag, mut month) = (0, 0);
        while dag < DAYS {
            if dag as i32 + first[0] == first[month + 1] {
                month += 1;
            }
            months[dag] = month as u16;
            dag += 1;
        }
        months
    }

    /// The place of the month of the day with this number.
    #[inline]
    pub(super) fn of(dag: i32) -> Option<usize> {
        let place = usize::try_from(dag - FIRST[0]).ok()?;
        MONTH.get(place).map(|month| usize::from(*month))
    }
}

impl Dag {
    /// Days since the last Sunday: 0 on one.
    pub(super) fn since_zondag(self) -> i64 {
        i64::from(self.0.get() % 7)
    }

    #[inline]
    fn from_number(number: i32) -> Option<Dag> {
        NonZeroI32::new(number).filter(|n| n.get() > 0).map(Dag)
    }

    /// The day of this date; `None` before the common era.
    pub fn from_datum(datum: NaiveDate) -> Option<Dag> {
        Dag::from_number(number(datum))
    }

    /// The day of this year, month (1 to 12) and day of the month; `None` where the calendar lacks it.
    #[inline]
    pub(crate) fn from_jmd(jaar: i32, maand: u32, dag: u32) -> Option<Dag> {
        if !(months::FROM_JAAR..months::UNTIL_JAAR).contains(&jaar) {
            return NaiveDate::from_ymd_opt(jaar, maand, dag).and_then(Dag::from_datum);
        }
        if !(1..=12).contains(&maand) || dag == 0 {
            return None;
        }
        let month = (jaar - months::FROM_JAAR) as usize * 12 + maand as usize - 1;
        let number = months::FIRST[month].checked_add_unsigned(dag - 1)?;
        if number < months::FIRST[month + 1] { Dag::from_number(number) } else { None }
    }

    /// The same day for chrono.
    pub(crate) fn datum(self) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(self.0.get()).expect("a day was made from a date")
    }

    /// Days since 1970-01-01, as Arrow and Parquet count.
    pub(crate) fn dagen_since_1970(self) -> i32 {
        self.0.get() - UNTIL_1970
    }

    /// The day so many days after 1970-01-01; `None` before the common era.
    pub(crate) fn from_dagen_since_1970(dagen: i32) -> Option<Dag> {
        dagen.checked_add(UNTIL_1970).and_then(Dag::from_number)
    }

    /// Calendar year, 1 or later.
    #[inline]
    pub(crate) fn jaar(self) -> i32 {
        self.maand() / 12
    }

    /// Whole days from `earlier` to this day; negative when this day comes first.
    pub(crate) fn dagen_after(self, earlier: Dag) -> i64 {
        i64::from(self.0.get()) - i64::from(earlier.0.get())
    }

    /// This day moved by `dagen`, kept inside the calendar.
    pub(crate) fn plus_dagen(self, dagen: i64) -> Dag {
        let moved = i64::from(self.0.get()).saturating_add(dagen).clamp(1, number(LAST).into());
        Dag(NonZeroI32::new(moved as i32).expect("kept above zero"))
    }

    /// The same day `jaren` later; 29 February becomes 1 March in a common year.
    pub(crate) fn plus_jaren(self, jaren: i32) -> Dag {
        let (jaar, maand) = (self.jaar() + jaren, self.maand() as u32 % 12 + 1);
        let same = Dag::from_jmd(jaar, maand, self.dag_of_maand());
        same.or_else(|| Dag::from_jmd(jaar, 3, 1)).unwrap_or_else(|| self.plus_dagen(i64::MAX))
    }

    /// The same day `maanden` later, or the last of that month where the day doesn't exist.
    pub(crate) fn plus_maanden(self, maanden: i32) -> Dag {
        let month = self.maand().saturating_add(maanden);
        let (jaar, maand) = (month.div_euclid(12), month.rem_euclid(12) as u32 + 1);
        let dag = self.dag_of_maand();
        // The shortest month lacks three days of the longest.
        let dagen = (dag.saturating_sub(3)..=dag).rev();
        dagen.filter_map(|dag| Dag::from_jmd(jaar, maand, dag)).next().unwrap_or(self)
    }

    /// Is a person born on this day at least `jaren` old on `dag`?
    pub(crate) fn is_at_least(self, jaren: i32, dag: Dag) -> bool {
        // Most ages are settled by the years alone.
        match dag.jaar() - self.jaar() {
            difference if difference < jaren => false,
            difference if difference > jaren => true,
            _ => self.plus_jaren(jaren) <= dag,
        }
    }

    /// Age on `dag` of a person born on this day, in whole years.
    pub(crate) fn leeftijd_on(self, dag: Dag) -> i32 {
        let jaren = dag.jaar() - self.jaar();
        if self.plus_jaren(jaren) <= dag { jaren } else { jaren - 1 }
    }

    /// The day of the month, from 1.
    fn dag_of_maand(self) -> u32 {
        match months::of(self.0.get()) {
            Some(month) => (self.0.get() - months::FIRST[month] + 1).unsigned_abs(),
            None => self.datum().day(),
        }
    }

    /// The first day of this day's month.
    #[inline]
    pub(crate) fn maandbegin(self) -> Dag {
        let begin = match months::of(self.0.get()) {
            Some(month) => Dag::from_number(months::FIRST[month]),
            None => self.datum().with_day(1).and_then(Dag::from_datum),
        };
        begin.unwrap_or(self)
    }

    /// The last day of this day's month.
    #[inline]
    pub(crate) fn maandeinde(self) -> Dag {
        let end = match months::of(self.0.get()) {
            Some(month) => Dag::from_number(months::FIRST[month + 1] - 1),
            None => {
                let datum = self.datum();
                datum.with_day(datum.num_days_in_month().into()).and_then(Dag::from_datum)
            }
        };
        end.unwrap_or(self)
    }

    /// Months since the year 0: equal for two days of one month.
    #[inline]
    pub(crate) fn maand(self) -> i32 {
        match months::of(self.0.get()) {
            Some(month) => months::FROM_JAAR * 12 + month as i32,
            None => self.datum().year() * 12 + self.datum().month0() as i32,
        }
    }

    /// The first day of a month that [`Dag::maand`] numbers.
    pub(crate) fn first_of_maand(maand: i32) -> Option<Dag> {
        Dag::from_jmd(maand.div_euclid(12), maand.rem_euclid(12) as u32 + 1, 1)
    }

    /// The month of this day for programs and people: `2023-03`.
    pub(crate) fn in_maand(self) -> String {
        format!("{:04}-{:02}", self.jaar(), self.datum().month())
    }

    /// Number of the ISO week (Monday to Sunday) in the common era, whose first day was a Monday.
    pub(super) fn week(self) -> i32 {
        (self.0.get() - 1).div_euclid(7)
    }

    /// Sundays from the start of the common era up to and including this day.
    pub(super) fn zondagen_tot_en_met(self) -> i32 {
        self.0.get().div_euclid(7)
    }

    /// The last day of an ISO week.
    pub(crate) fn is_zondag(self) -> bool {
        self.0.get() % 7 == 0
    }

    /// Monday to Friday, public holidays too.
    pub(crate) fn is_weekdag(self) -> bool {
        (self.0.get() - 1) % 7 < 5
    }
}

/// Dutch for people: `31-03-2023`.
impl fmt::Display for Dag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let d = self.datum();
        write!(f, "{:02}-{:02}-{:04}", d.day(), d.month(), d.year())
    }
}

/// The Dutch name of a month, 1 to 12.
///
/// # Panics
/// For another number.
pub(crate) fn maandnaam(maand: u32) -> &'static str {
    const NAMES: [&str; 12] = [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ];
    NAMES[maand as usize - 1]
}

#[cfg(test)]
mod tests {
    use super::super::periode::{Periode, Termijn};
    use super::*;

    fn d(s: &str) -> Dag {
        Dag::from_datum(s.parse().unwrap()).unwrap()
    }

    #[test]
    fn a_year_after_29_february_is_1_march_in_common_years() {
        assert_eq!(d("2024-02-29").plus_jaren(1), d("2025-03-01"));
        assert_eq!(d("2024-02-29").plus_jaren(4), d("2028-02-29"));
        assert_eq!(d("2023-02-28").plus_jaren(1), d("2024-02-28"));
    }

    #[test]
    fn months_later_is_the_same_day_or_the_months_last() {
        assert_eq!(d("2023-11-30").plus_maanden(3), d("2024-02-29"));
        assert_eq!(d("2022-11-30").plus_maanden(3), d("2023-02-28"));
        assert_eq!(d("2023-08-31").plus_maanden(1), d("2023-09-30"));
        assert_eq!(d("2023-12-15").plus_maanden(1), d("2024-01-15"));
        let t = |e| Termijn { ingang: d("2023-01-31"), end: Some(d(e)) };
        assert!(!t("2023-04-29").longer_than_maanden(3));
        assert!(t("2023-04-30").longer_than_maanden(3));
    }

    #[test]
    fn a_child_of_29_february_has_its_birthday_on_1_march_in_common_years() {
        let geboren = d("2005-02-28");
        assert!(geboren.is_at_least(18, d("2023-02-28")));
        let geboren = d("2004-02-29");
        assert!(!geboren.is_at_least(18, d("2022-02-28")));
        assert!(geboren.is_at_least(18, d("2022-03-01")));
        assert_eq!(geboren.leeftijd_on(d("2022-02-28")), 17);
        assert_eq!(geboren.leeftijd_on(d("2024-02-29")), 20);
    }

    #[test]
    fn weeks_run_from_monday_to_sunday_across_the_years_end() {
        let p = |a, b| Periode::new(d(a), d(b)).unwrap();
        // 1 January 2023 is a Sunday, 2 January a Monday.
        assert_eq!(p("2022-12-26", "2023-01-01").iso_weken(), 1);
        assert_eq!(p("2023-01-01", "2023-01-02").iso_weken(), 2);
        assert_eq!(p("2023-01-01", "2023-01-31").iso_weken(), 6);
        assert_eq!(p("2023-01-01", "2023-01-31").zondagen(), 5);
        assert_eq!(p("2023-01-02", "2023-01-07").zondagen(), 0);
        assert_eq!(p("2023-01-02", "2023-01-07").laatste_zondag(), None);
        assert_eq!(p("2023-01-02", "2023-01-20").laatste_zondag(), Some(d("2023-01-15")));
        assert_eq!(p("2023-01-02", "2023-01-15").laatste_zondag(), Some(d("2023-01-15")));
        assert_eq!(p("2024-12-29", "2025-01-04").iso_weken(), 2);
    }

    #[test]
    fn the_week_is_that_of_the_calendar() {
        let mut dag = d("2022-12-20");
        while dag.jaar() < 2025 {
            let weekday = dag.datum().weekday();
            assert_eq!(dag.is_zondag(), weekday == chrono::Weekday::Sun, "{dag}");
            assert_eq!(dag.is_weekdag(), weekday.number_from_monday() <= 5, "{dag}");
            dag = dag.plus_dagen(1);
        }
    }

    #[test]
    fn a_month_begins_and_ends_inside_it() {
        let mut dag = d("1898-12-01");
        while dag.jaar() < 2202 {
            let (begin, end) = (dag.maandbegin(), dag.maandeinde());
            assert_eq!((begin.maand(), end.maand()), (dag.maand(), dag.maand()));
            assert_eq!(begin.plus_dagen(-1).maand(), dag.maand() - 1);
            assert_eq!(end.plus_dagen(1).maand(), dag.maand() + 1);
            dag = dag.plus_dagen(1);
        }
    }

    #[test]
    fn a_day_that_the_calendar_lacks_is_none() {
        for (jaar, maand, dag) in
            [(2023, 2, 29), (2023, 0, 1), (2023, 13, 1), (2023, 4, 31), (2023, 1, 0), (0, 12, 31)]
        {
            assert_eq!(Dag::from_jmd(jaar, maand, dag), None);
        }
        assert_eq!(Dag::from_dagen_since_1970(i32::MAX), None);
        assert_eq!(Dag::from_dagen_since_1970(-719_162), Some(d("0001-01-01")));
        assert_eq!(Dag::from_dagen_since_1970(-719_163), None);
    }

    #[test]
    fn days_added_stay_inside_the_calendar() {
        assert_eq!(d("9999-12-30").plus_dagen(2), d("9999-12-31"));
        assert_eq!(d("2023-01-01").plus_dagen(i64::MAX), d("9999-12-31"));
        assert_eq!(d("0001-01-02").plus_dagen(-2), d("0001-01-01"));
        assert_eq!(d("2023-01-01").plus_dagen(i64::MIN), d("0001-01-01"));
    }

    #[test]
    fn a_whole_month_is_named() {
        let p = |a, b| Periode::new(d(a), d(b)).unwrap().to_string();
        assert_eq!(p("2024-02-01", "2024-02-29"), "februari 2024");
        assert_eq!(p("2024-02-01", "2024-02-28"), "01-02-2024 t/m 28-02-2024");
    }

    #[test]
    fn months_and_days_count_both_ends() {
        let p = Periode::new(d("2023-01-31"), d("2023-03-01")).unwrap();
        assert_eq!(p.maanden(), 3);
        assert_eq!(p.dagen(), 30);
        assert_eq!(d("2024-02-10").maandeinde(), d("2024-02-29"));
        assert_eq!(d("2023-12-01").maandeinde(), d("2023-12-31"));
        assert_eq!(d("1970-01-02").dagen_since_1970(), 1);
    }

    #[test]
    fn a_term_that_ends_before_it_begins_holds_nothing() {
        let t = Termijn { ingang: d("2023-05-01"), end: Some(d("2023-04-01")) };
        let p = Periode::new(d("2023-01-01"), d("2023-12-31")).unwrap();
        assert_eq!(t.doorsnede(p), None);
        assert!(!t.overlaps(t));
    }
}
