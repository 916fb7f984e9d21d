//! `rapport.html`: the page that a person reads. One file: its style, script, charts and data are in
//! it, and its Content-Security-Policy lets it ask for nothing else.

mod columns;
mod gegevens;
mod getallen;
mod grafiek;
mod lijsten;
mod onderdelen;
mod pagina;
mod script_json;
mod verdeling;

use super::{Formaat, Rapport, Uitvoering};
use crate::writing::WriteError;
use gegevens::Gegevens;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use pagina::Pagina;
use std::path::Path;

const SJABLOON: &str = include_str!("template.html");

/// Writes the page.
pub fn schrijf(
    rapport: &Rapport<'_>,
    pad: &Path,
    uitvoering: &Uitvoering,
    formaten: &[Formaat],
) -> Result<(), WriteError> {
    let fout = |oorzaak: String| WriteError::Samenstellen {
        wat: "de pagina kan niet worden gemaakt",
        oorzaak,
    };
    let gegevens = Gegevens::maak(rapport);
    let json = script_json::to_string(&gegevens).map_err(|e| fout(e.to_string()))?;
    let pagina = Pagina::maak(rapport, &gegevens, uitvoering, formaten, json);
    drop(gegevens);
    let html = vul_in(&pagina).map_err(|e| fout(e.to_string()))?;
    std::fs::write(pad, html).map_err(|e| WriteError::schrijven(pad, &e))
}

fn vul_in(pagina: &Pagina<'_>) -> Result<String, minijinja::Error> {
    let mut sjablonen = Environment::new();
    sjablonen.set_auto_escape_callback(|_| AutoEscape::Html);
    sjablonen.set_undefined_behavior(UndefinedBehavior::Strict);
    sjablonen.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    sjablonen.add_template("template.html", SJABLOON)?;
    sjablonen.get_template("template.html")?.render(Serde(pagina))
}
