//! The steps from accepted rows to the live lines of the audited year, counted.

use super::controle::Controle;
use crate::dossier::*;

/// Keys and words of the steps; a [`Telling`] counts them in this order.
pub const STAPPEN: [(&str, &str); 12] = [
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
pub struct Telling(pub(crate) [(u64, Cent); STAPPEN.len()]);

/// What decides in which steps a line counts: there are few kinds of lines, so that each is worked
/// out once.
#[derive(Clone, Copy)]
pub(super) struct Aard {
    stand: Stand,
    debet_credit: DebetCredit,
    omgekeerd: bool,
    pub(super) in_leverjaar: bool,
}

impl Aard {
    pub(super) const AANTAL: usize = Stand::ALLE.len() * 8;

    pub(super) fn van(controle: &Controle<'_>, r: &Declaratieregel) -> Aard {
        Aard {
            stand: r.stand,
            debet_credit: r.debet_credit,
            omgekeerd: r.is_omgekeerd(),
            in_leverjaar: controle.in_leverjaar(r),
        }
    }

    /// Its place among [`Aard::alle`].
    pub(super) fn plaats(self) -> usize {
        let credit = self.debet_credit == DebetCredit::Credit;
        self.stand as usize * 8
            + usize::from(credit) * 4
            + usize::from(self.omgekeerd) * 2
            + usize::from(self.in_leverjaar)
    }

    pub(super) fn alle() -> impl Iterator<Item = Aard> {
        (0..Aard::AANTAL).map(|plaats| Aard {
            stand: Stand::ALLE[plaats / 8],
            debet_credit: if plaats & 4 == 0 { DebetCredit::Debet } else { DebetCredit::Credit },
            omgekeerd: plaats & 2 != 0,
            in_leverjaar: plaats & 1 != 0,
        })
    }

    fn telt_mee(self) -> bool {
        self.stand == Stand::Levend && !self.omgekeerd
    }

    pub(super) fn telt_mee_in_leverjaar(self) -> bool {
        self.telt_mee() && self.in_leverjaar
    }
}

impl Telling {
    /// Counts all lines of one kind.
    pub(super) fn tel(&mut self, aard: Aard, som: (u64, Cent)) {
        let is = |stand| aard.stand == stand;
        let (debet, afgewezen) = (aard.debet_credit == DebetCredit::Debet, is(Stand::Afgewezen));
        let telt = [
            debet,
            is(Stand::Teruggenomen),
            afgewezen && debet,
            is(Stand::Levend),
            is(Stand::Levend) && aard.omgekeerd,
            aard.telt_mee() && !aard.in_leverjaar,
            aard.telt_mee_in_leverjaar(),
            !debet,
            is(Stand::Credit),
            is(Stand::CreditZonderDebet),
            is(Stand::CreditDubbel),
            afgewezen && !debet,
        ];
        for (plek, _) in self.0.iter_mut().zip(telt).filter(|(_, telt)| *telt) {
            tel(plek, som);
        }
    }

    pub(super) fn neem_over(&mut self, ander: &Telling) {
        for (plek, erbij) in self.0.iter_mut().zip(ander.0) {
            *plek = (plek.0 + erbij.0, plek.1 + erbij.1);
        }
    }
}

/// Adds lines and an amount to those of a place.
pub(super) fn tel(plek: &mut (u64, Cent), erbij: (u64, Cent)) {
    *plek = (plek.0 + erbij.0, plek.1 + erbij.1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_has_a_place_of_its_own() {
        let plaatsen: Vec<usize> = Aard::alle().map(Aard::plaats).collect();
        assert_eq!(plaatsen, (0..Aard::AANTAL).collect::<Vec<_>>());
    }
}
