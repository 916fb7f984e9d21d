//! Help and usage errors in Dutch.

use super::ExitStatus;
use super::stop::CommandError;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig controleer sample-data --jaar 2023";

/// The program itself.
pub(crate) fn command() -> Command {
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
pub(crate) fn in_dutch(command: Command) -> Command {
    let versie = command.get_version().is_some();
    let hulp =
        Arg::new("help").short('h').long("help").action(ArgAction::Help).help("Toon deze hulp");
    let mut c = command.disable_help_flag(true).arg(hulp);
    if versie {
        let arg = Arg::new("version").short('V').long("version").action(ArgAction::Version);
        c = c.disable_version_flag(true).arg(arg.help("Toon de versie"));
    }
    c.mut_subcommands(|sub| {
        let mut usage = format!("rechtmatig {} [OPTIES]", sub.get_name());
        for arg in sub.get_positionals() {
            usage += &format!(" {arg}");
        }
        in_dutch(sub).override_usage(usage).help_template(
            "{before-help}\n{about}\n\nGebruik: {usage}\n\nArgumenten:\n{positionals}\n\nOpties:\n{options}\n",
        )
    })
}

/// Shows help, or says in Dutch what is wrong with the arguments of this command.
pub(crate) fn show(error: &clap::Error, spec: Option<&str>) -> ExitStatus {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // clap colours nothing that it isn't asked to.
            match super::message::show(&error.render().to_string()) {
                Ok(()) => ExitStatus::Done,
                Err(e) => CommandError::Screen(e, "er is niets geschreven".to_owned()).report(),
            }
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            super::message::tell(error.render().to_string().trim_end());
            ExitStatus::Usage
        }
        _ => {
            let advice = match (error.kind(), spec) {
                (ErrorKind::InvalidSubcommand, _) | (_, None) => {
                    "bekijk de opdrachten met: rechtmatig --help".to_owned()
                }
                (_, Some(name)) => format!("bekijk de opties met: rechtmatig {name} --help"),
            };
            super::message::error(&sentence(error), &advice);
            ExitStatus::Usage
        }
    }
}

fn sentence(error: &clap::Error) -> String {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(s)) => s.clone(),
        Some(ContextValue::Strings(list)) => list.join(", "),
        _ => String::new(),
    };
    let arg = text(ContextKind::InvalidArg);
    match error.kind() {
        ErrorKind::UnknownArgument => {
            let seems = text(ContextKind::SuggestedArg);
            let means = if seems.is_empty() { seems } else { format!("; bedoelt u {seems}?") };
            let what =
                if arg.starts_with('-') { "onbekende optie" } else { "er staat iets te veel:" };
            format!("{what} {arg}{means}")
        }
        ErrorKind::InvalidSubcommand => {
            let seems = text(ContextKind::SuggestedSubcommand);
            let means = if seems.is_empty() { seems } else { format!("; bedoelt u {seems}?") };
            format!("onbekende opdracht {}{means}", text(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => format!("er ontbreekt iets: {arg}"),
        ErrorKind::ArgumentConflict if arg == text(ContextKind::PriorArg) => {
            format!("{arg} is twee keer gegeven")
        }
        ErrorKind::ArgumentConflict => {
            format!("{arg} kan niet samen met {}", text(ContextKind::PriorArg))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let value = text(ContextKind::InvalidValue);
            let cause =
                std::error::Error::source(error).map(|e| format!(": {e}")).unwrap_or_default();
            let choices = text(ContextKind::ValidValue);
            let cause = if choices.is_empty() { cause } else { format!(": kies uit {choices}") };
            if value.is_empty() {
                format!("bij {arg} ontbreekt een waarde")
            } else {
                format!("'{value}' past niet bij {arg}{cause}")
            }
        }
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues => {
            format!("verkeerd aantal waarden bij {arg}")
        }
        _ => "de opties zijn niet te lezen".to_owned(),
    }
}
