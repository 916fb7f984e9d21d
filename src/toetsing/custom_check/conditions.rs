//! Do conditions hold for a line?

use crate::dossier::{Kolom, Versie};
use crate::regelset::{
    Against, Alternatives, CellPlace, CellValue, Condition, Conditions, Operator,
};
use crate::toetsing::line::Line;
use crate::toetsing::reason::Reason;
use std::borrow::Cow;

impl Conditions {
    /// Do all of them hold? One that doesn't settles it, whatever an empty cell beside it might say.
    ///
    /// # Errors
    /// That can't be told: a column is absent, or what stands in a cell can't be read or compared.
    pub(super) fn hold_for(&self, line: &Line<'_>) -> Result<bool, Reason> {
        for place in self.all().flat_map(Condition::cells) {
            if let CellPlace::Line(kolom) = place {
                line.kolom(kolom)?;
            }
        }
        settled(self.0.iter().map(|alternatives| alternatives.hold_for(line)), false)
    }

    /// What stands in the cells that they look at.
    pub(super) fn cells_of(&self, line: &Line<'_>) -> String {
        let cells = self.cells().into_iter().map(|place| match place.of(line) {
            Ok(Some(cell)) => format!("{place} {cell}"),
            Ok(None) => format!("{place} leeg"),
            // Of a condition that another one beside it made up for.
            Err(_) => format!("{place} onbekend"),
        });
        cells.collect::<Vec<_>>().join("; ")
    }
}

impl Alternatives {
    fn hold_for(&self, line: &Line<'_>) -> Result<bool, Reason> {
        settled(self.0.iter().map(|condition| condition.holds_for(line)), true)
    }
}

/// The first answer that settles the whole, or else why one of them can't be told, or else the other.
fn settled(
    answers: impl Iterator<Item = Result<bool, Reason>>,
    settles: bool,
) -> Result<bool, Reason> {
    let mut whole = Ok(!settles);
    for answer in answers {
        if answer == Ok(settles) {
            return answer;
        }
        whole = whole.and(answer);
    }
    whole
}

impl Condition {
    fn holds_for(&self, line: &Line<'_>) -> Result<bool, Reason> {
        let cell = self.place.of(line)?;
        match self.operator {
            Operator::IsLeeg => return Ok(cell.is_none()),
            Operator::IsGevuld => return Ok(cell.is_some()),
            _ => {}
        }
        let other = match &self.against {
            Against::Values(values) => {
                let is_text = matches!(values.first(), Some(CellValue::Text(_)));
                let cell = comparable(cell, is_text, self.place)?;
                return Ok(self.operator.any_holds(&cell, values));
            }
            Against::Cell { place, plus } => (place.of(line)?, *place, *plus),
        };
        let (other, place, plus) = other;
        let is_text = matches!(
            (&cell, &other),
            (Some(CellValue::Text(_)), _) | (_, Some(CellValue::Text(_)))
        );
        let cell = comparable(cell, is_text, self.place)?;
        let other = comparable(other, is_text, place)?.plus(plus);
        Ok(self.operator.any_holds(&cell, std::slice::from_ref(&other)))
    }
}

/// An empty text can be compared; an empty amount or date can't.
fn comparable<'a>(
    cell: Option<CellValue<'a>>,
    is_text: bool,
    place: CellPlace,
) -> Result<CellValue<'a>, Reason> {
    let (CellPlace::Line(kolom) | CellPlace::Toewijzing(kolom)) = place;
    let empty = || is_text.then_some(CellValue::Text("".into()));
    cell.or_else(empty).ok_or(Reason::KolomLeeg(kolom))
}

impl Operator {
    /// Does it hold between the cell and one of these values? There are more for one operator only.
    pub(super) fn any_holds(self, cell: &CellValue<'_>, values: &[CellValue<'_>]) -> bool {
        let text_holds = |value: &CellValue<'_>, check: fn(&str, &str) -> bool| match (cell, value)
        {
            (CellValue::Text(a), CellValue::Text(b)) => check(a, b),
            _ => false,
        };
        values.iter().any(|value| match self {
            Operator::Is | Operator::In => cell == value,
            Operator::IsNiet => cell != value,
            Operator::GroterDan => cell > value,
            Operator::KleinerDan => cell < value,
            Operator::Minstens => cell >= value,
            Operator::Hoogstens => cell <= value,
            Operator::BegintMet => text_holds(value, |a, b| a.starts_with(b)),
            Operator::Bevat => text_holds(value, |a, b| a.contains(b)),
            Operator::IsLeeg | Operator::IsGevuld => false,
        })
    }
}

