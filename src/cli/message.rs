//! Errors for people: what is wrong, and what to do about it.

use crate::ground::config::ConfigError;
use crate::ground::{fold, masked, on_its_lines, shown_path};
use crate::poort::Melding;
use crate::writing::OutputDir;
use miette::{GraphicalReportHandler, GraphicalTheme};
use std::io::{self, Write};

/// A text for the terminal: what could be a Bsn is masked, and a name or value from the files can't
/// steer the terminal.
pub(crate) fn printable(text: &str) -> String {
    on_its_lines(&masked(text))
}

/// Such a text in lines of a screen: `begin` before the first, `inspringing` spaces before the
/// others. It is masked first: a number over two lines would no longer be seen as one.
pub(crate) fn folded(text: &str, begin: &str, inspringing: usize) -> String {
    fold(&printable(text), begin, inspringing)
}

/// A line on stderr. Where nobody can read it there is nobody to tell so.
pub(crate) fn tell(text: &str) {
    let _ = writeln!(io::stderr(), "{}", printable(text));
}

/// Where a log goes: each line with all that could be a Bsn masked.
pub(crate) struct Log;

impl Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        io::stderr().write_all(masked(&text).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// What a command came to, on stdout. A reader that has seen enough, such as `head`, is no error.
pub(crate) fn show(text: &str) -> io::Result<()> {
    show_script(&printable(text))
}

/// The same of a text of this program alone, tabs and all, or one of which each part is printable.
pub(crate) fn show_script(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(e),
        _ => Ok(()),
    }
}

/// Says so where what is written can't be kept from others.
pub(crate) fn say_who_can_read(place: &OutputDir) {
    if place.open_to_others() {
        tell(&format!(
            "Let op: de schijf van {} kent geen eigenaren: wie bij die schijf kan, kan alles lezen.",
            printable(&shown_path(place.target()))
        ));
    }
}

/// An error on stderr; what could be a Bsn, in a path or a value, is masked.
pub(crate) fn error(bericht: &str, advice: &str) {
    tell(&format!("Fout: {bericht}\nWat te doen: {advice}"));
}

/// Why the gate lets nothing through, with all else that it says of the input.
pub(crate) fn poort(meldingen: &[Melding]) {
    let mut text = "de invoer is niet wat zij lijkt; er is niets geschreven".to_owned();
    for m in meldingen {
        text += &format!("\n  {}: {}", m.level.name(), m.sentence());
    }
    error(
        &text,
        "herstel wat achter stop staat; weet u dat het goed is, ga dan door met --toch: het staat dan bovenaan in elke uitkomst",
    );
}

/// A configuration error, and what else is wrong in the file, each with its line; what could be a Bsn is masked.
pub(crate) fn config_error(error: &ConfigError) {
    let all = std::iter::once(error).chain(&error.further);
    let texts: Vec<String> = all.map(config_text).collect();
    tell(&texts.join("\n\n"));
}

/// A longer line of a file is no help on a terminal; its number is in the message.
const LONGEST_LINE: usize = 1_000;

fn config_text(error: &ConfigError) -> String {
    let mut out = format!("Fout: {}\n", error.bericht);
    if error.text.is_some() {
        let mut screen = String::new();
        let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor())
            .with_context_lines(1);
        if handler.render_report(&mut screen, error).is_ok() {
            // The first lines repeat the message; what follows is the place in the file.
            if let Some(begin) = screen.find('╭')
                && screen.lines().all(|regel| regel.len() < LONGEST_LINE)
            {
                out += &format!("    {}\n", screen[begin..].trim_end());
            }
        }
    }
    out + "Wat te doen: " + &error.advice
}
