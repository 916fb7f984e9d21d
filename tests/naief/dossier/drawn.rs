//! Small dossiers, drawn at random near what the rules look at.

use super::{
    AANBIEDERS, BSNS, Bericht, Columns, Dossier, FILES, Omzet, Regel, Tarief, Versie, dag,
};
use chrono::{Datelike, Days, NaiveDate};
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;
use std::fmt;

const GEMEENTEN: [&str; 3] = ["0150", "0193", "0160"];

const PRODUCTEN: [(&str, &str); 13] = [
    ("45", "45T01"),
    ("45", "45T01"),
    ("54", "54D02"),
    ("45", "45T03"),
    ("44", "44W02"),
    ("41", "41G05"),
    ("41", "41G01"),
    ("44", "44W03"),
    ("45", "45E01"),
    ("46", "46B01"),
    ("46", "46A04"),
    ("46", "46A05"),
    ("45", "45X99"),
];

const EENHEDEN: [&str; 7] = ["01", "04", "82", "14", "16", "83", "84"];

/// Days around the limits that the rules turn on.
fn dagen() -> Vec<NaiveDate> {
    "2024-01-01 2024-01-31 2024-02-01 2024-02-28 2024-02-29 2024-03-01 2024-06-15 2024-12-29 \
     2024-12-30 2024-12-31 2023-01-01 2023-01-02 2023-01-08 2023-02-28 2023-03-01 2023-06-30 \
     2023-12-28 2023-12-31 2024-01-04 2024-01-07 2025-01-01 2025-01-05 2022-12-28 2022-12-31 \
     2022-02-28 2022-03-01 2022-01-03 2021-02-28 2021-03-01"
        .split_whitespace()
        .map(dag)
        .collect()
}

fn end_of_maand(dag: NaiveDate) -> NaiveDate {
    let mut end = dag;
    while (end + Days::new(1)).month() == dag.month() {
        end = end + Days::new(1);
    }
    end
}

/// An end for what begins on this day: by a choice, often just on or beside a limit.
fn end(begin: NaiveDate, choice: usize, otherwise: NaiveDate) -> NaiveDate {
    match choice {
        0 => end_of_maand(begin),
        1 => begin,
        2 => begin + Days::new(6),
        3 => begin - Days::new(1),
        4 => begin + Days::new(3),
        5 => begin + Days::new(40),
        _ => otherwise,
    }
}

pub(super) fn out<T: Clone + fmt::Debug + 'static>(
    choices: &[T],
) -> impl Strategy<Value = T> + use<T> {
    select(choices.to_vec())
}

pub(super) fn text(choices: &[&str]) -> impl Strategy<Value = String> + use<> {
    select(choices.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>())
}

prop_compose! {
    fn versie()(
        nummer in text(&["T1", "T1", "T2", "T3"]),
        gemeente in text(&["0150", "0150", "0193"]),
        aanbieder in text(&AANBIEDERS),
        bsn in text(&BSNS),
        toewijzingsdatum in text(&["2022-12-01", "2022-12-01", "2023-05-01"]),
        ingangsdatum in select([dagen(), vec![dag("2020-02-29"), dag("2020-02-28")]].concat()),
        (end_choice, otherwise) in (0_usize..12, select(dagen())),
        product in weighted(0.3, out(&PRODUCTEN)),
        reason in text(&["", "", "03", "13"]),
        (volume, eenheid) in (
            weighted(0.8, out(&[200, 100, 500, 0, 1000, 6000, 150])),
            text(&["", "01", "04", "04", "82", "82", "14", "16", "83", "84"]),
        ),
        frequentie in text(&["2", "2", "1", "4", "6", ""]),
        (budget, budgetsoort) in (
            weighted(0.7, out(&[10_000, 5_000, 0, 100, 25_000, 200_000])),
            text(&["", "", "herstel", "duurzaam"]),
        ),
        uitvoering in text(&["", "", "inspanning", "output"]),
    ) -> Versie {
        let (categorie, code) = product.unwrap_or_default();
        let maand = chrono::Months::new;
        let einddatum = match end_choice {
            7 => None,
            8 => Some(ingangsdatum + maand(24)),
            9 => Some(ingangsdatum + maand(24) - Days::new(1)),
            10 => Some(ingangsdatum + maand(12) - Days::new(1)),
            11 => Some(ingangsdatum + maand(24) + Days::new(1)),
            choice => Some(end(ingangsdatum, choice, otherwise)),
        };
        Versie {
            nummer,
            gemeente,
            aanbieder,
            bsn,
            toewijzingsdatum: dag(&toewijzingsdatum),
            ingangsdatum,
            einddatum,
            categorie: categorie.to_owned(),
            code: code.to_owned(),
            reason,
            volume,
            eenheid,
            frequentie,
            budget,
            budgetsoort,
            uitvoering,
        }
    }
}

