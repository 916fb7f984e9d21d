//! `rechtmatig steekproef RAPPORT`: draws lines for a person to check, and projects the outcome.

use super::message::{self, folded};
use super::options;
use super::progress::ProgressDisplay;
use super::stop::CommandError;
use super::{ExitStatus, interrupt};
use crate::audit::{Setup, Spec};
use crate::bron::{is_dir, read_controlelijst};
use crate::dossier::{Agb, Cent, Thousands, counted, declaratieregels};
use crate::ground::COLUMNS;
use crate::ground::config::ConfigError;
use crate::ground::shown_path;
use crate::herkomst::{ReportOrigin, known_pseudonyms};
use crate::rapport::{Pseudonyms, Tolerantie};
use crate::steekproef::{
    Confidence, Estimate, Evaluation, Method, Population, SampleDesign, SampleResult, Steekproef,
    SteekproefError, StratifyBy, check_list, conclusions, design_of, write_sample,
};
use crate::writing::{Inputs, OutputDir};
use clap::Args;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, presets};
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
    /// Aantal declaratieregels in de steekproef
    #[arg(long, value_name = "N", value_parser = size, required_unless_present = "evalueren")]
    omvang: Option<u32>,
    /// Getal dat het toeval vastlegt [standaard: door het lot]
    #[arg(long, value_name = "S", value_parser = seed)]
    zaad: Option<u64>,
    /// Alleen declaratieregels van deze aanbieder
    #[arg(long, value_name = "AGB", value_parser = agb)]
    aanbieder: Option<Agb>,
    /// Reken door wat in deze ingevulde steekproef is gevonden
    #[arg(long, value_name = "BESTAND", conflicts_with_all = ["methode", "per", "omvang", "zaad", "aanbieder"])]
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
    #[command(flatten)]
    memory: options::MemoryOption,
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

fn agb(text: &str) -> Result<Agb, String> {
    let digits = text.len() == 8 && text.bytes().all(|c| c.is_ascii_digit());
    let number = digits.then(|| text.parse().ok()).flatten();
    number.map(Agb).ok_or_else(|| "verwacht een AGB-code van 8 cijfers".to_owned())
}

fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "verwacht een geheel getal van 0 of meer".to_owned())
}

/// A reason to stop.
enum StopReason {
    Stop(CommandError),
    Steekproef(SteekproefError),
}

impl From<SteekproefError> for StopReason {
    fn from(e: SteekproefError) -> StopReason {
        StopReason::Steekproef(e)
    }
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
    Ok(SampleDesign { methode, size, seed, aanbieder: a.aanbieder })
}

fn draw(a: &Arguments) -> Result<(), StopReason> {
    let design = asked(a)?;
    with_population(a, "steekproef", design, |read, place| {
        let Again { origin, population, pseudonyms, progress, .. } = &read;
        progress.step("Steekproef trekken");
        let steekproef = Steekproef::draw(population, design)?;
        write_sample(&steekproef, origin, pseudonyms, &place.dir())?;
        let text = sample_text(&steekproef, read.without_key);
        let dir = place.put_down()?;
        progress.done();
        if !a.stil {
            let stands = || format!("de steekproef staat in {}", shown_path(&dir));
            let place = message::printable(&format!("Steekproef: {}\n", shown_path(&dir)));
            // Masked as a whole, the end of a row and the code below it would be one number.
            message::show_script(&(text + &place))
                .map_err(|e| CommandError::Screen(e, stands()))?;
        }
        Ok(())
    })
}

/// The filled-in list: a name without a folder is also looked for where the sample was written.
fn list_of(a: &Arguments, path: &Path) -> PathBuf {
    let bare = path.parent().is_some_and(|parent| parent.as_os_str().is_empty());
    let rapport = a.rapport.file_name().filter(|_| bare && !path.is_file());
    let Some(rapport) = rapport else { return path.to_owned() };
    let folder = format!("{}-steekproef", rapport.to_string_lossy());
    let beside = a.rapport.parent().unwrap_or(Path::new("."));
    let places = [a.uit.as_path(), beside].map(|out| out.join(&folder).join(path));
    places.into_iter().find(|place| place.is_file()).unwrap_or_else(|| path.to_owned())
}

