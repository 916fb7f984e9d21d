//! A user's own checks, on a line.
//!
//! A line that meets all conditions is a finding. A column that the file lacks, or an empty cell
//! where an amount, a number or a date is compared, makes it not testable.

use super::line::Line;
use super::outcome::{Reason, Ruling, Verdict};
use crate::dossier::Kolom;
use crate::regelset::{CellValue, Condition, CustomCheck, Operator};
use std::borrow::Cow;

impl Condition {
    /// The line's cell; `None` where it is empty.
    fn cell<'a>(&self, line: &Line<'a>) -> Option<CellValue<'a>> {
        let (r, c) = (line.data, line.context);
        let d = c.dossier;
        let text = |t: &'a str| (!t.is_empty()).then_some(CellValue::Text(Cow::Borrowed(t)));
        let code = |code: String| Some(CellValue::Text(Cow::Owned(code)));
        match self.kolom {
            Kolom::DeclaratieNummer => text(d.declaratienummer(r)),
            Kolom::ReferentieNummer => text(d.referentie(r)),
            Kolom::VorigReferentieNummer => text(d.previous_referentie(r)),
            Kolom::DeclaratieDagtekening => r.declaratie_dagtekening().map(CellValue::Datum),
            Kolom::Ontvangstdatum => r.ontvangstdatum.map(CellValue::Datum),
            Kolom::Gemeente => code(r.gemeente.to_string()),
            Kolom::Aanbieder => code(c.agb(r.aanbieder).to_string()),
            Kolom::ToewijzingNummer => text(d.toewijzingnummer(r.toewijzing_nummer)),
            Kolom::ProductCategorie => text(&line.product.categorie),
            Kolom::ProductCode => text(&line.product.code),
            Kolom::Begindatum => Some(CellValue::Datum(r.begindatum)),
            Kolom::Einddatum => Some(CellValue::Datum(r.einddatum)),
            Kolom::GeleverdVolume => Some(CellValue::Volume(r.geleverd_volume)),
            Kolom::Eenheid => code(r.eenheid.to_string()),
            Kolom::ProductTarief => r.product_tarief.map(|t| CellValue::Bedrag(t.bedrag())),
            Kolom::IngediendBedrag => Some(CellValue::Bedrag(r.ingediend_bedrag)),
            Kolom::NoShow => Some(CellValue::Number(line.contact().no_show)),
            Kolom::NoShowMinuten => line.contact().no_show_minuten.map(CellValue::Volume),
            Kolom::AfspraakMinuten => line.contact().afspraak_minuten.map(CellValue::Volume),
            Kolom::ReistijdMinuten => line.contact().reistijd_minuten.map(CellValue::Volume),
            Kolom::Gesprekken => line.contact().gesprekken.map(CellValue::Number),
            Kolom::Functie => text(d.words.get(line.contact().functie)),
            Kolom::Hulpverlener => text(d.words.get(line.contact().hulpverlener)),
            Kolom::Groep => text(d.words.get(line.contact().groep)),
            _ => None,
        }
    }

    fn applies(&self, line: &Line<'_>) -> Result<bool, Reason> {
        let cell = self.cell(line);
        match self.operator {
            Operator::IsLeeg => return Ok(cell.is_none()),
            Operator::IsGevuld => return Ok(cell.is_some()),
            _ => {}
        }
        // An empty text can be compared; an empty amount or date can't.
        let is_text = matches!(self.values.first(), Some(CellValue::Text(_)));
        let empty = || is_text.then_some(CellValue::Text("".into()));
        let cell = cell.or_else(empty).ok_or(Reason::KolomLeeg(self.kolom))?;
        let text_holds = |check: fn(&str, &str) -> bool| matches!((&cell, self.values.first()), (CellValue::Text(a), Some(CellValue::Text(b))) if check(a, b));
        let value = self.values.first();
        Ok(match self.operator {
            Operator::Is | Operator::In => self.values.contains(&cell),
            Operator::IsNiet => value != Some(&cell),
            Operator::GroterDan => value.is_some_and(|w| cell > *w),
            Operator::KleinerDan => value.is_some_and(|w| cell < *w),
            Operator::Minstens => value.is_some_and(|w| cell >= *w),
            Operator::Hoogstens => value.is_some_and(|w| cell <= *w),
            Operator::BegintMet => text_holds(|a, b| a.starts_with(b)),
            Operator::Bevat => text_holds(|a, b| a.contains(b)),
            Operator::IsLeeg | Operator::IsGevuld => false,
        })
    }
}

impl CustomCheck {
    /// What the check says of one live line that isn't reversed.
    pub(super) fn check(&self, line: &Line<'_>) -> Verdict {
        let einddatum = line.data.einddatum;
        if self.from.is_some_and(|v| einddatum < v) || self.until.is_some_and(|t| einddatum > t) {
            return Ok(Ruling::NotApplicable);
        }
        self.voorwaarden.iter().try_for_each(|v| line.kolom(v.kolom))?;
        // A condition that doesn't hold settles it, whatever an empty cell beside it might say.
        let hold: Vec<Result<bool, Reason>> =
            self.voorwaarden.iter().map(|v| v.applies(line)).collect();
        if hold.contains(&Ok(false)) {
            return Ok(Ruling::InOrder);
        }
        for holds in hold {
            holds?;
        }
        let found: Vec<String> = self
            .kolommen()
            .map(|v| match v.cell(line) {
                Some(cell) => format!("{} {cell}", v.kolom),
                None => format!("{} leeg", v.kolom),
            })
            .collect();
        let expected: Vec<String> =
            self.voorwaarden.iter().map(|v| v.in_words(v.operator.otherwise())).collect();
        line.bevinding(self.ernst)
            .found(found.join("; "))
            .expected(expected.join(" of "))
            .toelichting(self.toelichting.clone().unwrap_or_default())
            .into()
    }
}
