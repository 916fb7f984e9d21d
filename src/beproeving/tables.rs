//! The tables of a dossier: their columns, what a row has where the case file doesn't say, and the
//! CSV files.

use super::markdown::{TableError, error};
use chrono::{Datelike, Days, NaiveDate};
use std::collections::BTreeMap;

/// A table, with for each column what it holds by default.
pub(super) struct TableKind {
    pub name: &'static str,
    kolommen: &'static [(&'static str, &'static str)],
    /// A geval for which the file gives no row has one of defaults.
    standaardrij: bool,
}

/// Tables that a case file may have, besides `berichten`.
pub(super) const TABLES: &[TableKind] = &[
    TableKind {
        name: "declaraties",
        kolommen: &[
            ("DeclaratieNummer", "D1"),
            ("ReferentieNummer", PER_ROW),
            ("VorigReferentieNummer", ""),
            ("DeclaratieDagtekening", PER_ROW),
            ("Ontvangstdatum", PER_ROW),
            ("Gemeente", GEMEENTE),
            ("Aanbieder", AANBIEDER),
            ("Bsn", PER_ROW),
            ("ToewijzingNummer", "1"),
            ("ProductCategorie", "45"),
            ("ProductCode", "45T01"),
            ("Begindatum", "01-03-2023"),
            ("Einddatum", PER_ROW),
            ("GeleverdVolume", "100"),
            ("Eenheid", "01"),
            ("ProductTarief", ""),
            ("IngediendBedrag", "100,00"),
            ("DebetCredit", "D"),
            ("NoShow", ""),
            ("NoShowMinuten", ""),
            ("AfspraakMinuten", ""),
            ("ReistijdMinuten", ""),
            ("Gesprekken", ""),
            ("Functie", ""),
            ("Hulpverlener", ""),
            ("Groep", ""),
        ],
        standaardrij: false,
    },
    TableKind {
        name: "toewijzingen",
        kolommen: &[
            ("ToewijzingNummer", "1"),
            ("Gemeente", GEMEENTE),
            ("Aanbieder", AANBIEDER),
            ("Bsn", PER_ROW),
            ("Toewijzingsdatum", "15-12-2022"),
            ("Ingangsdatum", "01-01-2023"),
            ("Einddatum", "31-12-2023"),
            ("ProductCategorie", "45"),
            ("ProductCode", "45T01"),
            ("RedenWijziging", ""),
            ("Volume", ""),
            ("Eenheid", ""),
            ("Frequentie", ""),
            ("Budget", ""),
            ("Geboortedatum", "01-05-2012"),
            ("Verwijzer", "01"),
            ("Budgetsoort", ""),
            ("Uitvoering", ""),
            ("Dispuut", ""),
            ("Bijzonderheid", ""),
            ("Toewijzingstijd", ""),
            ("Verzonden", ""),
        ],
        standaardrij: true,
    },
    TableKind {
        name: "aanbieders",
        kolommen: &[
            ("Aanbieder", AANBIEDER),
            ("Naam", "De Linde"),
            ("Perceel", "1"),
            ("Percelen", "6|7|8|9"),
            ("Voorzieningen", ""),
            ("KdcOdc", "N"),
            ("CrisisContract", "N"),
            ("LandelijkeOmzet", "1000000,00"),
            ("ContractBegin", "01-01-2023"),
            ("ContractEinde", "31-12-2030"),
            ("FinaleKwijting", ""),
            ("ClientenstopVan", ""),
            ("ClientenstopTot", ""),
            ("Penvoerder", ""),
        ],
        standaardrij: true,
    },
    TableKind {
        name: "producten",
        kolommen: &[
            ("ProductCategorie", "45"),
            ("ProductCode", "45T01"),
            ("Omschrijving", ""),
            ("Perceel", ""),
            ("Onderdeel", "ambulant"),
            ("Tariefsleutel", ""),
            ("Vorm", ""),
            ("Uitvoering", ""),
        ],
        standaardrij: false,
    },
    TableKind {
        name: "tarieven",
        kolommen: &[
            ("Jaar", PER_ROW),
            ("Tariefsleutel", ""),
            ("Perceel", ""),
            ("Aanbieder", ""),
            ("Eenheid", "01"),
            ("Tarief", ""),
        ],
        standaardrij: false,
    },
    TableKind {
        name: "omzet",
        kolommen: &[
            ("Aanbieder", AANBIEDER),
            ("Jaar", PER_ROW),
            ("Omzet", ""),
            ("ProductCode", ""),
            ("Volume", ""),
        ],
        standaardrij: false,
    },
    TableKind {
        name: "startstop",
        kolommen: &[
            ("ToewijzingNummer", "1"),
            ("Gemeente", GEMEENTE),
            ("Aanbieder", AANBIEDER),
            ("Bsn", PER_ROW),
            ("Soort", ""),
            ("Datum", ""),
            ("Verzonden", ""),
            ("RedenBeeindiging", ""),
        ],
        standaardrij: false,
    },
    TableKind {
        name: "productieverantwoording",
        kolommen: &[
            ("Aanbieder", AANBIEDER),
            ("Gemeente", GEMEENTE),
            ("Jaar", PER_ROW),
            ("ProductCategorie", ""),
            ("ProductCode", ""),
            ("AantalJeugdigen", ""),
            ("Volume", ""),
            ("Bedrag", ""),
            ("Status", "definitief"),
            ("Ontvangen", ""),
        ],
        standaardrij: false,
    },
    TableKind {
        name: "afspraken",
        kolommen: &[
            ("Aanbieder", AANBIEDER),
            ("Gemeente", GEMEENTE),
            ("ProductCode", ""),
            ("Naam", ""),
            ("Doelgroep", ""),
            ("Startdatum", PER_ROW),
            ("Einddatum", ""),
            ("Aantal", ""),
            ("Soort", ""),
            ("MaxGroepsgrootte", ""),
        ],
        standaardrij: false,
    },
    TableKind {
        name: "maatwerk",
        kolommen: &[
            ("Aanbieder", AANBIEDER),
            ("Gemeente", GEMEENTE),
            ("ToewijzingNummer", ""),
            ("ProductCode", ""),
            ("Tarief", ""),
            ("Eenheid", ""),
            ("Startdatum", PER_ROW),
            ("Einddatum", ""),
        ],
        standaardrij: false,
    },
];

