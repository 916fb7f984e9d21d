//! Dossiers made by hand, for limits that chance seldom meets, with what must be found.

mod credits;

use super::dossier::{
    AANBIEDERS, BSNS, Columns, Dossier, FILES, Omzet, Regel, Tarief, Versie, dag,
};
use super::once;

/// One line of minutes of tariefgroep 1 on T1, with this volume in whole minutes and as many euros.
fn line(begin: &str, end: &str, volume: i128) -> Regel {
    Regel {
        file: FILES[0],
        line_number: 0,
        declaratie: String::new(),
        referentie: String::new(),
        previous: String::new(),
        ontvangstdatum: None,
        gemeente: "0150".to_owned(),
        aanbieder: AANBIEDERS[0].to_owned(),
        bsn: BSNS[0].to_owned(),
        toewijzing: "T1".to_owned(),
        categorie: "45".to_owned(),
        code: "45T01".to_owned(),
        begindatum: dag(begin),
        einddatum: dag(end),
        volume: volume * 100,
        eenheid: "01".to_owned(),
        tarief: None,
        bedrag: volume * 100,
        credit: false,
        no_show: 0,
        no_show_minuten: None,
        functie: String::new(),
        hulpverlener: String::new(),
    }
}

fn in_eenheid(line: Regel, eenheid: &str) -> Regel {
    Regel { eenheid: eenheid.to_owned(), ..line }
}

fn toewijzing(ingang: &str, end: Option<&str>) -> Versie {
    Versie {
        nummer: "T1".to_owned(),
        gemeente: "0150".to_owned(),
        aanbieder: AANBIEDERS[0].to_owned(),
        bsn: BSNS[0].to_owned(),
        toewijzingsdatum: dag("2022-12-01"),
        ingangsdatum: dag(ingang),
        einddatum: end.map(dag),
        categorie: String::new(),
        code: String::new(),
        reason: String::new(),
        volume: None,
        eenheid: String::new(),
        frequentie: String::new(),
        budget: None,
        budgetsoort: String::new(),
        uitvoering: String::new(),
    }
}

/// A toewijzing of so much of a unit, so often.
fn size(ingang: &str, end: Option<&str>, volume: i128, eenheid: &str, times: &str) -> Versie {
    Versie {
        volume: Some(volume * 100),
        eenheid: eenheid.to_owned(),
        frequentie: times.to_owned(),
        ..toewijzing(ingang, end)
    }
}

/// A toewijzing with a budget in whole euros.
fn budget(ingang: &str, end: Option<&str>, budget: i128, kind: &str) -> Versie {
    let budgetsoort = kind.to_owned();
    Versie { budget: Some(budget * 100), budgetsoort, ..toewijzing(ingang, end) }
}

/// A dossier of these; lines without a ReferentieNummer get one each, in order.
fn dossier(leverjaar: i32, versies: &[Versie], lines: &[Regel]) -> Dossier {
    let mut lines = lines.to_vec();
    for (i, r) in lines.iter_mut().enumerate().filter(|(_, r)| r.referentie.is_empty()) {
        r.referentie = format!("R{i:02}");
    }
    let mut dossier = Dossier {
        leverjaar,
        contact: false,
        lines,
        kolommen: [Columns::ALL; 2],
        versies: versies.to_vec(),
        aanbieders: vec![(AANBIEDERS[0].to_owned(), "1".to_owned())],
        tarieven: Vec::new(),
        omzet: Some(Vec::new()),
        berichten: None,
    };
    dossier.nummer();
    dossier
}

/// Exactly this is found by these rules: rule, `a:2` for line 2 of the first file (or the
/// aanbieder), ernst, cents.
#[track_caller]
fn finds(dossier: &Dossier, regels: &str, expected: &[(&str, &str, &str, i128)]) {
    let found: Vec<_> = once(dossier)
        .into_iter()
        .filter(|b| regels.split(' ').any(|r| r == b.regel))
        .map(|b| {
            let short = b.about.replace("declaraties_", "").replace(".csv", "");
            (b.regel, short, b.ernst, b.bedrag)
        })
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(r, w, ernst, b)| ((*r).to_owned(), (*w).to_owned(), *ernst, Some(*b)))
        .collect();
    assert_eq!(found, expected, "in {dossier:?}");
}

