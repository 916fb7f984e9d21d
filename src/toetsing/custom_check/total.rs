//! What lines come to together, held against a limit.

use crate::dossier::{Bsn, Cent, Dag, Kolom, Periode};
use crate::regelset::{CellPlace, CellValue, CustomCheck, Operator, Tijdvak, Total, TotalMeasure};
use crate::toetsing::context::AuditContext;
use crate::toetsing::line::Line;
use crate::toetsing::outcome::{Bevinding, Outcomes, Subject};
use crate::toetsing::reason::Reason;
use std::collections::{BTreeMap, BTreeSet};

/// The lines of one stretch of time.
#[derive(Default)]
struct Together<'a> {
    lines: Vec<Line<'a>>,
    /// In the units of the limit.
    sum: i64,
    values: BTreeSet<String>,
    jeugdigen: BTreeSet<Bsn>,
    /// Why it can't be told, if it can't: the least, whatever the order of the lines.
    unknown: Option<Reason>,
}

impl Together<'_> {
    fn is_unknown(&mut self, reason: Reason) {
        self.unknown = Some(self.unknown.map_or(reason, |other| other.min(reason)));
    }
}

impl CustomCheck {
    /// Holds what these lines come to against the limit: the lines of one `subject` that count in the
    /// audited year.
    pub(super) fn check_total<'a>(
        &self,
        total: &Total,
        context: &AuditContext<'_>,
        lines: impl Iterator<Item = Line<'a>>,
        subject: Subject,
        out: &mut Outcomes,
    ) {
        let mut tijdvakken: BTreeMap<Dag, Together<'a>> = BTreeMap::new();
        for line in lines.filter(|l| self.is_of_its_days(l)) {
            let holds = self.lines.hold_for(&line);
            if holds == Ok(false) {
                continue;
            }
            if total.tijdvak == Tijdvak::Dag && line.data.begindatum != line.data.einddatum {
                self.check_over_days(total, &line, holds, subject, out);
                continue;
            }
            let begin = match total.tijdvak {
                Tijdvak::Dag => line.data.einddatum,
                Tijdvak::Maand => line.maand().begin(),
                Tijdvak::Jaar => context.first_dag(),
            };
            let together = tijdvakken.entry(begin).or_default();
            match holds.and_then(|_| total.add(together, &line)) {
                Ok(()) => together.lines.push(line),
                Err(reason) => together.is_unknown(reason),
            }
        }
        for (begin, together) in tijdvakken {
            if let Some(reason) = together.unknown {
                out.not_testable(reason);
                continue;
            }
            out.tested();
            let measured = total.measured_of(&together);
            if total.operator.any_holds(&measured, std::slice::from_ref(&total.limit)) {
                let when = match total.tijdvak {
                    Tijdvak::Dag => format!("op {begin}"),
                    Tijdvak::Maand => format!("in {}", Periode::maand_of(begin)),
                    Tijdvak::Jaar => format!("in {}", context.jaar),
                };
                out.bevinding(self.of_total(total, &measured, &together.lines, &when, subject));
            }
        }
    }

    /// A line over more days: above the limit of all of them together it is above it on one at least.
    /// Otherwise nobody knows on which day how much was delivered.
    fn check_over_days(
        &self,
        total: &Total,
        line: &Line<'_>,
        holds: Result<bool, Reason>,
        subject: Subject,
        out: &mut Outcomes,
    ) {
        let mut alone = Together::default();
        let Some(()) = out.known(holds.and_then(|_| total.add(&mut alone, line))) else { return };
        let Some(periode) = line.data.periode() else { return };
        let (measured, limit) = (total.measured_of(&alone), total.limit.quantity().unwrap_or(0));
        let of_all = total.limit.of_quantity(limit.saturating_mul(periode.dagen()));
        if total.operator.any_holds(&measured, std::slice::from_ref(&of_all)) {
            out.tested();
            let when = format!("in {} dagen ({periode})", periode.dagen());
            out.bevinding(self.of_total(
                total,
                &measured,
                std::slice::from_ref(line),
                &when,
                subject,
            ));
        } else {
            out.not_testable(Reason::RegelOverDagen);
        }
    }

    fn of_total(
        &self,
        total: &Total,
        measured: &CellValue<'_>,
        lines: &[Line<'_>],
        when: &str,
        subject: Subject,
    ) -> Bevinding {
        let count = match lines.len() {
            1 => "1 declaratieregel".to_owned(),
            n => format!("{n} declaratieregels"),
        };
        let per = total.tijdvak.name();
        Bevinding::new(self.ernst, subject)
            .bedrag(total.too_much(measured, lines))
            .found(format!("{} is {measured} {when}, in {count}", total.measured()))
            .expected(format!("{} per {per}", total.expected()))
            .toelichting(self.toelichting.clone().unwrap_or_default())
            .on_lines(lines.iter().copied())
    }
}

impl Total {
    /// Takes what the line adds.
    fn add(&self, together: &mut Together<'_>, line: &Line<'_>) -> Result<(), Reason> {
        let cell = |place: CellPlace| -> Result<Option<CellValue<'_>>, Reason> {
            if let CellPlace::Line(kolom) = place {
                line.kolom(kolom)?;
            }
            place.of(line)
        };
        match self.measure {
            TotalMeasure::Sum(place) => {
                let (CellPlace::Line(kolom) | CellPlace::Toewijzing(kolom)) = place;
                let cell = cell(place)?.ok_or(Reason::KolomLeeg(kolom))?;
                together.sum = together.sum.saturating_add(cell.quantity().unwrap_or_default());
            }
            TotalMeasure::Lines => together.sum += 1,
            TotalMeasure::Jeugdigen => {
                together.jeugdigen.insert(line.bsn());
            }
            TotalMeasure::Values(place) => {
                together.values.extend(cell(place)?.map(|value| value.key()));
            }
        }
        Ok(())
    }

    /// What these come to, as a value of the limit's kind.
    fn measured_of(&self, together: &Together<'_>) -> CellValue<'static> {
        let quantity = match self.measure {
            TotalMeasure::Sum(_) | TotalMeasure::Lines => together.sum,
            TotalMeasure::Jeugdigen => together.jeugdigen.len() as i64,
            TotalMeasure::Values(_) => together.values.len() as i64,
        };
        self.limit.of_quantity(quantity)
    }

    /// What is in question: of amounts what lies above the limit, of other things no amount.
    fn too_much(&self, measured: &CellValue<'_>, lines: &[Line<'_>]) -> Option<Cent> {
        let is_bedrag = self.measure == TotalMeasure::Sum(CellPlace::Line(Kolom::IngediendBedrag));
        let above = matches!(self.operator, Operator::GroterDan | Operator::Minstens);
        let whole: Cent = lines.iter().map(|l| l.data.ingediend_bedrag).sum();
        let over = measured.quantity()?.checked_sub(self.limit.quantity()?)?;
        (is_bedrag && above).then(|| Cent(over).min(whole))
    }
}