pub(super) const BERICHTEN: &str = "berichten";
pub(super) const BERICHTKOLOMMEN: &[&str] = &[
    "Afzender",
    "DeclaratieNummer",
    "Begindatum",
    "Einddatum",
    "TotaalBedrag",
    "DebetCredit",
    "Identificatie",
];

const GEMEENTE: &str = "0193";
const AANBIEDER: &str = "99000001";
/// The default hangs on the rest of the row; see [`TableKind::standaard`].
const PER_ROW: &str = "?";

/// Stands for Bsn in every table that has one.
pub(super) const JEUGDIGE: &str = "Jeugdige";
/// How often a row is written.
pub(super) const TIMES: &str = "keer";

pub(super) fn kind(name: &str) -> Option<&'static TableKind> {
    TABLES.iter().find(|t| t.name == name)
}

/// A row of a case file: the columns that it gives.
#[derive(Clone, Debug, Default)]
pub struct InputRow {
    pub line: usize,
    pub cells: BTreeMap<String, String>,
}

impl TableKind {
    pub(super) fn has(&self, kolom: &str) -> bool {
        self.kolommen.iter().any(|(k, _)| *k == kolom)
    }

    /// Columns that a case file may give.
    pub(super) fn knows(&self, kolom: &str) -> bool {
        self.has(kolom)
            || kolom == JEUGDIGE && self.has("Bsn")
            || kolom == TIMES && self.number_column().is_some()
    }

    /// The column that tells repeats of a row apart.
    fn number_column(&self) -> Option<&'static str> {
        match self.name {
            "declaraties" => Some("ReferentieNummer"),
            "toewijzingen" => Some("ToewijzingNummer"),
            _ => None,
        }
    }

    /// The file of one geval, without the columns of `without`.
    pub(super) fn csv(
        &self,
        rows: &[InputRow],
        without: &[&str],
        leverjaar: i32,
    ) -> Result<Option<Vec<u8>>, TableError> {
        let empty = [InputRow::default()];
        let rows = if rows.is_empty() && self.standaardrij { &empty } else { rows };
        if rows.is_empty() {
            return Ok(None);
        }
        let kolommen: Vec<&str> =
            self.kolommen.iter().map(|(k, _)| *k).filter(|k| !without.contains(k)).collect();
        let mut out = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
        out.write_record(&kolommen).expect("memory takes all");
        for (i, row) in rows.iter().enumerate() {
            for whole in self.repeat(row, i + 1, leverjaar)? {
                out.write_record(kolommen.iter().map(|k| &whole[*k])).expect("memory takes all");
            }
        }
        Ok(Some(out.into_inner().expect("memory takes all")))
    }

    /// The whole rows that row `id` of a geval stands for.
    fn repeat(
        &self,
        row: &InputRow,
        id: usize,
        leverjaar: i32,
    ) -> Result<Vec<BTreeMap<String, String>>, TableError> {
        let times: Option<usize> = match row.cells.get(TIMES).map(String::as_str) {
            None | Some("") => None,
            Some(text) => match text.parse() {
                Ok(n) if n > 0 => Some(n),
                _ => return error(row.line, format!("'{text}' is geen aantal keer")),
            },
        };
        (0..times.unwrap_or(1))
            .map(|i| {
                let mut whole = row.cells.clone();
                whole.remove(TIMES);
                if times.is_some() {
                    for cell in whole.values_mut() {
                        *cell = cell.replace('#', &(i + 1).to_string());
                    }
                }
                if let Some(kind) = whole.remove(JEUGDIGE) {
                    if whole.contains_key("Bsn") {
                        return error(row.line, "Jeugdige en Bsn gaan niet samen");
                    }
                    whole.insert("Bsn".into(), bsn(&kind, i, times.is_some(), row.line)?);
                }
                if whole.get("IngediendBedrag").is_some_and(|b| b == "benford") {
                    let Some(times) = times else {
                        return error(row.line, "benford hoort bij een herhaalde rij");
                    };
                    whole.insert("IngediendBedrag".into(), benford(i, times));
                }
                for (kolom, standaard) in self.kolommen {
                    if !whole.contains_key(*kolom) {
                        let value = match *standaard {
                            PER_ROW => self.standaard(kolom, &whole, id, leverjaar, row.line)?,
                            fixed => fixed.to_owned(),
                        };
                        whole.insert((*kolom).to_owned(), value);
                    }
                }
                if let Some(nummer) = self.number_column().filter(|_| times.is_some())
                    && !row.cells.get(nummer).is_some_and(|n| n.contains('#'))
                {
                    let cell = whole.get_mut(nummer).expect("every column is there");
                    *cell = format!("{cell}-{}", i + 1);
                }
                Ok(whole)
            })
            .collect()
    }

    /// Defaults that hang on the row: its place, its dates, the leverjaar.
    fn standaard(
        &self,
        kolom: &str,
        row: &BTreeMap<String, String>,
        id: usize,
        leverjaar: i32,
        line: usize,
    ) -> Result<String, TableError> {
        let end = |row: &BTreeMap<String, String>| match row.get("Einddatum") {
            Some(end) => datum(end, line),
            None => {
                let begin = row.get("Begindatum").map_or("01-03-2023", String::as_str);
                Ok(end_of_maand(datum(begin, line)?))
            }
        };
        Ok(match kolom {
            "Bsn" => bsn("1", 0, false, line)?,
            "ReferentieNummer" => format!("R{id}"),
            "Einddatum" => show(end(row)?),
            "DeclaratieDagtekening" | "Ontvangstdatum" => {
                let (end, ontvangst) = (end(row)?, dag(2023, 4, 12));
                show(match kolom {
                    _ if end > ontvangst => end + Days::new(12),
                    "Ontvangstdatum" => ontvangst,
                    _ => dag(2023, 4, 10),
                })
            }
            "Jaar" => leverjaar.to_string(),
            "Startdatum" => show(dag(leverjaar, 1, 1)),
            _ => unreachable!("{kolom} has a fixed default"),
        })
    }
}

