//! A ruleset as its TOML file writes it.

use super::{NietTeToetsen, eigen};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// The table of a rule: `aan`, `bron` and its parameters, whose names the rule declares.
pub(super) type Regeltabel = BTreeMap<Spanned<String>, Spanned<toml::Value>>;

/// A ruleset.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bestand {
    pub(super) regelset: Kop,
    #[serde(default)]
    pub(super) documenten: BTreeMap<String, Documenttabel>,
    #[serde(default)]
    pub(super) tabellen: Tabellen,
    #[serde(default)]
    pub(super) niet_te_toetsen: Vec<NietTeToetsen>,
    #[serde(default)]
    pub(super) beschikkingsvrij: Vec<String>,
    pub(super) budgetsoort: Option<Budgetsoorttabel>,
    #[serde(default)]
    pub(super) regels: BTreeMap<Spanned<String>, Regeltabel>,
    #[serde(default)]
    pub(super) eigen: BTreeMap<Spanned<String>, eigen::Tabel>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kop {
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
pub(super) struct Documenttabel {
    pub(super) titel: String,
    pub(super) versie: String,
    pub(super) datum: Option<Spanned<toml::value::Datetime>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Budgetsoorttabel {
    pub(super) duurzaam_vanaf_jaren: u8,
    pub(super) bron: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tabellen {
    pub(super) tarieven: Option<Spanned<String>>,
    pub(super) producten: Option<Spanned<String>>,
    pub(super) functies: Option<Spanned<String>>,
    pub(super) synoniemen: Option<Spanned<String>>,
    pub(super) vaktherapie: Option<Spanned<String>>,
    pub(super) gemeenten: Option<Spanned<String>>,
    pub(super) gemeentecodes: Option<Spanned<String>>,
    pub(super) percelen: Option<Spanned<String>>,
}
