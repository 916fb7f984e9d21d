//! `rechtmatig productieverantwoording DOSSIER`: what was delivered, by aanbieder and gemeente.

use super::controleer::{self, Stop};
use super::onderbreking;
use super::voortgang::Voortgang;
use super::{Status, keuze, melding};
use crate::bron::{Instelling, Leesopties, is_map, lees_dossier};
use crate::dossier::Duizendtallen;
use crate::productie::{Productieverantwoording, schrijf};
use crate::regels::kenmerken;
use crate::regelset::Regelset;
use crate::toetsing::Controle;
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
    #[arg(long, value_name = "JAAR", value_parser = controleer::jaar)]
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
    is_map(&a.dossier)?;
    let instelling = Instelling::lees(&a.dossier)?;
    let regio =
        a.regio.clone().or(instelling.regio.clone()).unwrap_or_else(|| "ijsselland".to_owned());
    let bron = keuze::regelsetbron(a.regels.as_deref())?;
    let mut regelset = Regelset::lees(&regio, &bron, &kenmerken())?;
    let jaar = controleer::leverjaar(a.jaar.or(instelling.jaar), &regelset)?;
    let naam = format!("{jaar}-{regio}-productieverantwoording");
    let plaats = Plaats::maak(&a.uit, &naam, a.overschrijf)?;
    onderbreking::ruim_op([plaats.map()]);
    let voortgang = Voortgang::nieuw(a.stil);
    voortgang.stap("Bestanden lezen");
    let opties = Leesopties {
        wijze: keuze::leeswijze(&instelling, &regelset),
        toewijzingen_nodig: false,
        max_afgekeurd: controleer::MAX_AFGEKEURD,
    };
    let ingelezen = lees_dossier(&a.dossier, &opties, &|n, van| voortgang.stand(n, van))
        .inspect_err(|_| voortgang.klaar())?;
    regelset.vul_catalogus_aan(ingelezen.producten);
    let dossier =
        ingelezen.rijen.verbind(|categorie, code| regelset.catalogusrij(categorie, code).cloned());
    let controle = Controle::nieuw(&dossier, &regelset, jaar, instelling.niveau);
    voortgang.stap("Verantwoording schrijven");
    let productie = Productieverantwoording::maak(&controle);
    schrijf(&productie, &plaats.map()).inspect_err(|_| voortgang.klaar())?;
    let map = plaats.zet_neer()?;
    voortgang.klaar();
    if !a.stil {
        let mut waarschuwingen = ingelezen.waarschuwingen;
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