impl CellPlace {
    /// What stands there; `None` where it is empty.
    ///
    /// # Errors
    /// There is no toewijzing, its file lacks the column, or what stands there can't be read.
    pub(super) fn of<'a>(self, line: &Line<'a>) -> Result<Option<CellValue<'a>>, Reason> {
        match self {
            CellPlace::Line(kolom) => Ok(of_line(kolom, line)),
            CellPlace::Toewijzing(kolom) => {
                let versie = line.version_at_delivery()?;
                line.context.kolom(versie.file, kolom)?;
                of_toewijzing(kolom, versie, line)
            }
        }
    }
}

fn text(t: &str) -> Option<CellValue<'_>> {
    (!t.is_empty()).then_some(CellValue::Text(Cow::Borrowed(t)))
}

fn code<'a>(code: impl ToString) -> CellValue<'a> {
    CellValue::Text(Cow::Owned(code.to_string()))
}

fn of_line<'a>(kolom: Kolom, line: &Line<'a>) -> Option<CellValue<'a>> {
    let (r, c) = (line.data, line.context);
    let d = c.dossier;
    match kolom {
        Kolom::DeclaratieNummer => text(d.declaratienummer(r)),
        Kolom::ReferentieNummer => text(d.referentie(r)),
        Kolom::VorigReferentieNummer => text(d.previous_referentie(r)),
        Kolom::DeclaratieDagtekening => r.declaratie_dagtekening().map(CellValue::Datum),
        Kolom::Ontvangstdatum => r.ontvangstdatum.map(CellValue::Datum),
        Kolom::Gemeente => Some(code(r.gemeente)),
        Kolom::Aanbieder => Some(code(c.agb(r.aanbieder))),
        Kolom::ToewijzingNummer => text(d.toewijzingnummer(r.toewijzing_nummer)),
        Kolom::ProductCategorie => text(&line.product.categorie),
        Kolom::ProductCode => text(&line.product.code),
        Kolom::Begindatum => Some(CellValue::Datum(r.begindatum)),
        Kolom::Einddatum => Some(CellValue::Datum(r.einddatum)),
        Kolom::GeleverdVolume => Some(CellValue::Volume(r.geleverd_volume)),
        Kolom::Eenheid => Some(code(r.eenheid)),
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

fn of_toewijzing<'a>(
    kolom: Kolom,
    t: &'a Versie,
    line: &Line<'a>,
) -> Result<Option<CellValue<'a>>, Reason> {
    let c = line.context;
    Ok(match kolom {
        Kolom::Gemeente => Some(code(t.gemeente)),
        Kolom::Aanbieder => Some(code(c.agb(t.aanbieder))),
        Kolom::Toewijzingsdatum => Some(CellValue::Datum(t.toewijzingsdatum)),
        Kolom::Ingangsdatum => Some(CellValue::Datum(t.ingangsdatum)),
        Kolom::Einddatum => t.einddatum()?.map(CellValue::Datum),
        Kolom::ProductCategorie => text(c.dossier.words.get(t.product_categorie()?)),
        Kolom::ProductCode => text(c.dossier.words.get(t.product_code()?)),
        Kolom::RedenWijziging => t.reden_wijziging()?.map(code),
        Kolom::Volume => t.volume()?.map(CellValue::Volume),
        Kolom::Eenheid => t.eenheid()?.map(code),
        Kolom::Frequentie => t.frequentie()?.map(code),
        Kolom::Budget => t.budget()?.map(CellValue::Bedrag),
        Kolom::Verwijzer => t.verwijzer()?.map(code),
        Kolom::Budgetsoort => t.budgetsoort()?.map(|b| CellValue::Text(b.name().into())),
        Kolom::Uitvoering => t.uitvoering()?.map(|u| CellValue::Text(u.name().into())),
        Kolom::Bijzonderheid => text(c.dossier.words.get(t.bijzonderheid()?)),
        Kolom::Verzonden => t.verzonden()?.map(CellValue::Datum),
        _ => None,
    })
}
