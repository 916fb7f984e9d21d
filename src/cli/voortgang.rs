//! Progress: a bar on a terminal, plain lines elsewhere, nothing with `--stil`.

use crate::audit::{Progress, Step};
use crate::dossier::Duizendtallen;
use crate::toetsing::Sleutelveld;
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
            let stijl =
                ProgressStyle::with_template("{msg:28} {bar:24} {percent:>3}% {prefix} nog {eta}");
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
            balk.reset_elapsed();
            balk.set_prefix("");
            balk.set_message(naam);
        } else if self.regels {
            eprintln!("{naam} …");
        }
    }

    /// Shows what an audit tells.
    pub fn luister(&self) -> impl Fn(Progress) + Sync {
        |progress| match progress {
            Progress::Step(step) => self.stap(naam(step)),
            Progress::Done { done, total, lines } => {
                self.stand(done, total);
                if lines > 0 {
                    self.regels(lines);
                }
            }
            Progress::Note(zin) => self.meld(&zin),
        }
    }

    /// How far this stage is.
    pub fn stand(&self, klaar: u64, totaal: u64) {
        if let Some(balk) = &self.balk {
            balk.set_length(totaal.max(1));
            balk.set_position(klaar);
        }
    }

    /// How many declaratieregels this stage has done.
    pub fn regels(&self, aantal: u64) {
        if let Some(balk) = &self.balk {
            let milliseconden = balk.elapsed().as_millis().max(1);
            let per_seconde = u128::from(aantal) * 1_000 / milliseconden;
            let per_seconde = Duizendtallen(u64::try_from(per_seconde).unwrap_or(u64::MAX));
            balk.set_prefix(format!("{per_seconde} regels/s"));
        }
    }

    /// What the user should know of this run, but not of its outcome.
    pub fn meld(&self, zin: &str) {
        if let Some(balk) = &self.balk {
            balk.suspend(|| eprintln!("Let op: {zin}"));
        } else if self.regels {
            eprintln!("Let op: {zin}");
        }
    }

    pub fn klaar(&self) {
        if let Some(balk) = &self.balk {
            balk.finish_and_clear();
        }
    }
}

fn naam(step: Step) -> &'static str {
    match step {
        Step::Reading => "Bestanden lezen",
        Step::Joining => "Regels aan toewijzingen koppelen",
        Step::Testing => "Toetsen",
        Step::TestingBy(Sleutelveld::Aanbieder) => "Toetsen per aanbieder",
        Step::TestingBy(Sleutelveld::Toewijzing) => "Toetsen per toewijzing",
        Step::TestingBy(Sleutelveld::Jeugdige) => "Toetsen per jeugdige",
    }
}
