//! One finding model in, one file a format out; all of them, or none.

mod aansluiting;
mod bevindingen;
mod csv;
mod json;
mod manifest;
mod parquet;
mod plaatsing;
mod pseudoniem;
mod telling;
mod totalen;
mod xlsx;

pub use aansluiting::{Aansluiting, Stap};
pub use bevindingen::{Rij, rijen_van_deel};
pub use manifest::Uitvoering;
pub use plaatsing::{Plaats, Tijdelijk};
pub use pseudoniem::{Pseudoniemen, Sleutelherkomst};
pub use telling::Regeltelling;
pub use totalen::{Apart, Doorbelasting, InGeding, Partijtotaal, Totalen};

use crate::bron::{Invoerfout, io_oorzaak};
use crate::dossier::{Agb, Dossier, Gemeente};
use crate::geheugen;
use crate::regelset::Regelset;
use crate::toetsing::{Controle, Regeluitkomst};
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use thiserror::Error;

/// A reason why the rapport could not be written; then nothing of it is left.
#[derive(Debug, Error)]
pub enum RapportFout {
    #[error("{} bestaat al", map.display())]
    BestaatAl { map: PathBuf },
    #[error("{} kan niet geschreven worden: {oorzaak}", pad.display())]
    Schrijven { pad: PathBuf, oorzaak: String },
    #[error("{wat}: {oorzaak}")]
    Samenstellen { wat: &'static str, oorzaak: String },
}

impl RapportFout {
    /// What the reader of the message can do about it.
    pub fn raad(&self) -> &'static str {
        match self {
            RapportFout::BestaatAl { .. } => {
                "kies een andere map met --uit, of vervang het oude rapport met --overschrijf"
            }
            RapportFout::Schrijven { .. } => {
                "maak ruimte of kies een andere map met --uit; er is niets half geschreven"
            }
            RapportFout::Samenstellen { .. } => {
                "dit is een fout in rechtmatig; meld hem met de opties die u gebruikte"
            }
        }
    }

    /// What went wrong with the temporary files of a run.
    pub fn tijdelijk(map: &Tijdelijk, e: &std::io::Error) -> RapportFout {
        RapportFout::schrijven(map.map(), e)
    }

    fn schrijven(pad: &Path, e: &std::io::Error) -> RapportFout {
        RapportFout::Schrijven { pad: pad.to_owned(), oorzaak: io_oorzaak(e) }
    }
}

/// A form of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Formaat {
    Xlsx,
    Csv,
    Parquet,
    Json,
}

impl Formaat {
    pub const ALLE: [Formaat; 4] = [Formaat::Xlsx, Formaat::Csv, Formaat::Parquet, Formaat::Json];

    pub fn naam(self) -> &'static str {
        match self {
            Formaat::Xlsx => "xlsx",
            Formaat::Csv => "csv",
            Formaat::Parquet => "parquet",
            Formaat::Json => "json",
        }
    }
}

impl fmt::Display for Formaat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.naam())
    }
}

impl FromStr for Formaat {
    type Err = String;
    fn from_str(tekst: &str) -> Result<Formaat, String> {
        Formaat::ALLE
            .into_iter()
            .find(|f| f.naam() == tekst)
            .ok_or_else(|| format!("'{tekst}' is geen formaat; kies uit xlsx, csv, parquet, json"))
    }
}

/// What all rules came to: their counts, and their findings as rows, in whatever order.
pub struct Gevonden<'a> {
    pub uitkomsten: Vec<Regeluitkomst>,
    pub rijen: Vec<Rij<'a>>,
}

impl<'a> Gevonden<'a> {
    /// What was found in a dossier in one piece.
    pub fn in_een_stuk(
        controle: &'a Controle<'a>,
        mut uitkomsten: Vec<Regeluitkomst>,
        pseudoniemen: &Pseudoniemen,
    ) -> Gevonden<'a> {
        let rijen = bevindingen::rijen(controle, &mut uitkomsten, pseudoniemen);
        Gevonden { uitkomsten, rijen }
    }
}

/// Everything that a rapport shows.
pub struct Rapport<'a> {
    pub controle: &'a Controle<'a>,
    /// Counts of every rule; the findings themselves are in `rijen`.
    pub uitkomsten: Vec<Regeluitkomst>,
    pub rijen: Vec<Rij<'a>>,
    pub totalen: Totalen,
    pub aansluiting: Aansluiting,
    pub invoerfouten: &'a [Invoerfout],
    pub waarschuwingen: &'a [String],
    pub pseudoniemen: &'a Pseudoniemen,
}

