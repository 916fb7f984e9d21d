//! `rechtmatig steekproef RAPPORT`: draws lines for a person to check, and projects the outcome.

use super::options;
use super::stop::Stop;
use super::voortgang::Voortgang;
use super::{Status, melding, onderbreking};
use crate::audit::{Setup, Spec};
use crate::bron::{is_map, lees_controlelijst};
use crate::dossier::{Cent, Duizendtallen};
use crate::ground::config::ConfigFout;
use crate::rapport::Pseudoniemen;
use crate::steekproef::{
    Evaluatie, Herkomst, Methode, Opzet, Per, Populatie, Schatting, Steekproef, SteekproefFout,
    Zekerheid, controleer_lijst, opzet_van, schrijf, schrijf_evaluatie,
};
use crate::writing::Plaats;
use clap::Args;
use comfy_table::{CellAlignment, LineStyle, Table, presets};
use rust_decimal::Decimal;
use std::path::{Path, PathBuf};

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig steekproef reports/2023-ijsselland --omvang 60 --zaad 7
  rechtmatig steekproef reports/2023-ijsselland --evalueren steekproef.xlsx";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub struct Argumenten {
    /// Map van het rapport
    #[arg(value_name = "RAPPORT")]
    rapport: PathBuf,
    /// mus, aselect of gestratificeerd [standaard: mus]
    #[arg(long, value_name = "METHODE", value_parser = methode)]
    methode: Option<&'static str>,
    /// Lagen bij gestratificeerd: onderdeel of aanbieder [standaard: onderdeel]
    #[arg(long, value_name = "LAAG")]
    per: Option<Per>,
    /// Aantal regels in de steekproef
    #[arg(long, value_name = "N", value_parser = omvang, required_unless_present = "evalueren")]
    omvang: Option<u32>,
    /// Getal dat het toeval vastlegt [standaard: door het lot]
    #[arg(long, value_name = "S", value_parser = zaad)]
    zaad: Option<u64>,
    /// Reken door wat in deze ingevulde steekproef is gevonden
    #[arg(long, value_name = "BESTAND", conflicts_with_all = ["methode", "per", "omvang", "zaad"])]
    evalueren: Option<PathBuf>,
    /// Zekerheid van de bovengrens [standaard: 95%]
    #[arg(long, value_name = "DEEL")]
    zekerheid: Option<Zekerheid>,
    /// Map van het dossier, als die niet meer staat waar hij stond
    #[arg(long, value_name = "MAP")]
    dossier: Option<PathBuf>,
    /// Map met eigen regelsets, als die niet meer staat waar hij stond
    #[arg(long, value_name = "MAP")]
    regels: Option<PathBuf>,
    /// Map waarin de steekproef of evaluatie komt
    #[arg(long, value_name = "MAP", default_value = "reports", hide_default_value = true)]
    uit: PathBuf,
    /// Vervang een bestaande steekproef of evaluatie
    #[arg(long)]
    overschrijf: bool,
    /// Sleutel voor pseudoniemen; wordt gemaakt als hij niet bestaat
    #[arg(long, value_name = "BESTAND", env = "RECHTMATIG_SLEUTEL_BESTAND", hide_env = true)]
    sleutel: Option<PathBuf>,
    /// Geen voortgang en geen samenvatting
    #[arg(long)]
    stil: bool,
}

fn methode(tekst: &str) -> Result<&'static str, String> {
    ["mus", "aselect", "gestratificeerd"]
        .into_iter()
        .find(|m| *m == tekst)
        .ok_or_else(|| "kies uit mus, aselect en gestratificeerd".to_owned())
}

fn omvang(tekst: &str) -> Result<u32, String> {
    let grens = Duizendtallen(Opzet::GROOTSTE.into());
    tekst
        .replace('.', "")
        .parse()
        .ok()
        .filter(|n| (1..=Opzet::GROOTSTE).contains(n))
        .ok_or_else(|| format!("verwacht een aantal van 1 tot en met {grens}"))
}

fn zaad(tekst: &str) -> Result<u64, String> {
    tekst.parse().map_err(|_| "verwacht een geheel getal van 0 of meer".to_owned())
}

/// A reason to stop.
enum Reden {
    Stop(Stop),
    Steekproef(SteekproefFout),
}

impl<E: Into<Stop>> From<E> for Reden {
    fn from(e: E) -> Reden {
        Reden::Stop(e.into())
    }
}

pub fn voer_uit(a: &Argumenten) -> Status {
    let uitkomst = match &a.evalueren {
        None => trek(a),
        Some(lijst) => evalueer(a, lijst),
    };
    match uitkomst {
        Ok(()) => Status::Klaar,
        Err(Reden::Stop(stop)) => stop.meld(),
        Err(Reden::Steekproef(e)) => {
            melding::fout(&e.to_string(), &e.raad());
            match e {
                SteekproefFout::OmvangTeKlein { .. } | SteekproefFout::AllesNul { .. } => {
                    Status::Gebruik
                }
                _ => Status::Invoer,
            }
        }
    }
}