/// A version once more, with one cell as in another; from 11 on nothing is changed.
fn other_versie(mut v: Versie, other: Versie, m: usize) -> Versie {
    match m {
        0 => v.toewijzingsdatum = other.toewijzingsdatum,
        1 => v.einddatum = other.einddatum,
        2 => v.budget = other.budget,
        3 => v.volume = other.volume,
        4 => v.ingangsdatum = other.ingangsdatum,
        5 => v.eenheid = other.eenheid,
        6 => v.frequentie = other.frequentie,
        7 => v.budgetsoort = other.budgetsoort,
        8 => v.uitvoering = other.uitvoering,
        9 => v.aanbieder = other.aanbieder,
        10 => v.gemeente = other.gemeente,
        _ => {}
    }
    v
}

/// How a line comes to be.
#[derive(Clone, Debug)]
enum FileKind {
    Loose,
    /// A credit of the line at this place, with one cell changed.
    Credit(usize, usize),
    /// The same line once more, with one cell changed.
    Copy(usize, usize),
}

/// A line before it is put beside the others: the toewijzing that it is on, and what differs.
#[derive(Clone, Debug)]
struct Unlinked {
    kind: FileKind,
    line: Regel,
    on: Option<usize>,
    own: (Option<String>, Option<String>, Option<String>, Option<String>),
    amount_choice: usize,
}

prop_compose! {
    fn loose()(
        kind in prop_oneof![
            6 => Just(FileKind::Loose),
            2 => (0_usize..25, 0_usize..16).prop_map(|(i, m)| FileKind::Credit(i, m)),
            2 => (0_usize..25, 0_usize..16).prop_map(|(i, m)| FileKind::Copy(i, m)),
        ],
        (file, declaratie, referentie, ontvangen) in (
            out(&[FILES[0], FILES[0], FILES[1]]),
            text(&["D1", "D1", "D2", ""]),
            0_u32..14,
            weighted(0.8, out(&["2024-02-10", "2023-02-10", "2025-01-20"])),
        ),
        on in weighted(0.9, 0_usize..6),
        own in (
            weighted(0.1, text(&GEMEENTEN)),
            weighted(0.1, text(&AANBIEDERS)),
            weighted(0.1, text(&BSNS)),
            weighted(0.4, text(&EENHEDEN)),
        ),
        (categorie, code) in out(&PRODUCTEN),
        begindatum in select(dagen()),
        (end_choice, otherwise) in (0_usize..8, select(dagen())),
        volume in out(&[
            500, 100, 0, 200, 250, 1, 700, 1_000, 6_000, 12_000, 1_050, 3_100, 12_345, 37_200,
        ]),
        tarief in weighted(0.8, out(&[108, 146, 160, 4_680, 78, 11_612, 116, 64, 6_420, 107])),
        (amount_choice, bedrag) in (
            0_usize..4,
            out(&[10_000, 10_500, 9_500, 10_501, 9_499, 10_777, 10_776, 1, 0, 333, 5_000]),
        ),
        (no_show, no_show_minuten) in (out(&[0, 1, 2, 3]), weighted(0.7, out(&[30, 0, 7, 600]))),
        (functie, hulpverlener) in (text(&["", "", "F"]), text(&["", "", "H"])),
    ) -> Unlinked {
        let einddatum = end(begindatum, end_choice, otherwise);
        Unlinked {
            kind,
            on,
            own,
            amount_choice,
            line: Regel {
                file,
                line_number: 0,
                declaratie,
                referentie: format!("R{referentie}"),
                previous: String::new(),
                ontvangstdatum: ontvangen.map(dag),
                gemeente: GEMEENTEN[0].to_owned(),
                aanbieder: AANBIEDERS[0].to_owned(),
                bsn: BSNS[0].to_owned(),
                toewijzing: String::new(),
                categorie: categorie.to_owned(),
                code: code.to_owned(),
                begindatum,
                einddatum,
                volume,
                eenheid: "01".to_owned(),
                tarief,
                bedrag,
                credit: false,
                no_show,
                no_show_minuten,
                functie,
                hulpverlener,
            },
        }
    }
}

