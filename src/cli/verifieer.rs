//! `rechtmatig verifieer RAPPORT`: makes a rapport anew from its dossier and says which bytes differ.

use super::finishing::{day_of, with_rapport};
use super::options;
use super::progress::ProgressDisplay;
use super::stop::CommandError;
use super::{ExitStatus, interrupt, message};
use crate::audit::{Audit, Spec, Workspace};
use crate::bron::is_dir;
use crate::dossier::counted;
use crate::ground::config::ConfigError;
use crate::ground::io_cause;
use crate::ground::shown_path;
use crate::herkomst::{OriginError, ReportOrigin};
use crate::rapport::{Format, Party, Pseudonyms, RunInfo};
use crate::vergelijking::ReportReading;
use crate::verificatie::{FileState, causes, compare};
use crate::writing::{HiddenDir, WriteError};
use clap::Args;
use std::path::{Path, PathBuf};
use std::str::FromStr;

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig verifieer reports/2023-ijsselland --sleutel sleutel.txt";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub(crate) struct Arguments {
    /// Map van het rapport
    #[arg(value_name = "RAPPORT")]
    rapport: PathBuf,
    /// Map van het dossier, als die verplaatst is
    #[arg(long, value_name = "MAP")]
    dossier: Option<PathBuf>,
    /// Map met eigen regelsets, als die verplaatst is
    #[arg(long, value_name = "MAP")]
    regels: Option<PathBuf>,
    /// Sleutel waarmee het rapport is gemaakt
    #[arg(long, value_name = "BESTAND", env = "RECHTMATIG_SLEUTEL_BESTAND", hide_env = true)]
    sleutel: Option<PathBuf>,
    #[command(flatten)]
    memory: options::MemoryOption,
    /// Geen voortgang, en alleen tonen wat verschilt
    #[arg(long)]
    stil: bool,
}

/// A reason to stop.
enum StopReason {
    Stop(CommandError),
    Origin(OriginError),
}

impl From<OriginError> for StopReason {
    fn from(e: OriginError) -> StopReason {
        StopReason::Origin(e)
    }
}

impl<E: Into<CommandError>> From<E> for StopReason {
    fn from(e: E) -> StopReason {
        StopReason::Stop(e.into())
    }
}

pub(crate) fn run(a: &Arguments) -> ExitStatus {
    match verify(a) {
        Ok(status) => status,
        Err(StopReason::Stop(stop)) => stop.report(),
        Err(StopReason::Origin(e)) => {
            message::error(&e.to_string(), e.advice());
            ExitStatus::Input
        }
    }
}

fn verify(a: &Arguments) -> Result<ExitStatus, StopReason> {
    let origin = ReportOrigin::read(&a.rapport)?;
    let one_for_all = origin.options.contains_key("een_pseudoniem");
    let pseudonyms = key(a, &origin)?.for_all_alike(one_for_all);
    let dossier = match &a.dossier {
        Some(dir) => dir.clone(),
        None => origin.dossiermap()?,
    };
    is_dir(&dossier)?;
    let audit = Audit::open(&spec(a, &origin, &dossier))?;
    let settings = audit.setup.settings.sha256.clone();
    let (formats, parties) = (formats(&origin), parties(&origin));
    let beside = beside(&a.rapport);
    let make = || Ok::<_, WriteError>((HiddenDir::make_in(&beside)?, HiddenDir::make_in(&beside)?));
    let unfinished = |made: &(HiddenDir, HiddenDir)| [made.0.unfinished(), made.1.unfinished()];
    let (anew, temporary) = interrupt::clean_up(make, unfinished)?;
    let progress = ProgressDisplay::new(a.stil);
    let workspace = Workspace { folder: Some(&temporary.dir()) };
    let with_history = formats.contains(&Format::Html);
    let audited =
        audit.run(workspace, with_history, &progress.listen()).inspect_err(|_| progress.done())?;
    progress.step("Rapport opnieuw schrijven");
    let day = day_of(&origin.begin);
    let run = RunInfo {
        begin: origin.begin.clone(),
        options: origin.options.clone().into_iter().collect(),
        by: origin.by.clone(),
        dag: day.map(|d| d.format("%d-%m-%Y").to_string()).unwrap_or_default(),
        ..RunInfo::default()
    };
    let earlier = earlier(&origin);
    let now = anew.dir();
    let causes = with_rapport(audited, &pseudonyms, day, earlier.as_ref(), |rapport| {
        rapport.write_files(&now, &formats, &parties, &run)?;
        let files = &rapport.dossier().files;
        Ok::<_, WriteError>(causes(&origin, rapport.regelset(), settings.as_deref(), files))
    });
    let causes = causes.inspect_err(|_| progress.done())?;
    progress.step("Vergelijken");
    let same_key = pseudonyms.fingerprint() == origin.fingerprint || pseudonyms.bsn_showing;
    let compared = compare(&origin, &a.rapport, &now, same_key);
    progress.done();
    let files = compared.map_err(|e| unreadable(&a.rapport, &e))?;
    let outcome = Outcome { a, origin: &origin, dossier: &dossier, files, causes };
    let stands = "er is niets geschreven".to_owned();
    message::show(&outcome.text()).map_err(|e| CommandError::Screen(e, stands))?;
    Ok(if outcome.is_equal() { ExitStatus::Done } else { ExitStatus::FoutFound })
}

fn unreadable(rapport: &Path, e: &std::io::Error) -> Box<ConfigError> {
    ConfigError::loose(
        format!("het rapport in {} is niet te lezen: {}", shown_path(rapport), io_cause(e)),
        "controleer of u alle bestanden ervan mag lezen",
    )
}

