//! `rechtmatig voorbeeld DIR`: a made-up dossier.

use super::options::{jaar, percentage, threads};
use super::progress::ProgressDisplay;
use super::stop::CommandError as StopReason;
use super::{ExitStatus, interrupt, message};
use crate::audit::{leverjaar, ruleset_source};
use crate::dossier::{Niveau, Thousands, counted, declaratieregels};
use crate::ground::config::ConfigError;
use crate::ground::shown_path;
use crate::regels::fingerprints;
use crate::regelset::Regelset;
use crate::voorbeeld::{
    Charset, DossierForm, Dress, ExampleSpec, Generated, LineEnd, MOST_ERRORS, MOST_LINES,
    MOST_LINES_IJW, MOST_OF_LARGEST, PLANTED, Quoting, VoorbeeldError, make, write_fixed,
};
use crate::writing::OutputDir;
use clap::Args;
use rust_decimal::Decimal;
use std::path::PathBuf;

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig voorbeeld proef --regels 10000 --fouten 2%
  rechtmatig controleer proef";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub(crate) struct Arguments {
    /// Map waarin het dossier komt: leeg, of nog niet aanwezig
    #[arg(value_name = "MAP")]
    map: PathBuf,
    /// Aantal declaratieregels [standaard: 10000]
    #[arg(long, value_name = "N", value_parser = lines, default_value = "10000", hide_default_value = true)]
    regels: u64,
    /// Getal dat het toeval vastlegt: zelfde zaad, zelfde dossier [standaard: 1]
    #[arg(long, value_name = "S", value_parser = seed, default_value = "1", hide_default_value = true)]
    zaad: u64,
    /// Deel van de regels met een fout erin, tot 50% [standaard: 2%]
    #[arg(long, value_name = "DEEL", value_parser = errors, default_value = "2%", hide_default_value = true)]
    fouten: Decimal,
    /// Deel van de regels dat één aanbieder heeft, tot 90% [standaard: het toeval]
    #[arg(long, value_name = "DEEL", value_parser = of_largest, hide_long_help = true)]
    grootste_aanbieder: Option<Decimal>,
    /// maand: een regel per product en maand, of contact: ambulante hulp, groepen en dyslexiezorg
    /// een regel per contact op één dag; verblijf en voorzieningen blijven per maand [standaard: maand]
    #[arg(
        long,
        value_name = "NIVEAU",
        default_value = "maand",
        hide_default_value = true,
        hide_long_help = true
    )]
    niveau: Niveau,
    /// csv of ijw (berichten) [standaard: csv]
    #[arg(long, value_name = "VORM", default_value = "csv", hide_default_value = true)]
    vorm: DossierForm,
    /// Met --vorm ijw: ook antwoorden (JW325) van de gemeenten, en wat er daarna gebeurde
    #[arg(long)]
    antwoorden: bool,
    /// Cellen tussen aanhalingstekens: alles, leeg of geen [standaard: geen]
    #[arg(
        long,
        value_name = "WAT",
        default_value = "geen",
        hide_default_value = true,
        hide_long_help = true
    )]
    aanhaling: Quoting,
    /// Einde van een regel in de tabellen: lf of crlf [standaard: lf]
    #[arg(
        long,
        value_name = "EINDE",
        default_value = "lf",
        hide_default_value = true,
        hide_long_help = true
    )]
    regeleinde: LineEnd,
    /// Tekenset van de tabellen: utf-8 of windows-1252 [standaard: utf-8]
    #[arg(
        long,
        value_name = "SET",
        default_value = "utf-8",
        hide_default_value = true,
        hide_long_help = true
    )]
    tekenset: Charset,
    /// Leverjaar [standaard: 2023]
    #[arg(long, value_name = "JAAR", value_parser = jaar, default_value = "2023", hide_default_value = true)]
    jaar: i32,
    /// Regelset waarvan de producten en tarieven zijn [standaard: ijsselland]
    #[arg(long, value_name = "NAAM", default_value = "ijsselland", hide_default_value = true)]
    regio: String,
    /// Schrijf het vaste voorbeeld (sample-data) dat in het programma staat
    #[arg(long, conflicts_with_all = ["regels", "zaad", "fouten", "grootste_aanbieder", "niveau", "vorm", "aanhaling", "regeleinde", "tekenset", "jaar", "regio", "draden"])]
    vast: bool,
    /// Vervang een eerder gemaakt voorbeeld
    #[arg(long)]
    overschrijf: bool,
    /// Aantal draden [standaard: alle processorkernen]
    #[arg(long, value_name = "N", value_parser = threads)]
    draden: Option<usize>,
    /// Geen voortgang en geen samenvatting
    #[arg(long)]
    stil: bool,
}

fn lines(text: &str) -> Result<u64, String> {
    text.replace('.', "")
        .parse()
        .ok()
        .filter(|n| (1..=MOST_LINES).contains(n))
        .ok_or_else(|| format!("verwacht een aantal van 1 tot en met {}", Thousands(MOST_LINES)))
}

fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "verwacht een geheel getal van 0 of meer".to_owned())
}

fn errors(text: &str) -> Result<Decimal, String> {
    share(text, MOST_ERRORS)
}

fn of_largest(text: &str) -> Result<Decimal, String> {
    share(text, MOST_OF_LARGEST)
}

