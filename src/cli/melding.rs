//! Errors for people: what is wrong, and what to do about it.

use crate::ground::config::ConfigFout;
use crate::ground::gemaskeerd;
use miette::{GraphicalReportHandler, GraphicalTheme};

/// A text for the terminal: what could be a Bsn is masked, and a name or value from the files can't
/// steer the terminal.
pub fn toonbaar(tekst: &str) -> String {
    let stuurt = |c: char| c.is_control() && c != '\n';
    gemaskeerd(tekst).replace(stuurt, "\u{fffd}")
}

/// An error on stderr; what could be a Bsn, in a path or a value, is masked.
pub fn fout(bericht: &str, raad: &str) {
    eprintln!("{}", toonbaar(&format!("Fout: {bericht}\nWat te doen: {raad}")));
}

/// A configuration error, with the line of the file that is wrong; what could be a Bsn is masked.
pub fn config_fout(fout: &ConfigFout) {
    eprintln!("{}", toonbaar(&config_tekst(fout)));
}

/// A longer line of a file is no help on a terminal; its number is in the message.
const LANGSTE_REGEL: usize = 1_000;

fn config_tekst(fout: &ConfigFout) -> String {
    let mut uit = format!("Fout: {}\n", fout.bericht);
    if fout.tekst.is_some() {
        let mut beeld = String::new();
        let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor())
            .with_context_lines(1);
        if handler.render_report(&mut beeld, fout).is_ok() {
            // The first lines repeat the message; what follows is the place in the file.
            if let Some(begin) = beeld.find('╭')
                && beeld.lines().all(|regel| regel.len() < LANGSTE_REGEL)
            {
                uit += &format!("    {}\n", beeld[begin..].trim_end());
            }
        }
    }
    uit + "Wat te doen: " + &fout.raad
}
