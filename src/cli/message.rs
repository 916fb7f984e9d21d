//! Errors for people: what is wrong, and what to do about it.

use crate::ground::config::ConfigError;
use crate::ground::masked;
use miette::{GraphicalReportHandler, GraphicalTheme};

/// A text for the terminal: what could be a Bsn is masked, and a name or value from the files can't
/// steer the terminal.
pub(crate) fn printable(text: &str) -> String {
    let sends = |c: char| c.is_control() && c != '\n';
    masked(text).replace(sends, "\u{fffd}")
}

/// An error on stderr; what could be a Bsn, in a path or a value, is masked.
pub(crate) fn error(bericht: &str, advice: &str) {
    eprintln!("{}", printable(&format!("Fout: {bericht}\nWat te doen: {advice}")));
}

/// A configuration error, with the line of the file that is wrong; what could be a Bsn is masked.
pub(crate) fn config_error(error: &ConfigError) {
    eprintln!("{}", printable(&config_text(error)));
}

/// A longer line of a file is no help on a terminal; its number is in the message.
const LONGEST_LINE: usize = 1_000;

fn config_text(error: &ConfigError) -> String {
    let mut out = format!("Fout: {}\n", error.bericht);
    if error.text.is_some() {
        let mut beeld = String::new();
        let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor())
            .with_context_lines(1);
        if handler.render_report(&mut beeld, error).is_ok() {
            // The first lines repeat the message; what follows is the place in the file.
            if let Some(begin) = beeld.find('╭')
                && beeld.lines().all(|regel| regel.len() < LONGEST_LINE)
            {
                out += &format!("    {}\n", beeld[begin..].trim_end());
            }
        }
    }
    out + "Wat te doen: " + &error.advice
}
