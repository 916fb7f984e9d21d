//! Values of a ruleset: typed, dated, cited.

use super::tekst::dag_of;
use crate::dossier::{Cent, Dag};
use rust_decimal::Decimal;
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::Arc;

/// A number of the contract that a rule needs: the rule declares it, the ruleset gives it.
#[derive(Debug)]
pub(crate) struct Parameter<T: ?Sized> {
    spec: ParameterSpec,
    value: PhantomData<fn() -> Box<T>>,
}

/// What a ruleset and a reader must know of a parameter.
#[derive(Clone, Copy, Debug)]
pub struct ParameterSpec {
    pub name: &'static str,
    pub(crate) kind: ParameterType,
    /// What it is, in a Dutch sentence for `rechtmatig regels CODE`.
    pub explanation: &'static str,
    /// May there be days without a value?
    pub may_be_absent: bool,
}

impl<T: ParameterValue + ?Sized> Parameter<T> {
    pub(crate) const fn new(name: &'static str, explanation: &'static str) -> Self {
        let spec = ParameterSpec { name, kind: T::KIND, explanation, may_be_absent: false };
        Parameter { spec, value: PhantomData }
    }

    /// One of which there may be days without a value.
    pub(crate) const fn optional(name: &'static str, explanation: &'static str) -> Self {
        let spec = ParameterSpec { name, kind: T::KIND, explanation, may_be_absent: true };
        Parameter { spec, value: PhantomData }
    }

    pub(crate) const fn spec(&self) -> ParameterSpec {
        self.spec
    }
}

/// A type that the value of a parameter has for a rule.
pub(crate) trait ParameterValue {
    /// How a ruleset writes it: reading one takes no value of another kind.
    const KIND: ParameterType;
    /// Mostly the type itself; for a list what a rule sees of it.
    type Of<'a>;

    /// `None` for a value of another kind.
    fn of(value: &RuleValue) -> Option<Self::Of<'_>>;
}

macro_rules! parameter_values {
    ($($type:ty: $kind:ident, $of:ty, $pattern:pat => $value:expr;)+) => {
        $(impl ParameterValue for $type {
            const KIND: ParameterType = ParameterType::$kind;
            type Of<'a> = $of;

            fn of(waarde: &RuleValue) -> Option<Self::Of<'_>> {
                match waarde {
                    $pattern => Some($value),
                    _ => None,
                }
            }
        })+
    };
}

parameter_values!(
    i64: Number, i64, RuleValue::Number(n) => *n;
    Year: Jaar, i32, RuleValue::Number(n) => *n as i32;
    Decimal: Decimal, Decimal, RuleValue::Decimal(d) => *d;
    Cent: Bedrag, Cent, RuleValue::Bedrag(b) => *b;
    [Cent]: Bedragen, &'a [Cent], RuleValue::Bedragen(list) => list;
    [u8]: Codes, &'a [u8], RuleValue::Codes(list) => list;
    [String]: Words, &'a [String], RuleValue::Words(list) => list;
    Dag: Dag, Dag, RuleValue::Dag(dag) => *dag;
    DayOfYear: DagOfJaar, DayOfYear, RuleValue::DagOfJaar(dag) => *dag;
);

/// A calendar year.
#[derive(Debug)]
pub(crate) struct Year;

/// A day that every year has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayOfYear {
    pub dag: u32,
    pub maand: u32,
}

impl DayOfYear {
    /// # Panics
    /// In a year outside the calendar.
    pub(crate) fn in_year(self, jaar: i32) -> Dag {
        Dag::from_jmd(jaar, self.maand, self.dag).expect("every year has this day")
    }
}

/// One of a few words that a ruleset chooses from.
pub(crate) trait Choice: Copy + 'static {
    const WORDS: &'static [&'static str];
    const CHOICES: &'static [Self];
}

impl<T: Choice> ParameterValue for T {
    const KIND: ParameterType = ParameterType::Choice(T::WORDS);
    type Of<'a> = T;

    fn of(value: &RuleValue) -> Option<T> {
        let RuleValue::Choice(word) = value else { return None };
        let place = T::WORDS.iter().position(|w| w == word)?;
        T::CHOICES.get(place).copied()
    }
}