/// What was asked on the command line.
fn gevraagd(a: &Argumenten) -> Result<Opzet, Box<ConfigFout>> {
    if a.zekerheid.is_some() {
        return Err(ConfigFout::los(
            "--zekerheid gaat over de bovengrens, en die komt pas bij het evalueren",
            "laat --zekerheid hier weg en geef het straks met --evalueren",
        ));
    }
    let methode = match (a.methode.unwrap_or("mus"), a.per) {
        ("gestratificeerd", per) => Methode::Gestratificeerd(per.unwrap_or(Per::Onderdeel)),
        (_, Some(_)) => {
            return Err(ConfigFout::los(
                "--per verdeelt in lagen, en dat doet alleen de methode gestratificeerd",
                "voeg --methode gestratificeerd toe, of laat --per weg",
            ));
        }
        ("aselect", None) => Methode::Aselect,
        (_, None) => Methode::Mus,
    };
    // By lot among six digits: short enough to copy by hand, never nine that could be a Bsn.
    let zaad = a.zaad.unwrap_or_else(|| u64::from(rand::random::<u32>() % 1_000_000));
    let omvang = a.omvang.expect("clap asks for it");
    Ok(Opzet { methode, omvang, zaad })
}

fn trek(a: &Argumenten) -> Result<(), Reden> {
    let opzet = gevraagd(a)?;
    let pseudoniemen = options::pseudoniemen(a.sleutel.as_deref(), false)?;
    met_populatie(a, "steekproef", |herkomst, populatie, plaats, voortgang| {
        voortgang.stap("Steekproef trekken");
        let steekproef = Steekproef::trek(populatie, opzet).map_err(Reden::Steekproef)?;
        schrijf(&steekproef, herkomst, &pseudoniemen, &plaats.map())?;
        let map = plaats.zet_neer()?;
        voortgang.klaar();
        if !a.stil {
            toon(&steekproef, herkomst, &pseudoniemen, a.sleutel.is_some(), &map);
        }
        Ok(())
    })
}

fn evalueer(a: &Argumenten, pad: &Path) -> Result<(), Reden> {
    let lijst = lees_controlelijst(pad).map_err(|e| Reden::Steekproef(e.into()))?;
    let opzet = opzet_van(&lijst).map_err(Reden::Steekproef)?;
    met_populatie(a, "steekproef-evaluatie", |herkomst, populatie, plaats, voortgang| {
        voortgang.stap("Steekproef opnieuw trekken");
        let steekproef = Steekproef::trek(populatie, opzet).map_err(Reden::Steekproef)?;
        let gecontroleerd = controleer_lijst(&lijst, &steekproef).map_err(Reden::Steekproef)?;
        let zekerheid = a.zekerheid.unwrap_or(Zekerheid::GEWOON);
        let evaluatie = Evaluatie::maak(&steekproef, &gecontroleerd, zekerheid);
        schrijf_evaluatie(
            &steekproef,
            herkomst,
            &gecontroleerd,
            &evaluatie,
            &lijst.sha256,
            &plaats.map(),
        )?;
        let map = plaats.zet_neer()?;
        voortgang.klaar();
        if !a.stil {
            toon_evaluatie(&steekproef, &evaluatie, &map);
        }
        Ok(())
    })
}

