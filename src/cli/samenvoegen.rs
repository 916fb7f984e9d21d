//! `rechtmatig samenvoegen DOSSIER`: the rapport from what the parts of an audit came to.

use super::finishing::Finishing;
use super::options::{AuditOptions, RapportOptions};
use super::progress::ProgressDisplay;
use super::stop::CommandError;
use super::streams::stdin;
use super::{ExitStatus, interrupt, message};
use crate::bron::SourceError;
use crate::ground::masked;
use crate::writing::OutputDir;
use clap::Args;
use std::fs::File;
use std::io::Read;
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
    let stromen = streams(a)?;
    let name = format!("{}-{}", audit.jaar, audit.setup.regio);
    let inputs = a.delen.iter().fold(a.rapport.inputs(&a.audit), |i, path| i.and(Some(path)));
    let make = || OutputDir::make(&a.rapport.uit, &name, a.rapport.overschrijf, inputs);
    let place = interrupt::clean_up(make, |place| [place.unfinished()])?;
    message::say_who_can_read(&place);
    let pseudonyms = a.rapport.pseudonyms()?;
    let progress = ProgressDisplay::new(a.rapport.stil);
    progress.step("Delen lezen");
    let audited = audit.gather(stromen).inspect_err(|_| progress.done())?;
    finishing.write(audited, &pseudonyms, place, (&a.audit, None), &progress)
}

/// A stream with its name for messages.
type NamedStream = (String, Box<dyn Read>);

/// What is read.
fn streams(a: &Arguments) -> Result<Vec<NamedStream>, CommandError> {
    if a.delen.is_empty() {
        return Ok(vec![("stdin".to_owned(), Box::new(stdin()?))]);
    }
    a.delen
        .iter()
        .map(|path| {
            let name = masked(&path.display().to_string()).into_owned();
            let file = File::open(path).map_err(|e| SourceError::from_io(&name, &e))?;
            Ok((name, Box::new(file) as Box<dyn Read>))
        })
        .collect()
}
