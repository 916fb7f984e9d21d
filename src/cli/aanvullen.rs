//! `rechtmatig aanvullen SHELL`: shell completions.

use super::{Status, commando};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap_complete::{Shell, generate};
use std::io::Write;

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig aanvullen bash > ~/.local/share/bash-completion/completions/rechtmatig";

const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "powershell", "elvish"];

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub struct Argumenten {
    /// bash, zsh, fish, powershell of elvish
    #[arg(
        value_name = "SHELL",
        hide_possible_values = true,
        value_parser = PossibleValuesParser::new(SHELLS).try_map(|naam| naam.parse::<Shell>())
    )]
    shell: Shell,
}

pub fn voer_uit(a: &Argumenten) -> Status {
    let mut script = Vec::new();
    generate(a.shell, &mut commando(), "rechtmatig", &mut script);
    // A reader that has seen enough closes its end: no reason to complain.
    let _ = std::io::stdout().write_all(&script);
    Status::Klaar
}
