//! `rechtmatig controleer DOSSIER`: the audit.

use super::afronding::{Afronding, door, partijen};
use super::voortgang::Voortgang;
use super::{Status, deel, keuze, melding, onderbreking};
use crate::bron::{BronFout, Instelling, Leesopties, is_map, lees_dossier_met};
use crate::delen::{Opdracht, Ronde, Stroomfout, houd_getoonde_regels};
use crate::dossier::{Antwoordtelling, Uitwijk};
use crate::ground::config::ConfigFout;
use crate::ground::gemaskeerd;
use crate::ground::memory;
use crate::rapport::{Formaat, Pseudoniemen, Rapport, Tolerantie, Uitvoering};
use crate::regels::{REGISTER, kenmerken};
use crate::regelset::Regelset;
use crate::toetsing::Regeltelling;
use crate::toetsing::{AuditRule, Controle, Sleutelveld, toets};
use crate::writing::{Plaats, RapportFout, Tijdelijk};
use chrono::Datelike;
use clap::Args;
use rust_decimal::Decimal;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Instant;

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig controleer sample-data --jaar 2023 --uit reports";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub struct Argumenten {
    /// Map met exports (declaraties…, toewijzingen…) of iJw-berichten
    #[arg(value_name = "DOSSIER")]
    dossier: PathBuf,
    /// Leverjaar, bijvoorbeeld 2023 (of jaar in controle.toml)
    #[arg(long, value_name = "JAAR", value_parser = jaar)]
    jaar: Option<i32>,
    /// Regelset (of regio in controle.toml) [standaard: ijsselland]
    #[arg(long, value_name = "NAAM")]
    regio: Option<String>,
    /// Map waarin het rapport komt
    #[arg(long, value_name = "MAP", default_value = "reports", hide_default_value = true)]
    uit: PathBuf,
    /// Vervang een bestaand rapport
    #[arg(long)]
    overschrijf: bool,
    /// html,xlsx,csv,parquet,json [standaard: alle]
    #[arg(long, value_name = "LIJST", value_delimiter = ',', value_parser = Formaat::from_str)]
    formaten: Vec<Formaat>,
    /// Map met eigen regelsets
    #[arg(long, value_name = "MAP")]
    regels: Option<PathBuf>,
    /// Alleen deze regels of families, zoals NS01,TL
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    alleen: Vec<String>,
    /// Zonder deze regels of families
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    zonder: Vec<String>,
    /// Aantal draden [standaard: alle processorkernen]
    #[arg(long, value_name = "N", value_parser = draden)]
    draden: Option<usize>,
    /// Sleutel voor pseudoniemen; wordt gemaakt als hij niet bestaat
    #[arg(long, value_name = "BESTAND", env = "RECHTMATIG_SLEUTEL_BESTAND", hide_env = true)]
    sleutel: Option<PathBuf>,
    /// Toon het Bsn in plaats van een pseudoniem
    #[arg(long)]
    bsn_tonen: bool,
    /// Eindig met status 1 als er een fout is gevonden
    #[arg(long)]
    strikt: bool,
    /// Hoogste deel afgekeurde regels per bestand [standaard: 5%]
    #[arg(long, value_name = "DEEL", value_parser = percentage)]
    max_afgekeurd: Option<Decimal>,
    /// Schrijf per aanbieder een werkmap met haar bevindingen, en een brief
    #[arg(long)]
    per_aanbieder: bool,
    /// Schrijf per gemeente een werkmap met haar bevindingen
    #[arg(long)]
    per_gemeente: bool,
    /// Geheugen, zoals 2GB [standaard: de helft van de machine]
    #[arg(long, value_name = "BYTES", value_parser = geheugenmaat)]
    geheugen: Option<u64>,
    /// Geen voortgang en geen samenvatting
    #[arg(long)]
    stil: bool,
}

/// Share of refused rows above which a file is more likely misread than bad.
pub(super) const MAX_AFGEKEURD: Decimal = Decimal::from_parts(5, 0, 0, false, 0);

pub(super) fn jaar(tekst: &str) -> Result<i32, String> {
    tekst
        .parse()
        .ok()
        .filter(|j| (1900..=9998).contains(j))
        .ok_or_else(|| "verwacht een jaar als 2023".to_owned())
}

pub(super) fn draden(tekst: &str) -> Result<usize, String> {
    tekst
        .parse()
        .ok()
        .filter(|n| (1..=1024).contains(n))
        .ok_or_else(|| "verwacht een aantal van 1 tot en met 1024".to_owned())
}

