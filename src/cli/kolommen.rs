//! `rechtmatig kolommen`: which columns a table may have, and what for.

use super::stop::CommandError;
use super::{ExitStatus, message};
use crate::uitleg;
use clap::Args;

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig kolommen declaraties";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub(crate) struct Arguments {
    /// Tabel, zoals declaraties of toewijzingen [standaard: een lijst van alle]
    #[arg(value_name = "SOORT")]
    soort: Option<String>,
}

pub(crate) fn run(a: &Arguments) -> ExitStatus {
    let text = match a.soort.as_deref() {
        None => uitleg::tables(),
        Some(name) => match uitleg::of_table(name) {
            Some(text) => text,
            None => {
                let names = uitleg::table_names().join(", ");
                message::error(&format!("er is geen tabel {name}"), &format!("kies uit {names}"));
                return ExitStatus::Usage;
            }
        },
    };
    match message::show(&text) {
        Ok(()) => ExitStatus::Done,
        Err(e) => CommandError::Screen(e, "er is niets geschreven".to_owned()).report(),
    }
}
