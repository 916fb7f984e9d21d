//! The one model that every format is written from.

use super::aansluiting::Aansluiting;
use super::bevindingen::{self, Genummerd, Rij};
use super::oordelen::Oordelen;
use super::pseudoniem::{Pseudoniemen, Sleutelherkomst};
use super::tolerantie::Tolerantie;
use super::totalen::Totalen;
use crate::bron::Invoerfout;
use crate::dossier::{Agb, Beoordeling, Dossier, Gemeente};
use crate::regelset::Regelset;
use crate::toetsing::{Controle, Regeltelling, Regeluitkomst};
use hashbrown::HashMap;
use std::ops::Range;

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
}