fn evaluate(a: &Arguments, path: &Path) -> Result<(), StopReason> {
    let path = &list_of(a, path);
    let list = read_controlelijst(path).map_err(SteekproefError::from)?;
    let design = design_of(&list)?;
    with_population(a, "steekproef-evaluatie", design, |read, place| {
        let Again { origin, population, pseudonyms, progress, .. } = &read;
        progress.step("Steekproef opnieuw trekken");
        let steekproef = Steekproef::draw(population, design)?;
        let checked = check_list(&list, &steekproef)?;
        let evaluation =
            Evaluation::make(&steekproef, &checked, a.zekerheid.unwrap_or(Confidence::PLAIN));
        let result = SampleResult {
            s: &steekproef,
            origin,
            pseudonyms,
            checked: &checked,
            e: &evaluation,
            conclusions: &conclusions(&evaluation, population.bedrag, &read.tolerantie),
            list_sha256: &list.sha256,
        };
        result.write(&place.dir())?;
        let text = evaluation_text(&result);
        let dir = place.put_down()?;
        progress.done();
        if !a.stil {
            let stands = || format!("de evaluatie staat in {}", shown_path(&dir));
            let text = format!("{text}Evaluatie: {}\n", shown_path(&dir));
            message::show(&text).map_err(|e| CommandError::Screen(e, stands()))?;
        }
        Ok(())
    })
}

/// What is drawn from, read again from the dossier of the rapport.
struct Again<'a> {
    origin: &'a ReportOrigin,
    population: Population<'a>,
    tolerantie: Tolerantie,
    pseudonyms: &'a Pseudonyms,
    /// The rapport's key isn't at hand: a child without a finding has a pseudonym of its own here.
    without_key: bool,
    progress: &'a ProgressDisplay,
}

