//! `rechtmatig deel DOSSIER`: one step over one part of an audit, rows in and rows out.

use super::audit::Keuzes;
use super::controleer::Stop;
use super::{Status, melding};
use crate::bron::Inventaris;
use crate::delen::{
    Deelfout, lees_bestanden, neem_deel_in, schrijf_inventaris, vat_samen, voer_gang_uit,
};
use crate::ground::config::ConfigFout;
use crate::toetsing::Sleutelveld;
use clap::{Args, ValueEnum};
use std::io::{self, BufWriter, IsTerminal, Read, Write};

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig deel sample-data --jaar 2023 --inventaris > bestanden.arrow
  rechtmatig deel sample-data --jaar 2023 --sleutelveld bestand < bestanden.arrow > gelezen.arrow
Alle stappen, en hoe een cluster ze uitvoert: docs/spark.md";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub struct Argumenten {
    #[command(flatten)]
    keuzes: Keuzes,
    /// Waarop het deel is gekozen: bestand, dossier, aanbieder, toewijzing of jeugdige
    #[arg(
        long,
        value_name = "VELD",
        hide_possible_values = true,
        required_unless_present = "inventaris"
    )]
    sleutelveld: Option<Stap>,
    /// Schrijf welke bestanden er te lezen zijn; leest niets van stdin
    #[arg(long, conflicts_with = "sleutelveld")]
    inventaris: bool,
}

/// A step, by the key that its parts are made by.
#[derive(Clone, Copy, ValueEnum)]
enum Stap {
    Bestand,
    Dossier,
    Aanbieder,
    Toewijzing,
    Jeugdige,
}

pub fn voer_uit(a: &Argumenten) -> Status {
    match deel(a) {
        Ok(()) => Status::Klaar,
        Err(stop) => stop.meld(),
    }
}

impl From<Deelfout> for Stop {
    fn from(fout: Deelfout) -> Stop {
        match fout {
            Deelfout::Bron(fout) => Stop::Bron(fout),
            Deelfout::Stroom(fout) => Stop::Stroom(fout),
            Deelfout::Uitvoer(fout) => Stop::Stdout(fout),
        }
    }
}

fn deel(a: &Argumenten) -> Result<(), Stop> {
    let mut audit = a.keuzes.audit()?;
    let uit = stdout()?;
    let Some(stap) = a.sleutelveld else {
        let inventaris = Inventaris::van(audit.dossier(), &audit.opties)?;
        return schrijf_inventaris(&inventaris, uit).map_err(Stop::Stdout);
    };
    let van = stdin()?;
    let veld = match stap {
        Stap::Bestand => {
            let inventaris = Inventaris::van(audit.dossier(), &audit.opties)?;
            return Ok(lees_bestanden(&inventaris, &audit.opties, van, uit)?);
        }
        Stap::Dossier => {
            let inventaris = Inventaris::van(audit.dossier(), &audit.opties)?;
            return Ok(vat_samen(inventaris, &audit.opties, audit.kenmerk(), van, uit)?);
        }
        Stap::Aanbieder => Sleutelveld::Aanbieder,
        Stap::Toewijzing => Sleutelveld::Toewijzing,
        Stap::Jeugdige => Sleutelveld::Jeugdige,
    };
    let inname = neem_deel_in(veld, &audit.kenmerk(), van)?;
    let klein = audit.lees_stamgegevens(&inname.stand.bestanden)?;
    Ok(voer_gang_uit(veld, &audit.opdracht(), inname, klein.rijen, uit)?)
}

/// What comes in; never what a person types.
pub(super) fn stdin() -> Result<impl Read, Box<ConfigFout>> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        return Err(ConfigFout::los(
            "er komt geen stroom binnen",
            "geef met < een bestand, of voer uit wat de stroom schrijft met een | ervoor",
        ));
    }
    Ok(stdin.lock())
}

/// Where rows go; never a screen.
fn stdout() -> Result<impl Write, Box<ConfigFout>> {
    let stdout = io::stdout();
    if stdout.is_terminal() {
        return Err(ConfigFout::los(
            "wat eruit komt is geen tekst voor een scherm",
            "geef met > een bestand, of met een | het programma dat de stroom leest",
        ));
    }
    Ok(BufWriter::with_capacity(1 << 20, stdout.lock()))
}

/// Tells that what came out could not be written.
pub(super) fn meld_stdout(fout: &io::Error) {
    melding::fout(
        &format!("wat eruit komt, kan niet geschreven worden: {}", crate::ground::io_oorzaak(fout)),
        "kijk of het programma dat de stroom leest nog loopt, en of er ruimte is; voer dit deel dan opnieuw uit",
    );
}
