//! One finding model in, one file a format out; all of them, or none.

mod aansluiting;
mod bevindingen;
mod csv;
mod html;
mod json;
mod manifest;
mod oordelen;
mod parquet;
mod pseudoniem;
mod totalen;
mod verantwoording;
pub(crate) mod xlsx;

pub use aansluiting::{Aansluiting, Stap};
pub use bevindingen::{Genummerd, Rij};
pub use manifest::Uitvoering;
pub use oordelen::{Lot, Oordelen, per_oordeel};
pub use pseudoniem::{Pseudoniemen, Sleutelherkomst};
pub use totalen::{Apart, Doorbelasting, InGeding, Open, Partijtotaal, Totalen};
pub use verantwoording::{Controlegetal, Controletotaal, Tolerantie, Tolerantietoets};
pub use xlsx::partij::Partij;

use crate::bron::Invoerfout;
use crate::dossier::{Agb, Beoordeling, Dossier, Gemeente};
use crate::regelset::Regelset;
use crate::toetsing::{Controle, Regeltelling, Regeluitkomst};
use crate::writing::{Plaats, WriteError};
use hashbrown::HashMap;
use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::str::FromStr;

/// A form of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Formaat {
    Html,
    Xlsx,
    Csv,
    Parquet,
    Json,
}

impl Formaat {
    pub const ALLE: [Formaat; 5] =
        [Formaat::Html, Formaat::Xlsx, Formaat::Csv, Formaat::Parquet, Formaat::Json];

    pub fn naam(self) -> &'static str {
        match self {
            Formaat::Html => "html",
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
        Formaat::ALLE.into_iter().find(|f| f.naam() == tekst).ok_or_else(|| {
            format!("'{tekst}' is geen formaat; kies uit html, xlsx, csv, parquet, json")
        })
    }
}

/// Everything that a rapport shows.
pub struct Rapport<'a> {
    pub controle: &'a Controle<'a>,
    /// Counts of every rule; the findings themselves are in `bevindingen`.
    pub uitkomsten: Vec<Regeluitkomst>,
    /// All findings, those of one rule after each other.
    pub bevindingen: Vec<Genummerd>,
    /// Where those of each rule are.
    per_regel: HashMap<&'static str, Range<usize>>,
    pub totalen: Totalen,
    pub aansluiting: Aansluiting,
    pub invoerfouten: &'a [Invoerfout],
    pub waarschuwingen: Vec<String>,
    /// Verdicts of an earlier run.
    pub oordelen: Oordelen<'a>,
    /// What the user says may be fout or uncertain.
    pub tolerantie: Tolerantie,
    pub pseudoniemen: &'a Pseudoniemen,
}

impl<'a> Rapport<'a> {
    /// The rapport of what all rules came to. Of its lines the dossier may have only those that
    /// findings are about; `telling` is of all.
    pub fn maak(
        controle: &'a Controle<'a>,
        mut uitkomsten: Vec<Regeluitkomst>,
        telling: &Regeltelling,
        invoerfouten: &'a [Invoerfout],
        mut waarschuwingen: Vec<String>,
        beoordelingen: &'a [Beoordeling],
        pseudoniemen: &'a Pseudoniemen,
    ) -> Rapport<'a> {
        let (mut bevindingen, per_regel) =
            bevindingen::genummerd(controle, &mut uitkomsten, pseudoniemen);
        let blijvend = pseudoniemen.bsn_tonen || pseudoniemen.herkomst == Sleutelherkomst::Bestand;
        let oordelen = Oordelen::pas_toe(beoordelingen, &mut bevindingen, &uitkomsten, blijvend);
        waarschuwingen.extend(oordelen.waarschuwingen());
        let totalen = Totalen::tel(controle, &bevindingen, telling);
        Rapport {
            controle,
            uitkomsten,
            bevindingen,
            per_regel: per_regel.into_iter().collect(),
            totalen,
            aansluiting: Aansluiting::maak(controle, telling),
            invoerfouten,
            waarschuwingen,
            oordelen,
            tolerantie: Tolerantie::default(),
            pseudoniemen,
        }
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
    pub fn van_regel(&self, code: &str) -> &[Genummerd] {
        self.per_regel.get(code).map_or(&[], |plaatsen| &self.bevindingen[plaatsen.clone()])
    }

