//! From what was read to what was audited: every row accounted for.

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

impl Aansluiting {
    pub fn maak(controle: &Controle<'_>) -> Aansluiting {
        let d = controle.dossier;
        let jaar = controle.jaar;
        let declaraties = || d.bestanden.iter().filter(|b| b.soort == Soort::Declaraties);
        let tel = |filter: &dyn Fn(&Declaratieregel) -> bool| {
            d.regels
                .iter()
                .filter(|r| filter(r))
                .fold((0, Cent::NUL), |(n, som), r| (n + 1, som + r.ingediend_bedrag))
        };
        let credit = |r: &Declaratieregel| r.debet_credit == DebetCredit::Credit;
        let stap = |sleutel, naam: &str, filter: &dyn Fn(&Declaratieregel) -> bool| {
            let (regels, bedrag) = tel(filter);
            Stap { sleutel, naam: naam.to_owned(), regels, bedrag }
        };
        let stappen = vec![
            stap("aanvaard_debet", "Aanvaarde debetregels", &|r| !credit(r)),
            stap("teruggenomen", "af: teruggenomen door een creditregel", &|r| {
                r.stand == Stand::Teruggenomen
            }),
            stap("levend", "Levende regels", &|r| r.is_levend()),
            stap("omgekeerd", "af: levend met een omgekeerde periode (JW09)", &|r| {
                r.is_levend() && r.is_omgekeerd()
            }),
            stap(
                "andere_jaren",
                &format!("af: levend, van een ander leverjaar dan {jaar}"),
                &|r| r.telt_mee() && !controle.in_leverjaar(r),
            ),
            stap("getoetst", &format!("Levende regels van {jaar}"), &|r| {
                controle.telt_mee_in_leverjaar(r)
            }),
            stap("aanvaard_credit", "Aanvaarde creditregels", &|r| credit(r)),
            stap("credit_verrekend", "waarvan verrekend met een debetregel", &|r| {
                r.stand == Stand::Credit
            }),
            stap("credit_zonder_debet", "waarvan zonder debetregel (JW02)", &|r| {
                r.stand == Stand::CreditZonderDebet
            }),
            stap("credit_dubbel", "waarvan dubbel (JW03)", &|r| r.stand == Stand::CreditDubbel),
        ];
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
