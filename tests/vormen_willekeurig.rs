//! A table in any mixture of the forms that people write is the same table.

use crate::hulp::Dossier;
use proptest::prelude::*;

/// Columns of a line of declaraties, and what kind of value each holds.
const COLUMNS: [(&str, Kind); 15] = [
    ("ReferentieNummer", Kind::Text),
    ("Ontvangstdatum", Kind::Date),
    ("Gemeente", Kind::Code(4)),
    ("Aanbieder", Kind::Code(8)),
    ("Bsn", Kind::Code(9)),
    ("ToewijzingNummer", Kind::Number),
    ("ProductCategorie", Kind::Number),
    ("ProductCode", Kind::Text),
    ("Begindatum", Kind::Date),
    ("Einddatum", Kind::Date),
    ("GeleverdVolume", Kind::Volume),
    ("Eenheid", Kind::Code(2)),
    ("ProductTarief", Kind::Amount),
    ("IngediendBedrag", Kind::Amount),
    ("NoShow", Kind::YesNo),
];

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Date,
    /// Of so many digits.
    Code(usize),
    Number,
    Volume,
    Amount,
    YesNo,
}

const MONTHS: [&str; 12] = [
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

/// What is drawn, one number after the other.
struct Draw {
    numbers: Vec<u8>,
    next: usize,
}

impl Draw {
    fn of(&mut self, choices: usize) -> usize {
        self.next += 1;
        usize::from(self.numbers[self.next % self.numbers.len()]) % choices
    }
}

/// `2023-03-31` in a form that can mean one day only.
fn date(value: &str, draw: &mut Draw) -> String {
    let parts: Vec<usize> = value.split('-').map(|p| p.parse().unwrap()).collect();
    let [year, month, day] = parts[..] else { panic!("{value}") };
    let (name, short) = (MONTHS[month - 1], year % 100);
    let abbreviated = if month == 3 { "mrt" } else { &name[..3] };
    match draw.of(11) {
        0 => format!("{day}-{month}-{year}"),
        1 => format!("{day:02}/{month:02}/{year}"),
        2 => format!("{day}.{month}.{year}"),
        3 => format!("{year}{month:02}{day:02}"),
        4 => format!("{day} {name} {year}"),
        5 => format!("{day:02}-{abbreviated}-{year}"),
        6 => format!("{day:02}-{month:02}-{short:02}"),
        7 => format!("{value}T00:00:00"),
        8 => format!("{day:02}-{month:02}-{year} 00:00"),
        9 => format!("\u{a0}{value} "),
        _ => value.to_owned(),
    }
}

/// So many cents.
fn amount(value: &str, draw: &mut Draw) -> String {
    let (euros, cents) = value.split_once(',').unwrap();
    let grouped = |separator: &str| match euros.len() {
        0..=3 => euros.to_owned(),
        n => format!("{}{separator}{}", &euros[..n - 3], &euros[n - 3..]),
    };
    match draw.of(9) {
        0 => format!("{euros}.{cents}"),
        1 => format!("€ {},{cents}", grouped(".")),
        2 => format!("{},{cents} EUR", grouped("\u{a0}")),
        3 => format!("{}.{cents}", grouped("'")),
        4 => format!("{}.{cents}", grouped(",")),
        5 => format!("€{euros},{cents}"),
        6 => format!("{},{cents}", grouped("\u{2009}")),
        7 if cents == "00" => euros.to_owned(),
        _ => value.to_owned(),
    }
}

fn code(value: &str, digits: usize, draw: &mut Draw) -> String {
    let short = value.trim_start_matches('0');
    match draw.of(7) {
        0 => short.to_owned(),
        1 => format!("{short}.0"),
        2 => format!("=\"{value}\""),
        3 => format!("'{value}"),
        4 => format!("\u{feff}{value}\u{a0}"),
        5 if digits == 4 => format!("GM{value}"),
        _ => value.to_owned(),
    }
}

fn cell(kind: Kind, value: &str, draw: &mut Draw) -> String {
    match kind {
        Kind::Date => date(value, draw),
        Kind::Amount => amount(value, draw),
        Kind::Code(digits) => code(value, digits, draw),
        Kind::Number => match draw.of(4) {
            0 => format!("{value}.0"),
            1 => format!("=\"{value}\""),
            2 => format!("\u{200b}{value}"),
            _ => value.to_owned(),
        },
        Kind::Volume => match draw.of(3) {
            0 => format!("{value},0"),
            1 => format!("{value}.00"),
            _ => value.to_owned(),
        },
        Kind::YesNo => {
            let words: [&str; 7] = match value {
                "J" => ["J", "ja", "WAAR", "x", "1", "1.0", "true"],
                _ => ["N", "nee", "ONWAAR", "", "0", "n.v.t.", "FALSE"],
            };
            words[draw.of(7)].to_owned()
        }
        Kind::Text => match draw.of(3) {
            0 => format!(" {value}\t"),
            1 => format!("{value}\u{200b}"),
            _ => value.to_owned(),
        },
    }
}

fn header(name: &str, draw: &mut Draw) -> String {
    match draw.of(4) {
        0 => name.to_uppercase(),
        1 => name.chars().map(|c| c.to_lowercase().next().unwrap()).collect(),
        2 => name.replace("Nummer", "_nummer").replace("datum", "-datum"),
        _ => name.to_owned(),
    }
}

/// Lines of which much is wrong: whatever is read otherwise is found otherwise.
fn lines() -> Vec<Vec<String>> {
    let line = |i: usize| {
        let (month, last) = (i % 12 + 1, [28, 30, 15][i % 3].min(28));
        let received = if i.is_multiple_of(4) { "2024-02-28" } else { "2023-12-29" };
        let (volume, tarief) = (100 + 37 * i, format!("{},{:02}", 1 + i % 3, 8 + i));
        let bedrag = format!("{},{:02}", volume * (1 + i % 3) + 900 * (i % 2), i);
        let bsn = if i.is_multiple_of(5) { "999900018" } else { "999900006" };
        [
            format!("R{i}"),
            received.to_owned(),
            ["0150", "0193"][i % 2].to_owned(),
            "99000001".to_owned(),
            bsn.to_owned(),
            ["1001", "2002", "3003"][i % 3].to_owned(),
            "45".to_owned(),
            ["45T01", "45T02"][i % 2].to_owned(),
            format!("2023-{month:02}-01"),
            format!("2023-{month:02}-{last}"),
            volume.to_string(),
            ["01", "04"][i % 2].to_owned(),
            tarief,
            bedrag,
            ["J", "N"][i % 2].to_owned(),
        ]
        .to_vec()
    };
    (0..18).map(line).collect()
}

fn dossier(declaraties: &str) -> Dossier {
    let dossier = Dossier::empty();
    dossier.write("aanbieders.csv", "Aanbieder;Naam;Perceel\n99000001;De Linde;1\n");
    dossier.write(
        "toewijzingen.csv",
        "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;Einddatum;ProductCategorie;ProductCode;Budget\n\
         1001;0150;99000001;999900006;2022-12-15;2023-01-01;2023-06-30;45;45T01;500,00\n\
         2002;0193;99000001;999900006;2022-12-15;2023-02-01;2023-12-31;45;45T02;\n",
    );
    dossier.write("declaraties.csv", declaraties);
    dossier
}

/// What was found, and what was read, whatever line it stands on.
fn outcome(dossier: &Dossier) -> (Vec<String>, String) {
    let output = dossier.controleer(&["--formaten", "csv,json"]);
    assert_eq!(output.status, 0, "{}", output.stderr);
    let mut found: Vec<String> = dossier
        .bevindingen("2023-ijsselland")
        .into_iter()
        .map(|mut row| {
            for place in ["Id", "Jeugdige", "Regelnummer"] {
                row.remove(place);
            }
            format!("{row:?}")
        })
        .collect();
    found.sort();
    (found, dossier.samenvatting("2023-ijsselland")["aansluiting"].to_string())
}

fn plain() -> String {
    let header = COLUMNS.map(|(name, _)| name).join(";");
    let rows = lines().into_iter().map(|cells| cells.join(";") + "\n");
    format!("{header}\n{}", rows.collect::<String>())
}

/// The same table, in forms as they are drawn.
fn in_forms(draw: &mut Draw) -> String {
    let delimiter = [";", ",", "\t", "|"][draw.of(4)];
    let line_end = ["\n", "\r\n", "\r"][draw.of(3)];
    let mut order: Vec<usize> = (0..COLUMNS.len()).collect();
    for place in (1..order.len()).rev() {
        order.swap(place, draw.of(place + 1));
    }
    let row = |cells: Vec<String>, draw: &mut Draw| -> String {
        let quoted = |cell: &String| match cell.contains(delimiter) || cell.contains('"') {
            true => format!("\"{}\"", cell.replace('"', "\"\"")),
            false => cell.clone(),
        };
        let cells: Vec<String> = order.iter().map(|place| quoted(&cells[*place])).collect();
        let trailing = if draw.of(4) == 0 { delimiter.repeat(2) } else { String::new() };
        format!("{}{trailing}{line_end}", cells.join(delimiter))
    };
    let header: Vec<String> = COLUMNS.iter().map(|(name, _)| header(name, draw)).collect();
    let mut out = String::new();
    if draw.of(2) == 0 {
        out += &format!("\u{feff}Overzicht declaraties{line_end}{line_end}");
    }
    out += &row(header.clone(), draw);
    for (i, values) in lines().into_iter().enumerate() {
        let kinds = COLUMNS.iter().map(|(_, kind)| *kind);
        let cells = kinds.zip(&values).map(|(kind, value)| cell(kind, value, draw)).collect();
        out += &row(cells, draw);
        match draw.of(9) {
            0 => out += &format!("{}{line_end}", delimiter.repeat(COLUMNS.len())),
            1 => out += line_end,
            2 if i < 10 => out += &row(header.clone(), draw),
            _ => {}
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_table_in_any_mixture_of_allowed_forms_is_the_same_table(
        numbers in proptest::collection::vec(any::<u8>(), 997),
    ) {
        let expected = outcome(&dossier(&plain()));
        prop_assert!(expected.0.len() > 20, "{}", expected.0.len());
        let text = in_forms(&mut Draw { numbers, next: 0 });
        prop_assert_eq!(outcome(&dossier(&text)), expected, "{}", text);
    }
}
