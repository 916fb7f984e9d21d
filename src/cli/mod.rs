//! The terminal: arguments in, messages and exit status out. No domain logic.

mod aanvullen;
mod antwoord;
mod begin;
mod controleer;
mod deel;
mod desktop;
mod finishing;
mod help;
mod interrupt;
mod kolommen;
mod message;
mod monitor;
mod options;
mod productieverantwoording;
mod proef;
mod progress;
mod regels;
mod samenvatting;
mod samenvoegen;
mod steekproef;
mod stop;
mod streams;
mod terugvordering;
mod vergelijk;
mod verifieer;
mod voorbeeld;

use clap::{FromArgMatches, Subcommand};
use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Instant;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;

/// Exit statuses (specification §1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    Done = 0,
    /// `--strikt` was given and a `fout` stands, or a rapport isn't what its dossier gives.
    FoutFound = 1,
    /// Wrong usage or configuration.
    Usage = 2,
    /// Input that can't be audited.
    Input = 3,
    /// Output could not be written.
    Output = 4,
    /// Done, but a rule failed.
    RuleFailed = 5,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> ExitCode {
        ExitCode::from(status as u8)
    }
}

#[derive(Subcommand)]
enum Command {
    /// Toets een jaar declaraties en schrijf het rapport
    Controleer(Box<controleer::Arguments>),
    /// Begin met een eigen export: wat is wat
    Begin(begin::Arguments),
    /// Maak concept-antwoorden (JW325) op declaraties
    Antwoord(antwoord::Arguments),
    /// Geef per aanbieder en gemeente wat er geleverd is
    Productieverantwoording(productieverantwoording::Arguments),
    /// Volg door het jaar omzet, budgetten en naleving
    Monitor(monitor::Arguments),
    /// Vergelijk twee rapporten: nieuw, weg of gewijzigd
    Vergelijk(vergelijk::Arguments),
    /// Zet op een rij wat er terug moet komen
    Terugvordering(terugvordering::Arguments),
    /// Maak een rapport opnieuw en zeg wat verschilt
    Verifieer(verifieer::Arguments),
    /// Trek een steekproef, of reken de uitkomst door
    Steekproef(steekproef::Arguments),
    /// Toon de regels, of leg er één uit
    Regels(regels::Arguments),
    /// Schrijf een verzonnen dossier, om mee te proberen
    Voorbeeld(voorbeeld::Arguments),
    /// Voer één stap uit op een deel, voor een cluster
    Deel(Box<deel::Arguments>),
    /// Maak het rapport van de delen (docs/spark.md)
    Samenvoegen(Box<samenvoegen::Arguments>),
    /// Toon welke kolommen een tabel kan hebben
    Kolommen(kolommen::Arguments),
    /// Geef een script dat opdrachten aanvult in uw shell
    Aanvullen(aanvullen::Arguments),
    /// Toon deze hulp, of alle opties van een opdracht
    Help(help::Arguments),
}

/// The whole command line, in Dutch.
fn command() -> clap::Command {
    // All of them are gone through: one that is changed by itself would go to the end.
    let commando = Command::augment_subcommands(help::command()).mut_subcommands(|sub| {
        if sub.get_name() == "controleer" { controleer::as_main_command(sub) } else { sub }
    });
    help::in_dutch(commando)
}

/// Runs the program with these arguments, the program's own name first.
pub fn start(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> ExitStatus {
    let arguments: Vec<std::ffi::OsString> = arguments.into_iter().collect();
    if let [_, only] = &arguments[..]
        && let Some(read) = crate::bron::reader_for_another(only)
    {
        return read_for_another(read);
    }
    crate::ground::system::is_own_program();
    log();
    quiet_panics();
    let commando = command();
    let arguments = desktop::with_command(arguments, &commando);
    let name = arguments.iter().skip(1).find_map(|a| commando.find_subcommand(a));
    let name = name.map(|sub| sub.get_name().to_owned());
    let read = commando.try_get_matches_from(arguments).and_then(|m| Command::from_arg_matches(&m));
    let run = |spec| match spec {
        Command::Controleer(a) => controleer::run(&a),
        Command::Begin(a) => begin::run(&a),
        Command::Antwoord(a) => antwoord::run(&a),
        Command::Productieverantwoording(a) => productieverantwoording::run(&a),
        Command::Monitor(a) => monitor::run(&a),
        Command::Vergelijk(a) => vergelijk::run(&a),
        Command::Terugvordering(a) => terugvordering::run(&a),
        Command::Verifieer(a) => verifieer::run(&a),
        Command::Regels(a) => regels::run(&a),
        Command::Steekproef(a) => steekproef::run(&a),
        Command::Voorbeeld(a) => voorbeeld::run(&a),
        Command::Deel(a) => deel::run(&a),
        Command::Samenvoegen(a) => samenvoegen::run(&a),
        Command::Kolommen(a) => kolommen::run(&a),
        Command::Aanvullen(a) => aanvullen::run(&a),
        Command::Help(a) => help::run(&a),
    };
    let status = match read {
        Ok(spec) => {
            catch_unwind(AssertUnwindSafe(|| run(spec))).unwrap_or_else(|_| {
                message::error(
                    "rechtmatig liep vast; er is geen rapport geschreven",
                    "meld dit met de opties die u gebruikte; RECHTMATIG_LOG=error toont waar het misging",
                );
                ExitStatus::Output
            })
        }
        Err(error) => help::show(&error, name.as_deref()),
    };
    interrupt::wait_if_interrupted();
    desktop::wait_for_key();
    status
}

/// Reads a file for the process that started this one, which knows from how it ends whether it could.
fn read_for_another(read: fn() -> io::Result<()>) -> ExitStatus {
    std::panic::set_hook(Box::new(|_| {}));
    match read() {
        Ok(()) => ExitStatus::Done,
        Err(_) => ExitStatus::Output,
    }
}

/// A panic's own text may quote a value: it is shown to whoever asks for a log, with anything that
/// could be a Bsn masked. A rule that panics is reported as failed; the run goes on.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|error| {
        tracing::error!("{}", crate::ground::masked(&error.to_string()));
    }));
}

/// Seconds since the run began, to the millisecond: with more digits they could be a Bsn, and be masked.
struct SinceStart(Instant);

impl FormatTime for SinceStart {
    fn format_time(&self, w: &mut Writer<'_>) -> fmt::Result {
        write!(w, "{:9.3}s", self.0.elapsed().as_secs_f64())
    }
}

/// `RECHTMATIG_LOG=debug` shows on stderr when each stage was done, for whoever works on its speed.
fn log() {
    if let Some(niveau) =
        std::env::var("RECHTMATIG_LOG").ok().and_then(|n| n.parse::<tracing::Level>().ok())
    {
        let _ = tracing_subscriber::fmt()
            .with_max_level(niveau)
            .with_writer(|| message::Log)
            .with_timer(SinceStart(Instant::now()))
            .try_init();
    }
}
