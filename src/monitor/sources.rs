//! What the tables are made of: the frames, and what stands beside them.

use super::frame::{Frame, Made};
use super::lines::{self, NOBODY, Peildatum};
use super::toewijzingen::Toewijzingen;
use crate::dossier::{Agb, Bsn, Dag, Dossier, FileKind, Gemeente, Kolom};
use crate::ground::{Shown, masked};
use crate::rapport::Pseudonyms;
use crate::regelset::{MonitorSettings, RuleValue};
use crate::toetsing::AuditContext;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::cell::OnceCell;

/// All that a table is made of.
pub(super) struct Sources<'a> {
    pub context: &'a AuditContext<'a>,
    pub peildatum: Peildatum,
    pub pseudonyms: &'a Pseudonyms,
    pub settings: MonitorSettings,
    /// Lines that count, of every year, up to the peildatum.
    pub lines: Frame,
    /// Their sums by aanbieder, gemeente, product, unit and month.
    pub sums: Frame,
    /// Those of the leverjaar.
    pub in_year: Frame,
    /// The lines of the leverjaar that name a jeugdige: sums by aanbieder, gemeente, jeugdige and month.
    pub people: Frame,
    /// The lines of the leverjaar on a toewijzing: sums by toewijzing.
    pub on_toewijzingen: Frame,
    /// What was used of each budget, once a table asked for it.
    pub used: OnceCell<Frame>,
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
    ) -> Made<Sources<'a>> {
        let within = number_of(context, "TL03", "binnen");
        let lines = lines::counting(context, peildatum, within)?;
        let codes = codes(context.dossier);
        let [first, last] = [context.first_dag(), context.last_dag()].map(|d| d.maand().into());
        let keys = ["Aanbieder", "Gemeente", "Product", "Eenheid", "Maand"];
        let sums = lines.sums(&keys, &["Regels", "Bedrag", "Volume", "Ontvangen", "OpTijd"])?;
        let of_year = lines.between("Maand", first, last)?;
        let people = of_year.without("Jeugdige", NOBODY)?;
        let people =
            people.sums(&["Aanbieder", "Gemeente", "Jeugdige", "Maand"], &["Regels", "Bedrag"])?;
        let on_toewijzingen = of_year.without("Toewijzing", 0)?;
        let on_toewijzingen = on_toewijzingen.sums(&["Toewijzing"], &["Regels", "Bedrag"])?;
        Ok(Sources {
            context,
            peildatum,
            pseudonyms,
            settings,
            in_year: sums.between("Maand", first, last)?,
            sums,
            people,
            on_toewijzingen,
            used: OnceCell::new(),
            producten: lines::producten(context, &codes)?,
            toewijzingen: Toewijzingen::of(context, peildatum)?,
            codes,
            lines,
        })
    }

    pub(super) fn dossier(&self) -> &'a Dossier {
        self.context.dossier
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
            Some(self.pseudonyms.nummer(d.toewijzingnummer(toewijzing.nummer)).into_owned())
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
        self.context.regelset.rule(rule)?.value(parameter, self.context.last_dag())
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

/// A number of a rule's table on the last day of the leverjaar.
fn number_of(context: &AuditContext<'_>, rule: &str, parameter: &str) -> Option<i64> {
    match context.regelset.rule(rule)?.value(parameter, context.last_dag())? {
        RuleValue::Number(n) => Some(*n),
        _ => None,
    }
}

/// All product codes.
fn codes(d: &Dossier) -> Vec<&str> {
    let of_omzet = d.omzet.iter().flatten().map(|r| r.product_code.as_str());
    let mut codes: Vec<&str> =
        d.producten.iter().map(|p| p.code.as_str()).chain(of_omzet).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// The place of a product code in their order; −1 for none.
pub(super) fn code_number(codes: &[&str], code: &str) -> i32 {
    if code.is_empty() { -1 } else { codes.binary_search(&code).map_or(-1, |place| place as i32) }
}

/// A day as a number in a frame.
pub(super) fn day(dag: Dag) -> i64 {
    dag.dagen_since_1970().into()
}

/// The month of a number that [`Dag::maand`] gave: `2023-03`.
pub(super) fn month_text(maand: i64) -> String {
    format!("{:04}-{:02}", maand.div_euclid(12), maand.rem_euclid(12) + 1)
}
