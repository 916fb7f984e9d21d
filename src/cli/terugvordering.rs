//! `rechtmatig terugvordering RAPPORT`: what is to come back, as lists.

use super::stop::CommandError;
use super::{ExitStatus, interrupt, message};
use crate::dossier::{Cent, Thousands};
use crate::ground::shown_path;
use crate::terugvordering::{ReadClaimsError, Terugvordering, write_files};
use crate::writing::{Inputs, OutputDir};
use clap::Args;
use std::path::{Path, PathBuf};

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig terugvordering reports/2023-ijsselland";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub(crate) struct Arguments {
    /// Map van een rapport met oordelen
    #[arg(value_name = "RAPPORT")]
    rapport: PathBuf,
    /// Map waarin de terugvordering komt
    #[arg(long, value_name = "MAP", default_value = "reports", hide_default_value = true)]
    uit: PathBuf,
    /// Vervang een bestaande terugvordering
    #[arg(long)]
    overschrijf: bool,
    /// Geen samenvatting
    #[arg(long)]
    stil: bool,
}

/// A reason to stop.
enum StopReason {
    Reading(ReadClaimsError),
    Stop(CommandError),
}

impl<E: Into<CommandError>> From<E> for StopReason {
    fn from(e: E) -> StopReason {
        StopReason::Stop(e.into())
    }
}

pub(crate) fn run(a: &Arguments) -> ExitStatus {
    match ask_back(a) {
        Ok(()) => ExitStatus::Done,
        Err(StopReason::Reading(e)) => {
            message::error(&e.to_string(), e.advice());
            ExitStatus::Input
        }
        Err(StopReason::Stop(stop)) => stop.report(),
    }
}

fn ask_back(a: &Arguments) -> Result<(), StopReason> {
    let t = Terugvordering::read(&a.rapport).map_err(StopReason::Reading)?;
    let name = format!("{}-{}-terugvordering", t.leverjaar, t.regio);
    let inputs = Inputs::default().and(Some(&a.rapport));
    let make = || OutputDir::make(&a.uit, &name, a.overschrijf, inputs);
    let place = interrupt::clean_up(make, |place| [place.unfinished()])?;
    message::say_who_can_read(&place);
    write_files(&t, &place.dir())?;
    let dir = place.put_down()?;
    if !a.stil {
        let stands = || format!("de terugvordering staat in {}", shown_path(&dir));
        message::show(&text(&t, &dir)).map_err(|e| CommandError::Screen(e, stands()))?;
    }
    Ok(())
}

fn text(t: &Terugvordering, dir: &Path) -> String {
    let count = |n: usize, one: &str, more: &str| match n {
        1 => format!("1 {one}"),
        n => format!("{} {more}", Thousands(n as u64)),
    };
    let mut agbs: Vec<&str> = t.vorderingen.iter().map(|v| v.line.aanbieder.as_str()).collect();
    agbs.dedup();
    let mut out = format!(
        "Terug te vorderen over {}: {}, {} van {}.\n",
        t.leverjaar,
        t.total().bedrag,
        count(t.vorderingen.len(), "declaratieregel", "declaratieregels"),
        count(agbs.len(), "aanbieder", "aanbieders"),
    );
    let total = t.total();
    if total.teruggenomen > Cent::ZERO {
        out += &format!(
            "Daarvan is {} teruggenomen; nog open is {}.\n",
            total.teruggenomen, total.open
        );
    }
    if !t.apart.is_empty() {
        out += &format!(
            "Let op: {} niet mee in dat bedrag; apart.csv zegt waarom.\n",
            count(t.apart.len(), "oordeel telt", "oordelen tellen")
        );
    }
    if t.bsn_getoond {
        out += "Let op: het rapport is gemaakt met --bsn-tonen; kijk na wat u verstuurt.\n";
    }
    out + &format!(
        "Terugvordering: {}\nZet openstaand.csv daaruit in het dossier: de volgende controle zegt wat er van terugkwam.\n",
        shown_path(dir)
    )
}
