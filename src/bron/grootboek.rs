//! `[grootboek]` in `controle.toml`: what the ledger has of the year, to put beside what was declared.

use super::fields::{AmountFormat, signed_bedrag};
use super::mapping::FILE_NAME;
use crate::dossier::{Cent, Gemeente};
use crate::ground::config::ConfigError;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;

/// What the ledger has of the year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Grootboek {
    /// Where the amounts come from, in the words of whoever wrote them down.
    pub source: String,
    /// Of all gemeenten.
    pub total: Option<Cent>,
    pub per_gemeente: BTreeMap<Gemeente, Cent>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GrootboekToml {
    bron: Spanned<String>,
    bedrag: Option<Spanned<String>>,
    #[serde(default)]
    gemeenten: BTreeMap<Spanned<String>, Spanned<String>>,
}

impl GrootboekToml {
    pub(super) fn read(self, content: &str) -> Result<Grootboek, Box<ConfigError>> {
        let error = |place: Range<usize>, what: String, advice: &str| {
            ConfigError::in_file(FILE_NAME, content, place, what, advice)
        };
        if self.bron.get_ref().trim().is_empty() {
            let advice =
                "schrijf waar de bedragen vandaan komen: bron = \"grootboek, rekening, stand van\"";
            return Err(error(self.bron.span(), "bron is leeg".to_owned(), advice));
        }
        let amount = |text: &Spanned<String>| {
            signed_bedrag(text.get_ref().trim().as_bytes(), AmountFormat::default()).map_err(|e| {
                let what = format!("'{}': {e}", text.get_ref());
                error(text.span(), what, "schrijf een bedrag als \"985.851,30\"")
            })
        };
        let mut per_gemeente = BTreeMap::new();
        for (code, text) in &self.gemeenten {
            let digits = code.get_ref().trim();
            let is_code = digits.len() == 4 && digits.bytes().all(|c| c.is_ascii_digit());
            let gemeente =
                digits.parse().ok().filter(|_| is_code).map(Gemeente).ok_or_else(|| {
                    let what = format!("'{digits}' is geen CBS-code van 4 cijfers");
                    error(code.span(), what, "schrijf \"0150\" = \"120.000,00\"")
                })?;
            per_gemeente.insert(gemeente, amount(text)?);
        }
        let total = self.bedrag.as_ref().map(amount).transpose()?;
        if total.is_none() && per_gemeente.is_empty() {
            let advice = "voeg toe: bedrag = \"985.851,30\", of [grootboek.gemeenten] met een bedrag per CBS-code";
            return Err(error(
                self.bron.span(),
                "[grootboek] noemt geen bedrag".to_owned(),
                advice,
            ));
        }
        Ok(Grootboek { source: self.bron.into_inner(), total, per_gemeente })
    }
}
