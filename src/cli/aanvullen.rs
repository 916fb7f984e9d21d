//! `rechtmatig aanvullen SHELL`: shell completions.

use super::{ExitStatus, command};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap_complete::{Shell, generate};
use std::io::Write;

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig aanvullen bash > ~/.local/share/bash-completion/completions/rechtmatig";

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
    // A reader that has seen enough closes its end: no reason to complain.
    let _ = std::io::stdout().write_all(&script);
    ExitStatus::Done
}
