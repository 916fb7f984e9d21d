//! Reading what is asked of lines together: `totaal` and `naast`.

use super::cells::CellKind;
use super::conditions::{
    AlternativeTable, ConditionTable, OneOrMore, cell_place, conditions, operator, value_of,
};
use super::{Beside, BesidePer, CellPlace, Tijdvak, Total, TotalMeasure, TotalPer};
use crate::regelset::tekst::{Parsed, SpannedText};
use serde::Deserialize;
use toml::Spanned;

/// `totaal`: what lines come to together.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TotalTable {
    som: Option<Spanned<String>>,
    aantal: Option<Spanned<String>>,
    per: Spanned<String>,
    tijdvak: Spanned<String>,
    als: Spanned<String>,
    waarde: Spanned<toml::Value>,
}

/// `naast`: the lines that may not stand beside those of the check.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BesideTable {
    kolom: Spanned<String>,
    als: Spanned<String>,
    waarde: Option<Spanned<toml::Value>>,
    waarde_uit: Option<Spanned<String>>,
    plus: Option<Spanned<toml::Value>>,
    #[serde(default)]
    of: OneOrMore<AlternativeTable>,
    #[serde(default)]
    en: OneOrMore<ConditionTable>,
    per: Option<Spanned<String>>,
}

const DECLARATIEREGELS: &str = "declaratieregels";
const JEUGDIGEN: &str = "jeugdigen";

pub(super) fn total(text: &SpannedText<'_>, t: TotalTable) -> Parsed<Total> {
    let (measure, kind) = measure(text, &t)?;
    let per = word(text, &t.per, TotalPer::ALL, TotalPer::name)?;
    let tijdvak = word(text, &t.tijdvak, Tijdvak::ALL, Tijdvak::name)?;
    let operator = operator(text, &t.als)?;
    let fits = if tijdvak == Tijdvak::Dag { operator.is_above() } else { operator.is_by_size() };
    if !fits {
        let advice = match tijdvak {
            Tijdvak::Dag => "gebruik bij een dag: groter dan, minstens",
            _ => "gebruik hier: groter dan, kleiner dan, minstens, hoogstens",
        };
        let bericht =
            format!("'{}' past niet bij een totaal per {}", operator.name(), tijdvak.name());
        return Err(text.error(t.als.span(), bericht, advice));
    }
    let limit = value_of(text, &t.waarde, t.waarde.get_ref(), "totaal", kind)?;
    Ok(Total { measure, per, tijdvak, operator, limit })
}

/// What is measured, and what kind of value that gives.
fn measure(text: &SpannedText<'_>, t: &TotalTable) -> Parsed<(TotalMeasure, CellKind)> {
    match (&t.som, &t.aantal) {
        (Some(som), None) => {
            let (place, kind) = cell_place(text, som)?;
            match place {
                CellPlace::Line(_) if kind.is_quantity() => Ok((TotalMeasure::Sum(place), kind)),
                _ => Err(text.error(
                    som.span(),
                    format!("{place} is niet op te tellen over declaratieregels"),
                    "kies een bedrag, een volume of een aantal van declaraties, zoals IngediendBedrag",
                )),
            }
        }
        (None, Some(aantal)) => {
            let measure = match aantal.get_ref().as_str() {
                DECLARATIEREGELS => TotalMeasure::Lines,
                JEUGDIGEN => TotalMeasure::Jeugdigen,
                _ => TotalMeasure::Values(cell_place(text, aantal)?.0),
            };
            Ok((measure, CellKind::Number))
        }
        _ => Err(text.error(
            t.per.span(),
            "een totaal heeft som of aantal, één van beide",
            "schrijf som = \"IngediendBedrag\", of aantal = \"declaratieregels\"",
        )),
    }
}

pub(super) fn beside(text: &SpannedText<'_>, t: BesideTable) -> Parsed<Beside> {
    let BesideTable { kolom, als, waarde, waarde_uit, plus, of, en, per } = t;
    let per = match per {
        Some(per) => word(text, &per, BesidePer::ALL, BesidePer::name)?,
        None => BesidePer::Jeugdige,
    };
    let first = ConditionTable { kolom, als, waarde, waarde_uit, plus, of };
    let lines = conditions(text, std::iter::once(first).chain(en.into_iter()))?;
    Ok(Beside { lines, per })
}

/// One of a few words.
fn word<T: Copy, const N: usize>(
    text: &SpannedText<'_>,
    word: &Spanned<String>,
    all: [T; N],
    name: fn(T) -> &'static str,
) -> Parsed<T> {
    let sought = word.get_ref();
    all.into_iter().find(|one| name(*one) == sought).ok_or_else(|| {
        let names = all.map(name).join(", ");
        text.error(word.span(), format!("'{sought}' kan hier niet"), format!("kies uit: {names}"))
    })
}
