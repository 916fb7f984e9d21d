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

/// Return codes that say nothing against the part of a message where they stand: no remark (0200),
/// and granted in full (8001).
const GOED: [&str; 2] = ["0200", "8001"];

/// Do these return codes, as the message lists them for one of its parts, refuse that part?
pub fn wijst_af<'a>(retourcodes: impl IntoIterator<Item = &'a str>) -> bool {
    retourcodes.into_iter().any(|code| !GOED.contains(&code))
}

/// One JW325.
#[derive(Clone, Debug)]
pub struct Declaratieantwoord {
    pub gemeente: Gemeente,
    pub aanbieder: Agb,
    /// Identificatie and Dagtekening of the message that it answers.
    pub bericht: (String, Dag),
    /// Empty where only the header came back.
    pub declaratie_nummer: String,
    pub afgewezen: Afgewezen,
}

/// What an answer refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Afgewezen {
    Alles,
    /// The prestaties of these ReferentieNummers; none where all was granted.
    Prestaties(Vec<String>),
}

/// What came of the answers of a dossier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Antwoordtelling {
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

/// Its prestaties by aanbieder, gemeente and ReferentieNummer.
type LossePrestatie<'a> = (AanbiederNr, Gemeente, &'a str);

/// What is refused, by what a line can be looked up by.
#[derive(Default)]
struct Afwijzingen<'a> {
    berichten: HashSet<BestandNr>,
    declaraties: HashSet<Declaratie>,
    /// Refused prestaties of a message, each with whether a line was found.
    in_bericht: HashMap<(BestandNr, &'a str), bool>,
    /// Of a declaration that came in another form: by aanbieder, gemeente and ReferentieNummer, with
    /// the DeclaratieNummer.
    los: HashMap<LossePrestatie<'a>, Vec<(&'a str, bool)>>,
}

impl Dossier {
    /// Marks the lines that an answer refused.
    pub(super) fn wijs_af(&mut self, antwoorden: &[Declaratieantwoord]) {
        self.beantwoord = antwoorden.iter().filter_map(|a| self.beantwoord_bericht(a)).collect();
        self.beantwoord.sort_unstable();
        let mut telling =
            Antwoordtelling { antwoorden: antwoorden.len() as u64, ..Antwoordtelling::default() };
        let mut afwijzingen = Afwijzingen::default();
        // A declaration of an aanbieder that no line names can't be here.
        let met_aanbieder =
            antwoorden.iter().map(|a| (a, self.aanbieder_nr(a.aanbieder))).collect::<Vec<_>>();
        let mut zonder_bericht: Vec<(&Declaratieantwoord, AanbiederNr)> = Vec::new();
        for (antwoord, aanbieder) in met_aanbieder {
            if antwoord.afgewezen == Afgewezen::Prestaties(Vec::new()) {
                continue;
            }
            match (self.beantwoord_bericht(antwoord), aanbieder) {
                (Some(bestand), _) => match &antwoord.afgewezen {
                    Afgewezen::Alles => {
                        afwijzingen.berichten.insert(bestand);
                    }
                    Afgewezen::Prestaties(nummers) => afwijzingen
                        .in_bericht
                        .extend(nummers.iter().map(|n| ((bestand, n.as_str()), false))),
                },
                (None, Some(aanbieder)) if !antwoord.declaratie_nummer.is_empty() => {
                    zonder_bericht.push((antwoord, aanbieder));
                }
                _ => telling.zonder_declaratie += 1,
            }
        }
        for &(antwoord, aanbieder) in &zonder_bericht {
            let nummer = antwoord.declaratie_nummer.as_str();
            match &antwoord.afgewezen {
                Afgewezen::Alles => {
                    let sleutel = (aanbieder, antwoord.gemeente, nummer.to_owned());
                    afwijzingen.declaraties.insert(sleutel);
                }
                Afgewezen::Prestaties(nummers) => {
                    for referentie in nummers {
                        let sleutel = (aanbieder, antwoord.gemeente, referentie.as_str());
                        afwijzingen.los.entry(sleutel).or_default().push((nummer, false));
                    }
                }
            }
        }
        let geraakt = self.geraakte_regels(&afwijzingen);
        let mut declaraties_gezien: HashSet<Declaratie> = HashSet::new();
        for nr in geraakt {
            let regel = &mut self.regels[nr];
            regel.stand = Stand::Afgewezen;
            let referentie = self.teksten.tekst(regel.referentie_nummer);
            let nummer = self.woorden.tekst(regel.declaratie_nummer);
            if let Some(gezien) = afwijzingen.in_bericht.get_mut(&(regel.bestand, referentie)) {
                *gezien = true;
            }
            let sleutel = (regel.aanbieder, regel.gemeente, referentie);
            for (van, gezien) in afwijzingen.los.get_mut(&sleutel).into_iter().flatten() {
                *gezien |= nummer.is_empty() || nummer == *van;
            }
            let sleutel = (regel.aanbieder, regel.gemeente, nummer.to_owned());
            if afwijzingen.declaraties.contains(&sleutel) {
                declaraties_gezien.insert(sleutel);
            }
        }
        telling.zonder_declaratie +=
            (afwijzingen.declaraties.len() - declaraties_gezien.len()) as u64;
        let gezien = afwijzingen
            .in_bericht
            .values()
            .copied()
            .chain(afwijzingen.los.values().flatten().map(|(_, gezien)| *gezien));
        telling.zonder_regel = gezien.filter(|gezien| !gezien).count() as u64;
        self.antwoorden = Some(telling);
    }

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
            let referentie = self.teksten.tekst(r.referentie_nummer);
            if self.bericht_in(r.bestand).is_some() {
                return afwijzingen.berichten.contains(&r.bestand)
                    || afwijzingen.in_bericht.contains_key(&(r.bestand, referentie));
            }
            let nummer = self.woorden.tekst(r.declaratie_nummer);
            let los = afwijzingen.los.get(&(r.aanbieder, r.gemeente, referentie));
            los.into_iter().flatten().any(|(van, _)| nummer.is_empty() || nummer == *van)
                || (!afwijzingen.declaraties.is_empty()
                    && afwijzingen.declaraties.contains(&(
                        r.aanbieder,
                        r.gemeente,
                        nummer.to_owned(),
                    )))
        };
        (0..self.regels.len()).into_par_iter().filter(geraakt).collect()
    }
}
