//! `rechtmatig samenvoegen DOSSIER`: the rapport from what the parts of an audit came to.

use super::finishing::Finishing;
use super::options::{AuditOptions, RapportOptions};
use super::progress::ProgressDisplay;
use super::stop::CommandError;
use super::{ExitStatus, interrupt, message, streams};
use crate::writing::OutputDir;
use clap::Args;
use std::path::PathBuf;

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig samenvoegen sample-data stand.arrow delen/*.arrow";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub(crate) struct Arguments {
    #[command(flatten)]
    audit: AuditOptions,
    /// Wat de delen schreven, de stand voorop [standaard: stdin]
    #[arg(value_name = "DELEN")]
    delen: Vec<PathBuf>,
    #[command(flatten)]
    rapport: RapportOptions,
}

pub(crate) fn run(a: &Arguments) -> ExitStatus {
    merge(a).unwrap_or_else(CommandError::report)
}

fn merge(a: &Arguments) -> Result<ExitStatus, CommandError> {
    let finishing = Finishing::begin(&a.rapport)?;
    let audit = a.audit.open()?;
    let stromen = streams::named(&a.delen)?;
    let name = format!("{}-{}", audit.jaar, audit.setup.regio);
    let inputs = a.delen.iter().fold(a.rapport.inputs(&a.audit), |i, path| i.and(Some(path)));
    let make = || OutputDir::make(&a.rapport.uit, &name, a.rapport.overschrijf, inputs);
    let place = interrupt::clean_up(make, |place| [place.unfinished()])?;
    message::say_who_can_read(&place);
    let pseudonyms = a.rapport.pseudonyms()?;
    let progress = ProgressDisplay::new(a.rapport.stil);
    progress.step("Delen lezen");
    let audited = audit.gather(stromen).inspect_err(|_| progress.done())?;
    finishing.write(audited, &pseudonyms, place, &a.audit, &progress)
}
