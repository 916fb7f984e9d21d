//! `rechtmatig controleer DOSSIER`: the audit.

use super::finishing::Finishing;
use super::options::{AuditOptions, RapportOptions};
use super::progress::ProgressDisplay;
use super::stop::CommandError;
use super::{ExitStatus, interrupt, message, proef};
use crate::audit::Workspace;
use crate::rapport::Format;
use crate::writing::{HiddenDir, OutputDir, WriteError};
use clap::{Args, Command};
use rust_decimal::Decimal;
use std::str::FromStr;

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig controleer sample-data --jaar 2023 --uit reports";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub(crate) struct Arguments {
    #[command(flatten)]
    audit: AuditOptions,
    #[command(flatten)]
    rapport: RapportOptions,
    /// Geheugen, zoals 2GB [standaard: de helft van de machine]
    #[arg(long, value_name = "BYTES", value_parser = geheugenmaat, hide_long_help = true)]
    geheugen: Option<u64>,
    /// Toon alleen wat er gelezen wordt en hoe; schrijf niets
    #[arg(long)]
    proef: bool,
}

/// The options as help shows them: those that most people need first.
const ORDER: &[&str] = &[
    "jaar",
    "regio",
    "uit",
    "overschrijf",
    "formaten",
    "regels",
    "alleen",
    "zonder",
    "draden",
    "sleutel",
    "bsn_tonen",
    "strikt",
    "vorige",
    "max_afgekeurd",
    "per_aanbieder",
    "per_gemeente",
    "een_pseudoniem",
    "geheugen",
    "open",
    "stil",
    "alles",
    "toch",
    "proef",
];

/// The command as help shows it: here the dossier is never a part of one.
pub(crate) fn as_main_command(command: Command) -> Command {
    let command = ORDER
        .iter()
        .enumerate()
        .fold(command, |c, (i, name)| c.mut_arg(name, |arg| arg.display_order(i)));
    command.mut_arg("dossier", |arg| {
        arg.help("Map met exports (csv, Excel, Parquet) of iJw-berichten")
    })
}

/// A number of bytes: `500MB`, `2GB`, `1,5GB`; units are decimal.
fn geheugenmaat(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let eenheid = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "B" => 1,
        "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        _ => 0,
    };
    Decimal::from_str(&digits.trim_end().replace(',', "."))
        .ok()
        .and_then(|number| number.checked_mul(Decimal::from(eenheid)))
        .and_then(|bytes| u64::try_from(bytes).ok())
        .filter(|bytes| *bytes > 0)
        .ok_or_else(|| "verwacht een hoeveelheid als 500MB of 2GB".to_owned())
}

pub(crate) fn run(a: &Arguments) -> ExitStatus {
    controleer(a).unwrap_or_else(CommandError::report)
}

fn controleer(a: &Arguments) -> Result<ExitStatus, CommandError> {
    let finishing = Finishing::begin(&a.rapport)?;
    let audit = a.audit.open()?;
    if a.proef {
        return proef::show(audit, a.rapport.stil);
    }
    // Claim the place first: an existing rapport is no reason to read for minutes.
    let name = format!("{}-{}", audit.jaar, audit.setup.regio);
    let inputs = a.rapport.inputs(&a.audit);
    let make = || {
        let place = OutputDir::make(&a.rapport.uit, &name, a.rapport.overschrijf, inputs)?;
        let temporary = HiddenDir::make(&place)?;
        Ok::<_, WriteError>((place, temporary))
    };
    let unfinished = |made: &(OutputDir, HiddenDir)| [made.0.unfinished(), made.1.unfinished()];
    let (place, temporary) = interrupt::clean_up(make, unfinished)?;
    message::say_who_can_read(&place);
    let pseudonyms = a.rapport.pseudonyms()?;
    let progress = ProgressDisplay::new(a.rapport.stil);
    let workspace = Workspace { folder: &temporary.dir(), memory: a.geheugen };
    let with_history = a.rapport.formats().contains(&Format::Html);
    let audited =
        audit.run(workspace, with_history, &progress.luister()).inspect_err(|_| progress.done())?;
    drop(temporary);
    finishing.write(audited, &pseudonyms, place, (&a.audit, a.geheugen), &progress)
}
