//! `rechtmatig deel DOSSIER`: one step over one part of an audit, rows in and rows out.

use super::ExitStatus;
use super::options::{self, AuditOptions};
use super::stop::CommandError;
use super::streams::{stdin, stdout};
use crate::audit::parts::stream::{read_files, summarise, write_inventory};
use crate::bron::Inventory;
use crate::dossier::Dag;
use crate::monitor::Counted;
use crate::toetsing::{LineCounter, PassKey};
use clap::{Args, ValueEnum};

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig deel sample-data --inventaris > bestanden.arrow
  rechtmatig deel sample-data --sleutelveld bestand < bestanden.arrow > 1.arrow
Alle stappen, en hoe een cluster ze uitvoert: docs/spark.md";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub(crate) struct Arguments {
    #[command(flatten)]
    audit: AuditOptions,
    /// bestand, dossier, aanbieder, toewijzing of jeugdige
    #[arg(
        long,
        value_name = "VELD",
        hide_possible_values = true,
        required_unless_present = "inventaris"
    )]
    sleutelveld: Option<PartStep>,
    /// Schrijf welke bestanden er te lezen zijn
    #[arg(long, conflicts_with = "sleutelveld")]
    inventaris: bool,
    /// Tel ook voor de monitor, zo nodig tot deze dag
    #[arg(long, value_name = "DATUM", num_args = 0..=1, require_equals = true, value_parser = options::dag)]
    monitor: Option<Option<Dag>>,
}

/// A step, by the key that its parts are made by.
#[derive(Clone, Copy, ValueEnum)]
enum PartStep {
    Bestand,
    Dossier,
    Aanbieder,
    Toewijzing,
    Jeugdige,
}

pub(crate) fn run(a: &Arguments) -> ExitStatus {
    match part(a) {
        Ok(()) => ExitStatus::Done,
        Err(stop) => stop.report(),
    }
}

fn part(a: &Arguments) -> Result<(), CommandError> {
    let audit = a.audit.open()?;
    let out = stdout()?;
    let setup = &audit.setup;
    let inventory = || Inventory::of(&setup.dossier, &setup.options);
    let Some(step) = a.sleutelveld else {
        return write_inventory(&inventory()?, out).map_err(CommandError::Stdout);
    };
    let of = stdin()?;
    let field = match step {
        PartStep::Bestand => return Ok(read_files(&inventory()?, &setup.options, of, out)?),
        PartStep::Dossier => {
            let inventory = inventory()?;
            return Ok(summarise(inventory, &setup.options, audit.fingerprint(), of, out)?);
        }
        PartStep::Aanbieder => PassKey::Aanbieder,
        PartStep::Toewijzing => PassKey::Toewijzing,
        PartStep::Jeugdige => PassKey::Jeugdige,
    };
    let mut counted = a.monitor.map(Counted::until);
    let counter = counted.as_mut().map(|counted| counted as &mut dyn LineCounter);
    Ok(audit.run_pass(field, counter, of, out)?)
}
