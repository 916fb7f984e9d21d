//! Lines that may not stand beside each other.

use crate::dossier::{AanbiederId, Dag, LineId, Periode};
use crate::regelset::{Beside, BesidePer, CustomCheck};
use crate::toetsing::group::JeugdigeGroup;
use crate::toetsing::line::Line;
use crate::toetsing::outcome::{Bevinding, Outcomes};
use crate::toetsing::reason::Reason;
use std::collections::BTreeMap;

/// What one jeugdige has in a month.
#[derive(Default)]
struct Month<'a> {
    /// Lines that the check is about, or may be.
    own: Vec<(Line<'a>, Result<(), Reason>)>,
    /// Lines that may not stand beside these.
    other: Vec<Line<'a>>,
    /// Lines of which it can't be told whether they are one of the other, and why.
    maybe_other: Vec<(LineId, Reason)>,
}

impl CustomCheck {
    /// Every line of the check in a month with a line of `beside`, of the same aanbieder where the
    /// check says so. A line doesn't stand beside itself.
    pub(super) fn check_beside(
        &self,
        beside: &Beside,
        group: &JeugdigeGroup<'_>,
        out: &mut Outcomes,
    ) {
        let mut months: BTreeMap<(Dag, Option<AanbiederId>), Month<'_>> = BTreeMap::new();
        for line in group.in_order(group.lines.to_vec()).filter(|l| self.is_of_its_days(l)) {
            let aanbieder = match beside.per {
                BesidePer::Jeugdige => None,
                BesidePer::JeugdigeAndAanbieder => Some(line.aanbieder()),
            };
            let month = months.entry((line.maand().begin(), aanbieder)).or_default();
            match self.lines.hold_for(&line) {
                Ok(true) => month.own.push((line, Ok(()))),
                Ok(false) => {}
                Err(reason) => month.own.push((line, Err(reason))),
            }
            match beside.lines.hold_for(&line) {
                Ok(true) => month.other.push(line),
                Ok(false) => {}
                Err(reason) => month.maybe_other.push((line.id(), reason)),
            }
        }
        for ((begin, _), month) in months {
            for (line, known) in &month.own {
                let other = month.other.iter().find(|other| other.id() != line.id());
                let maybe = month.maybe_other.iter().filter(|(id, _)| *id != line.id());
                let unknown = known.err().or(match other {
                    Some(_) => None,
                    None => maybe.map(|(_, reason)| *reason).min(),
                });
                match (unknown, other) {
                    (Some(reason), _) => out.not_testable(reason),
                    (None, None) => out.tested(),
                    (None, Some(other)) => {
                        out.tested();
                        let maand = Periode::maand_of(begin);
                        out.bevinding(self.beside_each_other(beside, line, other, maand));
                    }
                }
            }
        }
    }

    fn beside_each_other(
        &self,
        beside: &Beside,
        line: &Line<'_>,
        other: &Line<'_>,
        maand: Periode,
    ) -> Bevinding {
        let (own, other) = (self.lines.cells_of(line), beside.lines.cells_of(other));
        line.bevinding(self.ernst)
            .found(format!("{own}, naast {other} in {maand}"))
            .expected(format!("geen declaratieregel waarvoor geldt: {}", beside.lines.hold()))
            .toelichting(self.toelichting.clone().unwrap_or_default())
    }
}
