//! From what was read to what was audited: every row accounted for.

use super::telling::Regeltelling;
use crate::dossier::*;
use crate::toetsing::Controle;

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

/// Keys and words of the steps; a [`Telling`] counts them in this order.
const STAPPEN: [(&str, &str); 12] = [
    ("aanvaard_debet", "Aanvaarde debetregels"),
    ("teruggenomen", "af: teruggenomen door een creditregel"),
    ("afgewezen", "af: afgewezen door de gemeente (JW325)"),
    ("levend", "Levende regels"),
    ("omgekeerd", "af: levend met een omgekeerde periode (JW09)"),
    ("andere_jaren", "af: levend, van een ander leverjaar dan {jaar}"),
    ("getoetst", "Levende regels van {jaar}"),
    ("aanvaard_credit", "Aanvaarde creditregels"),
    ("credit_verrekend", "waarvan verrekend met een debetregel"),
    ("credit_zonder_debet", "waarvan zonder debetregel (JW02)"),
    ("credit_dubbel", "waarvan dubbel (JW03)"),
    ("credit_afgewezen", "waarvan afgewezen door de gemeente (JW325)"),
];

/// Lines and amounts of each of the [`STAPPEN`].
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Telling([(u64, Cent); STAPPEN.len()]);

impl Telling {
    pub(super) fn tel(&mut self, controle: &Controle<'_>, r: &Declaratieregel) {
        let afgewezen = r.stand == Stand::Afgewezen;
        let telt = [
            r.debet_credit == DebetCredit::Debet,
            r.stand == Stand::Teruggenomen,
            afgewezen && r.debet_credit == DebetCredit::Debet,
            r.is_levend(),
            r.is_levend() && r.is_omgekeerd(),
            r.telt_mee() && !controle.in_leverjaar(r),
            controle.telt_mee_in_leverjaar(r),
            r.debet_credit == DebetCredit::Credit,
            r.stand == Stand::Credit,
            r.stand == Stand::CreditZonderDebet,
            r.stand == Stand::CreditDubbel,
            afgewezen && r.debet_credit == DebetCredit::Credit,
        ];
        for (plek, _) in self.0.iter_mut().zip(telt).filter(|(_, telt)| *telt) {
            *plek = (plek.0 + 1, plek.1 + r.ingediend_bedrag);
        }
    }

    pub(super) fn neem_over(&mut self, ander: &Telling) {
        for (plek, erbij) in self.0.iter_mut().zip(ander.0) {
            *plek = (plek.0 + erbij.0, plek.1 + erbij.1);
        }
    }
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
