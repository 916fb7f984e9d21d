//! `rechtmatig antwoord DOSSIER`: draft answers (JW325) to the dossier's declaration messages.

use super::stop::Stop;
use super::voortgang::Voortgang;
use super::{Status, melding, onderbreking};
use crate::antwoord::{
    Antwoord, Besluit, Codes, Concepten, Retourcodes, beantwoord, jaren, schrijf_bericht,
};
use crate::audit::{Setup, Spec, choose_rules, run_whole};
use crate::dossier::{Agb, Cent, Dag, Declaratiebericht, Dossier, Duizendtallen};
use crate::ground::config::ConfigFout;
use crate::ground::gemaskeerd;
use crate::regels::REGISTER;
use crate::toetsing::AuditRule;
use crate::writing::{Plaats, WriteError, csv_voor_excel};
use chrono::NaiveDate;
use clap::Args;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig antwoord berichten-2023 --uit antwoorden";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub struct Argumenten {
    /// Map met iJw-berichten (JW323, JW301, …)
    #[arg(value_name = "DOSSIER")]
    dossier: PathBuf,
    /// Regelset (of regio in controle.toml) [standaard: ijsselland]
    #[arg(long, value_name = "NAAM")]
    regio: Option<String>,
    /// Map waarin de map antwoorden komt
    #[arg(long, value_name = "MAP", default_value = "reports", hide_default_value = true)]
    uit: PathBuf,
    /// Vervang bestaande antwoorden
    #[arg(long)]
    overschrijf: bool,
    /// Dagtekening van de antwoorden [standaard: vandaag]
    #[arg(long, value_name = "DATUM", value_parser = dagtekening)]
    dagtekening: Option<NaiveDate>,
    /// Map met eigen regelsets
    #[arg(long, value_name = "MAP")]
    regels: Option<PathBuf>,
    /// Alleen afwijzen op deze regels of families, zoals TW,JW01
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    alleen: Vec<String>,
    /// Niet afwijzen op deze regels of families
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    zonder: Vec<String>,
    /// Geen voortgang en geen samenvatting
    #[arg(long)]
    stil: bool,
}

fn dagtekening(tekst: &str) -> Result<NaiveDate, String> {
    ["%Y-%m-%d", "%d-%m-%Y"]
        .iter()
        .find_map(|vorm| NaiveDate::parse_from_str(tekst, vorm).ok())
        .ok_or_else(|| "verwacht een datum als 31-03-2023".to_owned())
}

pub fn voer_uit(a: &Argumenten) -> Status {
    match antwoord(a) {
        Ok(true) => Status::Klaar,
        Ok(false) => {
            melding::fout(
                "het dossier heeft geen declaratieberichten (JW323)",
                "antwoord beantwoordt alleen berichten; toets andere declaraties met rechtmatig controleer",
            );
            Status::Invoer
        }
        Err(stop) => stop.meld(),
    }
}

/// Writes the drafts; `false` where the dossier holds no declaration messages.
fn antwoord(a: &Argumenten) -> Result<bool, Stop> {
    let setup = Setup::open(&Spec {
        regio: a.regio.clone(),
        rulesets: a.regels.clone(),
        ..Spec::new(&a.dossier)
    })?;
    let codes = Retourcodes::landelijk();
    // No return code stands for a check of one's own.
    let alle: Vec<AuditRule> = REGISTER.iter().map(|r| AuditRule::from(*r)).collect();
    let regels = choose_rules(&alle, &a.alleen, &a.zonder)?;
    let regels: Vec<_> = regels.into_iter().filter(|r| codes.van(r.code).is_some()).collect();
    let vandaag = || chrono::Local::now().date_naive();
    let dag = Dag::van_datum(a.dagtekening.unwrap_or_else(vandaag)).ok_or_else(|| {
        ConfigFout::los("de dagtekening is geen bruikbare datum", "geef een datum als 31-03-2023")
    })?;
    let plaats = Plaats::maak(&a.uit, "antwoorden", a.overschrijf)?;
    onderbreking::ruim_op([plaats.map()]);

    let voortgang = Voortgang::nieuw(a.stil);
    let read = setup.read(&voortgang.luister()).inspect_err(|_| voortgang.klaar())?;
    let joined = setup.join(read);
    let (dossier, regelset) = (&joined.dossier, &joined.regelset);
    if dossier.declaratieberichten.is_none() {
        voortgang.klaar();
        return Ok(false);
    }
    voortgang.stap("Toetsen");
    let getoetst: BTreeSet<i32> =
        jaren(dossier).into_iter().filter(|jaar| regelset.geldt_voor(*jaar)).collect();
    let mut bevindingen = Vec::new();
    for &jaar in &getoetst {
        let done = |n, van| voortgang.stand(n as u64, van as u64);
        for uitkomst in run_whole(&joined.controle(jaar), &regels, &done).outcomes {
            if uitkomst.mislukt.is_some() {
                voortgang.klaar();
                return Err(Stop::Rapport(WriteError::Samenstellen {
                    wat: "een regel is mislukt, dus er zijn geen antwoorden",
                    oorzaak: uitkomst.regel.code.to_owned(),
                }));
            }
            let code = uitkomst.regel.code;
            bevindingen.extend(uitkomst.uitkomsten.bevindingen.into_iter().map(|b| (code, b)));
        }
    }
    let concepten = beantwoord(dossier, &codes, bevindingen, |jaar| getoetst.contains(&jaar));
    voortgang.stap("Antwoorden schrijven");
    let map = schrijf(dossier, &concepten, dag, plaats).inspect_err(|_| voortgang.klaar())?;
    voortgang.klaar();
    if !a.stil {
        toon(dossier, &concepten, &joined.waarschuwingen, &map);
    }
    Ok(true)
}

