//! `rapport.html`: the page that a person reads. One file: its style, script, charts and data are in
//! it, and its Content-Security-Policy lets it ask for nothing else.

mod chart;
mod columns;
mod distribution;
mod glance;
mod lists;
mod numbers;
mod page;
mod page_data;
mod parts;
mod script_json;

pub(crate) use chart::{ChartColumn, bar, kolommen};
pub(crate) use page::STYLE;

use super::{Format, Rapport, RunInfo};
use crate::ground::Shown;
use crate::writing::WriteError;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, escape_formatter};
use page::Page;
use page_data::PageData;
use serde::Serialize;
use std::path::Path;

const TEMPLATE: &str = include_str!("template.html");

/// Writes the page.
pub(crate) fn write(
    rapport: &Rapport<'_>,
    path: &Path,
    uitvoering: &RunInfo,
    formats: &[Format],
) -> Result<(), WriteError> {
    let fout =
        |cause: String| WriteError::Assembling { what: "de pagina kan niet worden gemaakt", cause };
    let data = PageData::make(rapport);
    let json = script_json::to_string(&data).map_err(|e| fout(e.to_string()))?;
    let page = Page::make(rapport, &data, uitvoering, formats, json);
    drop(data);
    let html = fill_in(TEMPLATE, &page).map_err(|e| fout(e.to_string()))?;
    std::fs::write(path, html).map_err(|e| WriteError::writing(path, &e))
}

/// A page made of a template and what it fills in; what isn't said to be safe is escaped.
pub(crate) fn fill_in(template: &str, page: &impl Serialize) -> Result<String, minijinja::Error> {
    let mut templates = Environment::new();
    templates.set_auto_escape_callback(|_| AutoEscape::Html);
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    templates.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    // What the program made as HTML, such as a chart and the findings, is written as it is.
    templates.set_formatter(|out, state, value| {
        match value.as_str().filter(|_| !value.is_safe()) {
            Some(text) => escape_formatter(out, state, &Value::from(&*Shown::from(text))),
            None => escape_formatter(out, state, value),
        }
    });
    templates.add_template("template.html", template)?;
    templates.get_template("template.html")?.render(Serde(page))
}
