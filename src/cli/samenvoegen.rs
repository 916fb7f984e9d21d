//! `rechtmatig samenvoegen DOSSIER`: the rapport from what the parts of an audit came to.

use super::afronding::Afronding;
use super::options::{AuditOptions, RapportOptions};
use super::stop::Stop;
use super::streams::stdin;
use super::voortgang::Voortgang;
use super::{Status, onderbreking};
use crate::bron::BronFout;
use crate::ground::gemaskeerd;
use crate::writing::Plaats;
use clap::Args;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig samenvoegen sample-data stand.arrow delen/*.arrow --jaar 2023 --uit reports
Hoe u aan de delen komt: docs/spark.md";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub struct Argumenten {
    #[command(flatten)]
    audit: AuditOptions,
    /// Wat de delen schreven, de stand van het dossier voorop [standaard: stdin]
    #[arg(value_name = "DELEN")]
    delen: Vec<PathBuf>,
    #[command(flatten)]
    rapport: RapportOptions,
}

pub fn voer_uit(a: &Argumenten) -> Status {
    samenvoegen(a).unwrap_or_else(Stop::meld)
}

fn samenvoegen(a: &Argumenten) -> Result<Status, Stop> {
    let afronding = Afronding::begin(&a.rapport);
    let audit = a.audit.open()?;
    let pseudoniemen = a.rapport.pseudoniemen()?;
    let stromen = stromen(a)?;
    let naam = format!("{}-{}", audit.jaar, audit.setup.regio);
    let plaats = Plaats::maak(&a.rapport.uit, &naam, a.rapport.overschrijf)?;
    onderbreking::ruim_op([plaats.map()]);
    let voortgang = Voortgang::nieuw(a.rapport.stil);
    voortgang.stap("Delen lezen");
    let audited = audit.gather(stromen).inspect_err(|_| voortgang.klaar())?;
    afronding.schrijf(audited, &pseudoniemen, plaats, a.audit.given(None), &voortgang)
}

/// A stream with its name for messages.
type Stroom = (String, Box<dyn Read>);

/// What is read.
fn stromen(a: &Argumenten) -> Result<Vec<Stroom>, Stop> {
    if a.delen.is_empty() {
        return Ok(vec![("stdin".to_owned(), Box::new(stdin()?))]);
    }
    a.delen
        .iter()
        .map(|pad| {
            let naam = gemaskeerd(&pad.display().to_string()).into_owned();
            let bestand = File::open(pad).map_err(|e| BronFout::van_io(&naam, &e))?;
            Ok((naam, Box::new(bestand) as Box<dyn Read>))
        })
        .collect()
}
