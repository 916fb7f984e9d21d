//! `rechtmatig steekproef RAPPORT`: draws lines for a person to check, and projects the outcome.

use super::options;
use super::progress::ProgressDisplay;
use super::stop::CommandError;
use super::{ExitStatus, interrupt, message};
use crate::audit::{Setup, Spec};
use crate::bron::{is_dir, read_controlelijst};
use crate::dossier::{Cent, Thousands};
use crate::ground::config::ConfigError;
use crate::rapport::Pseudonyms;
use crate::steekproef::{
    Confidence, Estimate, Evaluation, Method, Population, ReportOrigin, SampleDesign, Steekproef,
    SteekproefError, StratifyBy, check_list, design_of, write_evaluation, write_sample,
};
use crate::writing::{Inputs, OutputDir};
use clap::Args;
use comfy_table::{CellAlignment, LineStyle, Table, presets};
use rust_decimal::Decimal;
use std::path::{Path, PathBuf};

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig steekproef reports/2023-ijsselland --omvang 60 --zaad 7
  rechtmatig steekproef reports/2023-ijsselland --evalueren steekproef.xlsx";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub(crate) struct Arguments {
    /// Map van het rapport
    #[arg(value_name = "RAPPORT")]
    rapport: PathBuf,
    /// mus, aselect of gestratificeerd [standaard: mus]
    #[arg(long, value_name = "METHODE", value_parser = methode)]
    methode: Option<&'static str>,
    /// Lagen: onderdeel of aanbieder [standaard: onderdeel]
    #[arg(long, value_name = "LAAG")]
    per: Option<StratifyBy>,
    /// Aantal regels in de steekproef
    #[arg(long, value_name = "N", value_parser = size, required_unless_present = "evalueren")]
    omvang: Option<u32>,
    /// Getal dat het toeval vastlegt [standaard: door het lot]
    #[arg(long, value_name = "S", value_parser = seed)]
    zaad: Option<u64>,
    /// Reken door wat in deze ingevulde steekproef is gevonden
    #[arg(long, value_name = "BESTAND", conflicts_with_all = ["methode", "per", "omvang", "zaad"])]
    evalueren: Option<PathBuf>,
    /// Zekerheid van de bovengrens [standaard: 95%]
    #[arg(long, value_name = "DEEL")]
    zekerheid: Option<Confidence>,
    /// Map van het dossier, als die verplaatst is
    #[arg(long, value_name = "MAP")]
    dossier: Option<PathBuf>,
    /// Map met eigen regelsets, als die verplaatst is
    #[arg(long, value_name = "MAP")]
    regels: Option<PathBuf>,
    /// Map waarin de steekproef of evaluatie komt
    #[arg(long, value_name = "MAP", default_value = "reports", hide_default_value = true)]
    uit: PathBuf,
    /// Vervang een bestaande steekproef of evaluatie
    #[arg(long)]
    overschrijf: bool,
    /// Sleutel voor pseudoniemen; wordt zo nodig gemaakt
    #[arg(long, value_name = "BESTAND", env = "RECHTMATIG_SLEUTEL_BESTAND", hide_env = true)]
    sleutel: Option<PathBuf>,
    /// Geen voortgang en geen samenvatting
    #[arg(long)]
    stil: bool,
}

fn methode(text: &str) -> Result<&'static str, String> {
    ["mus", "aselect", "gestratificeerd"]
        .into_iter()
        .find(|m| *m == text)
        .ok_or_else(|| "kies uit mus, aselect en gestratificeerd".to_owned())
}

fn size(text: &str) -> Result<u32, String> {
    let limit = Thousands(SampleDesign::LARGEST.into());
    text.replace('.', "")
        .parse()
        .ok()
        .filter(|n| (1..=SampleDesign::LARGEST).contains(n))
        .ok_or_else(|| format!("verwacht een aantal van 1 tot en met {limit}"))
}

fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "verwacht een geheel getal van 0 of meer".to_owned())
}

/// A reason to stop.
enum StopReason {
    Stop(CommandError),
    Steekproef(SteekproefError),
}

impl<E: Into<CommandError>> From<E> for StopReason {
    fn from(e: E) -> StopReason {
        StopReason::Stop(e.into())
    }
}

pub(crate) fn run(a: &Arguments) -> ExitStatus {
    let outcome = match &a.evalueren {
        None => draw(a),
        Some(list) => evaluate(a, list),
    };
    match outcome {
        Ok(()) => ExitStatus::Done,
        Err(StopReason::Stop(stop)) => stop.report(),
        Err(StopReason::Steekproef(e)) => {
            message::error(&e.to_string(), &e.advice());
            match e {
                SteekproefError::SizeTooSmall { .. } | SteekproefError::AllZero { .. } => {
                    ExitStatus::Usage
                }
                _ => ExitStatus::Input,
            }
        }
    }
}

