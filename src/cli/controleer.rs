//! `rechtmatig controleer DOSSIER`: the audit.

use super::afronding::Afronding;
use super::options::{AuditOptions, RapportOptions};
use super::stop::Stop;
use super::voortgang::Voortgang;
use super::{Status, onderbreking};
use crate::audit::Workspace;
use crate::rapport::Formaat;
use crate::writing::{Plaats, Tijdelijk};
use clap::{Args, Command};
use rust_decimal::Decimal;
use std::str::FromStr;

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig controleer sample-data --jaar 2023 --uit reports";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub struct Argumenten {
    #[command(flatten)]
    audit: AuditOptions,
    #[command(flatten)]
    rapport: RapportOptions,
    /// Geheugen, zoals 2GB [standaard: de helft van de machine]
    #[arg(long, value_name = "BYTES", value_parser = geheugenmaat)]
    geheugen: Option<u64>,
}

/// The options as help shows them: those that most people need first.
const VOLGORDE: [&str; 17] = [
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
    "max_afgekeurd",
    "per_aanbieder",
    "per_gemeente",
    "geheugen",
    "stil",
];

/// The command as help shows it: here the dossier is never a part of one.
pub fn als_hoofdopdracht(commando: Command) -> Command {
    let commando = VOLGORDE
        .iter()
        .enumerate()
        .fold(commando, |c, (i, naam)| c.mut_arg(naam, |arg| arg.display_order(i)));
    commando.mut_arg("dossier", |arg| {
        arg.help("Map met exports (declaraties…, toewijzingen…) of iJw-berichten")
    })
}

/// A number of bytes: `500MB`, `2GB`, `1,5GB`; units are decimal.
fn geheugenmaat(tekst: &str) -> Result<u64, String> {
    let cijfers = tekst.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let eenheid = match tekst[cijfers.len()..].to_ascii_uppercase().as_str() {
        "B" => 1,
        "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        _ => 0,
    };
    Decimal::from_str(&cijfers.trim_end().replace(',', "."))
        .ok()
        .and_then(|getal| getal.checked_mul(Decimal::from(eenheid)))
        .and_then(|bytes| u64::try_from(bytes).ok())
        .filter(|bytes| *bytes > 0)
        .ok_or_else(|| "verwacht een hoeveelheid als 500MB of 2GB".to_owned())
}

pub fn voer_uit(a: &Argumenten) -> Status {
    controleer(a).unwrap_or_else(Stop::meld)
}

fn controleer(a: &Argumenten) -> Result<Status, Stop> {
    let afronding = Afronding::begin(&a.rapport);
    let audit = a.audit.open()?;
    let pseudoniemen = a.rapport.pseudoniemen()?;
    // Claim the place first: an existing rapport is no reason to read for minutes.
    let naam = format!("{}-{}", audit.jaar, audit.setup.regio);
    let plaats = Plaats::maak(&a.rapport.uit, &naam, a.rapport.overschrijf)?;
    let tijdelijk = Tijdelijk::maak(&plaats)?;
    onderbreking::ruim_op([plaats.map(), tijdelijk.map().to_owned()]);
    let voortgang = Voortgang::nieuw(a.rapport.stil);
    let workspace = Workspace { folder: tijdelijk.map(), memory: a.geheugen };
    let with_history = a.rapport.formaten().contains(&Formaat::Html);
    let audited = audit
        .run(workspace, with_history, &voortgang.luister())
        .inspect_err(|_| voortgang.klaar())?;
    drop(tijdelijk);
    let given = a.audit.given(a.geheugen);
    afronding.schrijf(audited, &pseudoniemen, plaats, given, &voortgang)
}
