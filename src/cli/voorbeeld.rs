//! `rechtmatig voorbeeld DIR`: a made-up dossier.

use super::options::{draden, jaar, percentage};
use super::voortgang::Voortgang;
use super::{Status, melding, onderbreking};
use crate::audit::{leverjaar, ruleset_source};
use crate::dossier::Duizendtallen;
use crate::ground::config::ConfigFout;
use crate::regels::kenmerken;
use crate::regelset::Regelset;
use crate::voorbeeld::{
    GEPLANT, Gemaakt, MEESTE_FOUTEN, MEESTE_REGELS, MEESTE_REGELS_IJW, VoorbeeldFout, Vorm, Wens,
    maak, plaats,
};
use clap::Args;
use rust_decimal::Decimal;
use std::path::PathBuf;

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig voorbeeld proef --regels 10000 --fouten 2%
  rechtmatig controleer proef";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub struct Argumenten {
    /// Map waarin het dossier komt: leeg, of nog niet aanwezig
    #[arg(value_name = "MAP")]
    map: PathBuf,
    /// Aantal declaratieregels [standaard: 10000]
    #[arg(long, value_name = "N", value_parser = regels, default_value = "10000", hide_default_value = true)]
    regels: u64,
    /// Getal dat het toeval vastlegt: zelfde zaad, zelfde dossier [standaard: 1]
    #[arg(long, value_name = "S", value_parser = zaad, default_value = "1", hide_default_value = true)]
    zaad: u64,
    /// Deel van de regels met een fout erin, tot 10% [standaard: 2%]
    #[arg(long, value_name = "DEEL", value_parser = fouten, default_value = "2%", hide_default_value = true)]
    fouten: Decimal,
    /// csv of ijw (berichten) [standaard: csv]
    #[arg(long, value_name = "VORM", default_value = "csv", hide_default_value = true)]
    vorm: Vorm,
    /// Leverjaar [standaard: 2023]
    #[arg(long, value_name = "JAAR", value_parser = jaar, default_value = "2023", hide_default_value = true)]
    jaar: i32,
    /// Regelset waarvan de producten en tarieven zijn [standaard: ijsselland]
    #[arg(long, value_name = "NAAM", default_value = "ijsselland", hide_default_value = true)]
    regio: String,
    /// Vervang een eerder gemaakt voorbeeld
    #[arg(long)]
    overschrijf: bool,
    /// Aantal draden [standaard: alle processorkernen]
    #[arg(long, value_name = "N", value_parser = draden)]
    draden: Option<usize>,
    /// Geen voortgang en geen samenvatting
    #[arg(long)]
    stil: bool,
}

fn regels(tekst: &str) -> Result<u64, String> {
    tekst.replace('.', "").parse().ok().filter(|n| (1..=MEESTE_REGELS).contains(n)).ok_or_else(
        || format!("verwacht een aantal van 1 tot en met {}", Duizendtallen(MEESTE_REGELS)),
    )
}

fn zaad(tekst: &str) -> Result<u64, String> {
    tekst.parse().map_err(|_| "verwacht een geheel getal van 0 of meer".to_owned())
}

fn fouten(tekst: &str) -> Result<Decimal, String> {
    percentage(tekst)
        .ok()
        .filter(|p| *p <= Decimal::from(MEESTE_FOUTEN))
        .ok_or_else(|| format!("verwacht een percentage van 0% tot en met {MEESTE_FOUTEN}%"))
}

/// A reason to stop.
enum Stop {
    Config(Box<ConfigFout>),
    Voorbeeld(VoorbeeldFout),
}

impl From<Box<ConfigFout>> for Stop {
    fn from(e: Box<ConfigFout>) -> Stop {
        Stop::Config(e)
    }
}

impl From<VoorbeeldFout> for Stop {
    fn from(e: VoorbeeldFout) -> Stop {
        Stop::Voorbeeld(e)
    }
}

pub fn voer_uit(a: &Argumenten) -> Status {
    match voorbeeld(a) {
        Ok(gemaakt) => {
            if !a.stil {
                toon(a, &gemaakt);
            }
            Status::Klaar
        }
        Err(Stop::Config(e)) => {
            melding::config_fout(&e);
            Status::Gebruik
        }
        Err(Stop::Voorbeeld(e)) => {
            melding::fout(&e.to_string(), e.raad());
            if e.is_gebruik() { Status::Gebruik } else { Status::Uitvoer }
        }
    }
}

fn voorbeeld(a: &Argumenten) -> Result<Gemaakt, Stop> {
    if let Some(n) = a.draden {
        // The global pool is still unused; a second call in one process keeps the first.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(n).build_global();
    }
    if a.vorm == Vorm::Ijw && a.regels > MEESTE_REGELS_IJW {
        return Err(ConfigFout::los(
            format!(
                "als berichten kan een dossier hoogstens {} regels hebben",
                Duizendtallen(MEESTE_REGELS_IJW)
            ),
            "vraag minder regels met --regels, of kies --vorm csv",
        )
        .into());
    }
    let set = Regelset::lees(&a.regio, &ruleset_source(None)?, &kenmerken())?;
    let wens = Wens {
        regels: a.regels,
        zaad: a.zaad,
        fouten: a.fouten,
        vorm: a.vorm,
        jaar: leverjaar(Some(a.jaar), &set)?,
    };
    let plaats = plaats(&a.map, a.overschrijf)?;
    onderbreking::ruim_op([plaats.map()]);
    let voortgang = Voortgang::nieuw(a.stil);
    voortgang.stap("Dossier schrijven");
    let gemaakt = maak(plaats, &set, &wens, &|n, van| voortgang.stand(n, van));
    voortgang.klaar();
    Ok(gemaakt?)
}

fn toon(a: &Argumenten, g: &Gemaakt) {
    println!(
        "{} declaratieregels op {} toewijzingen, alles verzonnen.",
        Duizendtallen(g.regels),
        Duizendtallen(g.toewijzingen)
    );
    if g.berichten > 0 {
        println!("Geschreven als {} iJw-berichten.", Duizendtallen(g.berichten));
    }
    match g.geplant {
        0 => println!("Er is geen fout in verstopt."),
        n => println!("Daarin zijn {} afwijkingen verstopt: zie {GEPLANT}.", Duizendtallen(n)),
    }
    println!("Dossier: {}", a.map.display());
}
