//! Answers of gemeenten to declarations (JW325): which prestaties were refused.
//!
//! An answer names the message that it answers, the DeclaratieNummer, and only the prestaties that
//! were refused; what it doesn't name was granted, unless the message or the declaration was
//! refused as a whole. What was refused isn't live (specification §2.0), and a refused credit line
//! takes nothing back.

use super::declaratieregel::{AanbiederNr, Stand};
use super::{Agb, BestandNr, Dag, Declaratiebericht, Dossier, Gemeente};
use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Return codes that say nothing against the part of a message where they stand: no remark (0200),
/// and granted in full (8001).
const GOED: [&str; 2] = ["0200", "8001"];

/// Do these return codes, as the message lists them for one of its parts, refuse that part?
pub fn wijst_af<'a>(retourcodes: impl IntoIterator<Item = &'a str>) -> bool {
    retourcodes.into_iter().any(|code| !GOED.contains(&code))
}

/// One JW325.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Declaratieantwoord {
    pub gemeente: Gemeente,
    pub aanbieder: Agb,
    /// Identificatie and Dagtekening of the message that it answers.
    pub bericht: (String, Dag),
    /// Empty where only the header came back.
    pub declaratie_nummer: String,
    /// What of it the gemeente refused.
    pub afgewezen: Afgewezen,
}

/// What an answer refuses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Afgewezen {
    Alles,
    /// The prestaties of these ReferentieNummers; none where all was granted.
    Prestaties(Vec<String>),
}

/// What came of the answers of a dossier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Antwoordtelling {
    /// Answers that were read.
    pub antwoorden: u64,
    /// Answers that refuse something of a declaration that isn't in the dossier.
    pub zonder_declaratie: u64,
    /// Refused prestaties that aren't in the declaration that the answer is about.
    pub zonder_regel: u64,
}

impl Antwoordtelling {
    /// What the user should know of answers that refuse what the dossier doesn't hold.
    pub fn waarschuwingen(&self) -> Vec<String> {
        let mut zinnen = Vec::new();
        match self.zonder_declaratie {
            0 => {}
            1 => zinnen.push(
                "1 antwoord (JW325) wijst iets af van een declaratie die niet in het dossier zit".to_owned(),
            ),
            n => zinnen.push(format!(
                "{n} antwoorden (JW325) wijzen iets af van een declaratie die niet in het dossier zit"
            )),
        }
        match self.zonder_regel {
            0 => {}
            1 => zinnen.push(
                "1 prestatie die een antwoord (JW325) afwijst, staat niet in het dossier"
                    .to_owned(),
            ),
            n => zinnen.push(format!(
                "{n} prestaties die antwoorden (JW325) afwijzen, staan niet in het dossier"
            )),
        }
        zinnen
    }
}

/// Declarations that didn't come as messages are known by aanbieder, gemeente and number.
type Declaratie = (AanbiederNr, Gemeente, String);

/// By ReferentieNummer the DeclaratieNummers, each with whether a line was found.
type LossePrestaties<'a> = HashMap<&'a str, Vec<(&'a str, bool)>>;

/// What is refused, by what a line can be looked up by.
#[derive(Default)]
pub struct Afwijzingen<'a> {
    berichten: HashSet<BestandNr>,
    /// Refused declarations, each with whether a line was found.
    declaraties: HashMap<Declaratie, bool>,
    /// Refused prestaties of a message by ReferentieNummer, each with whether a line was found.
    in_bericht: HashMap<BestandNr, HashMap<&'a str, bool>>,
    /// Those of a declaration that came in another form, with the DeclaratieNummer.
    los: HashMap<(AanbiederNr, Gemeente), LossePrestaties<'a>>,
    telling: Antwoordtelling,
}

