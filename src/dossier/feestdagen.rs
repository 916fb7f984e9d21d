//! Dutch public holidays, computed, and working days between two days.

use super::datum::Dag;

/// Is this a working day: Monday to Friday and no public holiday?
///
/// Holidays are New Year's Day, Easter Monday, King's Day, 5 May in years divisible by five,
/// Ascension Day, Whit Monday and both days of Christmas.
pub(crate) fn is_werkdag(dag: Dag) -> bool {
    dag.is_weekdag() && !is_feestdag(dag)
}

/// Working days after `of`, up to and including `until`; 0 when `until` isn't later.
pub(crate) fn werkdagen_after(of: Dag, until: Dag) -> u64 {
    (1..=until.dagen_after(of)).filter(|n| is_werkdag(of.plus_dagen(*n))).count() as u64
}

fn is_feestdag(dag: Dag) -> bool {
    let jaar = dag.jaar();
    let on = |maand, d| Dag::from_jmd(jaar, maand, d) == Some(dag);
    let pasen = eerste_paasdag(jaar);
    let after_pasen = pasen.map(|p| dag.dagen_after(p));
    on(1, 1)
        || Some(dag) == koningsdag(jaar)
        || (jaar % 5 == 0 && on(5, 5))
        || on(12, 25)
        || on(12, 26)
        || matches!(after_pasen, Some(1 | 39 | 50))
}

/// 27 April, or the day before when that is a Sunday.
fn koningsdag(jaar: i32) -> Option<Dag> {
    let dag = Dag::from_jmd(jaar, 4, 27)?;
    Some(if dag.is_zondag() { dag.plus_dagen(-1) } else { dag })
}

/// Easter Sunday of the Gregorian calendar, by the rule of the epact and the Sunday after the
/// Paschal full moon.
fn eerste_paasdag(jaar: i32) -> Option<Dag> {
    let gulden_number = jaar % 19;
    let eeuw = jaar / 100;
    let epact = (eeuw - eeuw / 4 - (8 * eeuw + 13) / 25 + 19 * gulden_number + 15) % 30;
    let correctie = (epact / 28) * (1 - (29 / (epact + 1)) * ((21 - gulden_number) / 11));
    let full_moon = Dag::from_jmd(jaar, 3, 21)?.plus_dagen(i64::from(epact - correctie));
    (1..=7).map(|n| full_moon.plus_dagen(n)).find(|d| d.is_zondag())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(s: &str) -> Dag {
        Dag::from_datum(s.parse().unwrap()).unwrap()
    }

    #[test]
    fn easter_falls_where_the_almanac_has_it() {
        for pasen in [
            "2000-04-23",
            "2008-03-23",
            "2015-04-05",
            "2019-04-21",
            "2020-04-12",
            "2021-04-04",
            "2022-04-17",
            "2023-04-09",
            "2024-03-31",
            "2025-04-20",
            "2026-04-05",
            "2030-04-21",
            "2038-04-25",
        ] {
            assert_eq!(eerste_paasdag(d(pasen).jaar()), Some(d(pasen)));
        }
    }

    #[test]
    fn holidays_are_no_working_days_and_their_neighbours_are() {
        for free in [
            "2023-01-01",
            "2023-04-10",
            "2023-04-27",
            "2023-05-18",
            "2023-05-29",
            "2023-12-25",
            "2023-12-26",
            "2025-04-26",
            "2025-05-05",
        ] {
            assert!(!is_werkdag(d(free)), "{free}");
        }
        for sink in ["2023-04-07", "2023-05-05", "2024-05-06", "2025-04-28", "2023-12-27"] {
            assert!(is_werkdag(d(sink)), "{sink}");
        }
    }

    #[test]
    fn the_day_itself_is_no_working_day_after_it() {
        // Thursday 6 April 2023; Monday 10 April is Easter Monday.
        assert_eq!(werkdagen_after(d("2023-04-06"), d("2023-04-06")), 0);
        assert_eq!(werkdagen_after(d("2023-04-06"), d("2023-04-14")), 5);
        assert_eq!(werkdagen_after(d("2023-04-06"), d("2023-04-01")), 0);
    }
}
