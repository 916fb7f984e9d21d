//! The terminal: arguments in, messages and exit status out. No domain logic.

mod aanvullen;
mod afronding;
mod antwoord;
mod controleer;
mod deel;
mod hulp;
mod melding;
mod onderbreking;
mod options;
mod productieverantwoording;
mod regels;
mod samenvatting;
mod samenvoegen;
mod steekproef;
mod stop;
mod streams;
mod vergelijk;
mod voorbeeld;
mod voortgang;

use clap::{FromArgMatches, Subcommand};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

/// Exit statuses (specification §1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Klaar = 0,
    /// `--strikt` was given and a `fout` stands.
    FoutGevonden = 1,
    /// Wrong usage or configuration.
    Gebruik = 2,
    /// Input that can't be audited.
    Invoer = 3,
    /// Output could not be written.
    Uitvoer = 4,
    /// Done, but a rule failed.
    RegelMislukt = 5,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(status as u8)
    }
}

#[derive(Subcommand)]
enum Opdracht {
    /// Toets een jaar declaraties en schrijf het rapport
    Controleer(Box<controleer::Argumenten>),
    /// Maak concept-antwoorden (JW325) op declaratieberichten
    Antwoord(antwoord::Argumenten),
    /// Geef per aanbieder en gemeente wat er geleverd is
    Productieverantwoording(productieverantwoording::Argumenten),
    /// Vergelijk twee rapporten: wat is nieuw, vervallen of gewijzigd
    Vergelijk(vergelijk::Argumenten),
    /// Trek een steekproef van regels, of reken de uitkomst ervan door
    Steekproef(steekproef::Argumenten),
    /// Toon de regels, of leg er één uit
    Regels(regels::Argumenten),
    /// Schrijf een verzonnen dossier, om mee te proberen of te meten
    Voorbeeld(voorbeeld::Argumenten),
    /// Voer één stap van een controle uit op een deel, voor een cluster
    Deel(Box<deel::Argumenten>),
    /// Maak het rapport van wat de delen schreven
    Samenvoegen(Box<samenvoegen::Argumenten>),
    /// Geef een script dat opdrachten en opties aanvult in uw shell
    Aanvullen(aanvullen::Argumenten),
}

/// The whole command line, in Dutch.
fn commando() -> clap::Command {
    let commando = Opdracht::augment_subcommands(hulp::commando())
        .mut_subcommand("controleer", controleer::als_hoofdopdracht);
    hulp::in_het_nederlands(commando)
}

/// Runs the program with these arguments, the program's own name first.
pub fn start(argumenten: impl IntoIterator<Item = std::ffi::OsString>) -> Status {
    log();
    stille_paniek();
    let commando = commando();
    let argumenten: Vec<_> = argumenten.into_iter().collect();
    let naam = argumenten.iter().skip(1).find_map(|a| commando.find_subcommand(a));
    let naam = naam.map(|sub| sub.get_name().to_owned());
    let gelezen =
        commando.try_get_matches_from(argumenten).and_then(|m| Opdracht::from_arg_matches(&m));
    let voer_uit = |opdracht| match opdracht {
        Opdracht::Controleer(a) => controleer::voer_uit(&a),
        Opdracht::Antwoord(a) => antwoord::voer_uit(&a),
        Opdracht::Productieverantwoording(a) => productieverantwoording::voer_uit(&a),
        Opdracht::Vergelijk(a) => vergelijk::voer_uit(&a),
        Opdracht::Regels(a) => regels::voer_uit(&a),
        Opdracht::Steekproef(a) => steekproef::voer_uit(&a),
        Opdracht::Voorbeeld(a) => voorbeeld::voer_uit(&a),
        Opdracht::Deel(a) => deel::voer_uit(&a),
        Opdracht::Samenvoegen(a) => samenvoegen::voer_uit(&a),
        Opdracht::Aanvullen(a) => aanvullen::voer_uit(&a),
    };
    let status = match gelezen {
        Ok(opdracht) => {
            catch_unwind(AssertUnwindSafe(|| voer_uit(opdracht))).unwrap_or_else(|_| {
                melding::fout(
                    "rechtmatig liep vast; er is geen rapport geschreven",
                    "meld dit met de opties die u gebruikte; RECHTMATIG_LOG=error toont waar het misging",
                );
                Status::Uitvoer
            })
        }
        Err(fout) => hulp::toon(&fout, naam.as_deref()),
    };
    onderbreking::wacht_als_onderbroken();
    status
}

/// A panic's own text may quote a value: it is shown to whoever asks for a log, with anything that
/// could be a Bsn masked. A rule that panics is reported as failed; the run goes on.
fn stille_paniek() {
    std::panic::set_hook(Box::new(|fout| {
        tracing::error!("{}", crate::ground::gemaskeerd(&fout.to_string()));
    }));
}

/// `RECHTMATIG_LOG=debug` shows on stderr when each stage was done, for whoever works on its speed.
fn log() {
    if let Some(niveau) =
        std::env::var("RECHTMATIG_LOG").ok().and_then(|n| n.parse::<tracing::Level>().ok())
    {
        let _ = tracing_subscriber::fmt()
            .with_max_level(niveau)
            .with_writer(std::io::stderr)
            .with_timer(tracing_subscriber::fmt::time::uptime())
            .try_init();
    }
}
