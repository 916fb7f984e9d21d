//! Streams of rows: never typed by a person, never shown on a screen.

use crate::ground::config::ConfigError;
use std::io::{self, BufWriter, IsTerminal, Read, Write};

/// What comes in; never what a person types.
pub(crate) fn stdin() -> Result<impl Read, Box<ConfigError>> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        return Err(ConfigError::loose(
            "er komt geen stroom binnen",
            "geef met < een bestand, of voer uit wat de stroom schrijft met een | ervoor",
        ));
    }
    Ok(stdin.lock())
}

/// Where rows go; never a screen.
pub(crate) fn stdout() -> Result<impl Write, Box<ConfigError>> {
    let stdout = io::stdout();
    if stdout.is_terminal() {
        return Err(ConfigError::loose(
            "wat eruit komt is geen tekst voor een scherm",
            "geef met > een bestand, of met een | het programma dat de stroom leest",
        ));
    }
    Ok(BufWriter::with_capacity(1 << 20, stdout.lock()))
}
