//! Help and usage errors in Dutch.

use super::Status;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig controleer sample-data --jaar 2023";

/// The program itself.
pub fn commando() -> Command {
    Command::new("rechtmatig")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Toetst declaraties jeugdhulp aan de regels van het contract.")
        .before_help(VOORBEELD)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand_help_heading("Opdrachten")
        .subcommand_value_name("OPDRACHT")
        .help_template("{before-help}\n{about}\n\nGebruik: {usage}\n\nOpdrachten:\n{subcommands}\n\nOpties:\n{options}\n")
}

/// Gives a command and all its subcommands Dutch headings and options.
pub fn in_het_nederlands(commando: Command) -> Command {
    let versie = commando.get_version().is_some();
    let hulp =
        Arg::new("help").short('h').long("help").action(ArgAction::Help).help("Toon deze hulp");
    let mut c = commando.disable_help_flag(true).arg(hulp);
    if versie {
        let arg = Arg::new("version").short('V').long("version").action(ArgAction::Version);
        c = c.disable_version_flag(true).arg(arg.help("Toon de versie"));
    }
    c.mut_subcommands(|sub| {
        let mut gebruik = format!("rechtmatig {} [OPTIES]", sub.get_name());
        for arg in sub.get_positionals() {
            gebruik += &format!(" {arg}");
        }
        in_het_nederlands(sub).override_usage(gebruik).help_template(
            "{before-help}\n{about}\n\nGebruik: {usage}\n\nArgumenten:\n{positionals}\n\nOpties:\n{options}\n",
        )
    })
}

/// Shows help, or says in Dutch what is wrong with the arguments of this command.
pub fn toon(fout: &clap::Error, opdracht: Option<&str>) -> Status {
    match fout.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = fout.print();
            Status::Klaar
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            eprint!("{}", fout.render());
            Status::Gebruik
        }
        _ => {
            let raad = match (fout.kind(), opdracht) {
                (ErrorKind::InvalidSubcommand, _) | (_, None) => {
                    "bekijk de opdrachten met: rechtmatig --help".to_owned()
                }
                (_, Some(naam)) => format!("bekijk de opties met: rechtmatig {naam} --help"),
            };
            super::melding::fout(&zin(fout), &raad);
            Status::Gebruik
        }
    }
}

fn zin(fout: &clap::Error) -> String {
    let tekst = |soort| match fout.get(soort) {
        Some(ContextValue::String(s)) => s.clone(),
        Some(ContextValue::Strings(lijst)) => lijst.join(", "),
        _ => String::new(),
    };
    let arg = tekst(ContextKind::InvalidArg);
    match fout.kind() {
        ErrorKind::UnknownArgument => {
            let lijkt = tekst(ContextKind::SuggestedArg);
            let bedoelt = if lijkt.is_empty() { lijkt } else { format!("; bedoelt u {lijkt}?") };
            let wat =
                if arg.starts_with('-') { "onbekende optie" } else { "er staat iets te veel:" };
            format!("{wat} {arg}{bedoelt}")
        }
        ErrorKind::InvalidSubcommand => {
            let lijkt = tekst(ContextKind::SuggestedSubcommand);
            let bedoelt = if lijkt.is_empty() { lijkt } else { format!("; bedoelt u {lijkt}?") };
            format!("onbekende opdracht {}{bedoelt}", tekst(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => format!("er ontbreekt iets: {arg}"),
        ErrorKind::ArgumentConflict if arg == tekst(ContextKind::PriorArg) => {
            format!("{arg} is twee keer gegeven")
        }
        ErrorKind::ArgumentConflict => {
            format!("{arg} kan niet samen met {}", tekst(ContextKind::PriorArg))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let waarde = tekst(ContextKind::InvalidValue);
            let oorzaak =
                std::error::Error::source(fout).map(|e| format!(": {e}")).unwrap_or_default();
            let keuzes = tekst(ContextKind::ValidValue);
            let oorzaak = if keuzes.is_empty() { oorzaak } else { format!(": kies uit {keuzes}") };
            if waarde.is_empty() {
                format!("bij {arg} ontbreekt een waarde")
            } else {
                format!("'{waarde}' past niet bij {arg}{oorzaak}")
            }
        }
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues => {
            format!("verkeerd aantal waarden bij {arg}")
        }
        _ => "de opties zijn niet te lezen".to_owned(),
    }
}
