//! `rechtmatig samenvoegen DOSSIER`: the rapport from what the parts of an audit came to.

use super::afronding::{Afronding, door, partijen};
use super::audit::Keuzes;
use super::controleer::{Stop, klok_staat_verkeerd, pseudoniemen};
use super::deel::stdin;
use super::voortgang::Voortgang;
use super::{Status, onderbreking};
use crate::bron::BronFout;
use crate::delen::Samengebracht;
use crate::dossier::Antwoordtelling;
use crate::ground::gemaskeerd;
use crate::rapport::{Formaat, Rapport, Tolerantie, Uitvoering};
use crate::toetsing::Controle;
use crate::writing::Plaats;
use clap::Args;
use std::fs::File;
use std::io::Read;
use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Instant;

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig samenvoegen sample-data stand.arrow delen/*.arrow --jaar 2023 --uit reports
Hoe u aan de delen komt: docs/spark.md";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub struct Argumenten {
    #[command(flatten)]
    keuzes: Keuzes,
    /// Wat de delen schreven, de stand van het dossier voorop [standaard: stdin]
    #[arg(value_name = "DELEN")]
    delen: Vec<PathBuf>,
    /// Map waarin het rapport komt
    #[arg(long, value_name = "MAP", default_value = "reports", hide_default_value = true)]
    uit: PathBuf,
    /// Vervang een bestaand rapport
    #[arg(long)]
    overschrijf: bool,
    /// html,xlsx,csv,parquet,json [standaard: alle]
    #[arg(long, value_name = "LIJST", value_delimiter = ',', value_parser = Formaat::from_str)]
    formaten: Vec<Formaat>,
    /// Sleutel voor pseudoniemen; wordt gemaakt als hij niet bestaat
    #[arg(long, value_name = "BESTAND", env = "RECHTMATIG_SLEUTEL_BESTAND", hide_env = true)]
    sleutel: Option<PathBuf>,
    /// Toon het Bsn in plaats van een pseudoniem
    #[arg(long)]
    bsn_tonen: bool,
    /// Eindig met status 1 als er een fout is gevonden
    #[arg(long)]
    strikt: bool,
    /// Schrijf per aanbieder een werkmap met haar bevindingen, en een brief
    #[arg(long)]
    per_aanbieder: bool,
    /// Schrijf per gemeente een werkmap met haar bevindingen
    #[arg(long)]
    per_gemeente: bool,
    /// Geen voortgang en geen samenvatting
    #[arg(long)]
    stil: bool,
}

pub fn voer_uit(a: &Argumenten) -> Status {
    samenvoegen(a).unwrap_or_else(Stop::meld)
}

fn samenvoegen(a: &Argumenten) -> Result<Status, Stop> {
    let begin = (Instant::now(), chrono::Local::now());
    let mut audit = a.keuzes.audit()?;
    let pseudoniemen = pseudoniemen(a.sleutel.as_deref(), a.bsn_tonen)?;
    let stromen = stromen(a)?;
    let plaats = Plaats::maak(&a.uit, &format!("{}-{}", audit.jaar, audit.regio), a.overschrijf)?;
    onderbreking::ruim_op([plaats.map()]);

    let voortgang = Voortgang::nieuw(a.stil);
    let klaar = |stop: Stop| {
        voortgang.klaar();
        stop
    };
    voortgang.stap("Delen lezen");
    let regels = audit.regels.clone();
    let mut samen = Samengebracht::lees(stromen, &audit.kenmerk(), &regels)
        .map_err(|e| klaar(Stop::Stroom(e)))?;
    let fouten = samen.invoerfouten();
    let klein = audit.lees_stamgegevens(&samen.stand().bestanden).map_err(klaar)?;
    let opdracht = audit.opdracht();
    let samen = samen.voeg_samen(&opdracht, klein.rijen).map_err(|e| klaar(Stop::Stroom(e)))?;
    // The process ends right after.
    let dossier = ManuallyDrop::new(samen.dossier);
    let controle = Controle::nieuw(&dossier, opdracht.regelset, opdracht.jaar, opdracht.niveau);
    let mut waarschuwingen = samen.waarschuwingen;
    waarschuwingen.extend(dossier.antwoorden.iter().flat_map(Antwoordtelling::waarschuwingen));
    waarschuwingen.extend(samen.telling.leeg_jaar(opdracht.jaar));
    waarschuwingen.extend(samen.telling.lege_toewijzingen(&dossier));
    waarschuwingen.extend(klok_staat_verkeerd(begin.1.date_naive()));
    voortgang.stap("Rapport schrijven");
    let mut rapport = Rapport::maak(
        &controle,
        samen.uitkomsten,
        &samen.telling,
        &fouten,
        waarschuwingen,
        &klein.beoordelingen,
        &pseudoniemen,
    );
    let [fouten, onzekerheden] = audit.instelling.tolerantie;
    rapport.tolerantie = Tolerantie { fouten, onzekerheden };
    let uitvoering = Uitvoering {
        begin: begin.1.to_rfc3339(),
        seconden: begin.0.elapsed().as_secs_f64(),
        opties: gegeven_opties(a),
        door: door(),
    };
    let afronding = Afronding {
        formaten: match a.formaten.is_empty() {
            true => Formaat::ALLE.to_vec(),
            false => a.formaten.clone(),
        },
        partijen: partijen(a.per_aanbieder, a.per_gemeente),
        stil: a.stil,
        strikt: a.strikt,
    };
    afronding.schrijf(&rapport, plaats, &uitvoering, &voortgang)
}

/// All options as given, for the manifest.
fn gegeven_opties(a: &Argumenten) -> Vec<(String, String)> {
    let gegeven = [
        ("bsn_tonen", a.bsn_tonen),
        ("overschrijf", a.overschrijf),
        ("per_aanbieder", a.per_aanbieder),
        ("per_gemeente", a.per_gemeente),
        ("strikt", a.strikt),
    ];
    let gegeven = gegeven.into_iter().filter(|(_, gegeven)| *gegeven);
    let gegeven = gegeven.map(|(naam, _)| (naam.to_owned(), "ja".to_owned()));
    a.keuzes.gegeven().into_iter().chain(gegeven).collect()
}

/// A stream with its name for messages.
type Stroom = (String, Box<dyn Read>);

/// What is read.
fn stromen(a: &Argumenten) -> Result<Vec<Stroom>, Stop> {
    if a.delen.is_empty() {
        return Ok(vec![("stdin".to_owned(), Box::new(stdin()?))]);
    }
    a.delen
        .iter()
        .map(|pad| {
            let naam = gemaskeerd(&pad.display().to_string()).into_owned();
            let bestand = File::open(pad).map_err(|e| BronFout::van_io(&naam, &e))?;
            Ok((naam, Box::new(bestand) as Box<dyn Read>))
        })
        .collect()
}