impl Unlinked {
    fn make(self, versies: &[Versie], earlier: &[Regel]) -> Regel {
        let mut r = self.line;
        match self.kind {
            FileKind::Credit(i, m) if !earlier.is_empty() => {
                let debet = &earlier[i % earlier.len()];
                let new = Regel {
                    file: r.file,
                    referentie: r.referentie.clone(),
                    previous: debet.referentie.clone(),
                    credit: true,
                    ..debet.clone()
                };
                return gewijzigd(new, &r, m);
            }
            FileKind::Copy(i, m) if !earlier.is_empty() => {
                let new = Regel { file: r.file, ..earlier[i % earlier.len()].clone() };
                return gewijzigd(new, &r, m);
            }
            _ => {}
        }
        if let Some(on) = self.on {
            let v = &versies[on % versies.len()];
            r.gemeente.clone_from(&v.gemeente);
            r.aanbieder.clone_from(&v.aanbieder);
            r.bsn.clone_from(&v.bsn);
            r.toewijzing.clone_from(&v.nummer);
            if !v.eenheid.is_empty() {
                r.eenheid.clone_from(&v.eenheid);
            }
        }
        // A stay is mostly declared in etmalen.
        if r.code == "44W02" && self.amount_choice < 3 {
            "14".clone_into(&mut r.eenheid);
        }
        let (gemeente, aanbieder, bsn, eenheid) = self.own;
        r.gemeente = gemeente.unwrap_or(r.gemeente);
        r.aanbieder = aanbieder.unwrap_or(r.aanbieder);
        r.bsn = bsn.unwrap_or(r.bsn);
        r.eenheid = eenheid.unwrap_or(r.eenheid);
        if r.eenheid == "83" {
            r.volume -= r.volume % 100;
        }
        if let Some(tarief) = r.tarief {
            let sum = tarief * r.volume / 100;
            r.bedrag = match self.amount_choice {
                0 => sum,
                1 => sum + i128::from(tarief * r.volume % 100 >= 50),
                2 => tarief * 60 * r.volume / 6_000,
                _ => r.bedrag,
            };
        }
        r
    }
}

/// A copy with one cell as in another line; from 11 on nothing is changed.
fn gewijzigd(mut r: Regel, other: &Regel, m: usize) -> Regel {
    match m {
        0 => r.bedrag += 1,
        1 => (r.begindatum, r.einddatum) = (other.begindatum, other.einddatum),
        2 if r.eenheid != "83" => r.volume = other.volume,
        3 => r.bsn = BSNS[2].to_owned(),
        4 => r.code = "45T01".to_owned(),
        5 => r.toewijzing.clear(),
        6 => r.aanbieder = AANBIEDERS[1].to_owned(),
        7 => r.einddatum = r.begindatum - Days::new(1),
        8 => r.referentie.clone_from(&other.referentie),
        9 => (r.functie, r.hulpverlener) = (other.functie.clone(), other.hulpverlener.clone()),
        10 => r.declaratie.clone_from(&other.declaratie),
        _ => {}
    }
    r
}

