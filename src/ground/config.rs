//! Errors in what a person wrote in a configuration file, with the line that is wrong.

use super::on_one_line;
use miette::{Diagnostic, NamedSource, SourceSpan};
use std::ops::Range;
use thiserror::Error;

/// A mistake in `controle.toml` or a ruleset, or a choice that no ruleset allows.
#[derive(Debug, Error, Diagnostic)]
#[error("{bericht}")]
pub struct ConfigError {
    pub bericht: String,
    /// What the reader can do about it.
    pub advice: String,
    #[source_code]
    pub text: Option<NamedSource<String>>,
    #[label("hier")]
    pub place: Option<SourceSpan>,
    /// What else is wrong in the same file.
    pub further: Vec<ConfigError>,
}

impl ConfigError {
    /// A mistake that no file holds, such as a wrong option.
    pub(crate) fn loose(bericht: impl Into<String>, advice: impl Into<String>) -> Box<ConfigError> {
        Box::new(ConfigError {
            bericht: on_one_line(&bericht.into()).into_owned(),
            advice: advice.into(),
            text: None,
            place: None,
            further: Vec::new(),
        })
    }

    /// A mistake at a place in a file.
    pub(crate) fn in_file(
        name: &str,
        content: &str,
        place: Range<usize>,
        bericht: impl Into<String>,
        advice: impl Into<String>,
    ) -> Box<ConfigError> {
        let line = content[..place.start.min(content.len())].matches('\n').count() + 1;
        Box::new(ConfigError {
            bericht: on_one_line(&format!("{name}, regel {line}: {}", bericht.into())).into_owned(),
            advice: advice.into(),
            text: Some(NamedSource::new(name, content.to_owned())),
            place: Some(place.into()),
            further: Vec::new(),
        })
    }

    /// What the TOML reader says, in Dutch where that is possible.
    pub(crate) fn from_toml(
        name: &str,
        content: &str,
        error: &toml::de::Error,
    ) -> Box<ConfigError> {
        let place = error.span().unwrap_or(0..0);
        let bericht = translated(error.message());
        ConfigError::in_file(name, content, place, bericht, "verbeter deze regel")
    }
}

/// Mistakes of one file, so that a person sees all of them in one run.
#[derive(Debug, Default)]
pub(crate) struct Mistakes(Vec<ConfigError>);

impl Mistakes {
    /// What was read; where that went wrong, nothing, and the mistakes are kept.
    pub(crate) fn note<T>(&mut self, read: Result<T, Box<ConfigError>>) -> Option<T> {
        read.map_err(|mut error| {
            let further = std::mem::take(&mut error.further);
            self.0.push(*error);
            self.0.extend(further);
        })
        .ok()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them as one, in the order of the file.
    pub(crate) fn finish(mut self) -> Result<(), Box<ConfigError>> {
        self.0.sort_by_key(|error| error.place.map(|place| place.offset()));
        let mut all = self.0.into_iter();
        let Some(first) = all.next() else { return Ok(()) };
        Err(Box::new(ConfigError { further: all.collect(), ..first }))
    }
}

/// The messages that people meet most, in Dutch.
fn translated(bericht: &str) -> String {
    if let Some(rest) = bericht.strip_prefix("unknown field ") {
        let rest = rest
            .replace(", expected one of ", "; bekend zijn ")
            .replace(", expected ", "; bekend is ");
        return format!("onbekende sleutel {rest}");
    }
    if let Some(rest) = bericht.strip_prefix("unknown variant ") {
        let rest = rest
            .replace(", expected one of ", "; toegestaan zijn ")
            .replace(", expected ", "; toegestaan is ")
            .replace(" or ", " of ");
        return format!("onbekende waarde {rest}");
    }
    if let Some(rest) = bericht.strip_prefix("missing field ") {
        return format!("de sleutel {rest} ontbreekt");
    }
    if bericht.starts_with("invalid type") || bericht.starts_with("wanted ") {
        return "deze waarde is van de verkeerde soort (tekst staat tussen aanhalingstekens, een getal niet)".to_owned();
    }
    "dit is geen geldige TOML".to_owned()
}

/// The name among `known` that looks most like `sought`.
pub(crate) fn like<'a>(sought: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let small = sought.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&small, &name.to_lowercase()), name))
        .filter(|(similarity, _)| *similarity >= 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}
