//! An audit sample: lines drawn from what was audited, for a person to check, and the errors that
//! the person found projected back onto all of it.
//!
//! The [`Populatie`] is the live lines of the audited year, re-read from the dossier that a rapport
//! was made of and proved to be the same ([`Herkomst`]). A [`Steekproef`] is drawn from it under an
//! [`Opzet`]; a file with the outcome is checked against the same draw, done again, and becomes an
//! [`Evaluatie`]. Amounts are whole cents; only estimates are floats, rounded to cents at the end.
//! Formulas and their sources are in `docs/voor-accountants.md`.

mod evaluatie;
mod gecontroleerd;
mod herkomst;
mod invullen;
mod kansen;
mod opzet;
mod populatie;
mod schrijven;
mod trekking;
mod verslag;

pub use evaluatie::{Evaluatie, Laagschatting, Schatting};
pub use gecontroleerd::{Afwijking, Gecontroleerd};
pub use herkomst::{Herkomst, Verschil};
pub use invullen::{controleer_lijst, opzet_van};
pub use kansen::Zekerheid;
pub use opzet::{Methode, Opzet, Per};
pub use populatie::Populatie;
pub use schrijven::schrijf;
pub use trekking::{Hoe, Laag, Post, Steekproef};
pub use verslag::schrijf_evaluatie;

use crate::bron::BronFout;
use crate::dossier::Duizendtallen;
use std::path::PathBuf;
use thiserror::Error;

/// A reason why no sample can be drawn or evaluated.
#[derive(Debug, Error)]
pub enum SteekproefFout {
    #[error("{} is geen map van een rapport: manifest.json ontbreekt of is niet te lezen", map.display())]
    GeenRapport { map: PathBuf },
    #[error("{}: manifest.json is beschadigd: {wat}", map.display())]
    Beschadigd { map: PathBuf, wat: String },
    #[error("het rapport zegt niet waar het dossier staat")]
    DossierOnbekend,
    #[error("het dossier staat niet meer in {}, waar het volgens het rapport stond", map.display())]
    DossierWeg { map: PathBuf },
    #[error("{} is niet het dossier waarvan het rapport is gemaakt: {}", map.display(), opsomming(verschillen))]
    AnderDossier { map: PathBuf, verschillen: Vec<Verschil> },
    #[error("de regelset is niet die van het rapport: {}", opsomming(verschillen))]
    AndereRegelset { verschillen: Vec<Verschil> },
    #[error("het rapport telt {rapport}; het dossier geeft nu {nu}")]
    AnderePopulatie { rapport: String, nu: String },
    #[error("er is niets om uit te trekken: het dossier heeft geen levende regels van {jaar}")]
    Leeg { jaar: i32 },
    #[error(
        "alle levende regels van {jaar} zijn van € 0,00: daaruit kan met mus niets worden getrokken"
    )]
    AllesNul { jaar: i32 },
    #[error(
        "een omvang van {omvang} is te klein: met {lagen} lagen zijn ten minste {nodig} regels nodig, 2 per laag"
    )]
    OmvangTeKlein { omvang: u32, lagen: usize, nodig: u64 },
    #[error(transparent)]
    Bron(#[from] BronFout),
    #[error("{bestand}: {wat}")]
    Lijst { bestand: String, wat: String, raad: &'static str },
}

fn opsomming(verschillen: &[Verschil]) -> String {
    let mut zinnen: Vec<String> = verschillen.iter().take(5).map(Verschil::to_string).collect();
    if verschillen.len() > 5 {
        zinnen.push(format!("en nog {}", Duizendtallen(verschillen.len() as u64 - 5)));
    }
    zinnen.join("; ")
}

impl SteekproefFout {
    /// What the reader of the message can do about it.
    pub fn raad(&self) -> String {
        match self {
            SteekproefFout::GeenRapport { .. } => {
                "geef een map die rechtmatig controleer schreef, zoals reports/2023-ijsselland"
            }
            SteekproefFout::Beschadigd { .. } => {
                "maak dit rapport opnieuw met rechtmatig controleer"
            }
            SteekproefFout::DossierOnbekend | SteekproefFout::DossierWeg { .. } => {
                "wijs de map van het dossier aan met --dossier"
            }
            SteekproefFout::AnderDossier { .. } => {
                "wijs met --dossier de map aan met precies de bestanden van toen, of maak eerst een nieuw rapport met rechtmatig controleer"
            }
            SteekproefFout::AndereRegelset { .. } => {
                "wijs met --regels de map aan met de regelset van toen, of maak eerst een nieuw rapport met rechtmatig controleer"
            }
            SteekproefFout::AnderePopulatie { .. } => {
                "controle.toml of het programma is veranderd; maak eerst een nieuw rapport met rechtmatig controleer"
            }
            SteekproefFout::Leeg { .. } => "controleer het leverjaar van het rapport",
            SteekproefFout::AllesNul { .. } => "kies --methode aselect",
            SteekproefFout::OmvangTeKlein { .. } => {
                "vraag meer regels met --omvang, of kies minder lagen met --per"
            }
            SteekproefFout::Bron(e) => return e.raad(),
            SteekproefFout::Lijst { raad, .. } => raad,
        }
        .to_owned()
    }
}
