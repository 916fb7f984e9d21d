//! Reading the conditions of a check.

use super::cells::CellKind;
use super::texts::without_bsn;
use super::{Against, Alternatives, CellPlace, CellValue, Condition, Conditions, Operator};
use crate::dossier::{Cent, Volume};
use crate::ground::config::{Mistakes, like};
use crate::regelset::tekst::{Parsed, SpannedText, dag_of};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::marker::PhantomData;
use toml::Spanned;

/// A condition, with what may hold instead of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConditionTable {
    pub(super) kolom: Spanned<String>,
    pub(super) als: Spanned<String>,
    pub(super) waarde: Option<Spanned<toml::Value>>,
    pub(super) waarde_uit: Option<Spanned<String>>,
    pub(super) plus: Option<Spanned<toml::Value>>,
    #[serde(default)]
    pub(super) of: OneOrMore<AlternativeTable>,
}

/// A condition that may hold instead of another.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AlternativeTable {
    kolom: Spanned<String>,
    als: Spanned<String>,
    waarde: Option<Spanned<toml::Value>>,
    waarde_uit: Option<Spanned<String>>,
    plus: Option<Spanned<toml::Value>>,
}

/// One table, or a list of them.
pub(super) struct OneOrMore<T>(Vec<T>);

impl<T> Default for OneOrMore<T> {
    fn default() -> OneOrMore<T> {
        OneOrMore(Vec::new())
    }
}

impl<T> OneOrMore<T> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn into_iter(self) -> impl Iterator<Item = T> {
        self.0.into_iter()
    }
}

impl<'the, T: Deserialize<'the>> Deserialize<'the> for OneOrMore<T> {
    fn deserialize<D: Deserializer<'the>>(d: D) -> Result<OneOrMore<T>, D::Error> {
        struct Tables<T>(PhantomData<T>);
        impl<'the, T: Deserialize<'the>> Visitor<'the> for Tables<T> {
            type Value = OneOrMore<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a condition or a list of conditions")
            }
            fn visit_map<A: MapAccess<'the>>(self, map: A) -> Result<OneOrMore<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|one| OneOrMore(vec![one]))
            }
            fn visit_seq<A: SeqAccess<'the>>(self, mut list: A) -> Result<OneOrMore<T>, A::Error> {
                let mut out = Vec::new();
                while let Some(one) = list.next_element()? {
                    out.push(one);
                }
                Ok(OneOrMore(out))
            }
        }
        d.deserialize_any(Tables(PhantomData))
    }
}

/// Conditions that all hold.
pub(super) fn conditions(
    text: &SpannedText<'_>,
    tables: impl Iterator<Item = ConditionTable>,
) -> Parsed<Conditions> {
    let mut mistakes = Mistakes::default();
    let mut out = Vec::new();
    for t in tables {
        let ConditionTable { kolom, als, waarde, waarde_uit, plus, of } = t;
        let first = AlternativeTable { kolom, als, waarde, waarde_uit, plus };
        let all = std::iter::once(first).chain(of.into_iter());
        let read = all.filter_map(|t| mistakes.note(condition(text, t)));
        out.push(Alternatives(read.collect()));
    }
    mistakes.finish().map(|()| Conditions(out))
}

fn condition(text: &SpannedText<'_>, t: AlternativeTable) -> Parsed<Condition> {
    let (place, kind) = cell_place(text, &t.kolom)?;
    let operator = operator(text, &t.als)?;
    fits(text, &t, place, kind, operator)?;
    if let (Some(_), None) = (&t.plus, &t.waarde_uit) {
        return Err(text.error(
            t.als.span(),
            "plus hoort bij waarde_uit",
            "tel het op bij waarde, of geef waarde_uit",
        ));
    }
    let against = match (&t.waarde, &t.waarde_uit) {
        (Some(_), Some(other)) => {
            return Err(text.error(
                other.span(),
                "waarde en waarde_uit staan er allebei",
                "laat één van beide weg",
            ));
        }
        (None, Some(other)) if !operator.is_about_presence() && operator != Operator::In => {
            against_cell(text, kind, place, other, t.plus.as_ref())?
        }
        (None, Some(other)) => {
            return Err(text.error(
                other.span(),
                format!("bij '{}' hoort geen waarde_uit", operator.name()),
                "haal waarde_uit weg",
            ));
        }
        (waarde, None) => {
            Against::Values(values(text, &t.als, waarde.as_ref(), place, operator, kind)?)
        }
    };
    Ok(Condition { place, operator, against })
}