/// How a message is called in the overviews and in the name of its answer's file.
fn nummer(plaats: usize) -> String {
    format!("{:05}", plaats + 1)
}

fn van(dossier: &Dossier, plaats: usize) -> &Declaratiebericht {
    &dossier.declaratieberichten.as_deref().unwrap_or_default()[plaats]
}

fn codes(codes: &Codes) -> String {
    codes.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

fn schrijf(
    dossier: &Dossier,
    concepten: &Concepten,
    dag: Dag,
    plaats: Plaats,
) -> Result<PathBuf, WriteError> {
    let map = plaats.map();
    for antwoord in &concepten.antwoorden {
        let pad = map.join(format!("JW325-{}.xml", nummer(antwoord.bericht)));
        std::fs::write(&pad, schrijf_bericht(dossier, antwoord, dag))
            .map_err(|e| WriteError::schrijven(&pad, &e))?;
    }
    overzicht(dossier, concepten, &map)?;
    afgewezen(dossier, concepten, &map)?;
    niet_afgewezen(dossier, concepten, &map)?;
    plaats.zet_neer()
}

/// One row a message.
fn overzicht(dossier: &Dossier, concepten: &Concepten, map: &Path) -> Result<(), WriteError> {
    let rij = |plaats: usize, uitkomst: String, antwoord: Option<&Antwoord>| {
        let b = van(dossier, plaats);
        let bestand = antwoord.map(|_| format!("JW325-{}.xml", nummer(plaats)));
        let afgewezen = match antwoord.map(|a| &a.besluit) {
            Some(Besluit::Deels(regels)) => regels.len().to_string(),
            Some(Besluit::Toegekend) => "0".to_owned(),
            _ => String::new(),
        };
        [
            bestand.unwrap_or_default(),
            dossier.bestand(b.bestand).pad.clone(),
            b.ontvanger.to_string(),
            b.afzender.to_string(),
            gemaskeerd(&b.declaratie_nummer).into_owned(),
            uitkomst,
            afgewezen,
            cent(b.totaal),
            antwoord.map(|a| cent(a.toegekend)).unwrap_or_default(),
        ]
    };
    let mut rijen: Vec<(usize, [String; 9])> = Vec::new();
    for antwoord in &concepten.antwoorden {
        let uitkomst = match &antwoord.besluit {
            Besluit::Toegekend => "volledig toegekend (8001)".to_owned(),
            Besluit::Deels(_) => "deels toegekend".to_owned(),
            Besluit::Declaratie(c) => format!("declaratie afgewezen ({})", codes(c)),
            Besluit::Bericht(c) => format!("bericht afgewezen ({})", codes(c)),
        };
        rijen.push((antwoord.bericht, rij(antwoord.bericht, uitkomst, Some(antwoord))));
    }
    for (plaats, waarom) in &concepten.overgeslagen {
        rijen.push((*plaats, rij(*plaats, format!("geen antwoord: {waarom}"), None)));
    }
    rijen.sort();
    csv_voor_excel(
        &map.join("overzicht.csv"),
        &[
            "Antwoord",
            "Bestand",
            "Gemeente",
            "Aanbieder",
            "DeclaratieNummer",
            "Uitkomst",
            "AfgewezenPrestaties",
            "TotaalIngediendBedrag",
            "TotaalToegekendBedrag",
        ],
        rijen.into_iter().map(|(_, rij)| rij),
    )
}

/// One row a refused prestatie.
fn afgewezen(dossier: &Dossier, concepten: &Concepten, map: &Path) -> Result<(), WriteError> {
    let rijen = concepten.antwoorden.iter().flat_map(|a| {
        let regels = match &a.besluit {
            Besluit::Deels(regels) => regels.as_slice(),
            _ => &[],
        };
        regels.iter().map(|afgewezen| {
            let r = dossier.regel(afgewezen.regel);
            [
                format!("JW325-{}.xml", nummer(a.bericht)),
                dossier.bestand(r.bestand).pad.clone(),
                r.regelnummer.to_string(),
                gemaskeerd(dossier.referentie(r)).into_owned(),
                gemaskeerd(dossier.toewijzingnummer(r.toewijzing_nummer)).into_owned(),
                codes(&afgewezen.codes),
                cent(r.ingediend_bedrag),
            ]
        })
    });
    csv_voor_excel(
        &map.join("afgewezen.csv"),
        &[
            "Antwoord",
            "Bestand",
            "Regelnummer",
            "ReferentieNummer",
            "ToewijzingNummer",
            "Retourcodes",
            "IngediendBedrag",
        ],
        rijen,
    )
}

/// Findings with a return code that a person must judge.
fn niet_afgewezen(dossier: &Dossier, concepten: &Concepten, map: &Path) -> Result<(), WriteError> {
    let rijen = concepten.niet_afgewezen.iter().map(|n| {
        let regel = n.lijn.map(|nr| dossier.regel(nr));
        [
            format!("JW325-{}.xml", nummer(n.bericht)),
            dossier.bestand(van(dossier, n.bericht).bestand).pad.clone(),
            regel.map(|r| r.regelnummer.to_string()).unwrap_or_default(),
            regel.map(|r| gemaskeerd(dossier.referentie(r)).into_owned()).unwrap_or_default(),
            n.regel.to_owned(),
            n.retourcode.clone(),
            n.waarom.zin().to_owned(),
            gemaskeerd(&n.gevonden).into_owned(),
            gemaskeerd(&n.verwacht).into_owned(),
        ]
    });
    csv_voor_excel(
        &map.join("niet-afgewezen.csv"),
        &[
            "Antwoord",
            "Bestand",
            "Regelnummer",
            "ReferentieNummer",
            "Regel",
            "Retourcode",
            "Waarom",
            "Gevonden",
            "Verwacht",
        ],
        rijen,
    )
}

/// `-1234,56`: as a spreadsheet reads a number.
fn cent(bedrag: Cent) -> String {
    let (teken, n) = (if bedrag < Cent::NUL { "-" } else { "" }, bedrag.0.unsigned_abs());
    format!("{teken}{},{:02}", n / 100, n % 100)
}

fn toon(dossier: &Dossier, concepten: &Concepten, waarschuwingen: &[String], map: &Path) {
    let tel = |past: fn(&Besluit) -> bool| {
        Duizendtallen(concepten.antwoorden.iter().filter(|a| past(&a.besluit)).count() as u64)
    };
    let som = |bedrag: &dyn Fn(&Antwoord) -> Cent| {
        concepten.antwoorden.iter().map(bedrag).fold(Cent::NUL, |som, b| som + b)
    };
    let aanbieders: BTreeSet<Agb> =
        concepten.antwoorden.iter().map(|a| van(dossier, a.bericht).afzender).collect();
    for zin in waarschuwingen {
        eprintln!("Let op: {}", melding::toonbaar(zin));
    }
    println!(
        "{} concept-antwoorden (JW325) aan {} aanbieders",
        Duizendtallen(concepten.antwoorden.len() as u64),
        Duizendtallen(aanbieders.len() as u64)
    );
    println!("  volledig toegekend    {}", tel(|b| matches!(b, Besluit::Toegekend)));
    println!("  deels toegekend       {}", tel(|b| matches!(b, Besluit::Deels(_))));
    println!("  declaratie afgewezen  {}", tel(|b| matches!(b, Besluit::Declaratie(_))));
    println!("  bericht afgewezen     {}", tel(|b| matches!(b, Besluit::Bericht(_))));
    println!("  geen antwoord         {}", Duizendtallen(concepten.overgeslagen.len() as u64));
    println!("  ingediend             {}", som(&|a| van(dossier, a.bericht).totaal));
    println!("  toegekend             {}", som(&|a| a.toegekend));
    println!();
    println!("Antwoorden: {}", map.display());
    println!(
        "Dit zijn concepten: lees overzicht.csv, afgewezen.csv en niet-afgewezen.csv voordat u iets verstuurt."
    );
    println!("De berichten zelf bevatten burgerservicenummers, zoals de standaard vraagt.");
}
