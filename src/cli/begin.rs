//! `rechtmatig begin MAP`: a start for an export of one's own.

use super::ExitStatus;
use super::message::{folded, printable, show as print};
use super::options::jaar;
use super::proef;
use super::stop::CommandError;
use crate::audit::{AuditError, Spec};
use crate::begin::{Reading, Start, look};
use crate::dossier::{CatalogusRow, Onderdeel, declaratieregels};
use crate::ground::masked;
use crate::ground::shown_path;
use crate::poort::ProductProposal;
use crate::rapport::Pseudonyms;
use crate::writing::{WriteError, csv};
use clap::Args;
use std::fmt::Write;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig begin mijn-exports
  rechtmatig controleer mijn-exports";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub(crate) struct Arguments {
    /// Map met exports zoals u ze kreeg
    #[arg(value_name = "MAP")]
    map: PathBuf,
    /// Leverjaar [standaard: het jaar van de meeste regels]
    #[arg(long, value_name = "JAAR", value_parser = jaar)]
    jaar: Option<i32>,
    /// Regelset [standaard: naar de gemeenten]
    #[arg(long, value_name = "NAAM")]
    regio: Option<String>,
}

pub(crate) fn run(a: &Arguments) -> ExitStatus {
    begin(a).unwrap_or_else(CommandError::report)
}

fn begin(a: &Arguments) -> Result<ExitStatus, CommandError> {
    let spec = Spec { jaar: a.jaar, regio: a.regio.clone(), ..Spec::new(&a.map) };
    let mut start = look(&a.map, a.jaar, a.regio.as_deref())?;
    let mut out = found(&start);
    let reading = start.read(&spec);
    let written = write_settings(&a.map, &start.draft.to_toml())?;
    match reading {
        Ok(reading) => {
            out += &read(&reading);
            if let Some(name) = write_products(&a.map, &reading.proposals)? {
                let _ = writeln!(out, "\nVoorstellen voor producten: {name}");
            }
        }
        Err(AuditError::Source(e)) => {
            let _ = writeln!(out, "\nNog niet te lezen: {e}\nWat te doen: {}", e.advice());
        }
        Err(AuditError::Config(e)) => {
            let _ = writeln!(out, "\nNog niet te lezen: {}\nWat te doen: {}", e.bericht, e.advice);
        }
        Err(e) => return Err(e.into()),
    }
    out += &questions(&start);
    let _ = writeln!(out, "\nVoorstel geschreven: {}", shown_path(&a.map.join(written)));
    if written == BESIDE {
        let _ = writeln!(out, "Er staat al een {SETTINGS}; neem eruit over wat u nodig hebt.");
    }
    let _ =
        writeln!(out, "Loop het na en voer dan uit: rechtmatig controleer {}", shown_path(&a.map));
    let stands = || format!("het voorstel staat in {}", shown_path(&a.map.join(written)));
    print(&printable(&out)).map_err(|e| CommandError::Screen(e, stands()))?;
    Ok(ExitStatus::Done)
}

/// What each file was taken for.
fn found(start: &Start) -> String {
    let mut out = "Herkend\n".to_owned();
    for file in &start.files {
        out += &folded(&format!("{}: {}", file.name, file.what), "  ", 4);
        for (header, kolom, by_content) in &file.columns {
            let why = if *by_content { " (naar wat de cellen bevatten)" } else { "" };
            out += &folded(&format!("kolom {header} gelezen als {kolom}{why}"), "    ", 6);
        }
        if !file.unknown.is_empty() {
            out += &folded(&file.unknown.join(", "), "    niet gelezen: ", 6);
        }
    }
    out
}

/// What reading under the proposal came to.
fn read(reading: &Reading) -> String {
    let mut out = "\n".to_owned();
    out += &proef::meldingen(&reading.meldingen);
    for warning in &reading.warnings {
        out += &folded(warning, "Let op: ", 2);
    }
    out += &proef::files(&reading.files);
    out += &proef::rows(&reading.rows, &reading.files, &Pseudonyms::eenmalig(false));
    out
}

fn questions(start: &Start) -> String {
    let mut out = "\nWat alleen u kunt weten\n".to_owned();
    for question in &start.questions {
        out += &folded(question, "  - ", 4);
    }
    if start.questions.is_empty() {
        out += "  Niets: het voorstel is volledig. Controleer het leverjaar en de regio.\n";
    }
    out
}

const SETTINGS: &str = "controle.toml";
const BESIDE: &str = "controle.voorstel.toml";

/// Writes the settings where there are none yet, else beside them; gives the name.
fn write_settings(dir: &Path, text: &str) -> Result<&'static str, WriteError> {
    let taken = crate::bron::has_settings(dir);
    let name = if taken { BESIDE } else { SETTINGS };
    let path = dir.join(name);
    let mut options = OpenOptions::new();
    // Another proposal of ours may be replaced; settings never.
    options.write(true).create_new(!taken).create(taken).truncate(taken);
    let write = || options.open(&path)?.write_all(masked(text).as_bytes());
    write().map_err(|e| WriteError::writing(&path, &e))?;
    Ok(name)
}

/// Writes a row for each product that the catalogue lacks, marked as a proposal: none of them is
/// applied before a person takes the mark away.
fn write_products(
    dir: &Path,
    proposals: &[ProductProposal],
) -> Result<Option<&'static str>, WriteError> {
    if proposals.is_empty() {
        return Ok(None);
    }
    let name =
        if dir.join("producten.csv").exists() { "voorstel-producten.csv" } else { "producten.csv" };
    let columns = ["ProductCategorie", "ProductCode", "Omschrijving", "Onderdeel", "Tariefsleutel"];
    let rows = proposals.iter().map(|p| {
        let what = match p.onderdeel {
            Some(_) => declaratieregels(p.lines),
            None => format!("{}; het Onderdeel is niet af te leiden", declaratieregels(p.lines)),
        };
        [
            p.categorie.clone(),
            p.code.clone(),
            format!("{} van rechtmatig begin: {what}, {}", CatalogusRow::PROPOSAL, p.bedrag),
            p.onderdeel.unwrap_or(Onderdeel::Overig).name().to_owned(),
            p.tariefsleutel.clone().unwrap_or_default(),
        ]
    });
    csv::write(&dir.join(name), &columns, rows)?;
    Ok(Some(name))
}
