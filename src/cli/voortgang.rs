//! Progress: a bar on a terminal, plain lines elsewhere, nothing with `--stil`.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;

pub struct Voortgang {
    balk: Option<ProgressBar>,
    regels: bool,
}

impl Voortgang {
    pub fn nieuw(stil: bool) -> Voortgang {
        let terminal = std::io::stderr().is_terminal();
        let balk = (!stil && terminal).then(|| {
            let balk =
                ProgressBar::with_draw_target(Some(1), ProgressDrawTarget::stderr_with_hz(8));
            let stijl = ProgressStyle::with_template("{msg:28} {bar:32} {percent:>3}% {eta:>4}");
            balk.set_style(
                stijl.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("━╸ "),
            );
            balk
        });
        Voortgang { balk, regels: !stil && !terminal }
    }

    /// The next stage.
    pub fn stap(&self, naam: &'static str) {
        if let Some(balk) = &self.balk {
            balk.set_position(0);
            balk.set_length(1);
            balk.reset_eta();
            balk.set_message(naam);
        } else if self.regels {
            eprintln!("{naam} …");
        }
    }

    /// How far this stage is.
    pub fn stand(&self, klaar: u64, totaal: u64) {
        if let Some(balk) = &self.balk {
            balk.set_length(totaal.max(1));
            balk.set_position(klaar);
        }
    }

    pub fn klaar(&self) {
        if let Some(balk) = &self.balk {
            balk.finish_and_clear();
        }
    }
}
