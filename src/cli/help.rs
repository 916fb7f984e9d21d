//! Help and usage errors in Dutch.

use super::ExitStatus;
use super::stop::CommandError;
use crate::ground::COLUMNS;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig controleer sample-data --jaar 2023";

/// How a command ends, for whoever starts it from a script.
const STATUSES: &str = "\
Eindstatus: 0 klaar; 1 fout (--strikt) of verschil (verifieer); 2 verkeerd
gebruik; 3 invoer niet te toetsen; 4 uitvoer niet te schrijven; 5 regel mislukt
";

/// The program itself.
pub(crate) fn command() -> Command {
    Command::new("rechtmatig")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Toetst declaraties jeugdhulp aan de regels van het contract.")
        .before_help(VOORBEELD)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
}

/// Gives a command and all its subcommands Dutch help, each of a screen at most.
pub(crate) fn in_dutch(command: Command) -> Command {
    let versie = command.get_version().is_some();
    let hulp =
        Arg::new("help").short('h').long("help").action(ArgAction::Help).help("Toon deze hulp");
    let mut c = command.disable_help_flag(true).arg(hulp);
    if versie {
        let arg = Arg::new("version").short('V').long("version").action(ArgAction::Version);
        c = c.disable_version_flag(true).arg(arg.help("Toon de versie"));
    }
    let text = if versie { of_program(&c) } else { of_command(&c, false) };
    c.override_help(text).mut_subcommands(in_dutch)
}

/// The text of a part, or nothing.
fn plain(text: Option<&clap::builder::StyledStr>) -> String {
    text.map(ToString::to_string).unwrap_or_default()
}

/// Help on the program as a whole.
fn of_program(c: &Command) -> String {
    let rows: Vec<_> = c
        .get_subcommands()
        .map(|sub| (sub.get_name().to_owned(), plain(sub.get_about())))
        .collect();
    format!(
        "{}\n\n{}\nGebruik: rechtmatig OPDRACHT, of rechtmatig MAP (hetzelfde als controleer MAP)\n{}{STATUSES}\
         Meer over een opdracht: rechtmatig help OPDRACHT\n",
        plain(c.get_before_help()),
        plain(c.get_about()),
        table(&rows),
    )
}

/// Help on one command: what most people need, or `all`.
fn of_command(c: &Command, all: bool) -> String {
    let name = c.get_name();
    let mut usage = format!("rechtmatig {name} [OPTIES]");
    let mut rows = Vec::new();
    for arg in c.get_positionals() {
        usage += &match arg.is_required_set() {
            true => format!(" <{}>", shown(arg)),
            false => format!(" [{}]", shown(arg)),
        };
        rows.push((shown(arg), plain(arg.get_help())));
    }
    let is_option = |arg: &&Arg| arg.get_long().is_some_and(|long| long != "help");
    let mut options: Vec<&Arg> = c.get_arguments().filter(is_option).collect();
    options.sort_by_key(|arg| arg.get_display_order());
    for arg in options.into_iter().filter(|arg| all || !arg.is_hide_long_help_set()) {
        rows.push((shown(arg), plain(arg.get_help())));
    }
    let end = match all {
        true => STATUSES.to_owned(),
        false => format!("Alle opties, en hoe de opdracht eindigt: rechtmatig help {name}\n"),
    };
    let (example, about) = (plain(c.get_before_help()), plain(c.get_about()));
    format!("{example}\n\n{about}\nGebruik: {usage}\n{}{end}", table(&rows))
}

/// An argument as it is typed: `--jaar JAAR`.
fn shown(arg: &Arg) -> String {
    let values = arg.get_value_names().unwrap_or_default().join(" ");
    let more = if matches!(arg.get_action(), ArgAction::Append) && arg.is_positional() {
        "…"
    } else {
        ""
    };
    let takes = arg.get_action().takes_values();
    match arg.get_long() {
        Some(long) if takes => format!("--{long} {values}"),
        Some(long) => format!("--{long}"),
        None => format!("{values}{more}"),
    }
}

/// Two columns within a screen's width.
fn table(rows: &[(String, String)]) -> String {
    let left = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0) + 4;
    let mut out = String::new();
    for (name, text) in rows {
        let mut line = format!("  {name:width$}", width = left - 2);
        for word in text.split(' ') {
            if line.chars().count() + word.chars().count() > COLUMNS {
                out += &format!("{}\n", line.trim_end());
                line = " ".repeat(left);
            }
            line += &format!("{word} ");
        }
        out += &format!("{}\n", line.trim_end());
    }
    out
}

const VOORBEELD_HELP: &str = "Voorbeeld:
  rechtmatig help controleer";

/// `rechtmatig help [OPDRACHT]`.
#[derive(clap::Args)]
#[command(before_help = VOORBEELD_HELP)]
pub(crate) struct Arguments {
    /// Opdracht waarvan alle opties worden getoond
    #[arg(value_name = "OPDRACHT")]
    opdracht: Option<String>,
}

pub(crate) fn run(a: &Arguments) -> ExitStatus {
    let program = super::command();
    let text = match a.opdracht.as_deref() {
        None => of_program(&program),
        Some(name) => match program.find_subcommand(name) {
            Some(sub) => of_command(sub, true),
            None => {
                let advice = "bekijk de opdrachten met: rechtmatig help";
                super::message::error(&format!("onbekende opdracht {name}"), advice);
                return ExitStatus::Usage;
            }
        },
    };
    print(&text)
}

fn print(text: &str) -> ExitStatus {
    match super::message::show(text) {
        Ok(()) => ExitStatus::Done,
        Err(e) => CommandError::Screen(e, "er is niets geschreven".to_owned()).report(),
    }
}

/// Shows help, or says in Dutch what is wrong with the arguments of this command.
pub(crate) fn show(error: &clap::Error, spec: Option<&str>) -> ExitStatus {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => print(&error.render().to_string()),
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
