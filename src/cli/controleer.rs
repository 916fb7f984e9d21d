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

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig controleer sample-data --jaar 2023 --uit reports";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub(crate) struct Arguments {
    #[command(flatten)]
    audit: AuditOptions,
    #[command(flatten)]
    rapport: RapportOptions,
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
    let workspace = Workspace { folder: Some(&temporary.dir()) };
    let with_history = a.rapport.formats().contains(&Format::Html);
    let audited =
        audit.run(workspace, with_history, &progress.listen()).inspect_err(|_| progress.done())?;
    drop(temporary);
    finishing.write(audited, &pseudonyms, place, &a.audit, &progress)
}
