//! Values of a ruleset: typed, dated, cited.

use crate::dossier::{Cent, Dag};
use rust_decimal::Decimal;
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::Arc;

/// A number of the contract that a rule needs: the rule declares it, the ruleset gives it.
#[derive(Debug)]
pub struct Parameter<T: ?Sized> {
    spec: ParameterSpec,
    value: PhantomData<fn() -> Box<T>>,
}

/// What a ruleset and a reader must know of a parameter.
#[derive(Clone, Copy, Debug)]
pub struct ParameterSpec {
    pub naam: &'static str,
    pub soort: Parametersoort,
    /// What it is, in a Dutch sentence for `rechtmatig regels CODE`.
    pub uitleg: &'static str,
    /// May there be days without a value?
    pub mag_ontbreken: bool,
}

impl<T: ParameterValue + ?Sized> Parameter<T> {
    pub const fn new(naam: &'static str, uitleg: &'static str) -> Self {
        let spec = ParameterSpec { naam, soort: T::KIND, uitleg, mag_ontbreken: false };
        Parameter { spec, value: PhantomData }
    }

    /// One of which there may be days without a value.
    pub const fn optional(naam: &'static str, uitleg: &'static str) -> Self {
        let spec = ParameterSpec { naam, soort: T::KIND, uitleg, mag_ontbreken: true };
        Parameter { spec, value: PhantomData }
    }

    pub const fn spec(&self) -> ParameterSpec {
        self.spec
    }
}

/// A type that the value of a parameter has for a rule.
pub trait ParameterValue {
    /// How a ruleset writes it: reading one takes no value of another kind.
    const KIND: Parametersoort;
    /// Mostly the type itself; for a list what a rule sees of it.
    type Of<'a>;

    /// `None` for a value of another kind.
    fn of(waarde: &Waarde) -> Option<Self::Of<'_>>;
}

macro_rules! parameter_values {
    ($($type:ty: $kind:ident, $of:ty, $pattern:pat => $value:expr;)+) => {
        $(impl ParameterValue for $type {
            const KIND: Parametersoort = Parametersoort::$kind;
            type Of<'a> = $of;

            fn of(waarde: &Waarde) -> Option<Self::Of<'_>> {
                match waarde {
                    $pattern => Some($value),
                    _ => None,
                }
            }
        })+
    };
}

parameter_values!(
    i64: Getal, i64, Waarde::Getal(n) => *n;
    Year: Jaar, i32, Waarde::Getal(n) => *n as i32;
    Decimal: Decimaal, Decimal, Waarde::Decimaal(d) => *d;
    Cent: Bedrag, Cent, Waarde::Bedrag(b) => *b;
    [Cent]: Bedragen, &'a [Cent], Waarde::Bedragen(lijst) => lijst;
    [u8]: Codes, &'a [u8], Waarde::Codes(lijst) => lijst;
    [String]: Woorden, &'a [String], Waarde::Woorden(lijst) => lijst;
    DayOfYear: DagVanJaar, DayOfYear, Waarde::DagVanJaar(dag) => *dag;
);

/// A calendar year.
#[derive(Debug)]
pub struct Year;

/// A day that every year has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayOfYear {
    pub dag: u32,
    pub maand: u32,
}

impl DayOfYear {
    /// # Panics
    /// In a year outside the calendar.
    pub fn in_year(self, jaar: i32) -> Dag {
        Dag::van_jmd(jaar, self.maand, self.dag).expect("every year has this day")
    }
}

/// One of a few words that a ruleset chooses from.
pub trait Choice: Copy + 'static {
    const WORDS: &'static [&'static str];
    const CHOICES: &'static [Self];
}

impl<T: Choice> ParameterValue for T {
    const KIND: Parametersoort = Parametersoort::Keus(T::WORDS);
    type Of<'a> = T;

    fn of(waarde: &Waarde) -> Option<T> {
        let Waarde::Keus(woord) = waarde else { return None };
        let plaats = T::WORDS.iter().position(|w| w == woord)?;
        T::CHOICES.get(plaats).copied()
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
                Waarde::DagVanJaar(DayOfYear { dag, maand })
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
    DagVanJaar(DayOfYear),
    Keus(&'static str),
}

/// A value with the days on which it holds, both included, and its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Geldig {
    pub vanaf: Dag,
    pub tot: Option<Dag>,
    pub waarde: Waarde,
    pub bron: Arc<str>,
}