/// The folder in which the rapport stands: what is made anew is built there for a while.
fn beside(rapport: &Path) -> PathBuf {
    let whole = rapport.canonicalize().unwrap_or_else(|_| rapport.to_owned());
    whole.parent().unwrap_or(Path::new(".")).to_owned()
}

/// The key that was given, if it is that of the rapport.
fn key(a: &Arguments, origin: &ReportOrigin) -> Result<Pseudonyms, StopReason> {
    let bsn_showing = origin.options.contains_key("bsn_tonen");
    let Some(path) = &a.sleutel else { return Ok(Pseudonyms::eenmalig(bsn_showing)) };
    if !path.is_file() {
        let what = format!("er is geen sleutel in {}", shown_path(path));
        let advice = "geef het bestand dat bij het rapport met --sleutel is gebruikt";
        return Err(ConfigError::loose(what, advice).into());
    }
    let pseudonyms = options::pseudonyms(Some(path), bsn_showing)?;
    if pseudonyms.fingerprint() != origin.fingerprint {
        return Err(OriginError::OtherKey.into());
    }
    Ok(pseudonyms)
}

/// The audit as it was asked for then.
fn spec(a: &Arguments, origin: &ReportOrigin, dossier: &Path) -> Spec {
    let given = |name: &str| origin.options.get(name);
    let codes = |name: &str| -> Vec<String> {
        given(name).map_or_else(Vec::new, |codes| codes.split(',').map(str::to_owned).collect())
    };
    let share = given("max_afgekeurd").and_then(|text| options::percentage(text).ok());
    Spec {
        jaar: given("jaar").and_then(|jaar| jaar.parse().ok()),
        regio: given("regio").cloned(),
        rulesets: a.regels.clone().or_else(|| origin.rules_dir()),
        only: codes("alleen"),
        without: codes("zonder"),
        max_rejected: share.unwrap_or(Spec::MAX_REJECTED),
        memory: a.memory.geheugen,
        ..Spec::new(dossier)
    }
}

/// The rapport that this one was compared with, where it is still there.
fn earlier(origin: &ReportOrigin) -> Option<(String, ReportReading)> {
    let name = origin.options.get("vorige")?;
    ReportReading::read(Path::new(name)).ok().map(|read| (name.clone(), read))
}

fn formats(origin: &ReportOrigin) -> Vec<Format> {
    origin.formats.iter().filter_map(|name| Format::from_str(name).ok()).collect()
}

fn parties(origin: &ReportOrigin) -> Vec<Party> {
    let all = [("per_aanbieder", Party::Aanbieder), ("per_gemeente", Party::Gemeente)];
    let asked = all.into_iter().filter(|(name, _)| origin.options.contains_key(*name));
    asked.map(|(_, party)| party).collect()
}

/// What came of it.
struct Outcome<'a> {
    a: &'a Arguments,
    origin: &'a ReportOrigin,
    dossier: &'a Path,
    files: Vec<(String, FileState)>,
    /// What is otherwise today.
    causes: Vec<String>,
}

impl Outcome<'_> {
    fn is_equal(&self) -> bool {
        self.files.iter().all(|(_, state)| state.is_sound())
    }

    fn text(&self) -> String {
        let shown = |path: &Path| message::printable(&shown_path(path));
        let mut out = format!("Rapport: {}\n", shown(&self.a.rapport));
        out += &format!("Dossier: {}\n\n", shown(self.dossier));
        let width = self.files.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, state) in &self.files {
            if !self.a.stil || !state.is_sound() {
                out += &format!("  {name:width$}  {}\n", state.in_words());
            }
        }
        out += &format!("\n{}\n", self.conclusion());
        for cause in &self.causes {
            out += &format!("  {}\n", message::printable(cause));
        }
        let by_key = [FileState::SameButPseudonyms, FileState::NotCompared];
        if self.files.iter().any(|(_, state)| by_key.contains(state)) {
            let made = "zonder de sleutel krijgt een jeugdige een ander pseudoniem; met --sleutel wordt elke byte vergeleken";
            out += &format!("Let op: {made}.\n");
        }
        out
    }

    /// What it comes to, and what the reasons after it are reasons of.
    fn conclusion(&self) -> String {
        let (all, differ) =
            (self.files.len(), self.files.iter().filter(|(_, state)| !state.is_sound()).count());
        if differ == 0 {
            let compared = self.files.iter().filter(|(_, s)| *s != FileState::NotCompared).count();
            let of = counted(all as u64, "bestand", "bestanden");
            let so_far = match all - compared {
                0 => format!("Gelijk: het dossier geeft hetzelfde rapport ({of})."),
                _ => format!("Gelijk, voor zover te vergelijken: {compared} van de {of}."),
            };
            return match self.causes.is_empty() {
                true => so_far,
                false => format!("{so_far} Wel is er iets veranderd:"),
            };
        }
        let verb = if differ == 1 { "verschilt" } else { "verschillen" };
        let counted = format!(
            "Niet gelijk: {differ} van de {} {verb}",
            counted(all as u64, "bestand", "bestanden")
        );
        match self.causes.is_empty() {
            false => format!("{counted}. Wat er anders is dan toen:"),
            true if self.origin.program == env!("CARGO_PKG_VERSION") => format!(
                "{counted}, terwijl invoer, regelset en programma dezelfde zijn:\nhet rapport is na het schrijven veranderd."
            ),
            true => format!("{counted}."),
        }
    }
}