fn share(text: &str, most: i64) -> Result<Decimal, String> {
    percentage(text)
        .ok()
        .filter(|p| *p <= Decimal::from(most))
        .ok_or_else(|| format!("verwacht een percentage van 0% tot en met {most}%"))
}

/// A reason to stop.
enum CommandError {
    Config(Box<ConfigError>),
    Voorbeeld(VoorbeeldError),
}

impl From<Box<ConfigError>> for CommandError {
    fn from(e: Box<ConfigError>) -> CommandError {
        CommandError::Config(e)
    }
}

impl From<VoorbeeldError> for CommandError {
    fn from(e: VoorbeeldError) -> CommandError {
        CommandError::Voorbeeld(e)
    }
}

pub(crate) fn run(a: &Arguments) -> ExitStatus {
    if a.vast {
        return fixed(a).unwrap_or_else(StopReason::report);
    }
    match example(a) {
        Ok(made) => {
            if a.stil {
                return ExitStatus::Done;
            }
            let stands = || format!("het dossier staat in {}", shown_path(&a.map));
            match message::show(&text(a, &made)) {
                Ok(()) => ExitStatus::Done,
                Err(e) => StopReason::Screen(e, stands()).report(),
            }
        }
        Err(CommandError::Config(e)) => {
            message::config_error(&e);
            ExitStatus::Usage
        }
        Err(CommandError::Voorbeeld(e)) => {
            message::error(&e.to_string(), e.advice());
            if e.is_usage() { ExitStatus::Usage } else { ExitStatus::Output }
        }
    }
}

fn fixed(a: &Arguments) -> Result<ExitStatus, StopReason> {
    let make = || OutputDir::of_dossier(&a.map, a.overschrijf);
    let place = interrupt::clean_up(make, |place| [place.unfinished()])?;
    message::say_who_can_read(&place);
    let dir = write_fixed(place)?;
    let dir = shown_path(&dir);
    if !a.stil {
        let text = format!(
            "Het vaste voorbeeld, alles verzonnen. Toets het met: rechtmatig controleer {dir}\nDossier: {dir}\n"
        );
        let stands = || format!("het dossier staat in {dir}");
        message::show(&text).map_err(|e| StopReason::Screen(e, stands()))?;
    }
    Ok(ExitStatus::Done)
}

fn example(a: &Arguments) -> Result<Generated, CommandError> {
    if let Some(n) = a.draden {
        // The global pool is still unused; a second call in one process keeps the first.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(n).build_global();
    }
    if a.vorm == DossierForm::Ijw && a.regels > MOST_LINES_IJW {
        return Err(ConfigError::loose(
            format!(
                "als berichten kan een dossier hoogstens {} declaratieregels hebben",
                Thousands(MOST_LINES_IJW)
            ),
            "vraag minder declaratieregels met --regels, of kies --vorm csv",
        )
        .into());
    }
    if a.antwoorden && a.vorm != DossierForm::Ijw {
        return Err(ConfigError::loose(
            "antwoorden (JW325) bestaan alleen als bericht",
            "geef --antwoorden samen met --vorm ijw",
        )
        .into());
    }
    let dress = Dress { quoting: a.aanhaling, line_end: a.regeleinde, charset: a.tekenset };
    if dress != Dress::default() && a.vorm != DossierForm::Csv {
        return Err(ConfigError::loose(
            "aanhalingstekens, regeleinden en een tekenset horen bij CSV",
            "laat --aanhaling, --regeleinde en --tekenset weg, of kies --vorm csv",
        )
        .into());
    }
    if a.niveau == Niveau::Contact && a.vorm != DossierForm::Csv {
        return Err(ConfigError::loose(
            "berichten kennen alleen declaratieregels per maand",
            "laat --niveau weg, of kies --vorm csv",
        )
        .into());
    }
    let set = Regelset::read(&a.regio, &ruleset_source(None)?, &fingerprints())?;
    let spec = ExampleSpec {
        lines: a.regels,
        seed: a.zaad,
        fouten: a.fouten,
        largest: a.grootste_aanbieder,
        form: a.vorm,
        answers: a.antwoorden,
        niveau: a.niveau,
        dress,
        jaar: leverjaar(Some(a.jaar), &set)?,
    };
    let begin = || OutputDir::of_dossier(&a.map, a.overschrijf).map_err(VoorbeeldError::from);
    let position = interrupt::clean_up(begin, |position| [position.unfinished()])?;
    message::say_who_can_read(&position);
    let progress = ProgressDisplay::new(a.stil);
    progress.step("Dossier schrijven");
    let made = make(position, &set, &spec, &|n, of| progress.state(n, of));
    progress.done();
    Ok(made?)
}

fn text(a: &Arguments, g: &Generated) -> String {
    let mut out = format!(
        "{} op {}, alles verzonnen.\n",
        declaratieregels(g.lines),
        counted(g.toewijzingen, "toewijzing", "toewijzingen")
    );
    if g.berichten > 0 {
        out += &format!("Geschreven als {} iJw-berichten.\n", Thousands(g.berichten));
    }
    out += &match g.planted {
        0 => "Er is geen fout in verstopt.\n".to_owned(),
        n => format!("Daarin zijn {} afwijkingen verstopt: zie {PLANTED}.\n", Thousands(n)),
    };
    out + &format!("Dossier: {}\n", shown_path(&a.map))
}
