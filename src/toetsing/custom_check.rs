//! A user's own checks: on a line, on what lines come to together, on lines beside each other.
//!
//! A condition on a column that the file lacks, or on an empty cell where an amount, a number or a
//! date is compared, makes a line not testable. Of a total one such line makes all of it so.

mod beside;
mod conditions;
mod total;

use super::group::{AanbiederGroup, JeugdigeGroup, ToewijzingGroup};
use super::line::Line;
use super::outcome::{Outcomes, Ruling, Subject, Verdict};
use super::rule::Scope;
use crate::regelset::{CustomCheck, CustomTest, TotalPer};

impl CustomCheck {
    /// What it is run on at a time.
    pub(super) fn scope(&self) -> Scope {
        match &self.test {
            CustomTest::Line => Scope::Line,
            CustomTest::Beside(_) => Scope::Jeugdige,
            CustomTest::Total(total) => match total.per {
                TotalPer::Aanbieder => Scope::Aanbieder,
                TotalPer::Jeugdige => Scope::Jeugdige,
                TotalPer::Toewijzing => Scope::Toewijzing,
            },
        }
    }

    /// What a check of single lines says of one live line that isn't reversed.
    pub(super) fn check_line(&self, line: &Line<'_>) -> Verdict {
        if !self.is_of_its_days(line) {
            return Ok(Ruling::NotApplicable);
        }
        if !self.lines.hold_for(line)? {
            return Ok(Ruling::InOrder);
        }
        line.bevinding(self.ernst)
            .found(self.lines.cells_of(line))
            .expected(self.lines.fail())
            .toelichting(self.toelichting.clone().unwrap_or_default())
            .into()
    }

    pub(super) fn check_toewijzing(&self, group: &ToewijzingGroup<'_>, out: &mut Outcomes) {
        let CustomTest::Total(total) = &self.test else { return };
        let lines = group.leverjaar_lines();
        match group.toewijzing {
            Some((id, _)) => {
                self.check_total(total, group.context, lines, Subject::Toewijzing(id), out)
            }
            None => self.without_toewijzing(lines, out),
        }
    }

    pub(super) fn check_aanbieder(&self, group: &AanbiederGroup<'_>, out: &mut Outcomes) {
        let CustomTest::Total(total) = &self.test else { return };
        let lines = group.counting_lines();
        self.check_total(total, group.context, lines, Subject::Aanbieder(group.id), out);
    }

    pub(super) fn check_jeugdige(&self, group: &JeugdigeGroup<'_>, out: &mut Outcomes) {
        match &self.test {
            CustomTest::Line => {}
            CustomTest::Beside(beside) => self.check_beside(beside, group, out),
            CustomTest::Total(total) => {
                let subject = Subject::Jeugdige(group.bsn);
                self.check_total(total, group.context, group.lines(), subject, out);
            }
        }
    }

    /// Lines that no toewijzing holds together: each that the check is about can't be tested.
    fn without_toewijzing<'a>(&self, lines: impl Iterator<Item = Line<'a>>, out: &mut Outcomes) {
        for line in lines.filter(|l| self.is_of_its_days(l)) {
            if let Some(true) = out.known(self.lines.hold_for(&line)) {
                out.known(line.toewijzing());
            }
        }
    }

    fn is_of_its_days(&self, line: &Line<'_>) -> bool {
        let einddatum = line.data.einddatum;
        self.from.is_none_or(|v| einddatum >= v) && self.until.is_none_or(|t| einddatum <= t)
    }
}