// --- Weeks, days and months ---------------------------------------------------------------------

#[test]
fn a_period_over_the_years_end_touches_the_iso_weeks_that_the_calendar_says() {
    // 31 December 2023 is a Sunday, 30 December 2024 a Monday; 2026 has a week 53.
    for (jaar, begin, end, weken) in [
        (2024, "2023-12-29", "2024-01-04", 2),
        (2024, "2023-12-31", "2024-01-01", 2),
        (2025, "2024-12-29", "2025-01-04", 2),
        (2025, "2024-12-30", "2025-01-05", 1),
        (2025, "2024-12-28", "2025-01-06", 3),
        (2027, "2026-12-28", "2027-01-03", 1),
        (2027, "2026-12-29", "2027-01-04", 2),
    ] {
        let t = size("2023-01-01", Some("2028-12-31"), 2, "04", "2");
        let full = line(begin, end, weken * 120);
        finds(&dossier(jaar, std::slice::from_ref(&t), &[full]), "TW11 TW12", &[]);
        let above = line(begin, end, weken * 120 + 1);
        finds(&dossier(jaar, &[t], &[above]), "TW11 TW12", &[("TW11", "a:2", "fout", 100)]);
    }
}

#[test]
fn a_term_over_the_years_end_counts_each_iso_week_once() {
    // Weeks 52 and 1: 29 December 2023 to 4 January 2024.
    let t = size("2023-12-29", Some("2024-01-04"), 2, "04", "2");
    let lines = [
        line("2023-12-29", "2023-12-31", 120),
        line("2024-01-01", "2024-01-04", 120),
        line("2024-01-04", "2024-01-04", 30),
    ];
    finds(&dossier(2024, &[t], &lines), "TW11 TW12", &[("TW12", "a:4", "fout", 3_000)]);
}

#[test]
fn weekly_output_counts_sundays_and_one_more_after_the_last() {
    // January 2024 has four Sundays; the term goes on for three days after Sunday 4 February.
    let t = size("2024-01-01", Some("2024-02-07"), 1, "82", "2");
    let lines = [
        in_eenheid(line("2024-01-01", "2024-01-31", 5), "82"),
        in_eenheid(line("2024-02-01", "2024-02-07", 2), "82"),
    ];
    finds(
        &dossier(2024, &[t], &lines),
        "TW11 TW12",
        &[("TW11", "a:2", "fout", 100), ("TW12", "a:3", "fout", 100)],
    );
}

#[test]
fn weekly_output_gets_no_extra_week_where_the_term_ends_on_a_sunday() {
    let t = size("2024-01-01", Some("2024-02-04"), 1, "82", "2");
    let regel = in_eenheid(line("2024-02-01", "2024-02-04", 2), "82");
    finds(&dossier(2024, &[t], &[regel]), "TW11 TW12", &[("TW11", "a:2", "fout", 100)]);
}

#[test]
fn a_term_without_a_sunday_allows_its_weekly_output_once() {
    let t = size("2024-01-01", Some("2024-01-05"), 2, "82", "2");
    let lines = [
        in_eenheid(line("2024-01-01", "2024-01-05", 3), "82"),
        in_eenheid(line("2024-01-02", "2024-01-05", 2), "82"),
    ];
    finds(
        &dossier(2024, &[t], &lines),
        "TW11 TW12",
        &[("TW11", "a:2", "fout", 100), ("TW12", "a:2", "fout", 100), ("TW12", "a:3", "fout", 200)],
    );
}

#[test]
fn february_has_a_day_more_in_a_leap_year() {
    for (jaar, end, dagen) in [(2024, "2024-02-29", 29), (2023, "2023-02-28", 28)] {
        let t = size("2023-01-01", None, 1, "14", "1");
        let begin = format!("{jaar}-02-01");
        let full = in_eenheid(line(&begin, end, dagen), "14");
        finds(&dossier(jaar, std::slice::from_ref(&t), &[full]), "TW11 TW12", &[]);
        let above = in_eenheid(line(&begin, end, dagen + 1), "14");
        finds(&dossier(jaar, &[t], &[above]), "TW11 TW12", &[("TW11", "a:2", "fout", 100)]);
    }
}