    /// A finding with its columns.
    pub fn rij<'r>(&'r self, genummerd: &'r Genummerd) -> Rij<'r> {
        Rij::nieuw(self.controle, self.pseudoniemen, genummerd)
    }

    /// All findings with their columns, in the order of every output.
    pub fn rijen(&self) -> impl ExactSizeIterator<Item = Rij<'_>> {
        self.bevindingen.iter().map(|g| self.rij(g))
    }

    /// Who judged a finding, when, and what they noted; empty where it isn't judged.
    pub fn beoordeling_in_woorden(&self, rij: &Rij<'_>) -> String {
        let Some(b) = self.oordelen.van(rij.nummer()) else { return String::new() };
        let wie = [
            self.pseudoniemen.nummer(&b.door).into_owned(),
            b.datum.map(|d| d.to_string()).unwrap_or_default(),
        ];
        let wie: Vec<String> = wie.into_iter().filter(|t| !t.is_empty()).collect();
        let delen = [wie.join(", "), self.pseudoniemen.nummer(&b.opmerking).into_owned()];
        let delen: Vec<String> = delen.into_iter().filter(|t| !t.is_empty()).collect();
        delen.join(": ")
    }

    /// Writes all files of these formats, and the workbooks for these parties, into a folder of their own and puts it in its place.
    pub fn schrijf(
        &self,
        plaats: Plaats,
        formaten: &[Formaat],
        partijen: &[Partij],
        uitvoering: &Uitvoering,
    ) -> Result<PathBuf, WriteError> {
        // A message names the place that the user knows, not the hidden one beside it.
        let doel = plaats.doel().to_owned();
        self.schrijf_in(&plaats, formaten, partijen, uitvoering).map_err(|e| match e {
            WriteError::Schrijven { pad, oorzaak } => WriteError::Schrijven {
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
        partijen: &[Partij],
        uitvoering: &Uitvoering,
    ) -> Result<(), WriteError> {
        let map = plaats.map();
        let bij = |naam: &str| map.join(naam);
        let wil = |f| formaten.contains(&f);
        // The table is made on all cores: it is gone before the others begin.
        let parquet = || match wil(Formaat::Parquet) {
            true => parquet::schrijf(self, &bij("bevindingen.parquet")),
            false => Ok(()),
        };
        let json = || match wil(Formaat::Json) {
            true => json::schrijf(self, &bij("samenvatting.json")),
            false => Ok(()),
        };
        let (a, b) = rayon::join(parquet, json);
        a.and(b)?;
        // The slow writer beside the others; each file is whole before the folder is moved.
        let xlsx = || {
            if wil(Formaat::Xlsx) {
                xlsx::schrijf(self, &bij("rapport.xlsx"), uitvoering)?;
            }
            for partij in partijen {
                xlsx::partij::schrijf(self, *partij, &bij(partij.map()))?;
            }
            Ok(())
        };
        let andere = || {
            if wil(Formaat::Html) {
                html::schrijf(self, &bij("rapport.html"), uitvoering, formaten)?;
            }
            if wil(Formaat::Csv) {
                csv::bevindingen(self, &bij("bevindingen.csv"))?;
                if let Some(rijen) = &self.totalen.doorbelasting {
                    csv::doorbelasting(self, rijen, &bij("doorbelasting.csv"))?;
                }
            }
            csv::invoerfouten(self, &bij("invoerfouten.csv"))
        };
        let (a, b) = rayon::join(xlsx, andere);
        a.and(b)?;
        manifest::schrijf(self, &bij("manifest.json"), uitvoering, formaten)
    }
}