pub(super) fn percentage(tekst: &str) -> Result<Decimal, String> {
    Decimal::from_str(&tekst.trim_end_matches('%').replace(',', "."))
        .ok()
        .filter(|p| *p >= Decimal::ZERO && *p <= Decimal::ONE_HUNDRED)
        .ok_or_else(|| "verwacht een percentage als 5%".to_owned())
}

/// A number of bytes: `500MB`, `2GB`, `1,5GB`; units are decimal.
fn geheugenmaat(tekst: &str) -> Result<u64, String> {
    let cijfers = tekst.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let eenheid = match tekst[cijfers.len()..].to_ascii_uppercase().as_str() {
        "B" => 1,
        "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        _ => 0,
    };
    Decimal::from_str(&cijfers.trim_end().replace(',', "."))
        .ok()
        .and_then(|getal| getal.checked_mul(Decimal::from(eenheid)))
        .and_then(|bytes| u64::try_from(bytes).ok())
        .filter(|bytes| *bytes > 0)
        .ok_or_else(|| "verwacht een hoeveelheid als 500MB of 2GB".to_owned())
}

/// Share of the memory that lines may take when a dossier is audited in one piece, in eighths: the
/// rest is for toewijzingen, groups, findings and what is written.
const ACHTSTEN_VOOR_REGELS: u64 = 3;

/// A reason to stop a command that reads a dossier.
pub(super) enum Stop {
    Config(Box<ConfigFout>),
    Bron(BronFout),
    Rapport(RapportFout),
    /// A part of an audit came in that isn't whole, or isn't one.
    Stroom(Stroomfout),
    /// What a part came to could not be passed on.
    Stdout(std::io::Error),
}

impl From<Box<ConfigFout>> for Stop {
    fn from(e: Box<ConfigFout>) -> Stop {
        Stop::Config(e)
    }
}

impl From<BronFout> for Stop {
    fn from(e: BronFout) -> Stop {
        Stop::Bron(e)
    }
}

impl From<RapportFout> for Stop {
    fn from(e: RapportFout) -> Stop {
        Stop::Rapport(e)
    }
}

impl From<Stroomfout> for Stop {
    fn from(e: Stroomfout) -> Stop {
        Stop::Stroom(e)
    }
}

impl Stop {
    /// Tells the user, and gives the exit status.
    pub(super) fn meld(self) -> Status {
        match self {
            Stop::Config(e) => {
                melding::config_fout(&e);
                Status::Gebruik
            }
            Stop::Bron(e) => {
                melding::fout(&e.to_string(), &e.raad());
                Status::Invoer
            }
            Stop::Rapport(e) => {
                melding::fout(&e.to_string(), e.raad());
                Status::Uitvoer
            }
            Stop::Stroom(e) => {
                melding::fout(&e.to_string(), e.raad());
                Status::Invoer
            }
            Stop::Stdout(e) => {
                deel::meld_stdout(&e);
                Status::Uitvoer
            }
        }
    }
}

pub fn voer_uit(a: &Argumenten) -> Status {
    controleer(a).unwrap_or_else(Stop::meld)
}