#[test]
fn two_days_around_a_leap_day_touch_two_months() {
    let t = size("2024-02-29", Some("2024-03-01"), 10, "01", "4");
    let lines = [line("2024-02-29", "2024-03-01", 20), line("2024-03-01", "2024-03-01", 5)];
    finds(&dossier(2024, &[t], &lines), "TW11 TW12", &[("TW12", "a:3", "fout", 500)]);
}

#[test]
fn a_term_that_ends_before_it_begins_allows_nothing_in_a_period() {
    for (times, uitvoering, in_total) in
        [("1", "", 0), ("2", "inspanning", 0), ("2", "output", 0), ("4", "", 0), ("6", "", 6)]
    {
        let uitvoering = uitvoering.to_owned();
        let t = size("2024-02-01", Some("2024-01-31"), 6, "01", times);
        let t = Versie { uitvoering, ..t };
        let lines = [line("2024-01-01", "2024-01-31", 4), line("2024-02-01", "2024-02-29", 4)];
        let mut expected = vec![("TW11", "a:2", "fout", 400), ("TW11", "a:3", "fout", 400)];
        expected.extend((in_total == 0).then_some(("TW12", "a:2", "fout", 400)));
        expected.push(("TW12", "a:3", "fout", if in_total == 0 { 400 } else { 200 }));
        finds(&dossier(2024, &[t], &lines), "TW11 TW12", &expected);
    }
}

#[test]
fn hours_and_minutes_on_one_toewijzing_share_its_total() {
    let t = size("2024-01-01", None, 2, "04", "6");
    let lines = [
        in_eenheid(line("2024-01-01", "2024-01-31", 1), "04"),
        line("2024-02-01", "2024-02-29", 45),
        in_eenheid(line("2024-03-01", "2024-03-31", 1), "04"),
    ];
    // 60 + 45 + 60 minutes against 120: 45 of the last 60.
    finds(&dossier(2024, &[t], &lines), "TW11 TW12", &[("TW12", "a:4", "fout", 75)]);
}

#[test]
fn without_a_unit_or_with_a_volume_of_0_the_amount_of_help_is_not_tested() {
    let t = size("2024-01-01", Some("2024-01-01"), 1, "", "6");
    let lines = [line("2024-02-01", "2024-02-29", 45)];
    finds(&dossier(2024, &[t], &lines), "TW11 TW12", &[]);
    let t = size("2024-01-01", Some("2024-01-01"), 1, "01", "6");
    let lines = [Regel { volume: 0, ..line("2024-02-01", "2024-02-29", 45) }];
    finds(&dossier(2024, &[t], &lines), "TW11 TW12", &[]);
}

// --- Budgets ------------------------------------------------------------------------------------

#[test]
fn a_budget_from_29_february_begins_anew_on_1_march_and_in_leap_years_on_the_29th() {
    let t = budget("2020-02-29", None, 100, "duurzaam");
    let lines = [
        line("2023-02-28", "2023-02-28", 100),
        line("2023-03-01", "2023-03-31", 60),
        line("2024-02-28", "2024-02-28", 50),
        line("2024-02-29", "2024-02-29", 100),
        line("2024-03-01", "2024-03-01", 1),
    ];
    finds(
        &dossier(2024, &[t], &lines),
        "BU01",
        &[("BU01", "a:4", "fout", 1_000), ("BU01", "a:6", "fout", 100)],
    );
}

#[test]
fn two_years_after_29_february_is_1_march() {
    // One line in the first toewijzingsjaar, two in the second.
    let lines = [
        line("2024-02-29", "2024-02-29", 100),
        line("2025-03-01", "2025-03-01", 100),
        line("2025-03-02", "2025-03-02", 40),
    ];
    // Derived duurzaam: only what both readings have.
    let t = budget("2024-02-29", Some("2026-03-01"), 100, "");
    finds(&dossier(2025, &[t], &lines), "BU01", &[("BU01", "a:4", "fout", 4_000)]);
    // Derived herstel: the second year's lines are above the one budget, if it is one.
    let t = budget("2024-02-29", Some("2026-02-28"), 100, "");
    finds(
        &dossier(2025, &[t], &lines),
        "BU01",
        &[("BU01", "a:3", "onzekerheid", 10_000), ("BU01", "a:4", "fout", 4_000)],
    );
}

