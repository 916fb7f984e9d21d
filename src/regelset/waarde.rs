//! Values of a ruleset: typed, dated, cited.

use crate::dossier::{Cent, Dag};
use rust_decimal::Decimal;
use std::str::FromStr;
use std::sync::Arc;

/// A number of the contract that a rule needs: the rule declares it, the ruleset gives it.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    pub naam: &'static str,
    pub soort: Parametersoort,
    /// What it is, in a Dutch sentence for `rechtmatig regels CODE`.
    pub uitleg: &'static str,
    /// May there be days without a value?
    pub mag_ontbreken: bool,
}

impl Parameter {
    pub const fn nieuw(naam: &'static str, soort: Parametersoort, uitleg: &'static str) -> Self {
        Parameter { naam, soort, uitleg, mag_ontbreken: false }
    }

    pub const fn soms(naam: &'static str, soort: Parametersoort, uitleg: &'static str) -> Self {
        Parameter { naam, soort, uitleg, mag_ontbreken: true }
    }
}

/// How a parameter's value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parametersoort {
    /// A whole number.
    Getal,
    /// A calendar year.
    Jaar,
    /// A decimal number as text: `"2,63"`.
    Decimaal,
    /// Whole euros.
    Bedrag,
    /// A list of whole euros.
    Bedragen,
    /// A list of two-digit codes as text.
    Codes,
    /// A list of words.
    Woorden,
    /// A day of any year as text: `"01-03"` is 1 March.
    DagVanJaar,
    /// One of these words.
    Keus(&'static [&'static str]),
}

impl Parametersoort {
    fn omschrijving(self) -> String {
        match self {
            Parametersoort::Getal => "een heel getal".into(),
            Parametersoort::Jaar => "een jaartal zoals 2023".into(),
            Parametersoort::Decimaal => {
                "een decimaal getal tussen aanhalingstekens, zoals \"2,63\"".into()
            }
            Parametersoort::Bedrag => "een bedrag in hele euro's".into(),
            Parametersoort::Bedragen => "een lijst bedragen in hele euro's".into(),
            Parametersoort::Codes => {
                "een lijst codes tussen aanhalingstekens, zoals [\"02\", \"03\"]".into()
            }
            Parametersoort::DagVanJaar => {
                "een dag en maand tussen aanhalingstekens, zoals \"01-03\"".into()
            }
            Parametersoort::Woorden => "een lijst woorden tussen aanhalingstekens".into(),
            Parametersoort::Keus(woorden) => format!("één van: {}", woorden.join(", ")),
        }
    }

    /// Reads a TOML value of this kind; the error says what was expected.
    pub(super) fn lees(self, waarde: &toml::Value) -> Result<Waarde, String> {
        self.probeer(waarde).ok_or_else(|| format!("verwacht {}", self.omschrijving()))
    }

    fn probeer(self, waarde: &toml::Value) -> Option<Waarde> {
        let lijst = || waarde.as_array();
        let tekst = |v: &toml::Value| v.as_str().map(str::to_owned);
        let euro = |v: &toml::Value| v.as_integer().filter(|n| *n >= 0).map(|n| Cent(n * 100));
        Some(match self {
            Parametersoort::Getal => Waarde::Getal(waarde.as_integer().filter(|n| *n >= 0)?),
            Parametersoort::Jaar => {
                Waarde::Getal(waarde.as_integer().filter(|n| (1900..=9999).contains(n))?)
            }
            Parametersoort::Decimaal => {
                Waarde::Decimaal(Decimal::from_str(&waarde.as_str()?.replace(',', ".")).ok()?)
            }
            Parametersoort::Bedrag => Waarde::Bedrag(euro(waarde)?),
            Parametersoort::Bedragen => {
                Waarde::Bedragen(lijst()?.iter().map(euro).collect::<Option<_>>()?)
            }
            Parametersoort::Codes => Waarde::Codes(
                lijst()?
                    .iter()
                    .map(|v| v.as_str().filter(|s| s.len() == 2)?.parse().ok())
                    .collect::<Option<_>>()?,
            ),
            Parametersoort::Woorden => {
                Waarde::Woorden(lijst()?.iter().map(tekst).collect::<Option<_>>()?)
            }
            Parametersoort::DagVanJaar => {
                let (dag, maand) = waarde.as_str()?.split_once('-')?;
                let (dag, maand) = (dag.parse().ok()?, maand.parse().ok()?);
                // A day that every year has.
                Dag::van_jmd(2023, maand, dag)?;
                Waarde::DagVanJaar { dag, maand }
            }
            Parametersoort::Keus(woorden) => {
                Waarde::Keus(woorden.iter().find(|w| Some(**w) == waarde.as_str())?)
            }
        })
    }
}

/// A value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waarde {
    Getal(i64),
    Decimaal(Decimal),
    Bedrag(Cent),
    Bedragen(Vec<Cent>),
    Codes(Vec<u8>),
    Woorden(Vec<String>),
    DagVanJaar { dag: u32, maand: u32 },
    Keus(&'static str),
}

macro_rules! uitpakken {
    ($naam:ident, $soort:ident, $type:ty, $w:ident => $uit:expr) => {
        pub fn $naam(&self) -> $type {
            match self {
                Waarde::$soort($w) => $uit,
                ander => panic!(concat!("expected ", stringify!($soort), ", found {:?}"), ander),
            }
        }
    };
}

impl Waarde {
    uitpakken!(getal, Getal, i64, w => *w);
    uitpakken!(decimaal, Decimaal, Decimal, w => *w);
    uitpakken!(bedrag, Bedrag, Cent, w => *w);
    uitpakken!(bedragen, Bedragen, &[Cent], w => w);
    uitpakken!(codes, Codes, &[u8], w => w);
    uitpakken!(woorden, Woorden, &[String], w => w);
    /// The day of this year.
    pub(super) fn dag_in(&self, jaar: i32) -> Dag {
        match self {
            Waarde::DagVanJaar { dag, maand } => {
                Dag::van_jmd(jaar, *maand, *dag).expect("every year has this day")
            }
            ander => panic!("expected DagVanJaar, found {ander:?}"),
        }
    }

    uitpakken!(keus, Keus, &'static str, w => w);
}

/// A value with the days on which it holds, both included, and its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Geldig {
    pub vanaf: Dag,
    pub tot: Option<Dag>,
    pub waarde: Waarde,
    pub bron: Arc<str>,
}