/// What was asked on the command line.
fn asked(a: &Arguments) -> Result<SampleDesign, Box<ConfigError>> {
    if a.zekerheid.is_some() {
        return Err(ConfigError::loose(
            "--zekerheid gaat over de bovengrens, en die komt pas bij het evalueren",
            "laat --zekerheid hier weg en geef het straks met --evalueren",
        ));
    }
    let methode = match (a.methode.unwrap_or("mus"), a.per) {
        ("gestratificeerd", per) => Method::Gestratificeerd(per.unwrap_or(StratifyBy::Onderdeel)),
        (_, Some(_)) => {
            return Err(ConfigError::loose(
                "--per verdeelt in lagen, en dat doet alleen de methode gestratificeerd",
                "voeg --methode gestratificeerd toe, of laat --per weg",
            ));
        }
        ("aselect", None) => Method::Aselect,
        (_, None) => Method::Mus,
    };
    // By lot among six digits: short enough to copy by hand, never nine that could be a Bsn.
    let seed = a.zaad.unwrap_or_else(|| u64::from(rand::random::<u32>() % 1_000_000));
    let size = a.omvang.expect("clap asks for it");
    Ok(SampleDesign { methode, size, seed })
}

fn draw(a: &Arguments) -> Result<(), StopReason> {
    let design = asked(a)?;
    with_population(a, "steekproef", |origin, population, place, pseudonyms, progress| {
        progress.step("Steekproef trekken");
        let steekproef = Steekproef::draw(population, design).map_err(StopReason::Steekproef)?;
        write_sample(&steekproef, origin, pseudonyms, &place.dir())?;
        let dir = place.put_down()?;
        progress.done();
        if !a.stil {
            let stands = || format!("de steekproef staat in {}", dir.display());
            message::show(&sample_text(&steekproef, origin, pseudonyms, a.sleutel.is_some(), &dir))
                .map_err(|e| CommandError::Screen(e, stands()))?;
        }
        Ok(())
    })
}

fn evaluate(a: &Arguments, path: &Path) -> Result<(), StopReason> {
    let list = read_controlelijst(path).map_err(|e| StopReason::Steekproef(e.into()))?;
    let design = design_of(&list).map_err(StopReason::Steekproef)?;
    with_population(a, "steekproef-evaluatie", |origin, population, place, _, progress| {
        progress.step("Steekproef opnieuw trekken");
        let steekproef = Steekproef::draw(population, design).map_err(StopReason::Steekproef)?;
        let checked = check_list(&list, &steekproef).map_err(StopReason::Steekproef)?;
        let confidence = a.zekerheid.unwrap_or(Confidence::PLAIN);
        let evaluation = Evaluation::make(&steekproef, &checked, confidence);
        write_evaluation(&steekproef, origin, &checked, &evaluation, &list.sha256, &place.dir())?;
        let dir = place.put_down()?;
        progress.done();
        if !a.stil {
            let stands = || format!("de evaluatie staat in {}", dir.display());
            message::show(&evaluation_text(&steekproef, &evaluation, &dir))
                .map_err(|e| CommandError::Screen(e, stands()))?;
        }
        Ok(())
    })
}

/// Reads the dossier of the rapport again, proves that it is the same, and hands over its
/// population with a place for what is made of it.
fn with_population(
    a: &Arguments,
    name: &str,
    doe: impl FnOnce(
        &ReportOrigin,
        &Population<'_>,
        OutputDir,
        &Pseudonyms,
        &ProgressDisplay,
    ) -> Result<(), StopReason>,
) -> Result<(), StopReason> {
    let origin = ReportOrigin::read(&a.rapport).map_err(StopReason::Steekproef)?;
    let dir = match &a.dossier {
        Some(dir) => {
            is_dir(dir)?;
            dir.clone()
        }
        None => origin.dossiermap().map_err(StopReason::Steekproef)?,
    };
    let rulesets = a.regels.clone().or_else(|| origin.regelsmap());
    let read = [Some(&a.rapport), rulesets.as_ref(), a.evalueren.as_ref(), a.sleutel.as_ref()];
    let inputs = read.into_iter().fold(Inputs::of_dossier(&dir), |i, p| i.and(p.map(|p| &**p)));
    let setup = Setup::open(&Spec {
        regio: Some(origin.regelset.clone()),
        rulesets,
        without_toewijzingen: true,
        // The rapport was made of these very files: whoever made it allowed what is refused.
        max_rejected: Decimal::ONE_HUNDRED,
        ..Spec::new(dir)
    })?;
    origin.evidence_regelset(&setup.regelset).map_err(StopReason::Steekproef)?;
    let name = format!("{}-{}-{name}", origin.leverjaar, origin.regelset);
    let make = || OutputDir::make(&a.uit, &name, a.overschrijf, inputs);
    let place = interrupt::clean_up(make, |place| [place.unfinished()])?;
    message::say_who_can_read(&place);
    let pseudonyms = match a.evalueren {
        None => options::pseudonyms(a.sleutel.as_deref(), false)?,
        Some(_) => Pseudonyms::eenmalig(false),
    };
    let progress = ProgressDisplay::new(a.stil);
    let outcome = (|| {
        let read = setup.read(&progress.luister())?;
        origin.evidence_files(&setup.dossier, &read.rows.files).map_err(StopReason::Steekproef)?;
        let joined = setup.join(read);
        let context = joined.context(origin.leverjaar);
        let population = Population::make(&context);
        origin
            .evidence_population(population.count() as u64, population.bedrag)
            .map_err(StopReason::Steekproef)?;
        doe(&origin, &population, place, &pseudonyms, &progress)
    })();
    progress.done();
    outcome
}

