//! Errors in what a person wrote in a configuration file, with the line that is wrong.

use miette::{Diagnostic, NamedSource, SourceSpan};
use std::ops::Range;
use thiserror::Error;

/// A mistake in `controle.toml` or a ruleset, or a choice that no ruleset allows.
#[derive(Debug, Error, Diagnostic)]
#[error("{bericht}")]
pub struct ConfigFout {
    pub bericht: String,
    /// What the reader can do about it.
    pub raad: String,
    #[source_code]
    pub tekst: Option<NamedSource<String>>,
    #[label("hier")]
    pub plaats: Option<SourceSpan>,
}

impl ConfigFout {
    /// A mistake that no file holds, such as a wrong option.
    pub fn los(bericht: impl Into<String>, raad: impl Into<String>) -> Box<ConfigFout> {
        Box::new(ConfigFout {
            bericht: bericht.into(),
            raad: raad.into(),
            tekst: None,
            plaats: None,
        })
    }

    /// A mistake at a place in a file.
    pub fn in_bestand(
        naam: &str,
        inhoud: &str,
        plaats: Range<usize>,
        bericht: impl Into<String>,
        raad: impl Into<String>,
    ) -> Box<ConfigFout> {
        let regel = inhoud[..plaats.start.min(inhoud.len())].matches('\n').count() + 1;
        Box::new(ConfigFout {
            bericht: format!("{naam}, regel {regel}: {}", bericht.into()),
            raad: raad.into(),
            tekst: Some(NamedSource::new(naam, inhoud.to_owned())),
            plaats: Some(plaats.into()),
        })
    }

    /// What the TOML reader says, in Dutch where that is possible.
    pub fn van_toml(naam: &str, inhoud: &str, fout: &toml::de::Error) -> Box<ConfigFout> {
        let plaats = fout.span().unwrap_or(0..0);
        let bericht = vertaald(fout.message());
        ConfigFout::in_bestand(naam, inhoud, plaats, bericht, "verbeter deze regel")
    }
}

/// The messages that people meet most, in Dutch.
fn vertaald(bericht: &str) -> String {
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

/// The name among `bekend` that looks most like `gezocht`.
pub fn gelijkende<'a>(gezocht: &str, bekend: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let klein = gezocht.to_lowercase();
    bekend
        .into_iter()
        .map(|naam| (strsim::jaro_winkler(&klein, &naam.to_lowercase()), naam))
        .filter(|(gelijkenis, _)| *gelijkenis >= 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, naam)| naam)
}
