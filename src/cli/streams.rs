//! Streams of rows: never typed by a person, never shown on a screen.

use super::stop::CommandError;
use crate::bron::SourceError;
use crate::ground::config::ConfigError;
use crate::ground::masked;
use crate::ground::shown_path;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::path::PathBuf;

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

/// A stream with its name for messages.
pub(crate) type NamedStream = (String, Box<dyn Read>);

/// What these files hold, or what comes in where there are none.
pub(crate) fn named(files: &[PathBuf]) -> Result<Vec<NamedStream>, CommandError> {
    if files.is_empty() {
        return Ok(vec![("stdin".to_owned(), Box::new(stdin()?))]);
    }
    let open = |path: &PathBuf| {
        let name = masked(&shown_path(path)).into_owned();
        let file = File::open(path).map_err(|e| SourceError::from_io(&name, &e))?;
        Ok((name, Box::new(file) as Box<dyn Read>))
    };
    files.iter().map(open).collect()
}
