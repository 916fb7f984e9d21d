//! `rechtmatig productieverantwoording DOSSIER`: what was delivered, by aanbieder and gemeente.

use super::options;
use super::progress::ProgressDisplay;
use super::stop::CommandError;
use super::{ExitStatus, interrupt, message};
use crate::audit::{Setup, Spec};
use crate::dossier::{counted, declaratieregels};
use crate::ground::shown_path;
use crate::productie::{Productieverantwoording, write_report};
use crate::toetsing::LineStatistics;
use crate::writing::{Inputs, OutputDir};
use clap::Args;
use std::path::PathBuf;

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig productieverantwoording sample-data --jaar 2023";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub(crate) struct Arguments {
    /// Map met exports (declaraties…, toewijzingen…) of iJw-berichten
    #[arg(value_name = "DOSSIER")]
    dossier: PathBuf,
    /// Leverjaar, bijvoorbeeld 2023 (of jaar in controle.toml)
    #[arg(long, value_name = "JAAR", value_parser = options::jaar)]
    jaar: Option<i32>,
    /// Regelset (of in controle.toml) [standaard: ijsselland]
    #[arg(long, value_name = "NAAM")]
    regio: Option<String>,
    /// Map waarin de verantwoording komt
    #[arg(long, value_name = "MAP", default_value = "reports", hide_default_value = true)]
    uit: PathBuf,
    /// Vervang een bestaande verantwoording
    #[arg(long)]
    overschrijf: bool,
    /// Map met eigen regelsets
    #[arg(long, value_name = "MAP")]
    regels: Option<PathBuf>,
    #[command(flatten)]
    memory: options::MemoryOption,
    /// Geen voortgang en geen samenvatting
    #[arg(long)]
    stil: bool,
}

pub(crate) fn run(a: &Arguments) -> ExitStatus {
    match verantwoord(a) {
        Ok(()) => ExitStatus::Done,
        Err(stop) => stop.report(),
    }
}

fn verantwoord(a: &Arguments) -> Result<(), CommandError> {
    let setup = Setup::open(&Spec {
        regio: a.regio.clone(),
        rulesets: a.regels.clone(),
        without_toewijzingen: true,
        memory: a.memory.geheugen,
        ..Spec::new(&a.dossier)
    })?;
    let jaar = setup.leverjaar(a.jaar)?;
    let name = format!("{jaar}-{}-productieverantwoording", setup.regio);
    let inputs = Inputs::of_dossier(&a.dossier).and(a.regels.as_deref());
    let make = || OutputDir::make(&a.uit, &name, a.overschrijf, inputs);
    let place = interrupt::clean_up(make, |place| [place.unfinished()])?;
    message::say_who_can_read(&place);
    let progress = ProgressDisplay::new(a.stil);
    let read = setup.read(&progress.listen()).inspect_err(|_| progress.done())?;
    let joined = setup.join(read);
    let context = joined.context(jaar);
    progress.step("Verantwoording schrijven");
    let productie = Productieverantwoording::make(&context).inspect_err(|_| progress.done())?;
    write_report(&productie, &place.dir()).inspect_err(|_| progress.done())?;
    let dir = place.put_down()?;
    progress.done();
    if !a.stil {
        let mut warnings = joined.warnings.clone();
        warnings.extend(LineStatistics::of(&context).empty_jaar(jaar));
        let warnings = warnings.iter().map(|w| message::folded(w, "Let op: ", 2));
        let total = format!(
            "Productieverantwoording {jaar}: {}, {}, {}, {}",
            counted(productie.per_aanbieder().count() as u64, "aanbieder", "aanbieders"),
            counted(productie.total.jeugdigen, "jeugdige", "jeugdigen"),
            declaratieregels(productie.total.lines),
            productie.total.bedrag,
        );
        let place = format!("Verantwoording: {}\n", shown_path(&dir));
        let text = warnings.collect::<String>() + &message::folded(&total, "", 2) + &place;
        let stands = || format!("de verantwoording staat in {}", shown_path(&dir));
        message::show(&text).map_err(|e| CommandError::Screen(e, stands()))?;
    }
    Ok(())
}