/// Reads the dossier of the rapport again, proves that it is the same, and hands over its
/// population with a place for what is made of it.
fn met_populatie(
    a: &Argumenten,
    naam: &str,
    doe: impl FnOnce(&Herkomst, &Populatie<'_>, Plaats, &Voortgang) -> Result<(), Reden>,
) -> Result<(), Reden> {
    let herkomst = Herkomst::lees(&a.rapport).map_err(Reden::Steekproef)?;
    let map = match &a.dossier {
        Some(map) => {
            is_map(map)?;
            map.clone()
        }
        None => herkomst.dossiermap().map_err(Reden::Steekproef)?,
    };
    let setup = Setup::open(&Spec {
        regio: Some(herkomst.regelset.clone()),
        rulesets: a.regels.clone().or_else(|| herkomst.regelsmap()),
        without_toewijzingen: true,
        // The rapport was made of these very files: whoever made it allowed what is refused.
        max_afgekeurd: Decimal::ONE_HUNDRED,
        ..Spec::new(map)
    })?;
    herkomst.bewijs_regelset(&setup.regelset).map_err(Reden::Steekproef)?;
    let naam = format!("{}-{}-{naam}", herkomst.leverjaar, herkomst.regelset);
    let plaats = Plaats::maak(&a.uit, &naam, a.overschrijf)?;
    onderbreking::ruim_op([plaats.map()]);
    let voortgang = Voortgang::nieuw(a.stil);
    let uitkomst = (|| {
        let read = setup.read(&voortgang.luister())?;
        herkomst
            .bewijs_bestanden(&setup.dossier, &read.rijen.bestanden)
            .map_err(Reden::Steekproef)?;
        let joined = setup.join(read);
        let controle = joined.controle(herkomst.leverjaar);
        let populatie = Populatie::maak(&controle);
        herkomst
            .bewijs_populatie(populatie.aantal() as u64, populatie.bedrag)
            .map_err(Reden::Steekproef)?;
        doe(&herkomst, &populatie, plaats, &voortgang)
    })();
    voortgang.klaar();
    uitkomst
}

fn toon(
    s: &Steekproef<'_>,
    herkomst: &Herkomst,
    pseudoniemen: &Pseudoniemen,
    met_sleutel: bool,
    map: &Path,
) {
    let n = |n: u64| Duizendtallen(n).to_string();
    if met_sleutel && pseudoniemen.vingerafdruk() != herkomst.vingerafdruk {
        println!(
            "Let op: het rapport is met een andere sleutel gemaakt; een jeugdige heeft hier een ander pseudoniem."
        );
    }
    println!(
        "Populatie: {} levende regels van samen {}, gelijk aan het rapport.",
        n(s.populatie.aantal() as u64),
        s.populatie.bedrag
    );
    println!(
        "Steekproef: {}, {} regels van samen {}.",
        s.opzet,
        n(s.posten.len() as u64),
        s.bedrag()
    );
    if let Some(interval) = s.interval {
        println!("Interval: {interval}. Regels van dit bedrag of meer zijn er alle in.");
    }
    let mut tabel = tabel(&["Laag", "Regels", "Bedrag", "In steekproef"]);
    for laag in &s.lagen {
        tabel.add_row([
            laag.naam.clone(),
            n(laag.regels),
            laag.bedrag.to_string(),
            n(laag.in_steekproef),
        ]);
    }
    println!("\n{}\n", rechts(tabel));
    if !s.nulregels.is_empty() {
        println!(
            "{} regels van € 0,00 kan mus niet trekken; ze staan in nulregels.csv.",
            n(s.nulregels.len() as u64)
        );
    }
    println!("Vul steekproef.xlsx in en reken door met --evalueren.");
    println!("Steekproef: {}", map.display());
}

fn toon_evaluatie(s: &Steekproef<'_>, e: &Evaluatie, map: &Path) {
    let grens = |c: Option<Cent>| c.map_or("niet te geven".to_owned(), |c| c.to_string());
    println!("Steekproef: {}, {} regels van samen {}.", s.opzet, s.posten.len(), s.bedrag());
    println!(
        "Populatie: {} regels van samen {}. Zekerheid: {}.\n",
        Duizendtallen(s.populatie.aantal() as u64),
        s.populatie.bedrag,
        e.zekerheid
    );
    let mus = s.opzet.methode == Methode::Mus;
    let tekst = if mus {
        let mut tabel = tabel(&[
            "Soort",
            "Regels",
            "Gevonden",
            "Geschat",
            "Basisprecisie",
            "Toeslag",
            "Bovengrens",
        ]);
        for x in &e.schattingen {
            tabel.add_row(gewone_kolommen(x).into_iter().chain([
                grens(x.basisprecisie),
                grens(x.toeslag),
                grens(x.bovengrens),
            ]));
        }
        rechts(tabel)
    } else {
        let mut tabel =
            tabel(&["Soort", "Regels", "Gevonden", "Geschat", "Ondergrens", "Bovengrens"]);
        for x in &e.schattingen {
            tabel.add_row(
                gewone_kolommen(x).into_iter().chain([grens(x.ondergrens), grens(x.bovengrens)]),
            );
        }
        rechts(tabel)
    };
    println!("{tekst}\n");
    for zin in &e.opmerkingen {
        println!("Let op: {zin}");
    }
    println!("Evaluatie: {}", map.display());
}

fn gewone_kolommen(x: &Schatting) -> [String; 4] {
    [
        x.afwijking.naam().to_owned(),
        Duizendtallen(x.regels).to_string(),
        x.gevonden.to_string(),
        x.geprojecteerd.to_string(),
    ]
}

fn tabel(koppen: &[&str]) -> Table {
    let mut tabel = Table::new();
    tabel.load_style(presets::UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()));
    tabel.set_header(koppen);
    tabel
}

/// All columns but the first one are numbers.
fn rechts(mut tabel: Table) -> String {
    for kolom in tabel.column_iter_mut().skip(1) {
        kolom.set_cell_alignment(CellAlignment::Right);
    }
    tabel.to_string()
}