fn controleer(a: &Argumenten) -> Result<Status, Stop> {
    let begin = (Instant::now(), chrono::Local::now());
    if let Some(n) = a.draden {
        // The global pool is still unused; a second call in one process keeps the first.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(n).build_global();
    }
    is_map(&a.dossier)?;
    let instelling = Instelling::lees(&a.dossier)?;
    let regio =
        a.regio.clone().or(instelling.regio.clone()).unwrap_or_else(|| "ijsselland".to_owned());
    let bron = keuze::regelsetbron(a.regels.as_deref())?;
    let mut regelset = Regelset::lees(&regio, &bron, &kenmerken())?;
    let leverjaar = leverjaar(a.jaar.or(instelling.jaar), &regelset)?;
    let alle = AuditRule::all(REGISTER, &regelset);
    let regels = keuze::kies_regels(&alle, &a.alleen, &a.zonder)?;
    let pseudoniemen = pseudoniemen(a.sleutel.as_deref(), a.bsn_tonen)?;
    let formaten = if a.formaten.is_empty() { Formaat::ALLE.to_vec() } else { a.formaten.clone() };
    // Claim the place first: an existing rapport is no reason to read for minutes.
    let plaats = Plaats::maak(&a.uit, &format!("{leverjaar}-{regio}"), a.overschrijf)?;

    let tijdelijk = Tijdelijk::maak(&plaats)?;
    onderbreking::ruim_op([plaats.map(), tijdelijk.map().to_owned()]);
    let ruimte = a.geheugen.or_else(|| memory::van_machine().map(|bytes| bytes / 2));
    let uitwijk = ruimte.map(|bytes| {
        let grens = bytes / 8 * ACHTSTEN_VOOR_REGELS;
        Uitwijk::nieuw(tijdelijk.map(), usize::try_from(grens).unwrap_or(usize::MAX))
    });

    let voortgang = Voortgang::nieuw(a.stil);
    voortgang.stap("Bestanden lezen");
    let opties = Leesopties {
        wijze: keuze::leeswijze(&instelling, &regelset),
        toewijzingen_nodig: regelset.beschikkingsvrij.is_empty(),
        max_afgekeurd: a.max_afgekeurd.unwrap_or(MAX_AFGEKEURD),
    };
    let mut ingelezen = lees_dossier_met(&a.dossier, &opties, uitwijk, &|stand| {
        voortgang.stand(stand.bytes, stand.totaal);
        voortgang.regels(stand.regels);
    })
    .inspect_err(|_| voortgang.klaar())?;
    memory::geef_vrij();
    tracing::debug!("gelezen");
    let io_fout = |e: std::io::Error| {
        voortgang.klaar();
        Stop::Rapport(RapportFout::tijdelijk(&tijdelijk, &e))
    };
    let uitgeweken = ingelezen.rijen.uitwijk.take().map(Uitwijk::uitslag).transpose();
    let uitgeweken = uitgeweken.map_err(io_fout)?.flatten();
    regelset.vul_catalogus_aan(ingelezen.producten);
    regelset.vul_tarieven_aan(ingelezen.tarieven);
    let catalogus = |categorie: &str, code: &str| regelset.catalogusrij(categorie, code).cloned();
    let mut waarschuwingen = ingelezen.waarschuwingen;
    voortgang.stap("Regels aan toewijzingen koppelen");
    let met_verloop = formaten.contains(&Formaat::Html);
    let (dossier, samen) = match uitgeweken {
        None => (ingelezen.rijen.verbind(catalogus), None),
        Some(opslag) => {
            let (dossier, koppeling) = ingelezen.rijen.verbind_zonder_regels(catalogus);
            memory::geef_vrij();
            let opdracht = Opdracht {
                regelset: &regelset,
                jaar: leverjaar,
                niveau: instelling.niveau,
                regels: &regels,
                met_verloop,
            };
            let ronde = Ronde {
                opdracht: &opdracht,
                koppeling: &koppeling,
                map: tijdelijk.map(),
                geheugen: ruimte.unwrap_or(u64::MAX),
                meld: &|veld, klaar, totaal| {
                    if klaar == 0 {
                        voortgang.stap(toetsstap(veld));
                    }
                    voortgang.stand(klaar, totaal);
                    voortgang.regels(klaar);
                },
            };
            let samen = ronde.toets(dossier, opslag).map_err(io_fout)?;
            for zin in samen.waarschuwingen {
                voortgang.meld(&zin);
            }
            (samen.dossier, Some((samen.uitkomsten, samen.telling)))
        }
    };
    // The process ends right after: taking a dossier of millions of rows apart would only cost time.
    let mut dossier = ManuallyDrop::new(dossier);
    memory::geef_vrij();
    tracing::debug!("gekoppeld");
    let (uitkomsten, telling) = samen.unwrap_or_else(|| {
        voortgang.stap("Toetsen");
        let aantal = dossier.regels.len() as u64;
        let meld = |n: usize, van: usize| {
            voortgang.stand(n as u64, van as u64);
            voortgang.regels(aantal * n as u64 / van as u64);
        };
        let (mut uitkomsten, telling) = {
            let controle = Controle::nieuw(&dossier, &regelset, leverjaar, instelling.niveau);
            rayon::join(|| toets(&controle, &regels, &meld), || Regeltelling::van(&controle))
        };
        houd_getoonde_regels(&mut dossier, &mut uitkomsten, met_verloop);
        (uitkomsten, telling)
    });
    // Nor is what the rapport is made of taken apart.
    let controle =
        ManuallyDrop::new(Controle::nieuw(&dossier, &regelset, leverjaar, instelling.niveau));
    waarschuwingen.extend(dossier.antwoorden.iter().flat_map(Antwoordtelling::waarschuwingen));
    waarschuwingen.extend(telling.leeg_jaar(leverjaar));
    waarschuwingen.extend(telling.lege_toewijzingen(&dossier));
    waarschuwingen.extend(klok_staat_verkeerd(begin.1.date_naive()));
    drop(tijdelijk);
    voortgang.stap("Rapport schrijven");
    let mut rapport = ManuallyDrop::new(Rapport::maak(
        &controle,
        uitkomsten,
        &telling,
        &ingelezen.fouten,
        waarschuwingen,
        &ingelezen.beoordelingen,
        &pseudoniemen,
    ));
    let [fouten, onzekerheden] = instelling.tolerantie;
    rapport.tolerantie = Tolerantie { fouten, onzekerheden };
    memory::geef_vrij();
    tracing::debug!("rapport samengesteld");
    let uitvoering = Uitvoering {
        begin: begin.1.to_rfc3339(),
        seconden: begin.0.elapsed().as_secs_f64(),
        opties: gegeven_opties(a),
        door: door(),
    };
    let afronding = Afronding {
        formaten,
        partijen: partijen(a.per_aanbieder, a.per_gemeente),
        stil: a.stil,
        strikt: a.strikt,
    };
    afronding.schrijf(&rapport, plaats, &uitvoering, &voortgang)
}