/// How a parameter's value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParameterType {
    /// A whole number.
    Number,
    /// A calendar year.
    Jaar,
    /// A decimal number as text: `"2,63"`.
    Decimal,
    /// Whole euros.
    Bedrag,
    /// A list of whole euros.
    Bedragen,
    /// A list of two-digit codes as text.
    Codes,
    /// A list of words.
    Words,
    /// A date: `2026-12-31`.
    Dag,
    /// A day of any year as text: `"01-03"` is 1 March.
    DagOfJaar,
    /// One of these words.
    Choice(&'static [&'static str]),
}

impl ParameterType {
    fn description(self) -> String {
        match self {
            ParameterType::Number => "een heel getal".into(),
            ParameterType::Jaar => "een jaartal zoals 2023".into(),
            ParameterType::Decimal => {
                "een decimaal getal tussen aanhalingstekens, zoals \"2,63\"".into()
            }
            ParameterType::Bedrag => "een bedrag in hele euro's".into(),
            ParameterType::Bedragen => "een lijst bedragen in hele euro's".into(),
            ParameterType::Codes => {
                "een lijst codes tussen aanhalingstekens, zoals [\"02\", \"03\"]".into()
            }
            ParameterType::Dag => "een datum als 2023-01-31, zonder aanhalingstekens".into(),
            ParameterType::DagOfJaar => {
                "een dag en maand tussen aanhalingstekens, zoals \"01-03\"".into()
            }
            ParameterType::Words => "een lijst woorden tussen aanhalingstekens".into(),
            ParameterType::Choice(words) => format!("één van: {}", words.join(", ")),
        }
    }

    /// Reads a TOML value of this kind; the error says what was expected.
    pub(super) fn read(self, value: &toml::Value) -> Result<RuleValue, String> {
        self.try_to(value).ok_or_else(|| format!("verwacht {}", self.description()))
    }

    fn try_to(self, value: &toml::Value) -> Option<RuleValue> {
        let list = || value.as_array();
        let text = |v: &toml::Value| v.as_str().map(str::to_owned);
        let euro = |v: &toml::Value| v.as_integer().filter(|n| *n >= 0).map(|n| Cent(n * 100));
        Some(match self {
            ParameterType::Number => RuleValue::Number(value.as_integer().filter(|n| *n >= 0)?),
            ParameterType::Jaar => {
                RuleValue::Number(value.as_integer().filter(|n| (1900..=9999).contains(n))?)
            }
            ParameterType::Decimal => {
                RuleValue::Decimal(Decimal::from_str(&value.as_str()?.replace(',', ".")).ok()?)
            }
            ParameterType::Bedrag => RuleValue::Bedrag(euro(value)?),
            ParameterType::Bedragen => {
                RuleValue::Bedragen(list()?.iter().map(euro).collect::<Option<_>>()?)
            }
            ParameterType::Codes => RuleValue::Codes(
                list()?
                    .iter()
                    .map(|v| v.as_str().filter(|s| s.len() == 2)?.parse().ok())
                    .collect::<Option<_>>()?,
            ),
            ParameterType::Words => {
                RuleValue::Words(list()?.iter().map(text).collect::<Option<_>>()?)
            }
            ParameterType::Dag => RuleValue::Dag(value.as_datetime().and_then(dag_of)?),
            ParameterType::DagOfJaar => {
                let (dag, maand) = value.as_str()?.split_once('-')?;
                let (dag, maand) = (dag.parse().ok()?, maand.parse().ok()?);
                // A day that every year has.
                Dag::from_jmd(2023, maand, dag)?;
                RuleValue::DagOfJaar(DayOfYear { dag, maand })
            }
            ParameterType::Choice(words) => {
                RuleValue::Choice(words.iter().find(|w| Some(**w) == value.as_str())?)
            }
        })
    }
}

/// A value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleValue {
    Number(i64),
    Decimal(Decimal),
    Bedrag(Cent),
    Bedragen(Vec<Cent>),
    Codes(Vec<u8>),
    Words(Vec<String>),
    Dag(Dag),
    DagOfJaar(DayOfYear),
    Choice(&'static str),
}

/// A value with the days on which it holds, both included, and its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    pub from: Dag,
    pub until: Option<Dag>,
    pub value: RuleValue,
    pub source: Arc<str>,
}
