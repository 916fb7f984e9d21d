//! `rechtmatig regels`: which rules there are, and what one of them does.

use super::{ExitStatus, message};
use crate::audit::{matches_choice, must_exist, ruleset_source};
use crate::beproeving::{self, Trial};
use crate::ground::config::ConfigError;
use crate::ground::io_cause;
use crate::ground::shown_path;
use crate::regels::fingerprints;
use crate::regelset::Regelset;
use crate::uitleg::{self, Handbook};
use clap::Args;
use serde_json::Value;
use std::path::{Path, PathBuf};

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig regels NS01";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub(crate) struct Arguments {
    /// Regel of familie, zoals NS01 of TL [standaard: een lijst van alle regels]
    #[arg(value_name = "CODE")]
    code: Option<String>,
    /// Regelset waarvan de waarden worden getoond [standaard: de eerste die de regel heeft]
    #[arg(long, value_name = "NAAM")]
    regio: Option<String>,
    /// Map met eigen regelsets
    #[arg(long, value_name = "MAP")]
    regels: Option<PathBuf>,
    /// Toon JSON, voor andere programma's
    #[arg(long)]
    json: bool,
    /// Beproef de regels op de gevallen in deze map, een bestand per regel
    #[arg(long, value_name = "MAP", conflicts_with = "json")]
    beproef: Option<PathBuf>,
}

pub(crate) fn run(a: &Arguments) -> ExitStatus {
    if let Some(dir) = &a.beproef {
        return match try_out(a, dir) {
            Ok(trial) => match show(&trial.text()) {
                ExitStatus::Done if !trial.differences.is_empty() => ExitStatus::FoutFound,
                status => status,
            },
            Err(e) => {
                message::config_error(&e);
                ExitStatus::Usage
            }
        };
    }
    match text(a) {
        Ok(s) => show(&s),
        Err(e) => {
            message::config_error(&e);
            ExitStatus::Usage
        }
    }
}

/// Runs the cases of a folder: all, or those of the chosen rules.
fn try_out(a: &Arguments, dir: &Path) -> Result<Trial, Box<ConfigError>> {
    let book = Handbook::read(&ruleset_source(a.regels.as_deref())?)?;
    let rules = book.rules(a.regio.as_deref());
    let mut files = beproeving::case_files(dir).map_err(|e| {
        ConfigError::loose(
            format!("{} is niet te lezen: {}", shown_path(dir), io_cause(&e)),
            "geef met --beproef de map waarin uw gevallen staan",
        )
    })?;
    if let Some(choice) = &a.code {
        must_exist(choice, &rules)?;
        let chosen = |path: &PathBuf| {
            let code = path.file_stem().unwrap_or_default();
            rules.iter().any(|r| *r.code == *code && matches_choice(r, choice))
        };
        files.retain(chosen);
    }
    if files.is_empty() {
        return Err(ConfigError::loose(
            format!("{} heeft geen gevallen", shown_path(dir)),
            "zet daar een bestand per regel, zoals X01.md",
        ));
    }
    Ok(beproeving::try_out(&files, &book.regelsets, &rules))
}

fn text(a: &Arguments) -> Result<String, Box<ConfigError>> {
    let source = ruleset_source(a.regels.as_deref())?;
    let book = Handbook::read(&source)?;
    let regio = a.regio.as_deref();
    if let Some(name) = regio.filter(|n| book.regelsets.iter().all(|set| set.name != *n)) {
        // Reading it says what is wrong with the name.
        Regelset::read(name, &source, &fingerprints())?;
    }
    let Some(choice) = &a.code else {
        return Ok(if a.json {
            json(&uitleg::json_list(&book, regio))
        } else {
            uitleg::list(&book, regio)
        });
    };
    let rules = book.rules(regio);
    must_exist(choice, &rules)?;
    let chosen: Vec<_> = rules
        .into_iter()
        .filter(|r| matches_choice(r, choice))
        .map(|r| book.explanation(r))
        .collect();
    Ok(match chosen.as_slice() {
        [one] if a.json && choice.eq_ignore_ascii_case(one.rule.code) => {
            json(&uitleg::json_regel(one, regio))
        }
        more if a.json => json(&more.iter().map(|u| uitleg::json_regel(u, regio)).collect()),
        more => {
            let texts: Vec<String> = more.iter().map(|u| uitleg::rule(u, regio)).collect();
            texts.join(&format!("\n{}\n\n", "-".repeat(80)))
        }
    })
}

fn json(value: &Value) -> String {
    format!("{value:#}\n")
}

fn show(text: &str) -> ExitStatus {
    match message::show(text) {
        Err(e) => {
            message::error(
                &format!("de tekst kan niet geschreven worden: {}", io_cause(&e)),
                "schrijf naar een andere plaats",
            );
            ExitStatus::Output
        }
        Ok(()) => ExitStatus::Done,
    }
}