/// Does the operator fit what the cell holds?
fn fits(
    text: &SpannedText<'_>,
    t: &AlternativeTable,
    place: CellPlace,
    kind: CellKind,
    operator: Operator,
) -> Parsed<()> {
    let fits = match operator {
        Operator::BegintMet | Operator::Bevat => kind.is_text(),
        by_size if by_size.is_by_size() => !kind.is_text(),
        _ => true,
    };
    if fits {
        return Ok(());
    }
    let advice = if kind.is_text() {
        "gebruik bij tekst: is, is niet, begint met, bevat, in, is leeg, is gevuld"
    } else {
        "gebruik hier: is, is niet, groter dan, kleiner dan, minstens, hoogstens, in, is leeg, is gevuld"
    };
    let name = operator.name();
    Err(text.error(t.als.span(), format!("'{name}' past niet bij kolom {place}"), advice))
}

/// Another cell to compare with, of the same kind.
fn against_cell(
    text: &SpannedText<'_>,
    kind: CellKind,
    place: CellPlace,
    other: &Spanned<String>,
    plus: Option<&Spanned<toml::Value>>,
) -> Parsed<Against> {
    let (other_place, other_kind) = cell_place(text, other)?;
    if !kind.is_comparable(other_kind) {
        return Err(text.error(
            other.span(),
            format!("{place} en {other_place} zijn niet te vergelijken"),
            "vergelijk datums met datums, bedragen met bedragen en aantallen met aantallen",
        ));
    }
    let Some(plus) = plus else { return Ok(Against::Cell { place: other_place, plus: 0 }) };
    let so_much = difference(kind, plus.get_ref()).ok_or_else(|| {
        let what = match kind {
            CellKind::Datum => "een heel aantal dagen, als 60 of -1",
            CellKind::Text | CellKind::Code(_) => "niets: bij een tekst is niets op te tellen",
            _ => "een getal, als 10 of \"2,50\"",
        };
        text.error(plus.span(), format!("verkeerde plus; verwacht {what}"), "verbeter plus")
    })?;
    Ok(Against::Cell { place: other_place, plus: so_much })
}

/// The values that a cell is compared with.
fn values(
    text: &SpannedText<'_>,
    als: &Spanned<String>,
    waarde: Option<&Spanned<toml::Value>>,
    place: CellPlace,
    operator: Operator,
    kind: CellKind,
) -> Parsed<Vec<CellValue<'static>>> {
    let name = operator.name();
    let value = match (waarde, operator.is_about_presence()) {
        (None, true) => return Ok(Vec::new()),
        (Some(w), true) => {
            return Err(text.error(
                w.span(),
                format!("bij '{name}' hoort geen waarde"),
                "haal de waarde weg",
            ));
        }
        (None, false) => {
            return Err(text.error(
                als.span(),
                format!("bij '{name}' ontbreekt waarde"),
                "voeg toe: waarde = …",
            ));
        }
        (Some(w), false) => w,
    };
    // Part of a code need not have all its digits.
    let in_part = matches!(operator, Operator::BegintMet | Operator::Bevat);
    let kind = if in_part { CellKind::Text } else { kind };
    let raw: Vec<&toml::Value> = match (operator, value.get_ref()) {
        (Operator::In, toml::Value::Array(list)) if !list.is_empty() => list.iter().collect(),
        (Operator::In, _) => {
            let what = format!("een lijst, met {}", description(kind));
            return Err(wrong_value(text, value, place, &what));
        }
        (_, one) => vec![one],
    };
    raw.into_iter().map(|one| value_of(text, value, one, place, kind)).collect()
}

/// A value of this kind, as the cell of `place` may have.
pub(super) fn value_of(
    text: &SpannedText<'_>,
    whole: &Spanned<toml::Value>,
    one: &toml::Value,
    place: impl fmt::Display,
    kind: CellKind,
) -> Parsed<CellValue<'static>> {
    if let Some(t) = one.as_str() {
        without_bsn(text, whole.span(), t)?;
    }
    cell(kind, one).ok_or_else(|| wrong_value(text, whole, place, &description(kind)))
}

fn wrong_value(
    text: &SpannedText<'_>,
    value: &Spanned<toml::Value>,
    place: impl fmt::Display,
    what: &str,
) -> Box<crate::ground::config::ConfigError> {
    text.error(
        value.span(),
        format!("verkeerde waarde voor kolom {place}; verwacht {what}"),
        "verbeter de waarde",
    )
}