fn dag(jaar: i32, maand: u32, dag: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(jaar, maand, dag).expect("a day of the calendar")
}

pub(super) fn datum(text: &str, line: usize) -> Result<NaiveDate, TableError> {
    match NaiveDate::parse_from_str(text, "%d-%m-%Y") {
        Ok(datum) => Ok(datum),
        Err(_) => error(line, format!("'{text}' is geen datum als 31-03-2023")),
    }
}

fn show(datum: NaiveDate) -> String {
    datum.format("%d-%m-%Y").to_string()
}

fn end_of_maand(datum: NaiveDate) -> NaiveDate {
    let first = dag(datum.year(), datum.month(), 1);
    first + chrono::Months::new(1) - Days::new(1)
}

/// The Bsn of a Jeugdige: a number, or in a repeated row a range from which repeat `i` takes one.
fn bsn(kind: &str, i: usize, repeated: bool, line: usize) -> Result<String, TableError> {
    let number = |text: &str| text.parse().ok().filter(|n| (1..=MOST_JEUGDIGEN).contains(n));
    let nummer = match kind.split_once('-') {
        None if kind.is_empty() => return Ok(String::new()),
        None => number(kind),
        Some((of, until)) if repeated => match (number(of), number(until)) {
            (Some(of), Some(until)) if of < until => Some(of + i % (until - of + 1)),
            _ => None,
        },
        Some(_) => None,
    };
    match nummer {
        Some(nummer) => Ok(bsn_of(nummer).to_string()),
        None => error(line, format!("'{kind}' is geen jeugdige")),
    }
}

const FIRST_BSN: u32 = 999_900_006;
const MOST_JEUGDIGEN: usize = 5000;

/// Numbers of the test range that pass the elfproef, in order.
fn test_range() -> impl Iterator<Item = u32> {
    (FIRST_BSN..=999_999_990).filter(|bsn| {
        let digit = |i: u32| i64::from(bsn / 10_u32.pow(i) % 10);
        let sum: i64 = (1..9).map(|i| (i64::from(i) + 1) * digit(i)).sum();
        (sum - digit(0)) % 11 == 0
    })
}

fn bsn_of(jeugdige: usize) -> u32 {
    test_range().nth(jeugdige - 1).expect("the test range is long enough")
}

/// The Jeugdige with this Bsn.
pub(super) fn jeugdige_of(bsn: u32) -> Option<usize> {
    test_range().take_while(|b| *b <= bsn).position(|b| b == bsn).map(|i| i + 1)
}

/// Amount `i` of so many, spread logarithmically from 10 to 100 euros: made-up figures, so that
/// rounding doesn't matter.
fn benford(i: usize, count: usize) -> String {
    let cent = (1000.0 * 10_f64.powf((i as f64 + 0.5) / count as f64)) as u32;
    format!("{},{:02}", cent / 100, cent % 100)
}