impl<'a> Afwijzingen<'a> {
    /// What these answers refuse; the dossier then knows which of its messages were answered.
    pub fn nieuw(d: &mut Dossier, antwoorden: &'a [Declaratieantwoord]) -> Afwijzingen<'a> {
        d.beantwoord = antwoorden.iter().filter_map(|a| d.beantwoord_bericht(a)).collect();
        d.beantwoord.sort_unstable();
        let mut uit = Afwijzingen::default();
        uit.telling.antwoorden = antwoorden.len() as u64;
        for antwoord in antwoorden {
            if antwoord.afgewezen == Afgewezen::Prestaties(Vec::new()) {
                continue;
            }
            // A declaration of an aanbieder that no line names can't be here.
            match (d.beantwoord_bericht(antwoord), d.aanbieder_nr(antwoord.aanbieder)) {
                (Some(bestand), _) => match &antwoord.afgewezen {
                    Afgewezen::Alles => {
                        uit.berichten.insert(bestand);
                    }
                    Afgewezen::Prestaties(nummers) => {
                        let van_bericht = nummers.iter().map(|n| (n.as_str(), false));
                        uit.in_bericht.entry(bestand).or_default().extend(van_bericht);
                    }
                },
                (None, Some(aanbieder)) if !antwoord.declaratie_nummer.is_empty() => {
                    uit.zonder_bericht(antwoord, aanbieder);
                }
                _ => uit.telling.zonder_declaratie += 1,
            }
        }
        uit
    }

    fn zonder_bericht(&mut self, antwoord: &'a Declaratieantwoord, aanbieder: AanbiederNr) {
        let nummer = antwoord.declaratie_nummer.as_str();
        match &antwoord.afgewezen {
            Afgewezen::Alles => {
                let sleutel = (aanbieder, antwoord.gemeente, nummer.to_owned());
                self.declaraties.insert(sleutel, false);
            }
            Afgewezen::Prestaties(nummers) => {
                let los = self.los.entry((aanbieder, antwoord.gemeente)).or_default();
                for referentie in nummers {
                    los.entry(referentie.as_str()).or_default().push((nummer, false));
                }
            }
        }
    }

    /// Marks the refused lines among those that the dossier holds now.
    pub fn pas_toe(&mut self, d: &mut Dossier) {
        for nr in d.geraakte_regels(self) {
            let regel = &mut d.regels[nr];
            regel.stand = Stand::Afgewezen;
            let [referentie, _, nummer] = d.teksten.samen(regel.nummers).map(super::heel);
            let in_bericht = self.in_bericht.get_mut(&regel.bestand);
            if let Some(gezien) = in_bericht.and_then(|b| b.get_mut(referentie)) {
                *gezien = true;
            }
            let los = self.los.get_mut(&(regel.aanbieder, regel.gemeente));
            for (van, gezien) in los.and_then(|l| l.get_mut(referentie)).into_iter().flatten() {
                *gezien |= nummer.is_empty() || nummer == *van;
            }
            let sleutel = (regel.aanbieder, regel.gemeente, nummer.to_owned());
            if let Some(gezien) = self.declaraties.get_mut(&sleutel) {
                *gezien = true;
            }
        }
    }

    /// What came of the answers, after all lines were looked at.
    pub fn telling(&self) -> Antwoordtelling {
        let niet_gezien = |gezien: &&bool| !**gezien;
        let in_bericht = self.in_bericht.values().flat_map(HashMap::values);
        let los = self.los.values().flat_map(HashMap::values).flatten().map(|(_, gezien)| gezien);
        let zonder_declaratie = self.declaraties.values().filter(niet_gezien).count() as u64;
        Antwoordtelling {
            zonder_declaratie: self.telling.zonder_declaratie + zonder_declaratie,
            zonder_regel: in_bericht.chain(los).filter(niet_gezien).count() as u64,
            ..self.telling
        }
    }
}

impl Dossier {
    /// The message that an answer is about: by its identification, else by the DeclaratieNummer,
    /// if one message of this aanbieder to this gemeente has it (senders mix up the two).
    fn beantwoord_bericht(&self, antwoord: &Declaratieantwoord) -> Option<BestandNr> {
        let berichten = || {
            self.declaratieberichten
                .iter()
                .flatten()
                .filter(|b| (b.afzender, b.ontvanger) == (antwoord.aanbieder, antwoord.gemeente))
        };
        let precies = |b: &&Declaratiebericht| {
            (&b.identificatie, b.dagtekening) == (&antwoord.bericht.0, antwoord.bericht.1)
        };
        let zelfde_nummer =
            |b: &&Declaratiebericht| b.declaratie_nummer == antwoord.declaratie_nummer;
        berichten().find(precies).map(|b| b.bestand).or_else(|| {
            let mut passend = berichten().filter(zelfde_nummer);
            passend.next().filter(|_| passend.next().is_none()).map(|b| b.bestand)
        })
    }

    fn geraakte_regels(&self, afwijzingen: &Afwijzingen<'_>) -> Vec<usize> {
        let geraakt = |i: &usize| {
            let r = &self.regels[*i];
            let referentie = self.referentie(r);
            if self.bericht_in(r.bestand).is_some() {
                return afwijzingen.berichten.contains(&r.bestand)
                    || afwijzingen
                        .in_bericht
                        .get(&r.bestand)
                        .is_some_and(|b| b.contains_key(referentie));
            }
            let nummer = self.declaratienummer(r);
            let los = afwijzingen.los.get(&(r.aanbieder, r.gemeente));
            let los = los.and_then(|l| l.get(referentie));
            los.into_iter().flatten().any(|(van, _)| nummer.is_empty() || nummer == *van)
                || (!afwijzingen.declaraties.is_empty()
                    && afwijzingen.declaraties.contains_key(&(
                        r.aanbieder,
                        r.gemeente,
                        nummer.to_owned(),
                    )))
        };
        (0..self.regels.len()).into_par_iter().filter(geraakt).collect()
    }
}