fn toetsstap(veld: Sleutelveld) -> &'static str {
    match veld {
        Sleutelveld::Aanbieder => "Toetsen per aanbieder",
        Sleutelveld::Toewijzing => "Toetsen per toewijzing",
        Sleutelveld::Jeugdige => "Toetsen per jeugdige",
    }
}

/// A clock that was never set gives the manifest a date that nobody can rely on.
pub(super) fn klok_staat_verkeerd(vandaag: chrono::NaiveDate) -> Option<String> {
    (vandaag.year() < EERSTE_JAAR_VAN_DE_KLOK).then(|| {
        format!(
            "de klok van deze computer staat op {}; zet die goed, want die datum komt in het manifest",
            vandaag.format("%d-%m-%Y")
        )
    })
}

const EERSTE_JAAR_VAN_DE_KLOK: i32 = 2020;

pub(super) fn leverjaar(jaar: Option<i32>, regelset: &Regelset) -> Result<i32, Box<ConfigFout>> {
    let jaar = jaar.ok_or_else(|| {
        ConfigFout::los(
            "het leverjaar ontbreekt",
            "geef --jaar 2023, of zet jaar = 2023 in controle.toml",
        )
    })?;
    if regelset.geldt_voor(jaar) {
        return Ok(jaar);
    }
    let tot = regelset.tot.map_or("heden".to_owned(), |t| t.jaar().to_string());
    Err(ConfigFout::los(
        format!("regelset {} heeft geen regels voor {jaar}", regelset.naam),
        format!(
            "kies een jaar van {} tot en met {tot}, of een andere regelset met --regio",
            regelset.vanaf.jaar()
        ),
    ))
}

/// The key in this file, or one for this run alone.
pub(super) fn pseudoniemen(
    sleutel: Option<&Path>,
    bsn_tonen: bool,
) -> Result<Pseudoniemen, Box<ConfigFout>> {
    match sleutel {
        None => Ok(Pseudoniemen::eenmalig(bsn_tonen)),
        Some(pad) => Pseudoniemen::uit_bestand(pad, bsn_tonen).map_err(|oorzaak| {
            ConfigFout::los(
                format!("de sleutel in {} is niet te gebruiken: {oorzaak}", pad.display()),
                "geef een bestand dat rechtmatig eerder maakte, of een pad waar nog niets staat",
            )
        }),
    }
}

fn gegeven_opties(a: &Argumenten) -> Vec<(String, String)> {
    let pad = |p: &Path| gemaskeerd(&p.display().to_string()).into_owned();
    let mut opties = vec![("dossier".to_owned(), pad(&a.dossier))];
    let mut als = |naam: &str, waarde: Option<String>| {
        opties.extend(waarde.map(|w| (naam.to_owned(), w)));
    };
    als("jaar", a.jaar.map(|j| j.to_string()));
    als("regio", a.regio.clone());
    als("regels", a.regels.as_deref().map(pad));
    als("alleen", (!a.alleen.is_empty()).then(|| a.alleen.join(",")));
    als("zonder", (!a.zonder.is_empty()).then(|| a.zonder.join(",")));
    als("draden", a.draden.map(|n| n.to_string()));
    als("geheugen", a.geheugen.map(|bytes| bytes.to_string()));
    als("max_afgekeurd", a.max_afgekeurd.map(|p| format!("{p}%")));
    als("bsn_tonen", a.bsn_tonen.then(|| "ja".to_owned()));
    als("overschrijf", a.overschrijf.then(|| "ja".to_owned()));
    als("per_aanbieder", a.per_aanbieder.then(|| "ja".to_owned()));
    als("per_gemeente", a.per_gemeente.then(|| "ja".to_owned()));
    als("strikt", a.strikt.then(|| "ja".to_owned()));
    opties
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_never_set_is_told() {
        let dag = |jaar| chrono::NaiveDate::from_ymd_opt(jaar, 1, 1).unwrap();
        assert!(klok_staat_verkeerd(dag(1970)).is_some_and(|w| w.contains("01-01-1970")));
        assert_eq!(klok_staat_verkeerd(dag(2026)), None);
    }
}
