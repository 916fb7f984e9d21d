//! Answers of gemeenten to declarations (JW325): which prestaties were refused.
//!
//! An answer names the message that it answers, the DeclaratieNummer, and only the prestaties that
//! were refused; what it doesn't name was granted, unless the message or the declaration was
//! refused as a whole. What was refused isn't live (specification §2.0), and a refused credit line
//! takes nothing back.

use super::declaratieregel::{AanbiederId, CreditState};
use super::{Agb, Dag, Declaratiebericht, Dossier, FileId, Gemeente};
use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Return codes that say nothing against the part of a message where they stand: no remark (0200),
/// and granted in full (8001).
const GOOD: [&str; 2] = ["0200", "8001"];

/// Do these return codes, as the message lists them for one of its parts, refuse that part?
pub(crate) fn rejects<'a>(retourcodes: impl IntoIterator<Item = &'a str>) -> bool {
    retourcodes.into_iter().any(|code| !GOOD.contains(&code))
}

/// One JW325.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DeclaratieAnswer {
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
pub(crate) enum Afgewezen {
    Alles,
    /// The prestaties of these ReferentieNummers; none where all was granted.
    Prestaties(Vec<String>),
}

/// What came of the answers of a dossier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AnswerCounts {
    /// Answers that were read.
    pub antwoorden: u64,
    /// Answers that refuse something of a declaration that isn't in the dossier.
    pub zonder_declaratie: u64,
    /// Refused prestaties that aren't in the declaration that the answer is about.
    pub zonder_regel: u64,
    /// Answers whose message was found by aanbieder, gemeente and DeclaratieNummer only.
    pub op_nummer: u64,
}

impl AnswerCounts {
    /// What the user should know of answers that refuse what the dossier doesn't hold.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        match self.zonder_declaratie {
            0 => {}
            1 => sentences.push(
                "1 antwoord (JW325) wijst iets af van een declaratie die niet in het dossier zit".to_owned(),
            ),
            n => sentences.push(format!(
                "{n} antwoorden (JW325) wijzen iets af van een declaratie die niet in het dossier zit"
            )),
        }
        match self.zonder_regel {
            0 => {}
            1 => sentences.push(
                "1 prestatie die een antwoord (JW325) afwijst, staat niet in het dossier"
                    .to_owned(),
            ),
            n => sentences.push(format!(
                "{n} prestaties die antwoorden (JW325) afwijzen, staan niet in het dossier"
            )),
        }
        match self.op_nummer {
            0 => {}
            1 => sentences.push(
                "1 antwoord (JW325) noemt geen bericht uit het dossier en is gekoppeld op aanbieder, gemeente en DeclaratieNummer".to_owned(),
            ),
            n => sentences.push(format!(
                "{n} antwoorden (JW325) noemen geen bericht uit het dossier en zijn gekoppeld op aanbieder, gemeente en DeclaratieNummer"
            )),
        }
        sentences
    }
}

/// Declarations that didn't come as messages are known by aanbieder, gemeente and number.
type Declaratie = (AanbiederId, Gemeente, String);

/// By ReferentieNummer the DeclaratieNummers, each with whether a line was found.
type LooseLines<'a> = HashMap<&'a str, Vec<(&'a str, bool)>>;

/// What is refused, by what a line can be looked up by.
#[derive(Default)]
pub(crate) struct Refusals<'a> {
    berichten: HashSet<FileId>,
    /// Refused declarations, each with whether a line was found.
    declaraties: HashMap<Declaratie, bool>,
    /// Refused prestaties of a message by ReferentieNummer, each with whether a line was found.
    in_bericht: HashMap<FileId, HashMap<&'a str, bool>>,
    /// Those of a declaration that came in another form, with the DeclaratieNummer.
    loose: HashMap<(AanbiederId, Gemeente), LooseLines<'a>>,
    counts: AnswerCounts,
}

