//! From what all parts came to, to the rapport.

use super::Doel;
use super::arrow::{StreamError, Veld, lees};
use super::header::{DossierHeader, Fingerprint};
use super::intake::{PartBuilder, RowCounts, ontbrekende_toewijzing, toewijzing_nr, zonder_stand};
use super::outcomes::OutcomeReader;
use super::pass::{GANG, PassReceipt, REGELTELLING};
use super::reading::{INVOERFOUT, lees_fout};
use super::rows::Plaats;
use crate::audit::passes::{Outcome, Terms};
use crate::bron::Invoerfout;
use crate::dossier::*;
use crate::toetsing::Regeltelling;
use crate::toetsing::{AuditRule, Sleutelveld, besluit};
use hashbrown::HashMap;
use std::io::Read;

/// All that the parts wrote for the rapport.
pub struct Gathered<'r> {
    inname: PartBuilder,
    uitkomsten: OutcomeReader<'r>,
    telling: Regeltelling,
    doorgangen: HashMap<&'static str, PassReceipt>,
    antwoorden: Vec<Antwoordtelling>,
    fouten: Vec<(i64, Invoerfout)>,
}

fn erbij(samen: &mut RowCounts, deel: RowCounts) {
    samen.regels += deel.regels;
    samen.versies += deel.versies;
    samen.startstop += deel.startstop;
    samen.aanbieders += deel.aanbieders;
    samen.leveringen += deel.leveringen;
}