prop_compose! {
    pub(super) fn tarief()(
        jaar in out(&[2024, 2023]),
        key in text(&["TG1", "TG3", "GROEP_LICHT", "EEN_OP_EEN", "ED_BEHANDELING", "INT_C"]),
        (perceel, aanbieder) in out(&[
            ("", ""),
            ("1", ""),
            ("2", ""),
            ("", AANBIEDERS[0]),
            ("", AANBIEDERS[2]),
        ]),
        eenheid in text(&["01", "04", "14"]),
        bedrag in out(&[108, 4_680, 6_401, 30, 1, 6_420]),
    ) -> Tarief {
        let (perceel, aanbieder) = (perceel.to_owned(), aanbieder.to_owned());
        Tarief { jaar, key, perceel, aanbieder, eenheid, bedrag }
    }
}

prop_compose! {
    pub(super) fn omzet()(
        aanbieder in text(&AANBIEDERS),
        jaar in out(&[2023, 2022, 2021]),
        bedrag in out(&[10_000, 1_000_000, 100, 50_000, 0]),
        code in text(&["", "", "45T01"]),
    ) -> Omzet {
        Omzet { aanbieder, jaar, bedrag, code }
    }
}

prop_compose! {
    fn bericht()(
        nummer in text(&["T1", "T1", "T2", "T3"]),
        gemeente in text(&["0150", "0150", "0193"]),
        start in any::<bool>(),
        datum in select(dagen()),
        reden in text(&["20", "20", "20", "31", ""]),
    ) -> Bericht {
        let reden = if start { String::new() } else { reden };
        Bericht { nummer, gemeente, start, datum, reden }
    }
}

pub(super) fn kolommen() -> impl Strategy<Value = Columns> {
    let er = || prop_oneof![9 => Just(true), 1 => Just(false)];
    (er(), er(), er(), er(), er(), er(), er()).prop_map(|k| Columns {
        ontvangstdatum: k.0,
        previous: k.1,
        tarief: k.2,
        no_show: k.3,
        no_show_minuten: k.4,
        functie: k.5,
        hulpverlener: k.6,
    })
}

prop_compose! {
    pub fn dossier()(
        leverjaar in out(&[2024, 2023]),
        contact in any::<bool>(),
        losse in vec(loose(), 2..=25),
        kolommen in [kolommen(), kolommen()],
        new in vec((versie(), weighted(0.3, (0_usize..6, 0_usize..12))), 1..=6),
        percelen in (text(&["1", "2", ""]), text(&["2", "1", ""]), any::<bool>()),
        mut tarieven in prop_oneof![Just(vec![]), vec(tarief(), 1..5)],
        omzet in weighted(0.5, vec(omzet(), 0..5)),
        berichten in weighted(0.7, vec(bericht(), 0..8)),
    ) -> Dossier {
        let mut versies: Vec<Versie> = Vec::new();
        for (versie, copy) in new {
            let versie = match copy {
                Some((i, m)) if !versies.is_empty() => {
                    other_versie(versies[i % versies.len()].clone(), versie, m)
                }
                _ => versie,
            };
            versies.push(versie);
        }
        let mut lines: Vec<Regel> = Vec::new();
        for los in losse {
            lines.push(los.make(&versies, &lines));
        }
        let mut aanbieders = vec![
            (AANBIEDERS[0].to_owned(), percelen.0),
            (AANBIEDERS[1].to_owned(), percelen.1),
        ];
        if percelen.2 {
            aanbieders.push((AANBIEDERS[2].to_owned(), "1".to_owned()));
        }
        // Two equally specific rows are an error.
        let key = |t: &Tarief| {
            (t.jaar, t.key.clone(), t.perceel.clone(), t.aanbieder.clone())
        };
        tarieven.sort_by_key(key);
        tarieven.dedup_by_key(|t| key(t));
        let mut dossier = Dossier {
            leverjaar,
            contact,
            lines,
            kolommen,
            versies,
            aanbieders,
            tarieven,
            omzet,
            berichten,
        };
        dossier.nummer();
        dossier
    }
}
