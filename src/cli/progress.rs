//! Progress: a bar on a terminal, plain lines elsewhere, nothing with `--stil`.

use super::message::tell;
use crate::audit::{Progress, Step};
use crate::dossier::Thousands;
use crate::toetsing::PassKey;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;

pub(crate) struct ProgressDisplay {
    bar: Option<ProgressBar>,
    regels: bool,
}

impl ProgressDisplay {
    pub(crate) fn new(quiet: bool) -> ProgressDisplay {
        let terminal = std::io::stderr().is_terminal();
        let bar = (!quiet && terminal).then(|| {
            let bar = ProgressBar::with_draw_target(Some(1), ProgressDrawTarget::stderr_with_hz(8));
            let style =
                ProgressStyle::with_template("{msg:28} {bar:24} {percent:>3}% {prefix} nog {eta}");
            bar.set_style(
                style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("━╸ "),
            );
            bar
        });
        ProgressDisplay { bar, regels: !quiet && !terminal }
    }

    /// The next stage.
    pub(crate) fn step(&self, name: &'static str) {
        if let Some(bar) = &self.bar {
            bar.set_position(0);
            bar.set_length(1);
            bar.reset_eta();
            bar.reset_elapsed();
            bar.set_prefix("");
            bar.set_message(name);
        } else if self.regels {
            tell(&format!("{name} …"));
        }
    }

    /// Shows what an audit tells.
    pub(crate) fn listen(&self) -> impl Fn(Progress) + Sync {
        |progress| match progress {
            Progress::Step(step) => self.step(name(step)),
            Progress::Done { done, total, lines } => {
                self.state(done, total);
                if lines > 0 {
                    self.lines(lines);
                }
            }
            Progress::Note(sentence) => self.report(&sentence),
        }
    }

    /// How far this stage is.
    pub(crate) fn state(&self, ready: u64, total: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(total.max(1));
            bar.set_position(ready);
        }
    }

    /// How many declaratieregels this stage has done.
    pub(crate) fn lines(&self, count: u64) {
        if let Some(bar) = &self.bar {
            let milliseconds = bar.elapsed().as_millis().max(1);
            let per_second = u128::from(count) * 1_000 / milliseconds;
            let per_second = Thousands(u64::try_from(per_second).unwrap_or(u64::MAX));
            bar.set_prefix(format!("{per_second} declaratieregels/s"));
        }
    }

    /// What the user should know of this run, but not of its outcome.
    pub(crate) fn report(&self, sentence: &str) {
        if let Some(bar) = &self.bar {
            bar.suspend(|| tell(&format!("Let op: {sentence}")));
        } else if self.regels {
            tell(&format!("Let op: {sentence}"));
        }
    }

    pub(crate) fn done(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn name(step: Step) -> &'static str {
    match step {
        Step::Reading => "Bestanden lezen",
        Step::Joining => "Declaratieregels aan toewijzingen koppelen",
        Step::Testing => "Toetsen",
        Step::TestingBy(PassKey::Aanbieder) => "Toetsen per aanbieder",
        Step::TestingBy(PassKey::Toewijzing) => "Toetsen per toewijzing",
        Step::TestingBy(PassKey::Jeugdige) => "Toetsen per jeugdige",
        Step::Counting => "Declaratieregels tellen",
    }
}
