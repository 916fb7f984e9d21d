//! The order in which the files of a dossier are read: one place says it, whoever reads them.

use super::ijw::Bericht;
use super::vinden::Vondst;
use crate::dossier::{BestandNr, Soort};

/// A table and its number in the dossier.
pub type Genummerd<'v> = (BestandNr, &'v Vondst);
/// The same of a message, and its kind.
pub type Berichtbestand<'v> = (BestandNr, &'v Vondst, Bericht);

/// Files of one kind of table that are read together.
pub struct Stap<'v> {
    pub soort: Soort,
    pub tabellen: Vec<Genummerd<'v>>,
    pub berichten: Vec<Berichtbestand<'v>>,
}

impl<'v> Stap<'v> {
    /// These files, all of this kind.
    pub fn nieuw(soort: Soort, bestanden: impl IntoIterator<Item = Genummerd<'v>>) -> Stap<'v> {
        let mut stap = Stap { soort, tabellen: Vec::new(), berichten: Vec::new() };
        for (nr, vondst) in bestanden {
            match vondst.bericht {
                None => stap.tabellen.push((nr, vondst)),
                Some(bericht) => stap.berichten.push((nr, vondst, bericht)),
            }
        }
        stap
    }
}

/// The kinds whose files are as large as the dossier; of the others each file is a small table.
pub fn is_groot(soort: Soort) -> bool {
    use Soort::{Antwoorden, Declaraties, Startstop, Toewijzingen};
    matches!(soort, Toewijzingen | Startstop | Antwoorden | Declaraties)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wat {
    Alles,
    Tabellen,
    Berichten,
}

/// Toewijzingen come first: what the others have of their numbers is looked up among those.
const VOLGORDE: [(Soort, Wat); 13] = [
    (Soort::Toewijzingen, Wat::Alles),
    (Soort::Aanbieders, Wat::Alles),
    (Soort::Producten, Wat::Alles),
    (Soort::Tarieven, Wat::Alles),
    (Soort::Omzet, Wat::Alles),
    (Soort::Startstop, Wat::Tabellen),
    (Soort::Productieverantwoording, Wat::Alles),
    (Soort::Afspraken, Wat::Alles),
    (Soort::Maatwerk, Wat::Alles),
    (Soort::Beoordelingen, Wat::Alles),
    (Soort::Startstop, Wat::Berichten),
    (Soort::Antwoorden, Wat::Alles),
    (Soort::Declaraties, Wat::Alles),
];

/// The kinds of small table, in the order in which they are read.
pub fn kleine_soorten() -> impl Iterator<Item = Soort> {
    VOLGORDE.into_iter().map(|(soort, _)| soort).filter(|soort| !is_groot(*soort))
}

/// All files of a dossier, step by step.
pub fn stappen(bestanden: &[Vondst]) -> impl Iterator<Item = Stap<'_>> {
    VOLGORDE.into_iter().map(|(soort, wat)| {
        let past = |v: &Vondst| {
            v.soort == soort
                && match wat {
                    Wat::Alles => true,
                    Wat::Tabellen => v.bericht.is_none(),
                    Wat::Berichten => v.bericht.is_some(),
                }
        };
        let genummerd = bestanden.iter().enumerate().map(|(i, v)| (BestandNr(i as u16), v));
        Stap::nieuw(soort, genummerd.filter(|(_, v)| past(v)))
    })
}