/// The messages of a dossier, by what answers name them by.
struct BerichtIndex<'d> {
    by_identificatie: HashMap<(Agb, Gemeente, &'d str, Dag), FileId>,
    /// By DeclaratieNummer; none where several messages have it.
    by_nummer: HashMap<(Agb, Gemeente, &'d str), Option<FileId>>,
}

/// The message that an answer is about.
#[derive(Clone, Copy)]
struct Found {
    file: FileId,
    /// Does the answer name no message of the dossier, but a DeclaratieNummer of one?
    by_nummer: bool,
}

impl<'d> BerichtIndex<'d> {
    fn of(berichten: &'d [Declaratiebericht]) -> BerichtIndex<'d> {
        let mut index = BerichtIndex {
            by_identificatie: HashMap::with_capacity(berichten.len()),
            by_nummer: HashMap::with_capacity(berichten.len()),
        };
        for b in berichten {
            let exact = (b.afzender, b.ontvanger, b.identificatie.as_str(), b.dagtekening);
            index.by_identificatie.entry(exact).or_insert(b.bestand);
            let nummer = (b.afzender, b.ontvanger, b.declaratie_nummer.as_str());
            let file = index.by_nummer.entry(nummer).or_insert(Some(b.bestand));
            *file = file.filter(|file| *file == b.bestand);
        }
        index
    }

    /// By its identification, else by the DeclaratieNummer, if one message of this aanbieder to this
    /// gemeente has it (senders mix up the two).
    fn find(&self, answer: &DeclaratieAnswer) -> Option<Found> {
        let (aanbieder, gemeente) = (answer.aanbieder, answer.gemeente);
        let (identificatie, dag) = &answer.bericht;
        let exact = (aanbieder, gemeente, identificatie.as_str(), *dag);
        if let Some(&file) = self.by_identificatie.get(&exact) {
            return Some(Found { file, by_nummer: false });
        }
        let nummer = (aanbieder, gemeente, answer.declaratie_nummer.as_str());
        self.by_nummer.get(&nummer).copied().flatten().map(|file| Found { file, by_nummer: true })
    }
}

impl<'a> Refusals<'a> {
    /// What these answers refuse; the dossier then knows which of its messages were answered.
    pub(crate) fn new(d: &mut Dossier, answers: &'a [DeclaratieAnswer]) -> Refusals<'a> {
        let index = BerichtIndex::of(d.declaratieberichten.as_deref().unwrap_or_default());
        let found: Vec<Option<Found>> = answers.iter().map(|a| index.find(a)).collect();
        d.answered = found.iter().flatten().map(|f| f.file).collect();
        d.answered.sort_unstable();
        let mut out = Refusals::default();
        out.counts.antwoorden = answers.len() as u64;
        out.counts.op_nummer = found.iter().flatten().filter(|f| f.by_nummer).count() as u64;
        for (answer, found) in answers.iter().zip(found) {
            if answer.afgewezen == Afgewezen::Prestaties(Vec::new()) {
                continue;
            }
            // A declaration of an aanbieder that no line names can't be here.
            match (found.map(|f| f.file), d.aanbieder_nr(answer.aanbieder)) {
                (Some(file), _) => match &answer.afgewezen {
                    Afgewezen::Alles => {
                        out.berichten.insert(file);
                    }
                    Afgewezen::Prestaties(ids) => {
                        let from_bericht = ids.iter().map(|n| (n.as_str(), false));
                        out.in_bericht.entry(file).or_default().extend(from_bericht);
                    }
                },
                (None, Some(aanbieder)) if !answer.declaratie_nummer.is_empty() => {
                    out.without_bericht(answer, aanbieder);
                }
                _ => out.counts.zonder_declaratie += 1,
            }
        }
        out
    }

    fn without_bericht(&mut self, answer: &'a DeclaratieAnswer, aanbieder: AanbiederId) {
        let nummer = answer.declaratie_nummer.as_str();
        match &answer.afgewezen {
            Afgewezen::Alles => {
                let key = (aanbieder, answer.gemeente, nummer.to_owned());
                self.declaraties.insert(key, false);
            }
            Afgewezen::Prestaties(ids) => {
                let loose = self.loose.entry((aanbieder, answer.gemeente)).or_default();
                for referentie in ids {
                    loose.entry(referentie.as_str()).or_default().push((nummer, false));
                }
            }
        }
    }

    /// Marks the refused lines among those that the dossier holds now.
    pub(crate) fn apply(&mut self, d: &mut Dossier) {
        for id in d.touched_lines(self) {
            let line = &mut d.lines[id];
            line.state = CreditState::Refused;
            let [referentie, _, nummer] = d.texts.get_together(line.ids).map(super::whole);
            let in_bericht = self.in_bericht.get_mut(&line.file);
            if let Some(seen) = in_bericht.and_then(|b| b.get_mut(referentie)) {
                *seen = true;
            }
            let loose = self.loose.get_mut(&(line.aanbieder, line.gemeente));
            for (of, seen) in loose.and_then(|l| l.get_mut(referentie)).into_iter().flatten() {
                *seen |= nummer.is_empty() || nummer == *of;
            }
            let key = (line.aanbieder, line.gemeente, nummer.to_owned());
            if let Some(seen) = self.declaraties.get_mut(&key) {
                *seen = true;
            }
        }
    }

    /// What came of the answers, after all lines were looked at.
    pub(crate) fn counts(&self) -> AnswerCounts {
        let not_seen = |seen: &&bool| !**seen;
        let in_bericht = self.in_bericht.values().flat_map(HashMap::values);
        let loose = self.loose.values().flat_map(HashMap::values).flatten().map(|(_, seen)| seen);
        let without_declaratie = self.declaraties.values().filter(not_seen).count() as u64;
        AnswerCounts {
            zonder_declaratie: self.counts.zonder_declaratie + without_declaratie,
            zonder_regel: in_bericht.chain(loose).filter(not_seen).count() as u64,
            ..self.counts
        }
    }
}

impl Dossier {
    fn touched_lines(&self, refusals: &Refusals<'_>) -> Vec<usize> {
        let geraakt = |i: &usize| {
            let r = &self.lines[*i];
            let referentie = self.referentie(r);
            if self.bericht_in(r.file).is_some() {
                return refusals.berichten.contains(&r.file)
                    || refusals
                        .in_bericht
                        .get(&r.file)
                        .is_some_and(|b| b.contains_key(referentie));
            }
            let nummer = self.declaratienummer(r);
            let loose = refusals.loose.get(&(r.aanbieder, r.gemeente));
            let loose = loose.and_then(|l| l.get(referentie));
            loose.into_iter().flatten().any(|(of, _)| nummer.is_empty() || nummer == *of)
                || (!refusals.declaraties.is_empty()
                    && refusals.declaraties.contains_key(&(
                        r.aanbieder,
                        r.gemeente,
                        nummer.to_owned(),
                    )))
        };
        (0..self.lines.len()).into_par_iter().filter(geraakt).collect()
    }
}
