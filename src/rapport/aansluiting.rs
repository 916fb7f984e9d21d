//! From what was read to what was audited: every row accounted for.

use crate::dossier::{Cent, Soort};
use crate::toetsing::{Controle, Regeltelling, STAPPEN};

/// A step of the reconciliation: how many rows and how much money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stap {
    /// Stable key for programs.
    pub sleutel: &'static str,
    /// Words for people.
    pub naam: String,
    pub regels: u64,
    pub bedrag: Cent,
}

/// The steps from accepted rows to the live lines of the audited year.
#[derive(Clone, Debug)]
pub struct Aansluiting {
    pub gelezen: u64,
    pub afgekeurd: u64,
    pub stappen: Vec<Stap>,
}

impl Aansluiting {
    /// `telling` is of all lines.
    pub fn maak(controle: &Controle<'_>, telling: &Regeltelling) -> Aansluiting {
        let d = controle.dossier;
        let jaar = controle.jaar;
        let declaraties = || d.bestanden.iter().filter(|b| b.soort == Soort::Declaraties);
        let stappen = STAPPEN
            .iter()
            .zip(telling.aansluiting.0)
            .map(|((sleutel, naam), (regels, bedrag))| Stap {
                sleutel,
                naam: naam.replace("{jaar}", &jaar.to_string()),
                regels,
                bedrag,
            })
            .collect();
        Aansluiting {
            gelezen: declaraties().map(|b| b.gelezen).sum(),
            afgekeurd: declaraties().map(|b| b.afgekeurd).sum(),
            stappen,
        }
    }

    pub fn stap(&self, sleutel: &str) -> Option<&Stap> {
        self.stappen.iter().find(|s| s.sleutel == sleutel)
    }
}
