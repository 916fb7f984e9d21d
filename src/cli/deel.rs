//! `rechtmatig deel DOSSIER`: one step over one part of an audit, rows in and rows out.

use super::Status;
use super::options::AuditOptions;
use super::stop::Stop;
use super::streams::{stdin, stdout};
use crate::audit::parts::stream::{read_files, summarise, write_inventory};
use crate::bron::Inventaris;
use crate::toetsing::Sleutelveld;
use clap::{Args, ValueEnum};

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig deel sample-data --jaar 2023 --inventaris > bestanden.arrow
  rechtmatig deel sample-data --jaar 2023 --sleutelveld bestand < bestanden.arrow > gelezen.arrow
Alle stappen, en hoe een cluster ze uitvoert: docs/spark.md";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub struct Argumenten {
    #[command(flatten)]
    audit: AuditOptions,
    /// Waarop het deel is gekozen: bestand, dossier, aanbieder, toewijzing of jeugdige
    #[arg(
        long,
        value_name = "VELD",
        hide_possible_values = true,
        required_unless_present = "inventaris"
    )]
    sleutelveld: Option<Stap>,
    /// Schrijf welke bestanden er te lezen zijn; leest niets van stdin
    #[arg(long, conflicts_with = "sleutelveld")]
    inventaris: bool,
}

/// A step, by the key that its parts are made by.
#[derive(Clone, Copy, ValueEnum)]
enum Stap {
    Bestand,
    Dossier,
    Aanbieder,
    Toewijzing,
    Jeugdige,
}

pub fn voer_uit(a: &Argumenten) -> Status {
    match deel(a) {
        Ok(()) => Status::Klaar,
        Err(stop) => stop.meld(),
    }
}

fn deel(a: &Argumenten) -> Result<(), Stop> {
    let audit = a.audit.open()?;
    let uit = stdout()?;
    let setup = &audit.setup;
    let inventaris = || Inventaris::van(&setup.dossier, &setup.opties);
    let Some(stap) = a.sleutelveld else {
        return write_inventory(&inventaris()?, uit).map_err(Stop::Stdout);
    };
    let van = stdin()?;
    let veld = match stap {
        Stap::Bestand => return Ok(read_files(&inventaris()?, &setup.opties, van, uit)?),
        Stap::Dossier => {
            let inventaris = inventaris()?;
            return Ok(summarise(inventaris, &setup.opties, audit.fingerprint(), van, uit)?);
        }
        Stap::Aanbieder => Sleutelveld::Aanbieder,
        Stap::Toewijzing => Sleutelveld::Toewijzing,
        Stap::Jeugdige => Sleutelveld::Jeugdige,
    };
    Ok(audit.run_pass(veld, van, uit)?)
}