#[test]
fn one_line_can_be_over_a_budget_in_part_for_sure_and_in_part_perhaps() {
    let t = budget("2023-07-01", Some("2024-12-31"), 100, "");
    let lines = [line("2023-07-01", "2023-07-31", 80), line("2024-07-01", "2024-07-31", 130)];
    finds(
        &dossier(2024, &[t], &lines),
        "BU01",
        &[("BU01", "a:3", "fout", 3_000), ("BU01", "a:3", "onzekerheid", 8_000)],
    );
}

#[test]
fn a_line_after_the_term_falls_in_a_toewijzingsjaar_of_its_own() {
    let t = budget("2022-01-01", Some("2023-12-31"), 100, "duurzaam");
    let lines = [
        line("2022-12-01", "2022-12-31", 60),
        line("2023-12-01", "2023-12-31", 100),
        line("2024-01-01", "2024-01-31", 100),
        line("2024-02-01", "2024-02-29", 0),
        line("2024-03-01", "2024-03-31", 1),
    ];
    finds(&dossier(2024, &[t], &lines), "BU01", &[("BU01", "a:6", "fout", 100)]);
}

#[test]
fn lines_before_the_toewijzing_count_in_its_first_year() {
    let t = budget("2024-06-01", None, 100, "duurzaam");
    let lines = [line("2024-05-01", "2024-05-31", 60), line("2024-06-01", "2024-06-30", 60)];
    finds(&dossier(2024, &[t], &lines), "BU01", &[("BU01", "a:3", "fout", 2_000)]);
}

#[test]
fn in_a_tie_the_version_without_an_end_is_in_force_then_the_larger_budget() {
    let lines = [line("2024-05-01", "2024-05-31", 60)];
    let with_end = budget("2024-01-01", Some("2030-12-31"), 10, "herstel");
    let without = budget("2024-01-01", None, 50, "herstel");
    let lower = budget("2024-01-01", None, 40, "herstel");
    let earlier =
        Versie { toewijzingsdatum: dag("2022-11-30"), ..budget("2024-01-01", None, 99, "") };
    for versies in [
        [with_end.clone(), without.clone(), lower.clone(), earlier.clone()],
        [earlier, lower, without, with_end],
    ] {
        finds(&dossier(2024, &versies, &lines), "BU01", &[("BU01", "a:2", "fout", 1_000)]);
    }
}

#[test]
fn a_number_in_one_other_gemeente_is_that_toewijzing_and_in_two_is_none() {
    let lines = [Regel { gemeente: "0160".to_owned(), ..line("2024-05-01", "2024-05-31", 60) }];
    let here = budget("2024-01-01", None, 50, "herstel");
    let there = Versie { gemeente: "0193".to_owned(), ..here.clone() };
    let expected = [("BU01", "a:2", "fout", 1_000)];
    finds(&dossier(2024, std::slice::from_ref(&here), &lines), "BU01", &expected);
    finds(&dossier(2024, &[here, there], &lines), "BU01", &[]);
}

// --- No-shows, tariffs, turnover ----------------------------------------------------------------

#[test]
fn the_third_no_show_of_a_year_is_paid_back_by_its_share_of_the_minutes() {
    let maand = |first: &str, no_show, minuten| Regel {
        no_show,
        no_show_minuten: Some(minuten),
        ..line(first, first, 100)
    };
    let lines = [
        maand("2023-12-31", 2, 30),
        maand("2024-01-31", 1, 30),
        maand("2024-02-29", 3, 50),
        maand("2024-03-31", 1, 250),
    ];
    // In February two of three: 50 minutes of 100 × 2/3; in March more minutes than there are.
    let mut d = dossier(2024, &[], &lines);
    finds(&d, "NS01", &[("NS01", "a:4", "fout", 3_333), ("NS01", "a:5", "fout", 10_000)]);
    d.contact = true;
    finds(&d, "NS01", &[("NS01", "a:4", "fout", 6_667), ("NS01", "a:5", "fout", 10_000)]);
}

