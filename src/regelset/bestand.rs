//! A ruleset as its TOML file writes it.

use super::{NotTestable, custom_checks};
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use toml::Spanned;

/// The table of a rule: `aan`, `bron` and its parameters, whose names the rule declares.
pub(super) type Regeltabel = BTreeMap<Spanned<String>, Spanned<toml::Value>>;

/// A table, or that something is wrong with it: the others are read all the same.
pub(super) enum Tried<T> {
    Read(Box<T>),
    Wrong,
}

impl<'the, T: Deserialize<'the>> Deserialize<'the> for Tried<T> {
    fn deserialize<D: Deserializer<'the>>(d: D) -> Result<Tried<T>, D::Error> {
        Ok(match T::deserialize(d) {
            Ok(table) => Tried::Read(Box::new(table)),
            Err(_) => Tried::Wrong,
        })
    }
}

/// What is wrong with the own check of this code, with its place in the file; `None` where nothing is.
pub(super) fn mistake_in_check(content: &str, code: &str) -> Option<toml::de::Error> {
    let file = toml::Deserializer::parse(content).ok()?;
    let checks = In {
        key: "eigen",
        inner: In { key: code, inner: PhantomData::<custom_checks::TomlTable> },
    };
    checks.deserialize(file).err()
}

/// Of a table only what stands under a key: the rest is passed over.
struct In<'k, S> {
    key: &'k str,
    inner: S,
}

impl<'the, S: DeserializeSeed<'the>> DeserializeSeed<'the> for In<'_, S> {
    type Value = ();

    fn deserialize<D: Deserializer<'the>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_map(self)
    }
}

impl<'the, S: DeserializeSeed<'the>> Visitor<'the> for In<'_, S> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table")
    }

    fn visit_map<A: MapAccess<'the>>(self, mut table: A) -> Result<(), A::Error> {
        let mut inner = Some(self.inner);
        while let Some(key) = table.next_key::<String>()? {
            match inner.take_if(|_| key == self.key) {
                Some(inner) => table.next_value_seed(inner).map(|_| ())?,
                None => table.next_value::<IgnoredAny>().map(|_| ())?,
            }
        }
        Ok(())
    }
}

/// A ruleset.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesetToml {
    pub(super) regelset: RulesetHead,
    #[serde(default)]
    pub(super) documenten: BTreeMap<String, DocumentTable>,
    #[serde(default)]
    pub(super) tabellen: Tables,
    #[serde(default)]
    pub(super) niet_te_toetsen: Vec<NotTestable>,
    #[serde(default)]
    pub(super) beschikkingsvrij: Vec<String>,
    pub(super) budgetsoort: Option<BudgetsoortTable>,
    pub(super) poort: Option<Spanned<Regeltabel>>,
    pub(super) monitor: Option<Spanned<Regeltabel>>,
    #[serde(default)]
    pub(super) regels: BTreeMap<Spanned<String>, Regeltabel>,
    #[serde(default)]
    pub(super) eigen: BTreeMap<Spanned<String>, Tried<custom_checks::TomlTable>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesetHead {
    pub(super) naam: String,
    pub(super) titel: String,
    pub(super) versie: String,
    pub(super) basis: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) doorbelasting: bool,
    pub(super) vanaf: Spanned<toml::value::Datetime>,
    pub(super) tot: Option<Spanned<toml::value::Datetime>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DocumentTable {
    pub(super) titel: String,
    pub(super) versie: String,
    pub(super) datum: Option<Spanned<toml::value::Datetime>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BudgetsoortTable {
    pub(super) duurzaam_vanaf_jaren: u8,
    pub(super) bron: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tables {
    pub(super) tarieven: Option<Spanned<String>>,
    pub(super) producten: Option<Spanned<String>>,
    pub(super) functies: Option<Spanned<String>>,
    pub(super) synoniemen: Option<Spanned<String>>,
    pub(super) afbakening: Option<Spanned<String>>,
    pub(super) gemeenten: Option<Spanned<String>>,
    pub(super) gemeentecodes: Option<Spanned<String>>,
    pub(super) percelen: Option<Spanned<String>>,
}
