//! What the tables are made of: the frames, and what stands beside them.

use super::budgets;
use super::counted::{Counted, Sums};
use super::lines::{self, Peildatum};
use super::toewijzingen::Toewijzingen;
use super::values::{code_number, codes, number_of, value_of};
use crate::dossier::{Agb, Bsn, Dag, Dossier, FileKind, Gemeente, Kolom};
use crate::frame::{Frame, Made};
use crate::ground::{Shown, masked};
use crate::rapport::Pseudonyms;
use crate::regelset::{MonitorSettings, RuleValue};
use crate::toetsing::AuditContext;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::sync::OnceLock;

/// All that a table is made of.
pub(super) struct Sources<'a> {
    pub context: &'a AuditContext<'a>,
    pub peildatum: Peildatum,
    pub pseudonyms: &'a Pseudonyms,
    pub settings: MonitorSettings,
    /// Lines that count, of every year, up to the peildatum: sums by aanbieder, gemeente, product,
    /// unit and month.
    pub sums: Frame,
    /// Those of the leverjaar.
    pub in_year: Frame,
    /// The lines of the leverjaar that name a jeugdige: number by aanbieder, gemeente, jeugdige and
    /// month.
    pub people: Frame,
    /// The lines on a toewijzing: sums by toewijzing, with what they use of its budget.
    pub by_toewijzing: Frame,
    /// Those of the leverjaar.
    pub on_toewijzingen: Frame,
    /// Lines of the leverjaar that the gemeente refused, by aanbieder, gemeente and month.
    pub refused: Frame,
    /// The lines on agreements of perceel 5, and those that name a jeugdige on other products.
    pub on_afspraken: Frame,
    pub other_help: Frame,
    /// The lines on agreements for one child, by agreement and month.
    pub on_maatwerk: Frame,
    /// What was used of each budget, once a table asked for it.
    used: OnceLock<Frame>,
    pub producten: Frame,
    pub toewijzingen: Toewijzingen,
    /// Product codes of lines and of last year's turnover, in order; their place is their number.
    codes: Vec<&'a str>,
}

