//! A file of a ruleset, as far as messages need it.

use crate::dossier::Dag;
use crate::ground::config::ConfigError;
use std::ops::Range;
use toml::Spanned;

/// What reading gives; a mistake names its line.
pub(super) type Parsed<T> = Result<T, Box<ConfigError>>;

/// One TOML file, for messages.
pub(super) struct SpannedText<'a> {
    pub(super) name: &'a str,
    pub(super) content: &'a str,
}

impl SpannedText<'_> {
    pub(super) fn error(
        &self,
        place: Range<usize>,
        bericht: impl Into<String>,
        advice: impl Into<String>,
    ) -> Box<ConfigError> {
        ConfigError::in_file(self.name, self.content, place, bericht, advice)
    }

    pub(super) fn dag(&self, d: &Spanned<toml::value::Datetime>) -> Parsed<Dag> {
        dag_of(d.get_ref()).ok_or_else(|| {
            self.error(
                d.span(),
                "dit is geen datum",
                "schrijf een datum als 2023-01-01, zonder aanhalingstekens",
            )
        })
    }
}

pub(super) fn dag_of(d: &toml::value::Datetime) -> Option<Dag> {
    let datum = d.date?;
    Dag::from_jmd(datum.year.into(), datum.month.into(), datum.day.into())
}
