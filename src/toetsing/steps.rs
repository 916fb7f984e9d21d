//! The steps from accepted rows to the live lines of the audited year, counted.

use super::context::AuditContext;
use crate::dossier::{Cent, CreditState, DebetCredit, Declaratieregel};

/// Key of the step of the lines that were tested: those that live and are of the year.
pub(crate) const TESTED: &str = "getoetst";

/// Keys and words of the steps; a [`StepCounts`] counts them in this order.
pub(crate) const STEPS: [(&str, &str); 13] = [
    ("aanvaard_debet", "Aanvaarde debetregels"),
    ("teruggenomen", "af: teruggenomen door een creditregel"),
    ("afgewezen", "af: afgewezen door de gemeente (JW325)"),
    ("levend", "Levende declaratieregels"),
    ("omgekeerd", "af: levend met een omgekeerde periode (JW09)"),
    ("andere_jaren", "af: levend, van een ander leverjaar dan {jaar}"),
    (TESTED, "Levende declaratieregels van {jaar}"),
    ("aanvaard_credit", "Aanvaarde creditregels"),
    ("credit_verrekend", "waarvan verrekend met een debetregel"),
    ("credit_gepaard", "daarvan zonder VorigReferentieNummer, naar een gelijke debetregel"),
    ("credit_zonder_debet", "waarvan zonder debetregel (JW02)"),
    ("credit_dubbel", "waarvan dubbel (JW03)"),
    ("credit_afgewezen", "waarvan afgewezen door de gemeente (JW325)"),
];

/// Lines and amounts of each of the [`STEPS`].
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct StepCounts(pub(crate) [(u64, Cent); STEPS.len()]);

/// What decides in which steps a line counts: there are few kinds of lines, so that each is worked
/// out once.
#[derive(Clone, Copy)]
pub(super) struct LineClass {
    state: CreditState,
    debet_credit: DebetCredit,
    reversed: bool,
    pub(super) in_leverjaar: bool,
}

impl LineClass {
    pub(super) const COUNT: usize = CreditState::ALL.len() * 8;

    pub(super) fn of(context: &AuditContext<'_>, r: &Declaratieregel) -> LineClass {
        LineClass {
            state: r.state,
            debet_credit: r.debet_credit,
            reversed: r.is_reversed(),
            in_leverjaar: context.in_leverjaar(r),
        }
    }

    /// Its place among [`LineClass::all`].
    pub(super) fn place(self) -> usize {
        let credit = self.debet_credit == DebetCredit::Credit;
        self.state as usize * 8
            + usize::from(credit) * 4
            + usize::from(self.reversed) * 2
            + usize::from(self.in_leverjaar)
    }

    pub(super) fn all() -> impl Iterator<Item = LineClass> {
        (0..LineClass::COUNT).map(|place| LineClass {
            state: CreditState::ALL[place / 8],
            debet_credit: if place & 4 == 0 { DebetCredit::Debet } else { DebetCredit::Credit },
            reversed: place & 2 != 0,
            in_leverjaar: place & 1 != 0,
        })
    }

    fn counts(self) -> bool {
        self.state == CreditState::Live && !self.reversed
    }

    pub(super) fn counts_in_leverjaar(self) -> bool {
        self.counts() && self.in_leverjaar
    }
}

impl StepCounts {
    /// Lines and amounts of the step with this key; none where there is no such step.
    pub(crate) fn of(&self, key: &str) -> (u64, Cent) {
        let step = STEPS.iter().zip(self.0).find(|((k, _), _)| *k == key);
        step.map_or((0, Cent::ZERO), |(_, sum)| sum)
    }

    /// Counts all lines of one kind.
    pub(super) fn count(&mut self, class: LineClass, sum: (u64, Cent)) {
        let is = |state| class.state == state;
        let (debet, refused) = (class.debet_credit == DebetCredit::Debet, is(CreditState::Refused));
        let counts = [
            debet,
            is(CreditState::Withdrawn),
            refused && debet,
            is(CreditState::Live),
            is(CreditState::Live) && class.reversed,
            class.counts() && !class.in_leverjaar,
            class.counts_in_leverjaar(),
            !debet,
            class.state.took_back(),
            is(CreditState::CreditMatched),
            is(CreditState::CreditWithoutDebet),
            is(CreditState::CreditTwice),
            refused && !debet,
        ];
        for (slot, _) in self.0.iter_mut().zip(counts).filter(|(_, counts)| *counts) {
            count(slot, sum);
        }
    }

    pub(super) fn merge(&mut self, other: &StepCounts) {
        for (slot, added) in self.0.iter_mut().zip(other.0) {
            *slot = (slot.0 + added.0, slot.1 + added.1);
        }
    }
}

/// Adds lines and an amount to those of a place.
pub(super) fn count(slot: &mut (u64, Cent), added: (u64, Cent)) {
    *slot = (slot.0 + added.0, slot.1 + added.1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_has_a_place_of_its_own() {
        let places: Vec<usize> = LineClass::all().map(LineClass::place).collect();
        assert_eq!(places, (0..LineClass::COUNT).collect::<Vec<_>>());
    }
}
