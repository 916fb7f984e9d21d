//! `rechtmatig productieverantwoording DOSSIER`: what was delivered, by aanbieder and gemeente.

use super::options;
use super::stop::Stop;
use super::voortgang::Voortgang;
use super::{Status, melding, onderbreking};
use crate::audit::{Setup, Spec};
use crate::dossier::Duizendtallen;
use crate::productie::{Productieverantwoording, schrijf};
use crate::toetsing::Regeltelling;
use crate::writing::Plaats;
use clap::Args;
use std::path::PathBuf;

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig productieverantwoording sample-data --jaar 2023";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub struct Argumenten {
    /// Map met exports (declaraties…, toewijzingen…) of iJw-berichten
    #[arg(value_name = "DOSSIER")]
    dossier: PathBuf,
    /// Leverjaar, bijvoorbeeld 2023 (of jaar in controle.toml)
    #[arg(long, value_name = "JAAR", value_parser = options::jaar)]
    jaar: Option<i32>,
    /// Regelset (of regio in controle.toml) [standaard: ijsselland]
    #[arg(long, value_name = "NAAM")]
    regio: Option<String>,
    /// Map waarin de verantwoording komt
    #[arg(long, value_name = "MAP", default_value = "reports", hide_default_value = true)]
    uit: PathBuf,
    /// Vervang een bestaande verantwoording
    #[arg(long)]
    overschrijf: bool,
    /// Map met eigen regelsets
    #[arg(long, value_name = "MAP")]
    regels: Option<PathBuf>,
    /// Geen voortgang en geen samenvatting
    #[arg(long)]
    stil: bool,
}

pub fn voer_uit(a: &Argumenten) -> Status {
    match verantwoord(a) {
        Ok(()) => Status::Klaar,
        Err(stop) => stop.meld(),
    }
}

fn verantwoord(a: &Argumenten) -> Result<(), Stop> {
    let setup = Setup::open(&Spec {
        regio: a.regio.clone(),
        rulesets: a.regels.clone(),
        without_toewijzingen: true,
        ..Spec::new(&a.dossier)
    })?;
    let jaar = setup.leverjaar(a.jaar)?;
    let naam = format!("{jaar}-{}-productieverantwoording", setup.regio);
    let plaats = Plaats::maak(&a.uit, &naam, a.overschrijf)?;
    onderbreking::ruim_op([plaats.map()]);
    let voortgang = Voortgang::nieuw(a.stil);
    let read = setup.read(&voortgang.luister()).inspect_err(|_| voortgang.klaar())?;
    let joined = setup.join(read);
    let controle = joined.controle(jaar);
    voortgang.stap("Verantwoording schrijven");
    let productie = Productieverantwoording::maak(&controle);
    schrijf(&productie, &plaats.map()).inspect_err(|_| voortgang.klaar())?;
    let map = plaats.zet_neer()?;
    voortgang.klaar();
    if !a.stil {
        let mut waarschuwingen = joined.waarschuwingen.clone();
        waarschuwingen.extend(Regeltelling::van(&controle).leeg_jaar(jaar));
        for zin in waarschuwingen {
            println!("Let op: {}", melding::toonbaar(&zin));
        }
        println!(
            "Productieverantwoording {jaar}: {} aanbieders, {} jeugdigen, {} regels, {}",
            Duizendtallen(productie.per_aanbieder().count() as u64),
            Duizendtallen(productie.totaal.jeugdigen),
            Duizendtallen(productie.totaal.regels),
            productie.totaal.bedrag
        );
        println!("Verantwoording: {}", map.display());
    }
    Ok(())
}