fn sample_text(
    s: &Steekproef<'_>,
    origin: &ReportOrigin,
    pseudonyms: &Pseudonyms,
    with_key: bool,
    dir: &Path,
) -> String {
    let mut out = String::new();
    let n = |n: u64| Thousands(n).to_string();
    if with_key && pseudonyms.fingerprint() != origin.fingerprint {
        out += "Let op: het rapport is met een andere sleutel gemaakt; een jeugdige heeft hier een ander pseudoniem.\n";
    }
    out += &format!(
        "Populatie: {} levende regels van samen {}, gelijk aan het rapport.\n",
        n(s.population.count() as u64),
        s.population.bedrag
    );
    out += &format!(
        "Steekproef: {}, {} regels van samen {}.\n",
        s.design,
        n(s.posten.len() as u64),
        s.bedrag()
    );
    if let Some(interval) = s.interval {
        out += &format!("Interval: {interval}. Regels van dit bedrag of meer zijn er alle in.\n");
    }
    let mut tabel = table(&["Laag", "Regels", "Bedrag", "In steekproef"]);
    for stratum in &s.strata {
        tabel.add_row([
            stratum.name.clone(),
            n(stratum.lines),
            stratum.bedrag.to_string(),
            n(stratum.in_steekproef),
        ]);
    }
    out += &format!("\n{}\n\n", right(tabel));
    if !s.zero_lines.is_empty() {
        out += &format!(
            "{} regels van € 0,00 kan mus niet trekken; ze staan in nulregels.csv.\n",
            n(s.zero_lines.len() as u64)
        );
    }
    out += "Vul steekproef.xlsx in en reken door met --evalueren.\n";
    out += &format!("Steekproef: {}\n", dir.display());
    out
}

fn evaluation_text(s: &Steekproef<'_>, e: &Evaluation, dir: &Path) -> String {
    let mut out = String::new();
    let limit = |c: Option<Cent>| c.map_or("niet te geven".to_owned(), |c| c.to_string());
    out +=
        &format!("Steekproef: {}, {} regels van samen {}.\n", s.design, s.posten.len(), s.bedrag());
    out += &format!(
        "Populatie: {} regels van samen {}. Zekerheid: {}.\n\n",
        Thousands(s.population.count() as u64),
        s.population.bedrag,
        e.confidence
    );
    let mus = s.design.methode == Method::Mus;
    let text = if mus {
        let mut tabel = table(&[
            "Soort",
            "Regels",
            "Gevonden",
            "Geschat",
            "Basisprecisie",
            "Toeslag",
            "Bovengrens",
        ]);
        for x in &e.estimates {
            tabel.add_row(plain_kolommen(x).into_iter().chain([
                limit(x.base_precision),
                limit(x.toeslag),
                limit(x.upper_bound),
            ]));
        }
        right(tabel)
    } else {
        let mut tabel =
            table(&["Soort", "Regels", "Gevonden", "Geschat", "Ondergrens", "Bovengrens"]);
        for x in &e.estimates {
            tabel.add_row(
                plain_kolommen(x).into_iter().chain([limit(x.lower_bound), limit(x.upper_bound)]),
            );
        }
        right(tabel)
    };
    out += &format!("{text}\n\n");
    for sentence in &e.opmerkingen {
        out += &format!("Let op: {sentence}\n");
    }
    out += &format!("Evaluatie: {}\n", dir.display());
    out
}

fn plain_kolommen(x: &Estimate) -> [String; 4] {
    [
        x.afwijking.name().to_owned(),
        Thousands(x.lines).to_string(),
        x.found.to_string(),
        x.geprojecteerd.to_string(),
    ]
}

fn table(headers: &[&str]) -> Table {
    let mut tabel = Table::new();
    tabel.load_style(presets::UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()));
    tabel.set_header(headers);
    tabel
}

/// All columns but the first one are numbers.
fn right(mut table: Table) -> String {
    for kolom in table.column_iter_mut().skip(1) {
        kolom.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}
