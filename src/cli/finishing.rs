//! The end of an audit: the rapport in its place, the summary on the terminal, the exit status.

use super::options::{AuditOptions, RapportOptions};
use super::progress::ProgressDisplay;
use super::stop::CommandError;
use super::{ExitStatus, desktop, message, samenvatting};
use crate::audit::Audited;
use crate::dossier::Ernst;
use crate::ground::shown_path;
use crate::ground::{DossierPlace, memory};
use crate::poort::Level;
use crate::rapport::{Pseudonyms, Rapport, RunInfo, Tolerantie, riding};
use crate::vergelijking::ReportReading;
use crate::writing::OutputDir;
use chrono::{DateTime, Datelike, Local, NaiveDate, SecondsFormat};
use std::mem::ManuallyDrop;
use std::time::Instant;

/// The run of a command that ends in a rapport.
pub(crate) struct Finishing<'a> {
    options: &'a RapportOptions,
    begin: (Instant, DateTime<Local>),
    /// An earlier rapport, by the name that the user gave.
    earlier: Option<(String, ReportReading)>,
}

impl<'a> Finishing<'a> {
    /// Begins the clock. What can't be read of an earlier rapport is told before anything is done.
    pub(crate) fn begin(options: &'a RapportOptions) -> Result<Finishing<'a>, CommandError> {
        let begin = (Instant::now(), Local::now());
        Ok(Finishing { options, begin, earlier: options.earlier()? })
    }

    /// Makes the rapport of what an audit came to, and writes it.
    pub(crate) fn write(
        &self,
        audited: Audited,
        pseudonyms: &Pseudonyms,
        place: OutputDir,
        audit: &AuditOptions,
        progress: &ProgressDisplay,
    ) -> Result<ExitStatus, CommandError> {
        if !self.options.toch && audited.meldingen.iter().any(|m| m.level == Level::Stop) {
            progress.done();
            return Err(CommandError::Poort(audited.meldingen));
        }
        progress.step("Rapport schrijven");
        let mut options: Vec<_> = audit.given().into_iter().chain(self.options.given()).collect();
        options.sort();
        let begin = self.begin.1;
        let day = Some(begin.date_naive());
        with_rapport(audited, pseudonyms, day, self.earlier.as_ref(), |rapport| {
            let run = RunInfo {
                // Nine digits of a second could be somebody's number, and would be masked.
                begin: begin.to_rfc3339_opts(SecondsFormat::Secs, false),
                seconds: self.begin.0.elapsed().as_secs_f64(),
                options,
                by: by(),
                dag: begin.format("%d-%m-%Y").to_string(),
                place: DossierPlace::of(place.target(), &audit.dossier, audit.regels.as_deref()),
            };
            self.put_down(rapport, place, &run, progress)
        })
    }

    /// The rapport in its place, and the summary on the terminal.
    fn put_down(
        &self,
        rapport: &Rapport<'_>,
        place: OutputDir,
        run: &RunInfo,
        progress: &ProgressDisplay,
    ) -> Result<ExitStatus, CommandError> {
        let o = self.options;
        let dir = rapport
            .write(place, &o.formats(), &o.parties(), run)
            .inspect_err(|_| progress.done())?;
        tracing::debug!("geschreven");
        progress.done();
        if !o.stil {
            let stands = || format!("het rapport staat in {}", shown_path(&dir));
            let text = match o.alles {
                true => samenvatting::whole(rapport, &dir),
                false => samenvatting::screen(rapport, &dir),
            };
            message::show(&text).map_err(|e| CommandError::Screen(e, stands()))?;
        }
        if o.open {
            let page = dir.join("rapport.html");
            desktop::open(if page.is_file() { &page } else { &dir });
        }
        Ok(self.status(rapport))
    }

    fn status(&self, rapport: &Rapport<'_>) -> ExitStatus {
        let failed = rapport.outcomes.iter().filter(|u| u.failed.is_some());
        let failed: Vec<&str> = failed.map(|u| u.rule.code).collect();
        if !failed.is_empty() {
            message::error(
                &format!(
                    "regel {} is mislukt; de rest van het rapport is volledig",
                    failed.join(", ")
                ),
                "meld dit met de opties die u gebruikte",
            );
            return ExitStatus::RuleFailed;
        }
        let is_error = rapport.bevindingen.iter().any(|g| g.bevinding.ernst == Ernst::Fout);
        if self.options.strikt && is_error { ExitStatus::FoutFound } else { ExitStatus::Done }
    }
}

/// Makes the rapport of what an audit came to, and hands it over. The process ends right after: taking
/// apart what millions of rows came to only costs time.
pub(super) fn with_rapport<T>(
    audited: Audited,
    pseudonyms: &Pseudonyms,
    day: Option<NaiveDate>,
    earlier: Option<&(String, ReportReading)>,
    then: impl FnOnce(&Rapport<'_>) -> T,
) -> T {
    let mut audited = ManuallyDrop::new(audited);
    let outcomes = std::mem::take(&mut audited.outcomes);
    let mut warnings = std::mem::take(&mut audited.joined.warnings);
    warnings.extend(day.and_then(clock_is_wrong));
    let joined = &audited.joined;
    let context = joined.context(audited.jaar);
    let mut rapport = Rapport::make(
        &context,
        outcomes,
        &audited.counts,
        &joined.errors,
        warnings,
        &joined.beoordelingen,
        pseudonyms,
    );
    rapport.hear(&joined.reacties);
    rapport.meldingen = &audited.meldingen;
    rapport.proposals = audited.proposals();
    rapport.ondertekening = joined.ondertekening.clone();
    rapport.meegenomen = riding(&joined.meegenomen);
    rapport.grootboek = joined.grootboek.clone();
    rapport.tolerantie = Tolerantie::of(joined.tolerantie);
    rapport.settings_sha256 = joined.settings_sha256.clone();
    rapport.since = earlier.map(|(name, old)| rapport.changes_since(name, old));
    memory::release();
    tracing::debug!("rapport samengesteld");
    then(&ManuallyDrop::new(rapport))
}

/// The day of a moment as a manifest has it.
pub(super) fn day_of(moment: &str) -> Option<NaiveDate> {
    DateTime::parse_from_rfc3339(moment).ok().map(|moment| moment.date_naive())
}

/// Who runs the program, as the system names them.
fn by() -> String {
    ["USER", "USERNAME"].iter().find_map(|v| std::env::var(v).ok()).unwrap_or_default()
}

/// A clock that was never set gives the manifest a date that nobody can rely on.
fn clock_is_wrong(today: NaiveDate) -> Option<String> {
    (today.year() < EERSTE_JAAR_VAN_DE_KLOK).then(|| {
        format!(
            "de klok van deze computer staat op {}; zet die goed, want die datum komt in het manifest",
            today.format("%d-%m-%Y")
        )
    })
}

const EERSTE_JAAR_VAN_DE_KLOK: i32 = 2020;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_never_set_is_told() {
        let dag = |jaar| NaiveDate::from_ymd_opt(jaar, 1, 1).unwrap();
        assert!(clock_is_wrong(dag(1970)).is_some_and(|w| w.contains("01-01-1970")));
        assert_eq!(clock_is_wrong(dag(2026)), None);
    }
}