impl<'r> Gathered<'r> {
    /// Reads streams one after the other, each with its name for messages. The first row of the
    /// first must be the stand.
    pub fn lees(
        stromen: impl IntoIterator<Item = (String, Box<dyn Read>)>,
        kenmerk: &Fingerprint,
        regels: &'r [AuditRule],
    ) -> Result<Gathered<'r>, StreamError> {
        let mut samen: Option<Gathered<'r>> = None;
        for (naam, stroom) in stromen {
            lees(stroom, &naam, |rij| {
                let Some(samen) = &mut samen else {
                    samen = Some(Gathered {
                        inname: PartBuilder::begin(&rij, kenmerk)?,
                        uitkomsten: OutcomeReader::nieuw(regels),
                        telling: Regeltelling::default(),
                        doorgangen: HashMap::new(),
                        antwoorden: Vec::new(),
                        fouten: Vec::new(),
                    });
                    return Ok(());
                };
                Doel::Samenvoegen.eis(&rij)?;
                samen.neem_op(&rij)
            })?;
        }
        samen.ok_or_else(zonder_stand)
    }

    fn neem_op(&mut self, rij: &super::arrow::Rij<'_>) -> Result<(), StreamError> {
        match rij.tekst(Veld::Soort) {
            REGELTELLING => self.telling.neem_over(rij.inhoud()?),
            INVOERFOUT => {
                let bestand = self.inname.bestand(rij)?;
                self.fouten.push(lees_fout(rij, bestand)?);
            }
            GANG => {
                let velden = Sleutelveld::ALLE.map(|v| (v.naam(), v));
                let veld = rij.keus(Veld::Sleutel, &velden)?;
                let veld = rij.nodig(Veld::Sleutel, veld)?;
                let doorgang: PassReceipt = rij.inhoud()?;
                let samen = self.doorgangen.entry(veld.naam()).or_default();
                erbij(&mut samen.erin, doorgang.erin);
                erbij(&mut samen.eruit, doorgang.eruit);
                self.antwoorden.extend(doorgang.antwoorden);
            }
            _ if self.uitkomsten.neem_op(rij, &mut self.inname)? => {}
            _ if self.inname.neem_op(rij)? => {}
            _ => return Err(rij.onleesbaar(Veld::Soort)),
        }
        Ok(())
    }

    pub fn stand(&self) -> &DossierHeader {
        &self.inname.stand
    }

    /// The unreadable values of the dossier, in order.
    pub fn invoerfouten(&mut self) -> Vec<Invoerfout> {
        let mut fouten = std::mem::take(&mut self.fouten);
        fouten.sort_by_key(|(volgnummer, _)| *volgnummer);
        fouten.into_iter().map(|(_, fout)| fout).collect()
    }

    /// Puts the whole together with the small tables: the dossier with the lines that the rapport
    /// shows, the outcome, and what the user should know, in Dutch sentences.
    pub fn voeg_samen(
        mut self,
        terms: &Terms<'_>,
        stamgegevens: Onverbonden,
    ) -> Result<(Dossier, Outcome, Vec<String>), StreamError> {
        self.controleer_volledigheid()?;
        self.inname.zonder_dubbele_regels();
        let catalogus =
            |categorie: &str, code: &str| terms.regelset.catalogusrij(categorie, code).cloned();
        let mut deel = self.inname.verbind(stamgegevens, catalogus)?;
        let regels: HashMap<Plaats, RegelNr> =
            deel.plaatsen.iter().copied().zip((0..).map(RegelNr)).collect();
        let uitkomsten = self
            .uitkomsten
            .klaar(
                |plaats| regels.get(&plaats).copied(),
                |sleutel| toewijzing_nr(&deel.dossier, sleutel),
            )
            .ok_or_else(ontbrekende_toewijzing)?;
        // What rules over the whole dossier decide on isn't in these lines.
        let getoond = std::mem::take(&mut deel.dossier.regels);
        let afwijzingen = deel.koppeling.afwijzingen(&mut deel.dossier);
        let antwoorden = afwijzingen.map(|a| a.telling());
        let uitkomsten = {
            let controle = terms.controle(&deel.dossier, deel.stand.kent_functies);
            besluit(&controle, terms.rules, uitkomsten)
        };
        deel.dossier.regels = getoond;
        deel.koppeling.verwijs(&mut deel.dossier);
        deel.dossier.antwoorden = antwoorden.map(|heel| tel_antwoorden(heel, &self.antwoorden));
        let outcome = Outcome { outcomes: uitkomsten, counts: self.telling };
        Ok((deel.dossier, outcome, deel.stand.waarschuwingen))
    }

    /// Every row that a step gave out must have come into the next one, once.
    fn controleer_volledigheid(&self) -> Result<(), StreamError> {
        let stand = &self.inname.stand;
        let van = |veld: Sleutelveld| self.doorgangen.get(veld.naam()).copied().unwrap_or_default();
        let [aanbieder, toewijzing, jeugdige] = Sleutelveld::ALLE.map(van);
        let regels = stand.aanvaard(Soort::Declaraties);
        // What takes back a start or stop is in the stand.
        let startstop = stand.aanvaard(Soort::Startstop) - stand.teruggenomen.len() as u64;
        let versies = stand.aanvaard(Soort::Toewijzingen);
        let aanbieders = stand.agbs.len() as u64;
        let tellingen = [
            (Sleutelveld::Aanbieder, "declaratieregels", aanbieder.erin.regels, regels),
            (Sleutelveld::Aanbieder, "aanbieders", aanbieder.erin.aanbieders, aanbieders),
            (Sleutelveld::Aanbieder, "starts en stops", aanbieder.erin.startstop, startstop),
            (
                Sleutelveld::Toewijzing,
                "declaratieregels",
                toewijzing.erin.regels,
                aanbieder.eruit.regels,
            ),
            (Sleutelveld::Toewijzing, "toewijzingen", toewijzing.erin.versies, versies),
            (Sleutelveld::Toewijzing, "starts en stops", toewijzing.erin.startstop, startstop),
            (
                Sleutelveld::Jeugdige,
                "declaratieregels",
                jeugdige.erin.regels,
                toewijzing.eruit.regels,
            ),
            (
                Sleutelveld::Jeugdige,
                "toewijzingen",
                jeugdige.erin.versies,
                toewijzing.eruit.versies,
            ),
            (
                Sleutelveld::Jeugdige,
                "toewijzingen met levering",
                jeugdige.erin.leveringen,
                toewijzing.eruit.leveringen,
            ),
        ];
        match tellingen.into_iter().find(|(.., erin, verwacht)| erin != verwacht) {
            None => Ok(()),
            Some((veld, wat, erin, verwacht)) => Err(StreamError::Inhoud(
                format!(
                    "de delen per {} hebben samen {} {wat} gehad, en dat moeten er {} zijn",
                    veld.naam(),
                    Duizendtallen(erin),
                    Duizendtallen(verwacht)
                ),
                "geef van elk deel van elke stap precies één uitkomst door",
            )),
        }
    }
}

/// What came of all answers: of what `heel` doesn't find without any line, each part found some.
fn tel_antwoorden(heel: Antwoordtelling, delen: &[Antwoordtelling]) -> Antwoordtelling {
    let gevonden = |tel: fn(&Antwoordtelling) -> u64| -> u64 {
        delen.iter().map(|deel| tel(&heel) - tel(deel)).sum()
    };
    Antwoordtelling {
        zonder_declaratie: heel.zonder_declaratie - gevonden(|a| a.zonder_declaratie),
        zonder_regel: heel.zonder_regel - gevonden(|a| a.zonder_regel),
        ..heel
    }
}
