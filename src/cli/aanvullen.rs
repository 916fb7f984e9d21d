//! `rechtmatig aanvullen SHELL`: shell completions.

use super::stop::CommandError;
use super::{ExitStatus, command, message};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap_complete::{Shell, generate};

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig aanvullen bash > ~/.rechtmatig.bash";

const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "powershell", "elvish"];

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub(crate) struct Arguments {
    /// bash, zsh, fish, powershell of elvish
    #[arg(
        value_name = "SHELL",
        hide_possible_values = true,
        value_parser = PossibleValuesParser::new(SHELLS).try_map(|name| name.parse::<Shell>())
    )]
    shell: Shell,
}

pub(crate) fn run(a: &Arguments) -> ExitStatus {
    let mut script = Vec::new();
    generate(a.shell, &mut command(), "rechtmatig", &mut script);
    match message::show_script(&String::from_utf8_lossy(&script)) {
        Ok(()) => ExitStatus::Done,
        Err(e) => CommandError::Screen(e, "er is niets geschreven".to_owned()).report(),
    }
}