impl<'a> Rapport<'a> {
    /// The rapport of what was found.
    pub fn maak(
        controle: &'a Controle<'a>,
        gevonden: Gevonden<'a>,
        telling: &Regeltelling,
        invoerfouten: &'a [Invoerfout],
        waarschuwingen: &'a [String],
        pseudoniemen: &'a Pseudoniemen,
    ) -> Result<Rapport<'a>, RapportFout> {
        let Gevonden { uitkomsten, mut rijen } = gevonden;
        let codes: Vec<&str> = uitkomsten.iter().map(|u| u.regel.code).collect();
        bevindingen::orden(controle.dossier, &codes, &mut rijen);
        let totalen =
            Totalen::tel(controle, &rijen, telling).map_err(|e| RapportFout::Samenstellen {
                wat: "de totalen kunnen niet worden opgeteld",
                oorzaak: e.to_string(),
            })?;
        Ok(Rapport {
            controle,
            uitkomsten,
            rijen,
            totalen,
            aansluiting: Aansluiting::maak(controle, &telling.aansluiting),
            invoerfouten,
            waarschuwingen,
            pseudoniemen,
        })
    }

    pub fn dossier(&self) -> &'a Dossier {
        self.controle.dossier
    }

    pub fn regelset(&self) -> &'a Regelset {
        self.controle.regelset
    }

    /// The aanbieder's name, empty where no list has it.
    pub fn naam_van_aanbieder(&self, agb: Agb) -> &'a str {
        let d = self.dossier();
        let gegevens = d.aanbieder_nr(agb).and_then(|nr| d.aanbieder(nr).gegevens.as_ref());
        gegevens.map_or("", |g| &g.naam)
    }

    /// The gemeente's name, empty for a code that CBS never gave.
    pub fn naam_van_gemeente(&self, gemeente: Gemeente) -> &'a str {
        self.regelset().gemeentecodes.naam(gemeente)
    }

    /// Findings of one rule, in order.
    pub fn van_regel(&self, code: &str) -> &[Rij<'a>] {
        let begin = self.rijen.iter().position(|r| r.regel == code).unwrap_or(0);
        let na = &self.rijen[begin..];
        let aantal = na.iter().take_while(|r| r.regel == code).count();
        &na[..aantal]
    }

    /// Writes all files of these formats into a folder of their own and puts it in its place.
    pub fn schrijf(
        &self,
        plaats: Plaats,
        formaten: &[Formaat],
        uitvoering: &Uitvoering,
    ) -> Result<PathBuf, RapportFout> {
        // A message names the place that the user knows, not the hidden one beside it.
        let doel = plaats.doel().to_owned();
        self.schrijf_in(&plaats, formaten, uitvoering).map_err(|e| match e {
            RapportFout::Schrijven { pad, oorzaak } => RapportFout::Schrijven {
                pad: doel.join(pad.file_name().unwrap_or_default()),
                oorzaak,
            },
            ander => ander,
        })?;
        plaats.zet_neer()
    }

    fn schrijf_in(
        &self,
        plaats: &Plaats,
        formaten: &[Formaat],
        uitvoering: &Uitvoering,
    ) -> Result<(), RapportFout> {
        let map = plaats.map();
        let bij = |naam: &str| map.join(naam);
        let wil = |f| formaten.contains(&f);
        if wil(Formaat::Parquet) {
            parquet::schrijf(self, &bij("bevindingen.parquet"))?;
            // The table in memory isn't needed any more, and the workbook needs as much.
            geheugen::geef_vrij();
        }
        // The slow writer beside the others; each file is whole before the folder is moved.
        let xlsx = || {
            if wil(Formaat::Xlsx) { xlsx::schrijf(self, &bij("rapport.xlsx")) } else { Ok(()) }
        };
        let teksten = || {
            if wil(Formaat::Csv) {
                csv::bevindingen(self, &bij("bevindingen.csv"))?;
                if let Some(rijen) = &self.totalen.doorbelasting {
                    csv::doorbelasting(self, rijen, &bij("doorbelasting.csv"))?;
                }
            }
            if wil(Formaat::Json) {
                json::schrijf(self, &bij("samenvatting.json"))?;
            }
            csv::invoerfouten(self, &bij("invoerfouten.csv"))
        };
        let (a, b) = rayon::join(xlsx, teksten);
        a.and(b)?;
        manifest::schrijf(self, &bij("manifest.json"), uitvoering, formaten)
    }
}
