//! The tables of a dossier: their columns, what a row has where the case file doesn't say, and the
//! CSV files.

use super::markdown::{Fout, fout};
use chrono::{Datelike, Days, NaiveDate};
use std::collections::BTreeMap;

/// A table, with for each column what it holds by default.
pub struct Tabelsoort {
    pub naam: &'static str,
    kolommen: &'static [(&'static str, &'static str)],
    /// A geval for which the file gives no row has one of defaults.
    standaardrij: bool,
}

/// Tables that a case file may have, besides `berichten`.
pub const TABELLEN: &[Tabelsoort] = &[
    Tabelsoort {
        naam: "declaraties",
        kolommen: &[
            ("DeclaratieNummer", "D1"),
            ("ReferentieNummer", PER_RIJ),
            ("VorigReferentieNummer", ""),
            ("DeclaratieDagtekening", PER_RIJ),
            ("Ontvangstdatum", PER_RIJ),
            ("Gemeente", GEMEENTE),
            ("Aanbieder", AANBIEDER),
            ("Bsn", PER_RIJ),
            ("ToewijzingNummer", "1"),
            ("ProductCategorie", "45"),
            ("ProductCode", "45T01"),
            ("Begindatum", "01-03-2023"),
            ("Einddatum", PER_RIJ),
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
    Tabelsoort {
        naam: "toewijzingen",
        kolommen: &[
            ("ToewijzingNummer", "1"),
            ("Gemeente", GEMEENTE),
            ("Aanbieder", AANBIEDER),
            ("Bsn", PER_RIJ),
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
        ],
        standaardrij: true,
    },
    Tabelsoort {
        naam: "aanbieders",
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
        ],
        standaardrij: true,
    },
    Tabelsoort {
        naam: "producten",
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
    Tabelsoort {
        naam: "tarieven",
        kolommen: &[
            ("Jaar", PER_RIJ),
            ("Tariefsleutel", ""),
            ("Perceel", ""),
            ("Aanbieder", ""),
            ("Eenheid", "01"),
            ("Tarief", ""),
        ],
        standaardrij: false,
    },
    Tabelsoort {
        naam: "omzet",
        kolommen: &[
            ("Aanbieder", AANBIEDER),
            ("Jaar", PER_RIJ),
            ("Omzet", ""),
            ("ProductCode", ""),
            ("Volume", ""),
        ],
        standaardrij: false,
    },
    Tabelsoort {
        naam: "startstop",
        kolommen: &[
            ("ToewijzingNummer", "1"),
            ("Gemeente", GEMEENTE),
            ("Aanbieder", AANBIEDER),
            ("Bsn", PER_RIJ),
            ("Soort", ""),
            ("Datum", ""),
            ("Verzonden", ""),
            ("RedenBeeindiging", ""),
        ],
        standaardrij: false,
    },
    Tabelsoort {
        naam: "productieverantwoording",
        kolommen: &[
            ("Aanbieder", AANBIEDER),
            ("Gemeente", GEMEENTE),
            ("Jaar", PER_RIJ),
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
    Tabelsoort {
        naam: "afspraken",
        kolommen: &[
            ("Aanbieder", AANBIEDER),
            ("Gemeente", GEMEENTE),
            ("ProductCode", ""),
            ("Naam", ""),
            ("Doelgroep", ""),
            ("Startdatum", PER_RIJ),
            ("Einddatum", ""),
            ("Aantal", ""),
            ("Soort", ""),
            ("MaxGroepsgrootte", ""),
        ],
        standaardrij: false,
    },
    Tabelsoort {
        naam: "maatwerk",
        kolommen: &[
            ("Aanbieder", AANBIEDER),
            ("Gemeente", GEMEENTE),
            ("ToewijzingNummer", ""),
            ("ProductCode", ""),
            ("Tarief", ""),
            ("Eenheid", ""),
            ("Startdatum", PER_RIJ),
            ("Einddatum", ""),
        ],
        standaardrij: false,
    },
];

pub const BERICHTEN: &str = "berichten";
pub const BERICHTKOLOMMEN: &[&str] = &[
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
/// The default hangs on the rest of the row; see [`Tabelsoort::standaard`].
const PER_RIJ: &str = "?";

/// Stands for Bsn in every table that has one.
pub const JEUGDIGE: &str = "Jeugdige";
/// How often a row is written.
pub const KEER: &str = "keer";

pub fn soort(naam: &str) -> Option<&'static Tabelsoort> {
    TABELLEN.iter().find(|t| t.naam == naam)
}

/// A row of a case file: the columns that it gives.
#[derive(Clone, Debug, Default)]
pub struct Invoerrij {
    pub regel: usize,
    pub cellen: BTreeMap<String, String>,
}

impl Tabelsoort {
    pub fn heeft(&self, kolom: &str) -> bool {
        self.kolommen.iter().any(|(k, _)| *k == kolom)
    }

    /// Columns that a case file may give.
    pub fn kent(&self, kolom: &str) -> bool {
        self.heeft(kolom)
            || kolom == JEUGDIGE && self.heeft("Bsn")
            || kolom == KEER && self.nummerkolom().is_some()
    }

    /// The column that tells repeats of a row apart.
    fn nummerkolom(&self) -> Option<&'static str> {
        match self.naam {
            "declaraties" => Some("ReferentieNummer"),
            "toewijzingen" => Some("ToewijzingNummer"),
            _ => None,
        }
    }

    /// The file of one geval, without the columns of `zonder`.
    pub fn csv(
        &self,
        rijen: &[Invoerrij],
        zonder: &[&str],
        leverjaar: i32,
    ) -> Result<Option<Vec<u8>>, Fout> {
        let leeg = [Invoerrij::default()];
        let rijen = if rijen.is_empty() && self.standaardrij { &leeg } else { rijen };
        if rijen.is_empty() {
            return Ok(None);
        }
        let kolommen: Vec<&str> =
            self.kolommen.iter().map(|(k, _)| *k).filter(|k| !zonder.contains(k)).collect();
        let mut uit = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
        uit.write_record(&kolommen).expect("memory takes all");
        for (i, rij) in rijen.iter().enumerate() {
            for heel in self.herhaal(rij, i + 1, leverjaar)? {
                uit.write_record(kolommen.iter().map(|k| &heel[*k])).expect("memory takes all");
            }
        }
        Ok(Some(uit.into_inner().expect("memory takes all")))
    }

    /// The whole rows that row `nr` of a geval stands for.
    fn herhaal(
        &self,
        rij: &Invoerrij,
        nr: usize,
        leverjaar: i32,
    ) -> Result<Vec<BTreeMap<String, String>>, Fout> {
        let keer: Option<usize> = match rij.cellen.get(KEER).map(String::as_str) {
            None | Some("") => None,
            Some(tekst) => match tekst.parse() {
                Ok(n) if n > 0 => Some(n),
                _ => return fout(rij.regel, format!("'{tekst}' is geen aantal keer")),
            },
        };
        (0..keer.unwrap_or(1))
            .map(|i| {
                let mut heel = rij.cellen.clone();
                heel.remove(KEER);
                if keer.is_some() {
                    for cel in heel.values_mut() {
                        *cel = cel.replace('#', &(i + 1).to_string());
                    }
                }
                if let Some(kind) = heel.remove(JEUGDIGE) {
                    if heel.contains_key("Bsn") {
                        return fout(rij.regel, "Jeugdige en Bsn gaan niet samen");
                    }
                    heel.insert("Bsn".into(), bsn(&kind, i, keer.is_some(), rij.regel)?);
                }
                if heel.get("IngediendBedrag").is_some_and(|b| b == "benford") {
                    let Some(keer) = keer else {
                        return fout(rij.regel, "benford hoort bij een herhaalde rij");
                    };
                    heel.insert("IngediendBedrag".into(), benford(i, keer));
                }
                for (kolom, standaard) in self.kolommen {
                    if !heel.contains_key(*kolom) {
                        let waarde = match *standaard {
                            PER_RIJ => self.standaard(kolom, &heel, nr, leverjaar, rij.regel)?,
                            vast => vast.to_owned(),
                        };
                        heel.insert((*kolom).to_owned(), waarde);
                    }
                }
                if let Some(nummer) = self.nummerkolom().filter(|_| keer.is_some())
                    && !rij.cellen.get(nummer).is_some_and(|n| n.contains('#'))
                {
                    let cel = heel.get_mut(nummer).expect("every column is there");
                    *cel = format!("{cel}-{}", i + 1);
                }
                Ok(heel)
            })
            .collect()
    }

    /// Defaults that hang on the row: its place, its dates, the leverjaar.
    fn standaard(
        &self,
        kolom: &str,
        rij: &BTreeMap<String, String>,
        nr: usize,
        leverjaar: i32,
        regel: usize,
    ) -> Result<String, Fout> {
        let eind = |rij: &BTreeMap<String, String>| match rij.get("Einddatum") {
            Some(eind) => datum(eind, regel),
            None => {
                let begin = rij.get("Begindatum").map_or("01-03-2023", String::as_str);
                Ok(einde_maand(datum(begin, regel)?))
            }
        };
        Ok(match kolom {
            "Bsn" => bsn("1", 0, false, regel)?,
            "ReferentieNummer" => format!("R{nr}"),
            "Einddatum" => toon(eind(rij)?),
            "DeclaratieDagtekening" | "Ontvangstdatum" => {
                let (eind, ontvangst) = (eind(rij)?, dag(2023, 4, 12));
                toon(match kolom {
                    _ if eind > ontvangst => eind + Days::new(12),
                    "Ontvangstdatum" => ontvangst,
                    _ => dag(2023, 4, 10),
                })
            }
            "Jaar" => leverjaar.to_string(),
            "Startdatum" => toon(dag(leverjaar, 1, 1)),
            _ => unreachable!("{kolom} has a fixed default"),
        })
    }
}

fn dag(jaar: i32, maand: u32, dag: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(jaar, maand, dag).expect("a day of the calendar")
}

pub fn datum(tekst: &str, regel: usize) -> Result<NaiveDate, Fout> {
    match NaiveDate::parse_from_str(tekst, "%d-%m-%Y") {
        Ok(datum) => Ok(datum),
        Err(_) => fout(regel, format!("'{tekst}' is geen datum als 31-03-2023")),
    }
}

fn toon(datum: NaiveDate) -> String {
    datum.format("%d-%m-%Y").to_string()
}

fn einde_maand(datum: NaiveDate) -> NaiveDate {
    let eerste = dag(datum.year(), datum.month(), 1);
    eerste + chrono::Months::new(1) - Days::new(1)
}

/// The Bsn of a Jeugdige: a number, or in a repeated row a range from which repeat `i` takes one.
fn bsn(kind: &str, i: usize, herhaald: bool, regel: usize) -> Result<String, Fout> {
    let getal = |tekst: &str| tekst.parse().ok().filter(|n| (1..=MEESTE_JEUGDIGEN).contains(n));
    let nummer = match kind.split_once('-') {
        None if kind.is_empty() => return Ok(String::new()),
        None => getal(kind),
        Some((van, tot)) if herhaald => match (getal(van), getal(tot)) {
            (Some(van), Some(tot)) if van < tot => Some(van + i % (tot - van + 1)),
            _ => None,
        },
        Some(_) => None,
    };
    match nummer {
        Some(nummer) => Ok(bsn_van(nummer).to_string()),
        None => fout(regel, format!("'{kind}' is geen jeugdige")),
    }
}

const EERSTE_BSN: u32 = 999_900_006;
const MEESTE_JEUGDIGEN: usize = 5000;

/// Numbers of the test range that pass the elfproef, in order.
fn testreeks() -> impl Iterator<Item = u32> {
    (EERSTE_BSN..=999_999_990).filter(|bsn| {
        let cijfer = |i: u32| i64::from(bsn / 10_u32.pow(i) % 10);
        let som: i64 = (1..9).map(|i| (i64::from(i) + 1) * cijfer(i)).sum();
        (som - cijfer(0)) % 11 == 0
    })
}

fn bsn_van(jeugdige: usize) -> u32 {
    testreeks().nth(jeugdige - 1).expect("the test range is long enough")
}

/// The Jeugdige with this Bsn.
pub fn jeugdige_van(bsn: u32) -> Option<usize> {
    testreeks().take_while(|b| *b <= bsn).position(|b| b == bsn).map(|i| i + 1)
}

/// Amount `i` of so many, spread logarithmically from 10 to 100 euros: made-up figures, so that
/// rounding doesn't matter.
fn benford(i: usize, aantal: usize) -> String {
    let cent = (1000.0 * 10_f64.powf((i as f64 + 0.5) / aantal as f64)) as u32;
    format!("{},{:02}", cent / 100, cent % 100)
}
