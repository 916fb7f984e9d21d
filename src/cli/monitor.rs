//! `rechtmatig monitor DOSSIER`: what contract management follows through the year.

use super::options;
use super::progress::ProgressDisplay;
use super::stop::CommandError;
use super::{ExitStatus, interrupt, message, streams};
use crate::audit::{Joined, Setup, Spec, Workspace};
use crate::dossier::{Dag, Thousands};
use crate::ground::config::ConfigError;
use crate::ground::shown_path;
use crate::monitor::{Content, Counted, Monitor, Readers};
use crate::regelset::MonitorSettings;
use crate::toetsing::AuditContext;
use crate::writing::{HiddenDir, Inputs, OutputDir, WriteError};
use clap::Args;
use std::path::{Path, PathBuf};

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig monitor sample-data --jaar 2023 --peildatum 2023-09-30";

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
    /// Stand op deze dag [standaard: einde van de laatste maand met levering]
    #[arg(long, value_name = "DATUM", value_parser = options::dag)]
    peildatum: Option<Dag>,
    /// Map waarin de tabellen komen
    #[arg(long, value_name = "MAP", default_value = "reports", hide_default_value = true)]
    uit: PathBuf,
    /// Vervang bestaande tabellen
    #[arg(long)]
    overschrijf: bool,
    /// Sleutel voor pseudoniemen; wordt zo nodig gemaakt
    #[arg(long, value_name = "BESTAND", env = "RECHTMATIG_SLEUTEL_BESTAND", hide_env = true)]
    sleutel: Option<PathBuf>,
    /// Maak per aanbieder een werkmap voor het gesprek
    #[arg(long)]
    per_aanbieder: bool,
    /// Zonder tabellen over personen en zonder kleine groepen
    #[arg(long)]
    voor_derden: bool,
    #[command(flatten)]
    memory: options::MemoryOption,
    /// Tabellen van wat de delen voor de monitor schreven, de stand voorop [standaard: stdin]
    #[arg(long, value_name = "DELEN", num_args = 0.., hide_long_help = true)]
    delen: Option<Vec<PathBuf>>,
    /// Map met eigen regelsets
    #[arg(long, value_name = "MAP")]
    regels: Option<PathBuf>,
    /// Geen voortgang en geen samenvatting
    #[arg(long)]
    stil: bool,
}

pub(crate) fn run(a: &Arguments) -> ExitStatus {
    match monitor(a) {
        Ok(()) => ExitStatus::Done,
        Err(stop) => stop.report(),
    }
}

fn monitor(a: &Arguments) -> Result<(), CommandError> {
    let setup = Setup::open(&Spec {
        regio: a.regio.clone(),
        rulesets: a.regels.clone(),
        without_toewijzingen: true,
        memory: a.memory.geheugen,
        ..Spec::new(&a.dossier)
    })?;
    let jaar = setup.leverjaar(a.jaar)?;
    let streams = a.delen.as_deref().map(streams::named).transpose()?;
    let name = format!("{jaar}-{}-monitor", setup.regio);
    let inputs = Inputs::of_dossier(&a.dossier).and(a.regels.as_deref()).and(a.sleutel.as_deref());
    let make = || {
        let place = OutputDir::make(&a.uit, &name, a.overschrijf, inputs)?;
        let temporary = HiddenDir::make(&place)?;
        Ok::<_, WriteError>((place, temporary))
    };
    let unfinished = |made: &(OutputDir, HiddenDir)| [made.0.unfinished(), made.1.unfinished()];
    let (place, temporary) = interrupt::clean_up(make, unfinished)?;
    message::say_who_can_read(&place);
    let pseudonyms = options::pseudonyms(a.sleutel.as_deref(), false)?;
    let progress = ProgressDisplay::new(a.stil);
    let workspace = Workspace { folder: Some(&temporary.dir()) };
    let mut counted = Counted::until(a.peildatum);
    let joined = match streams {
        None => setup.count(jaar, &mut counted, workspace, &progress.listen()),
        Some(streams) => setup.gather_counts(jaar, &mut counted, streams),
    };
    let joined = joined.inspect_err(|_| progress.done())?;
    drop(temporary);
    let context = joined.context(jaar);
    progress.step("Tabellen maken");
    let readers = if a.voor_derden { Readers::Others } else { Readers::Inside };
    let settings = monitor_settings(&context).inspect_err(|_| progress.done())?;
    let monitor = Monitor::make(&context, settings, &pseudonyms, readers, counted);
    let monitor = monitor.inspect_err(|_| progress.done())?;
    progress.step("Tabellen schrijven");
    monitor.write(&place.dir()).inspect_err(|_| progress.done())?;
    if a.per_aanbieder {
        monitor.write_parties(&place.dir()).inspect_err(|_| progress.done())?;
    }
    let dir = place.put_down()?;
    progress.done();
    if a.stil {
        return Ok(());
    }
    let stands = || format!("de tabellen staan in {}", shown_path(&dir));
    let text = summary(&joined, &monitor, &dir);
    message::show(&text).map_err(|e| CommandError::Screen(e, stands()))
}

/// What the ruleset says of the monitor.
fn monitor_settings(context: &AuditContext<'_>) -> Result<MonitorSettings, Box<ConfigError>> {
    context.regelset.monitor_settings(context.last_dag()).ok_or_else(|| {
        ConfigError::loose(
            format!("regelset {} heeft geen tabel [monitor]", context.regelset.name),
            "bouw de regelset op landelijk (basis = \"landelijk\"), of neem [monitor] daaruit over",
        )
    })
}

/// What the tables came to, and which of them lack their source.
fn summary(joined: &Joined, monitor: &Monitor<'_>, dir: &Path) -> String {
    let context = monitor.context;
    let warning = |w: &String| message::folded(w, "Let op: ", 2);
    let warnings = joined.warnings.iter().map(warning);
    let rows = monitor.tables.iter().map(|table| {
        let spec = table.spec;
        match &table.content {
            Content::Rows(frame) => format!(
                "  {:<14} {:>9} rijen uit {} declaratieregels, op {}\n",
                spec.name,
                Thousands(frame.height() as u64),
                Thousands(table.lines.unsigned_abs()),
                table.peildatum
            ),
            Content::Needs(what) => {
                message::folded(&format!("vraagt {what}"), &format!("  {:<14} ", spec.name), 17)
            }
            Content::Inside => format!("  {:<14} blijft binnen de organisatie\n", spec.name),
        }
    });
    let head = format!("Monitor {}, {}\n", context.jaar, context.regelset.title);
    let place = format!("Tabellen: {}\n", shown_path(dir));
    warnings.chain([head]).chain(rows).chain([place]).collect()
}