impl<'a> Sources<'a> {
    pub(super) fn of(
        context: &'a AuditContext<'a>,
        peildatum: Peildatum,
        settings: MonitorSettings,
        pseudonyms: &'a Pseudonyms,
        mut counted: Counted,
    ) -> Made<Sources<'a>> {
        counted.merge()?;
        let codes = codes(context.dossier);
        let [first, last] = [context.first_dag(), context.last_dag()].map(|d| d.maand().into());
        let sums = counted.sums(Sums::Productie)?;
        let by_toewijzing = counted.sums(Sums::Toewijzingen)?;
        let on_toewijzingen = by_toewijzing.only(&["Toewijzing", "Regels", "Bedrag"])?;
        let on_toewijzingen = on_toewijzingen.without("Regels", 0)?;
        // What was refused may be of a later month than the last delivery.
        let refused = counted.sums(Sums::Afgewezen)?;
        Ok(Sources {
            context,
            peildatum,
            pseudonyms,
            settings,
            in_year: sums.between("Maand", first, last)?,
            sums,
            people: counted.sums(Sums::Jeugdigen)?,
            by_toewijzing,
            on_toewijzingen,
            refused: refused.between("Maand", first, peildatum.dag.maand().into())?,
            on_afspraken: counted.sums(Sums::Afspraken)?,
            other_help: counted.sums(Sums::AndereHulp)?,
            on_maatwerk: counted.sums(Sums::Maatwerk)?,
            used: OnceLock::new(),
            producten: lines::producten(context, &codes)?,
            toewijzingen: Toewijzingen::of(context, peildatum)?,
            codes,
        })
    }

    pub(super) fn dossier(&self) -> &'a Dossier {
        self.context.dossier
    }

    /// What was used of each budget: the toewijzingen with a budget of which the kind is known, with the
    /// first and last day of the budget that holds (`Van`, `Tot`), what was used of it, the number of
    /// lines and the amount of the last months (`Gebruikt`, `Budgetregels`, `Recent`).
    pub(super) fn budgets(&self) -> Made<&Frame> {
        if let Some(used) = self.used.get() {
            return Ok(used);
        }
        let (context, all) = (self.context, &self.toewijzingen.frame);
        let with_budget = budgets::with_windows(context, self.peildatum, all)?;
        let columns = ["Toewijzing", "Recent", "Gebruikt", "Budgetregels"];
        let used = with_budget.left(&self.by_toewijzing.only(&columns)?, &["Toewijzing"])?;
        Ok(self.used.get_or_init(|| used))
    }

    /// The number of a product code; −1 for none.
    pub(super) fn code(&self, code: &str) -> i32 {
        code_number(&self.codes, code)
    }

    /// The AGB code of the aanbieder with this number.
    pub(super) fn agb(&self, id: i64) -> Agb {
        self.dossier().aanbieders[id as usize].agb
    }

    /// The aanbieder's name; empty for one in no list.
    pub(super) fn naam(&self, id: i64) -> String {
        let data = self.dossier().aanbieders[id as usize].data.as_ref();
        data.map_or_else(String::new, |g| masked(&g.naam).into_owned())
    }

    pub(super) fn gemeente_naam(&self, code: i64) -> &'a str {
        self.context.regelset.gemeentecodes.name(Gemeente(code as u16))
    }

    /// The codes of the gemeenten of these rows.
    pub(super) fn gemeente_codes(&self, rows: &Frame) -> Made<Vec<Option<String>>> {
        let codes = rows.counts("Gemeente")?;
        Ok(codes.iter().map(|g| Some(Gemeente(*g as u16).to_string())).collect())
    }

    /// The numbers of the toewijzingen of these rows, with any Bsn in them masked.
    pub(super) fn numbers(&self, rows: &Frame) -> Made<Vec<Option<Shown<'static>>>> {
        let d = self.dossier();
        let ids = rows.counts("Toewijzing")?;
        let number = |id: &i64| {
            let toewijzing = &d.toewijzingen[*id as usize - 1];
            Some(self.pseudonyms.replace_in(d.toewijzingnummer(toewijzing.nummer)).into_owned())
        };
        Ok(ids.iter().map(number).collect())
    }

    /// The pseudonyms of the jeugdigen of these rows.
    pub(super) fn jeugdigen(&self, rows: &Frame) -> Made<Vec<Option<Shown<'static>>>> {
        let ids = rows.counts("Jeugdige")?;
        let bsn = |id: &i64| u32::try_from(*id).ok().map(Bsn);
        Ok(ids.iter().map(|id| self.pseudonyms.jeugdige(bsn(id)?)).collect())
    }

    /// Has a file of this kind this column?
    pub(super) fn has_column(&self, kind: FileKind, kolom: Kolom) -> bool {
        let mut files = self.dossier().files.iter().filter(|f| f.soort == kind);
        files.any(|f| f.kolommen.contains(kolom))
    }

    /// A value of a rule's table on the last day of the leverjaar; `None` where the ruleset has no
    /// such rule or that no value.
    pub(super) fn value(&self, rule: &str, parameter: &str) -> Option<&'a RuleValue> {
        value_of(self.context, rule, parameter)
    }

    pub(super) fn number(&self, rule: &str, parameter: &str) -> Option<i64> {
        number_of(self.context, rule, parameter)
    }

    /// A percentage in hundredths of a percent.
    pub(super) fn percentage(&self, rule: &str, parameter: &str) -> Option<i64> {
        match self.value(rule, parameter)? {
            RuleValue::Decimal(d) => (d * Decimal::ONE_HUNDRED).to_i64(),
            RuleValue::Number(n) => Some(n * 100),
            _ => None,
        }
    }

    /// A day of the year after the leverjaar.
    pub(super) fn day_after_year(&self, rule: &str, parameter: &str) -> Option<Dag> {
        match self.value(rule, parameter)? {
            RuleValue::DagOfJaar(d) => Some(d.in_year(self.context.jaar + 1)),
            _ => None,
        }
    }
}

/// The month of a number that [`Dag::maand`] gave: `2023-03`.
pub(super) fn month_text(maand: i64) -> String {
    format!("{:04}-{:02}", maand.div_euclid(12), maand.rem_euclid(12) + 1)
}
