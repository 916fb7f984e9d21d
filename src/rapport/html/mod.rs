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
mod page_rows;
mod parts;
mod script_json;
mod template;

pub(crate) use chart::{ChartColumn, bar, kolommen};
pub(crate) use page::STYLE;
pub(crate) use template::{PageHead, fill_in};

use super::{Format, Rapport, RunInfo};
use crate::writing::WriteError;
use page::Page;
use page_data::PageData;
use std::path::Path;

const TEMPLATE: &str = include_str!("template.html");

/// Writes the page.
pub(crate) fn write(
    rapport: &Rapport<'_>,
    path: &Path,
    run: &RunInfo,
    formats: &[Format],
) -> Result<(), WriteError> {
    let fout =
        |cause: String| WriteError::Assembling { what: "de pagina kan niet worden gemaakt", cause };
    let data = PageData::make(rapport);
    let json = script_json::to_string(&data).map_err(|e| fout(e.to_string()))?;
    let page = Page::make(rapport, &data, run, formats, json);
    drop(data);
    let html = fill_in(TEMPLATE, &page).map_err(|e| fout(e.to_string()))?;
    std::fs::write(path, html).map_err(|e| WriteError::writing(path, &e))
}
