//! The percelen of an aanbieder, as rules ask for them.

use crate::dossier::{AanbiederRow, Ernst, Kolom};
use crate::toetsing::{AanbiederGroup, AuditContext, Bevinding, LineKind, Outcomes, Reason};
use crate::toetsing::{Ruling, Verdict};

/// Those that the aanbieder has, as far as they can be read.
pub(super) fn own_percelen(g: &AanbiederRow) -> impl Iterator<Item = u8> {
    g.perceel.iter().chain(&g.percelen).copied()
}

/// Not testable where one of the columns that name them can't be read.
pub(super) fn knows_percelen(c: &AuditContext<'_>, g: &AanbiederRow) -> Result<(), Reason> {
    c.cell(g, Kolom::Perceel)?;
    c.cell(g, Kolom::Percelen)
}

/// A line of which the aanbieder needs one of these percelen: a `fout` where it has none of them, an
/// onzekerheid where it stands in no list. `what` is declared, and `has` says which it does have.
pub(super) fn needs_perceel(
    kind: &LineKind<'_>,
    needed: &[u8],
    what: &str,
    has: impl FnOnce(&[String]) -> String,
    expected: String,
) -> Verdict {
    let c = kind.context;
    let g = match c.data(kind.aanbieder()) {
        Ok(g) => g,
        Err(Reason::AanbiederInGeenLijst) => {
            return kind
                .bevinding(Ernst::Onzekerheid)
                .found(format!("{what} van een aanbieder in geen lijst"))
                .expected(expected)
                .toelichting("Beoordeel of deze aanbieder een contract heeft.")
                .into();
        }
        Err(reason) => return Err(reason),
    };
    if own_percelen(g).any(|perceel| needed.contains(&perceel)) {
        return Ok(Ruling::InOrder);
    }
    knows_percelen(c, g)?;
    let own: Vec<String> = own_percelen(g).map(|perceel| perceel.to_string()).collect();
    let has = if own.is_empty() { "zonder percelen".to_owned() } else { has(&own) };
    kind.bevinding(Ernst::Fout)
        .found(format!("{what} van een aanbieder {has}"))
        .expected(expected)
        .into()
}

/// What conditions of one aanbieder come to: one signaal on it, whatever number of them fails.
#[derive(Default)]
pub(super) struct Shortcomings {
    defects: Vec<String>,
    /// Why the first of those that couldn't be tested could not.
    untested: Option<Reason>,
}

impl Shortcomings {
    /// Adds what is wrong by one of them, if anything.
    pub(super) fn ask(&mut self, answer: Result<Option<String>, Reason>) {
        match answer {
            Ok(defect) => self.defects.extend(defect),
            Err(reason) => self.untested = self.untested.or(Some(reason)),
        }
    }

    /// Counts the aanbieder, and gives the signaal where something is wrong; `untested` says so of what
    /// was not tested beside it.
    pub(super) fn signaal(
        self,
        group: &AanbiederGroup<'_>,
        out: &mut Outcomes,
        untested: impl FnOnce(Reason) -> String,
    ) -> Option<Bevinding> {
        match (self.defects.as_slice(), self.untested) {
            ([], Some(reason)) => {
                out.not_testable(reason);
                return None;
            }
            ([], None) => {
                out.tested();
                return None;
            }
            _ => out.tested(),
        }
        let b = group.bevinding(Ernst::Signaal).found(self.defects.join("; "));
        Some(match self.untested {
            Some(reason) => b.also(&untested(reason)),
            None => b,
        })
    }
}