/// Reads the dossier of the rapport again, proves that it is the same, and hands over what is drawn
/// from.
fn with_population(
    a: &Arguments,
    name: &str,
    design: SampleDesign,
    doe: impl FnOnce(Again<'_>, OutputDir) -> Result<(), StopReason>,
) -> Result<(), StopReason> {
    let origin = ReportOrigin::read(&a.rapport).map_err(SteekproefError::from)?;
    let dir = match &a.dossier {
        Some(dir) => {
            is_dir(dir)?;
            dir.clone()
        }
        None => origin.dossiermap().map_err(SteekproefError::from)?,
    };
    let rulesets = a.regels.clone().or_else(|| origin.rules_dir());
    let read = [Some(&a.rapport), rulesets.as_ref(), a.evalueren.as_ref(), a.sleutel.as_ref()];
    let inputs = read.into_iter().fold(Inputs::of_dossier(&dir), |i, p| i.and(p.map(|p| &**p)));
    let setup = Setup::open(&Spec {
        regio: Some(origin.regelset.clone()),
        rulesets,
        without_toewijzingen: true,
        // The rapport was made of these very files: whoever made it allowed what is refused.
        max_rejected: Decimal::ONE_HUNDRED,
        memory: a.memory.geheugen,
        ..Spec::new(dir)
    })?;
    origin.evidence_regelset(&setup.regelset).map_err(SteekproefError::from)?;
    let mut pseudonyms = match a.evalueren {
        None => options::pseudonyms(a.sleutel.as_deref(), false)?,
        Some(_) => Pseudonyms::eenmalig(false),
    };
    let without_key = pseudonyms.fingerprint() != origin.fingerprint;
    let of = design.aanbieder.map(|agb| format!("-{agb}")).unwrap_or_default();
    let name = format!("{}-{}{of}-{name}", origin.leverjaar, origin.regelset);
    let make = || OutputDir::make(&a.uit, &name, a.overschrijf, inputs);
    let place = interrupt::clean_up(make, |place| [place.unfinished()])?;
    message::say_who_can_read(&place);
    let progress = ProgressDisplay::new(a.stil);
    let outcome = (|| {
        let read = setup.read(&progress.listen())?;
        let files = origin.evidence_files(&setup.dossier, &read.rows.files);
        files.map_err(SteekproefError::from)?;
        let joined = setup.join(read);
        let context = joined.context(origin.leverjaar);
        let population = Population::make(&context);
        let same = origin.evidence_population(population.count() as u64, population.bedrag);
        same.map_err(SteekproefError::from)?;
        if without_key {
            pseudonyms.adopt(known_pseudonyms(&a.rapport, &joined.dossier));
        }
        let again = Again {
            origin: &origin,
            population: population.within(design.aanbieder),
            tolerantie: Tolerantie::of(joined.tolerantie),
            pseudonyms: &pseudonyms,
            without_key,
            progress: &progress,
        };
        doe(again, place)
    })();
    progress.done();
    outcome
}

/// How the sample was drawn; each part of it is masked by itself.
fn sample_text(s: &Steekproef<'_>, without_key: bool) -> String {
    let n = |n: u64| Thousands(n).to_string();
    let mut out = folded(
        &format!(
            "Populatie: {}{} van samen {}, gelijk aan het rapport.",
            counted(
                s.population.count() as u64,
                "levende declaratieregel",
                "levende declaratieregels"
            ),
            s.design.aanbieder.map(|agb| format!(" van aanbieder {agb}")).unwrap_or_default(),
            s.population.bedrag
        ),
        "",
        2,
    );
    out += &of_sample(s);
    if let Some(interval) = s.interval {
        let whole = "Declaratieregels van dit bedrag of meer zijn er alle in.";
        out += &folded(&format!("Interval: {interval}. {whole}"), "", 2);
    }
    let mut tabel = table(&["Laag", "Aantal", "Bedrag", "In steekproef"]);
    for stratum in &s.strata {
        tabel.add_row([
            message::printable(&stratum.name),
            n(stratum.lines),
            stratum.bedrag.to_string(),
            n(stratum.in_steekproef),
        ]);
    }
    out += &format!("\n{}\n\n", right(tabel));
    if !s.zero_lines.is_empty() {
        let zero = declaratieregels(s.zero_lines.len() as u64);
        let text = format!("Wat mus niet kan trekken, staat in nulregels.csv: {zero} van € 0,00.");
        out += &folded(&text, "", 2);
    }
    if without_key {
        out += &folded(
            "Let op: zonder de sleutel van het rapport heeft een jeugdige zonder bevinding hier een eigen pseudoniem.",
            "",
            2,
        );
    }
    out += "Vul steekproef.xlsx in en reken door met --evalueren.\n";
    out
}

/// How it was drawn, and what it holds.
fn of_sample(s: &Steekproef<'_>) -> String {
    let lines = declaratieregels(s.posten.len() as u64);
    folded(&format!("Steekproef: {}, {lines} van samen {}.", s.design, s.bedrag()), "", 2)
}

fn evaluation_text(result: &SampleResult<'_>) -> String {
    let SampleResult { s, e, .. } = result;
    let mut out = of_sample(s);
    out += &folded(
        &format!(
            "Populatie: {} van samen {}. Zekerheid: {}.",
            declaratieregels(s.population.count() as u64),
            s.population.bedrag,
            e.confidence
        ),
        "",
        2,
    );
    out += &format!("\n{}\n\n", right(estimates(e, s.design.methode)));
    for sentence in &e.opmerkingen {
        out += &folded(&format!("Let op: {sentence}"), "", 2);
    }
    for sentence in result.in_words() {
        out += &folded(&sentence, "", 2);
    }
    out
}

/// A row for each figure, beside each other what is too high, too low and uncertain: as wide as a
/// screen where the amounts are of a whole country.
fn estimates(e: &Evaluation, methode: Method) -> Table {
    let [high, low, uncertain] = e.estimates.each_ref().map(|x| x.afwijking.short());
    let mut tabel = table(&["", high, low, uncertain]);
    let mut row = |name: &str, figure: &dyn Fn(&Estimate) -> String| {
        let figures = e.estimates.iter().map(figure);
        tabel.add_row([name.to_owned()].into_iter().chain(figures));
    };
    let limit = |c: Option<Cent>| c.map_or("niet te geven".to_owned(), |c| c.to_string());
    row("Aantal", &|x| Thousands(x.lines).to_string());
    row("Gevonden", &|x| x.found.to_string());
    row("Geschat", &|x| x.geprojecteerd.to_string());
    if methode == Method::Mus {
        row("Basisprecisie", &|x| limit(x.base_precision));
        row("Toeslag", &|x| limit(x.toeslag));
    } else {
        row("Ondergrens", &|x| limit(x.lower_bound));
    }
    row("Bovengrens", &|x| limit(x.upper_bound));
    tabel
}

fn table(headers: &[&str]) -> Table {
    let mut tabel = Table::new();
    tabel
        .load_style(presets::UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()))
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(COLUMNS as u16);
    tabel.set_header(headers);
    tabel
}

/// All columns but the first one are numbers, which stay on one line.
fn right(mut table: Table) -> String {
    for kolom in table.column_iter_mut().skip(1) {
        kolom.set_cell_alignment(CellAlignment::Right);
        kolom.set_constraint(ColumnConstraint::ContentWidth);
    }
    table.to_string()
}