/// The cell that is named, with what it holds.
pub(super) fn cell_place(
    text: &SpannedText<'_>,
    name: &Spanned<String>,
) -> Parsed<(CellPlace, CellKind)> {
    let sought = name.get_ref().as_str();
    if let Some(found) = CellPlace::named(sought) {
        return Ok(found);
    }
    let (bericht, advice) = match sought {
        "Bsn" | "toewijzing.Bsn" => (
            "kolom Bsn mag niet in een eigen controle: een Bsn wordt nergens vergeleken of getoond"
                .to_owned(),
            "gebruik een andere kolom, zoals ToewijzingNummer".to_owned(),
        ),
        "DebetCredit" => (
            "kolom DebetCredit kan niet in een eigen controle: alleen debetregels worden getoetst"
                .to_owned(),
            "laat deze voorwaarde weg".to_owned(),
        ),
        _ => {
            let known: Vec<String> = CellPlace::names().collect();
            let advice = match like(sought, known.iter().map(String::as_str)) {
                Some(does) => format!("bedoelt u {does}?"),
                None => format!("kies uit: {}", known.join(", ")),
            };
            let bericht = match sought.starts_with("toewijzing.") {
                true => format!("een eigen controle kent geen kolom '{sought}'"),
                false => format!("declaraties hebben geen kolom '{sought}'"),
            };
            (bericht, advice)
        }
    };
    Err(text.error(name.span(), bericht, advice))
}

pub(super) fn operator(text: &SpannedText<'_>, als: &Spanned<String>) -> Parsed<Operator> {
    let sought = als.get_ref();
    Operator::ALL.iter().copied().find(|o| o.name() == sought).ok_or_else(|| {
        let names: Vec<&str> = Operator::ALL.iter().map(|o| o.name()).collect();
        text.error(
            als.span(),
            format!("'{sought}' is geen vergelijking"),
            format!("kies uit: {}", names.join(", ")),
        )
    })
}

fn description(kind: CellKind) -> String {
    match kind {
        CellKind::Text => "een tekst tussen aanhalingstekens".into(),
        CellKind::Code(digits) => {
            format!("een code van {digits} cijfers tussen aanhalingstekens")
        }
        CellKind::Bedrag => "een bedrag in euro's, als 10000 of \"12,50\"".into(),
        CellKind::Volume => "een aantal, als 120 of \"2,5\"".into(),
        CellKind::Number => "een heel getal".into(),
        CellKind::Datum => "een datum als 2023-01-31, zonder aanhalingstekens".into(),
    }
}

fn cell(kind: CellKind, value: &toml::Value) -> Option<CellValue<'static>> {
    let text = || value.as_str().filter(|t| !t.is_empty());
    Some(match kind {
        CellKind::Text => CellValue::Text(text()?.to_owned().into()),
        CellKind::Code(digits) => {
            let code = text()?;
            let fits = code.len() == digits && code.bytes().all(|c| c.is_ascii_digit());
            CellValue::Text(fits.then(|| code.to_owned())?.into())
        }
        CellKind::Bedrag => CellValue::Bedrag(Cent(hundredths_of(value)?)),
        CellKind::Volume => CellValue::Volume(Volume(hundredths_of(value)?)),
        CellKind::Number => CellValue::Number(u32::try_from(value.as_integer()?).ok()?),
        CellKind::Datum => CellValue::Datum(value.as_datetime().and_then(dag_of)?),
    })
}

/// What is added to a cell of this kind: days, hundredths, or a number; below zero is less.
fn difference(kind: CellKind, value: &toml::Value) -> Option<i64> {
    /// More days than two centuries have are a mistake.
    const MOST_DAGEN: i64 = 73_050;
    match (kind, value) {
        (CellKind::Datum, toml::Value::Integer(n)) => (n.abs() <= MOST_DAGEN).then_some(*n),
        (CellKind::Number, toml::Value::Integer(n)) => i32::try_from(*n).ok().map(i64::from),
        (CellKind::Bedrag | CellKind::Volume, toml::Value::Integer(n)) if *n < 0 => {
            hundredths_of(&toml::Value::Integer(n.checked_neg()?)).map(|n| -n)
        }
        (CellKind::Bedrag | CellKind::Volume, toml::Value::String(t)) => {
            match t.strip_prefix('-') {
                Some(less) => hundredths(less).map(|n| -n),
                None => hundredths(t),
            }
        }
        (CellKind::Bedrag | CellKind::Volume, whole) => hundredths_of(whole),
        _ => None,
    }
}

fn hundredths_of(value: &toml::Value) -> Option<i64> {
    match value {
        toml::Value::Integer(n) if (0..10_i64.pow(13)).contains(n) => n.checked_mul(100),
        toml::Value::String(t) => hundredths(t),
        _ => None,
    }
}

/// `12`, `12,5` or `12,50` in hundredths; nothing that could mean two things.
fn hundredths(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once(',').unwrap_or((text, "0"));
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|c| c.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 2 || whole.len() > 13 {
        return None;
    }
    let honderdsten: i64 = format!("{part:0<2}").parse().ok()?;
    Some(whole.parse::<i64>().ok()? * 100 + honderdsten)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_has_one_reading() {
        assert_eq!(hundredths("12,5"), Some(1250));
        assert_eq!(hundredths("12,505"), None);
        let of = |t: &str| difference(CellKind::Bedrag, &toml::Value::String(t.to_owned()));
        assert_eq!((of("-2,50"), of("--2"), of("2.5")), (Some(-250), None, None));
    }
}