#[test]
fn an_hourly_tariff_is_rounded_once_in_the_amount_and_by_itself_in_the_tariff() {
    let lijn = |tarief, bedrag| Regel {
        tarief: Some(tarief),
        bedrag,
        ..line("2024-01-01", "2024-01-31", 100)
    };
    // € 64.01 an hour is € 1.07 a minute, and € 106.68 for 100 minutes.
    let lines = [lijn(107, 10_668), lijn(107, 10_700), lijn(108, 10_600), lijn(106, 10_668)];
    let mut d = dossier(2024, &[], &lines);
    d.tarieven = vec![Tarief {
        jaar: 2024,
        key: "TG1".to_owned(),
        perceel: String::new(),
        aanbieder: String::new(),
        eenheid: "04".to_owned(),
        bedrag: 6_401,
    }];
    finds(
        &d,
        "TF01 TF02",
        &[
            ("TF01", "a:4", "fout", 100),
            ("TF01", "a:5", "signaal", 0),
            ("TF02", "a:3", "fout", 32),
            ("TF02", "a:4", "signaal", 0),
        ],
    );
}

#[test]
fn a_tariff_of_the_aanbieder_goes_before_that_of_its_perceel_and_before_the_general_one() {
    let tarief = |perceel: &str, aanbieder: &str, bedrag| Tarief {
        jaar: 2024,
        key: "TG1".to_owned(),
        perceel: perceel.to_owned(),
        aanbieder: aanbieder.to_owned(),
        eenheid: "01".to_owned(),
        bedrag,
    };
    let lines = [Regel { tarief: Some(150), bedrag: 150, ..line("2024-01-01", "2024-01-31", 1) }];
    let mut d = dossier(2024, &[], &lines);
    for (row, above) in
        [(tarief("", "", 149), 1), (tarief("1", "", 140), 10), (tarief("", AANBIEDERS[0], 130), 20)]
    {
        d.tarieven.push(row);
        finds(&d, "TF01", &[("TF01", "a:2", "fout", above)]);
    }
    d.tarieven = vec![tarief("2", "", 100), tarief("", AANBIEDERS[1], 100)];
    finds(&d, "TF01", &[]);
}

#[test]
fn a_turnover_of_just_5_percent_more_or_less_is_no_signal() {
    // Last year € 1,000.00; for 2023 with 2.63% on top of it: at most € 1,077.615.
    for (jaar, bedrag, found) in [
        (2024, 105_000, None),
        (2024, 105_001, Some(5_001)),
        (2024, 95_000, None),
        (2024, 94_999, Some(0)),
        (2023, 107_761, None),
        (2023, 107_762, Some(7_762)),
    ] {
        let lijn = Regel { bedrag, ..line(&format!("{jaar}-01-01"), &format!("{jaar}-01-31"), 1) };
        let mut d = dossier(jaar, &[], &[lijn]);
        let row = |bedrag, jaar| Omzet {
            aanbieder: AANBIEDERS[0].to_owned(),
            jaar,
            bedrag,
            code: String::new(),
        };
        d.omzet = Some(vec![row(60_000, jaar - 1), row(40_000, jaar - 1), row(1, jaar)]);
        let expected = found.map(|b| ("OM01", AANBIEDERS[0], "signaal", b));
        finds(&d, "OM01", expected.as_slice());
    }
}

#[test]
fn last_years_lines_are_its_turnover_only_where_there_is_no_table() {
    let lines = [line("2023-05-01", "2023-05-31", 100), line("2024-05-01", "2024-05-31", 200)];
    let mut d = dossier(2024, &[], &lines);
    finds(&d, "OM01", &[]);
    d.omzet = None;
    finds(&d, "OM01", &[("OM01", AANBIEDERS[0], "signaal", 10_000)]);
    d.lines.pop();
    finds(&d, "OM01", &[("OM01", AANBIEDERS[0], "signaal", 0)]);
}
