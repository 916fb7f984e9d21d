//! What every part of an audit must know of the whole: its files, codes and messages, and under
//! which ruleset it is audited. It is small beside the rows.

use super::Doel;
use super::stroom::{Rij, Schrijver, Stroomfout, Veld};
use crate::dossier::Niveau;
use crate::dossier::*;
use crate::regelset::Regelset;
use crate::toetsing::AuditRule;
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

/// Kind of the row that holds a [`Stand`].
pub const SOORT: &str = "stand";

/// What the parts of one audit must have in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kenmerk {
    programma: String,
    jaar: i32,
    niveau: String,
    /// Names and SHA-256 of the ruleset's files.
    regelset: Vec<(String, String)>,
    /// Codes of the rules that are run.
    regels: Vec<String>,
}

impl Kenmerk {
    pub fn nieuw(regelset: &Regelset, jaar: i32, niveau: Niveau, regels: &[AuditRule]) -> Kenmerk {
        let bestanden = regelset.bestanden.iter();
        Kenmerk {
            programma: env!("CARGO_PKG_VERSION").to_owned(),
            jaar,
            niveau: niveau.naam().to_owned(),
            regelset: bestanden.map(|b| (b.naam.clone(), b.sha256.clone())).collect(),
            regels: regels.iter().map(|r| r.code.to_owned()).collect(),
        }
    }

    /// What differs from the other, in words.
    fn verschil(&self, ander: &Kenmerk) -> Option<&'static str> {
        let verschillen = [
            (self.programma != ander.programma, "een andere versie van rechtmatig"),
            (self.jaar != ander.jaar, "een ander leverjaar"),
            (self.niveau != ander.niveau, "een ander niveau in controle.toml"),
            (self.regelset != ander.regelset, "een andere regelset"),
            (self.regels != ander.regels, "een andere keus met --alleen of --zonder"),
        ];
        verschillen.into_iter().find_map(|(verschilt, wat)| verschilt.then_some(wat))
    }
}

/// A start or stop that is taken back: whatever equals it and was sent no later.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Terugname {
    gemeente: Gemeente,
    toewijzing_nummer: String,
    soort: Berichtsoort,
    datum: Dag,
    verzonden: Option<Dag>,
}

impl Terugname {
    pub fn van(s: &Startstop, nummers: &Woordenboek) -> Terugname {
        Terugname {
            gemeente: s.gemeente,
            toewijzing_nummer: nummers.tekst(s.toewijzing_nummer).to_owned(),
            soort: s.soort,
            datum: s.datum,
            verzonden: s.verzonden,
        }
    }

    /// As a message; who sent it and about whom doesn't matter.
    fn bericht(&self, nummers: &mut Woordenboek) -> Startstop {
        Startstop {
            toewijzing_nummer: nummers.nummer(&self.toewijzing_nummer),
            gemeente: self.gemeente,
            aanbieder: Agb(0),
            bsn: Bsn::GEEN,
            soort: self.soort,
            datum: self.datum,
            verzonden: self.verzonden,
            reden_beeindiging: None,
            bestand: BestandNr(0),
            regelnummer: 0,
        }
    }
}

/// What every part must know of the whole. Numbers of files, aanbieders and products are places in
/// its lists, and so mean the same in all parts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stand {
    pub kenmerk: Kenmerk,
    /// All files, in the order of their paths.
    pub bestanden: Vec<Bestand>,
    /// For each file: is it a message that was refused?
    pub geweigerd: Vec<bool>,
    /// The aanbieders that any file names, by AGB code.
    pub agbs: Vec<Agb>,
    /// (ProductCategorie, ProductCode) that lines declare, by bytes.
    pub producten: Vec<(String, String)>,
    /// Does any line name a function?
    pub kent_functies: bool,
    /// Does the dossier have starts and stops?
    pub startstop: bool,
    pub teruggenomen: Vec<Terugname>,
    pub berichten: Option<Vec<Declaratiebericht>>,
    pub antwoorden: Option<Vec<Declaratieantwoord>>,
    pub waarschuwingen: Vec<String>,
}

impl Stand {
    pub fn schrijf(&self, uit: &mut Schrijver<impl Write>) -> io::Result<()> {
        let inhoud = serde_json::to_string(self)?;
        uit.rij(|rij| {
            rij.tekst(Veld::Doel, Doel::Alle.naam())
                .tekst(Veld::Soort, SOORT)
                .tekst(Veld::Inhoud, &inhoud);
        })
    }

    /// Reads the stand of an audit with this `kenmerk`.
    pub fn lees(rij: &Rij<'_>, kenmerk: &Kenmerk) -> Result<Stand, Stroomfout> {
        #[derive(Deserialize)]
        struct AlleenKenmerk {
            kenmerk: Kenmerk,
        }
        let gelezen: AlleenKenmerk = rij.inhoud()?;
        match gelezen.kenmerk.verschil(kenmerk) {
            None => rij.inhoud(),
            Some(wat) => Err(Stroomfout::Inhoud(
                format!("de stand van het dossier is gemaakt met {wat}"),
                "geef bij elke stap dezelfde opties, en gebruik overal hetzelfde programma",
            )),
        }
    }

    /// Rows that the accepted files of a kind have.
    pub fn aanvaard(&self, soort: Soort) -> u64 {
        self.bestanden.iter().filter(|b| b.soort == soort).map(|b| b.aanvaard).sum()
    }

    /// The starts and stops that are taken back.
    pub fn teruggenomen(&self, nummers: &mut Woordenboek) -> Vec<Startstop> {
        self.teruggenomen.iter().map(|t| t.bericht(nummers)).collect()
    }

    /// Numbers by what they stand for.
    pub fn index(&self) -> Index {
        let bestanden = self.bestanden.iter().enumerate();
        let producten = self.producten.iter().enumerate();
        Index {
            bestanden: bestanden.map(|(i, b)| (b.pad.clone(), BestandNr(i as u16))).collect(),
            agbs: self.agbs.clone(),
            producten: producten.map(|(i, p)| (p.clone(), ProductNr(i as u16))).collect(),
        }
    }
}

/// Numbers by what they stand for.
pub struct Index {
    bestanden: HashMap<String, BestandNr>,
    agbs: Vec<Agb>,
    producten: HashMap<(String, String), ProductNr>,
}

#[derive(Hash)]
struct Productsleutel<'a>(&'a str, &'a str);

impl hashbrown::Equivalent<(String, String)> for Productsleutel<'_> {
    fn equivalent(&self, (categorie, code): &(String, String)) -> bool {
        self.0 == categorie && self.1 == code
    }
}

impl Index {
    pub fn bestand(&self, pad: &str) -> Option<BestandNr> {
        self.bestanden.get(pad).copied()
    }

    pub fn aanbieder(&self, agb: Agb) -> Option<AanbiederNr> {
        self.agbs.binary_search(&agb).ok().map(|i| AanbiederNr(i as u16))
    }

    pub fn product(&self, categorie: &str, code: &str) -> Option<ProductNr> {
        self.producten.get(&Productsleutel(categorie, code)).copied()
    }
}
