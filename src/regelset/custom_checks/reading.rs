//! `[eigen.X01]`: reading the checks that a user writes. A mistake names its line.

use super::{CellKind, CellValue, Condition, CustomCheck, KOLOMMEN, Operator};
use crate::dossier::{Cent, Ernst, Kolom, Volume};
use crate::ground::config::{ConfigError, like};
use crate::ground::masked;
use crate::regelset::tekst::{Parsed, SpannedText, dag_of};
use crate::regelset::{Regelset, RuleSettings};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::value::Datetime;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::regelset) struct TomlTable {
    titel: Spanned<String>,
    kolom: Spanned<String>,
    als: Spanned<String>,
    waarde: Option<Spanned<toml::Value>>,
    #[serde(default)]
    en: Also,
    ernst: Spanned<String>,
    bron: Spanned<String>,
    vanaf: Option<Spanned<Datetime>>,
    tot: Option<Spanned<Datetime>>,
    toelichting: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConditionTable {
    kolom: Spanned<String>,
    als: Spanned<String>,
    waarde: Option<Spanned<toml::Value>>,
}

/// `en`: one more condition, or a list of them.
#[derive(Default)]
struct Also(Vec<ConditionTable>);

impl<'the> Deserialize<'the> for Also {
    fn deserialize<D: Deserializer<'the>>(d: D) -> Result<Also, D::Error> {
        struct OneOrMore;
        impl<'the> Visitor<'the> for OneOrMore {
            type Value = Also;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a condition or a list of conditions")
            }
            fn visit_map<A: MapAccess<'the>>(self, dir: A) -> Result<Also, A::Error> {
                ConditionTable::deserialize(MapAccessDeserializer::new(dir)).map(|v| Also(vec![v]))
            }
            fn visit_seq<A: SeqAccess<'the>>(self, mut list: A) -> Result<Also, A::Error> {
                let mut out = Vec::new();
                while let Some(v) = list.next_element()? {
                    out.push(v);
                }
                Ok(Also(out))
            }
        }
        d.deserialize_any(OneOrMore)
    }
}

impl Regelset {
    /// The checks that this ruleset, or one that it builds on, adds to the program's rules.
    pub(crate) fn own(&self) -> &[Arc<CustomCheck>] {
        &self.own
    }

    pub(in crate::regelset) fn add_own(
        &mut self,
        text: &SpannedText<'_>,
        code: &Spanned<String>,
        table: TomlTable,
    ) -> Parsed<()> {
        let name = code.get_ref();
        let Some(own_code) = super::code(name) else {
            return Err(text.error(
                code.span(),
                format!("'{name}' is geen code voor een eigen controle"),
                "gebruik X en twee cijfers, zoals [eigen.X01]",
            ));
        };
        if self.rules.contains_key(name.as_str()) {
            return Err(text.error(
                code.span(),
                format!("{name} staat al in de regelset waarop deze bouwt"),
                "kies een andere code",
            ));
        }
        let context = read(text, own_code, table)?;
        let settings = RuleSettings { source: context.source.clone(), parameters: Vec::new() };
        self.rules.insert(context.code, settings);
        self.own.push(Arc::new(context));
        Ok(())
    }
}

fn read(text: &SpannedText<'_>, code: &'static str, t: TomlTable) -> Parsed<CustomCheck> {
    let ernst =
        Ernst::ALL.into_iter().find(|e| e.name() == t.ernst.get_ref()).ok_or_else(|| {
            text.error(
                t.ernst.span(),
                format!("'{}' is geen ernst", t.ernst.get_ref()),
                "kies uit: fout, onzekerheid, signaal",
            )
        })?;
    let dag = |d: &Option<Spanned<Datetime>>| d.as_ref().map(|d| text.dag(d)).transpose();
    let (from, until) = (dag(&t.vanaf)?, dag(&t.tot)?);
    if let (Some(v), Some(end), Some(place)) = (from, until, &t.tot)
        && end < v
    {
        return Err(text.error(
            place.span(),
            format!("{code} eindigt op {end}, voor hij begint op {v}"),
            "verbeter vanaf of tot",
        ));
    }
    let first = ConditionTable { kolom: t.kolom, als: t.als, waarde: t.waarde };
    let voorwaarden = std::iter::once(first)
        .chain(t.en.0)
        .map(|v| voorwaarde(text, v))
        .collect::<Parsed<Vec<_>>>()?;
    let title = visible(text, "titel", &t.titel)?;
    let source = visible(text, "bron", &t.bron)?;
    let toelichting = t.toelichting.map(|t| visible(text, "toelichting", &t)).transpose()?;
    Ok(CustomCheck {
        code,
        title,
        ernst,
        from,
        until,
        voorwaarden,
        toelichting,
        source: source.into(),
    })
}

/// A text that comes in the rapport.
fn visible(text: &SpannedText<'_>, key: &str, value: &Spanned<String>) -> Parsed<String> {
    if value.get_ref().trim().is_empty() {
        return Err(text.error(
            value.span(),
            format!("{key} is leeg"),
            format!("schrijf {key} = \"…\""),
        ));
    }
    without_bsn(text, value.span(), value.get_ref())?;
    Ok(value.get_ref().clone())
}

fn without_bsn(text: &SpannedText<'_>, place: Range<usize>, value: &str) -> Parsed<()> {
    match masked(value) {
        Cow::Borrowed(_) => Ok(()),
        Cow::Owned(_) => Err(text.error(
            place,
            "hier staat een getal dat een Bsn kan zijn",
            "laat het weg: een Bsn wordt nergens vergeleken of getoond",
        )),
    }
}

fn voorwaarde(text: &SpannedText<'_>, t: ConditionTable) -> Parsed<Condition> {
    let (kolom, kind) = kolom(text, &t.kolom)?;
    let als = operator(text, &t.als)?;
    let error = |bericht: String, advice: &str| text.error(t.als.span(), bericht, advice);
    let name = als.name();
    let fits = match als {
        Operator::GroterDan | Operator::KleinerDan | Operator::Minstens | Operator::Hoogstens => {
            !kind.is_text()
        }
        Operator::BegintMet | Operator::Bevat => kind.is_text(),
        _ => true,
    };
    if !fits {
        let advice = if kind.is_text() {
            "gebruik bij tekst: is, is niet, begint met, bevat, in, is leeg, is gevuld"
        } else {
            "gebruik hier: is, is niet, groter dan, kleiner dan, minstens, hoogstens, in, is leeg, is gevuld"
        };
        return Err(error(format!("'{name}' past niet bij kolom {kolom}"), advice));
    }
    let without_value = matches!(als, Operator::IsLeeg | Operator::IsGevuld);
    let value = match (&t.waarde, without_value) {
        (None, true) => return Ok(Condition { kolom, operator: als, values: Vec::new() }),
        (Some(w), true) => {
            return Err(text.error(
                w.span(),
                format!("bij '{name}' hoort geen waarde"),
                "haal de waarde weg",
            ));
        }
        (None, false) => {
            return Err(error(format!("bij '{name}' ontbreekt waarde"), "voeg toe: waarde = …"));
        }
        (Some(w), false) => w,
    };
    // Part of a code need not have all its digits.
    let kind =
        if matches!(als, Operator::BegintMet | Operator::Bevat) { CellKind::Text } else { kind };
    let wrong = |what: String| {
        text.error(
            value.span(),
            format!("verkeerde waarde voor kolom {kolom}; verwacht {what}"),
            "verbeter de waarde",
        )
    };
    let omschrijving = description(kind);
    let raw: Vec<&toml::Value> = match (als, value.get_ref()) {
        (Operator::In, toml::Value::Array(list)) if !list.is_empty() => list.iter().collect(),
        (Operator::In, _) => return Err(wrong(format!("een lijst, met {omschrijving}"))),
        (_, one) => vec![one],
    };
    let mut values = Vec::new();
    for w in raw {
        if let Some(t) = w.as_str() {
            without_bsn(text, value.span(), t)?;
        }
        values.push(cell(kind, w).ok_or_else(|| wrong(omschrijving.clone()))?);
    }
    Ok(Condition { kolom, operator: als, values })
}

fn kolom(text: &SpannedText<'_>, name: &Spanned<String>) -> Parsed<(Kolom, CellKind)> {
    let sought = name.get_ref().as_str();
    if let Some(found) = KOLOMMEN.iter().find(|(k, _)| k.name() == sought) {
        return Ok(*found);
    }
    let error = |bericht: String, advice: String| -> Box<ConfigError> {
        text.error(name.span(), bericht, advice)
    };
    let known = || KOLOMMEN.iter().map(|(k, _)| k.name());
    Err(match sought {
        "Bsn" => error(
            "kolom Bsn mag niet in een eigen controle: een Bsn wordt nergens vergeleken of getoond"
                .into(),
            "gebruik een andere kolom, zoals ToewijzingNummer".into(),
        ),
        "DebetCredit" => error(
            "kolom DebetCredit kan niet in een eigen controle: alleen debetregels worden getoetst"
                .into(),
            "laat deze voorwaarde weg".into(),
        ),
        _ => error(
            format!("declaraties hebben geen kolom '{sought}'"),
            match like(sought, known()) {
                Some(does) => format!("bedoelt u {does}?"),
                None => format!("kies uit: {}", known().collect::<Vec<_>>().join(", ")),
            },
        ),
    })
}

fn operator(text: &SpannedText<'_>, als: &Spanned<String>) -> Parsed<Operator> {
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
    let honderdsten = || match value {
        toml::Value::Integer(n) if *n >= 0 => n.checked_mul(100),
        toml::Value::String(t) => hundredths(t),
        _ => None,
    };
    Some(match kind {
        CellKind::Text => CellValue::Text(text()?.to_owned().into()),
        CellKind::Code(digits) => {
            let code = text()?;
            let fits = code.len() == digits && code.bytes().all(|c| c.is_ascii_digit());
            CellValue::Text(fits.then(|| code.to_owned())?.into())
        }
        CellKind::Bedrag => CellValue::Bedrag(Cent(honderdsten()?)),
        CellKind::Volume => CellValue::Volume(Volume(honderdsten()?)),
        CellKind::Number => CellValue::Number(u32::try_from(value.as_integer()?).ok()?),
        CellKind::Datum => CellValue::Datum(value.as_datetime().and_then(dag_of)?),
    })
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
    use crate::regels::{REGISTER, fingerprints};
    use crate::regelset::RulesetSource;
    use crate::toetsing::AuditRule;

    const GOOD: &str = "[eigen.X01]
titel = \"Hoog bedrag\"
kolom = \"IngediendBedrag\"
als = \"groter dan\"
waarde = 10000
ernst = \"signaal\"
bron = \"eigen afspraak\"
";

    fn read_set(own: &str) -> Parsed<Regelset> {
        let dir = tempfile::tempdir().unwrap();
        let header = "[regelset]\nnaam = \"mijn\"\ntitel = \"Mijn regels\"\nversie = \"1\"\nbasis = \"ijsselland\"\nvanaf = 2023-01-01\n\n";
        std::fs::write(dir.path().join("mijn.toml"), format!("{header}{own}")).unwrap();
        Regelset::read("mijn", &RulesetSource::Dir(dir.path().to_owned()), &fingerprints())
    }

    #[track_caller]
    fn error(own: &str, line: usize, words: &[&str]) {
        let problem = read_set(own).expect_err("a mistake is refused");
        let place = format!("mijn.toml, regel {}: ", line + 7);
        assert!(problem.bericht.starts_with(&place), "{place} in {}", problem.bericht);
        let all = format!("{} {}", problem.bericht, problem.advice);
        for word in words {
            assert!(all.contains(word), "no '{word}' in: {all}");
        }
    }

    fn with(old: &str, new: &str) -> String {
        assert!(GOOD.contains(old), "{old}");
        GOOD.replace(old, new)
    }

    #[test]
    fn an_own_check_is_a_rule_with_its_own_source() {
        let set = read_set(GOOD).unwrap();
        let [context] = set.own() else { panic!("one check") };
        let rule = AuditRule::from(context.clone());
        assert_eq!((rule.code, rule.familie(), &*rule.needs), ("X01", "X", "IngediendBedrag"));
        assert!(rule.what.contains("IngediendBedrag is groter dan € 10.000,00"), "{}", rule.what);
        assert_eq!(&*set.rule("X01").unwrap().source, "eigen afspraak");
        let nogmaals = read_set(GOOD).unwrap();
        assert_eq!(*context, nogmaals.own()[0], "read twice, it is the same check");
        assert!(REGISTER.iter().all(|r| !r.code.starts_with("X")));
    }

    #[test]
    fn more_conditions_are_a_list_or_one_table() {
        for and in [
            "en = { kolom = \"Eenheid\", als = \"in\", waarde = [\"01\", \"04\"] }\n",
            "en = [{ kolom = \"Eenheid\", als = \"in\", waarde = [\"01\", \"04\"] }]\n",
            "[[eigen.X01.en]]\nkolom = \"Eenheid\"\nals = \"in\"\nwaarde = [\"01\", \"04\"]\n",
        ] {
            let set = read_set(&format!("{GOOD}{and}")).unwrap();
            assert_eq!(set.own()[0].needs(), "IngediendBedrag, Eenheid");
            assert!(set.own()[0].what().contains(" en Eenheid is één van '01', '04'"));
        }
        error(&format!("{GOOD}en = 3\n"), 8, &["verkeerde soort"]);
        let wrong = "[[eigen.X01.en]]\nkolom = \"Eenheid\"\nals = \"in\"\nwaarde = \"01\"\n";
        error(&format!("{GOOD}{wrong}"), 11, &["een lijst", "2 cijfers"]);
    }

    #[test]
    fn mistakes_name_their_line() {
        error(&with("X01", "Y01"), 1, &["'Y01'", "twee cijfers"]);
        error(&with("X01", "X1"), 1, &["'X1'"]);
        error(&with("ernst", "enst"), 6, &["onbekende sleutel `enst`", "`ernst`"]);
        error(&with("bron = \"eigen afspraak\"\n", ""), 1, &["`bron` ontbreekt"]);
        error(&with("titel = \"Hoog bedrag\"\n", ""), 1, &["`titel` ontbreekt"]);
        error(&with("\"eigen afspraak\"", "\" \""), 7, &["bron is leeg"]);
        error(&with("\"signaal\"", "\"ernstig\""), 6, &["'ernstig'", "onzekerheid"]);
        error(&with("IngediendBedrag", "IngedienBedrag"), 3, &["bedoelt u IngediendBedrag?"]);
        error(&with("groter dan", "meer dan"), 4, &["'meer dan'", "groter dan", "is gevuld"]);
        error(&with("groter dan", "bevat"), 4, &["'bevat' past niet"]);
        error(&with("waarde = 10000\n", ""), 4, &["ontbreekt waarde"]);
        error(&with("groter dan", "is leeg"), 5, &["geen waarde"]);
        error(&with("10000", "\"veel\""), 5, &["een bedrag in euro's"]);
        error(&with("10000", "12.5"), 5, &["\"12,50\""]);
        error(&with("10000", "\"1.000\""), 5, &["een bedrag in euro's"]);
        error(&format!("{GOOD}vanaf = \"2023\"\n"), 8, &["soort"]);
        error(&format!("{GOOD}vanaf = 2024-01-01\ntot = 2023-01-01\n"), 9, &["voor hij begint"]);
        error(&format!("{GOOD}{GOOD}"), 8, &["TOML"]);
    }

    #[test]
    fn every_column_takes_values_of_its_own_kind() {
        let datum = with("IngediendBedrag", "Ontvangstdatum");
        assert!(read_set(&datum.replace("10000", "2023-06-30")).is_ok());
        error(&datum, 5, &["een datum"]);
        let code = with("IngediendBedrag", "Gemeente").replace("groter dan", "is");
        error(&code, 5, &["een code van 4 cijfers"]);
        error(&code.replace("10000", "\"150\""), 5, &["een code van 4 cijfers"]);
        assert!(read_set(&code.replace("10000", "\"0150\"")).is_ok());
        let begin = code.replace("\"is\"", "\"begint met\"");
        assert!(read_set(&begin.replace("10000", "\"01\"")).is_ok());
        assert!(read_set(&with("10000", "\"12,50\"")).is_ok());
        assert_eq!(hundredths("12,5"), Some(1250));
        assert_eq!(hundredths("12,505"), None);
    }

    #[test]
    fn a_bsn_is_neither_compared_nor_shown() {
        error(
            &with("IngediendBedrag", "Bsn"),
            3,
            &["Bsn mag niet", "nergens vergeleken of getoond"],
        );
        let text = with("IngediendBedrag", "ReferentieNummer").replace("groter dan", "bevat");
        error(&text.replace("10000", "\"999900006\""), 5, &["een Bsn kan zijn"]);
        error(&with("Hoog bedrag", "Kind 999900006"), 2, &["een Bsn kan zijn"]);
        error(&with("IngediendBedrag", "DebetCredit"), 3, &["alleen debetregels"]);
    }

    #[test]
    fn a_code_that_the_ruleset_below_has_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        for (name, basis) in [("onder", "landelijk"), ("boven", "onder")] {
            let header = format!(
                "[regelset]\nnaam = \"{name}\"\ntitel = \"t\"\nversie = \"1\"\nbasis = \"{basis}\"\nvanaf = 2023-01-01\n"
            );
            std::fs::write(dir.path().join(format!("{name}.toml")), format!("{header}{GOOD}"))
                .unwrap();
        }
        let source = RulesetSource::Dir(dir.path().to_owned());
        assert!(Regelset::read("onder", &source, &fingerprints()).is_ok());
        let error = Regelset::read("boven", &source, &fingerprints()).expect_err("a clash");
        assert!(
            error.bericht.starts_with("boven.toml, regel 7: X01 staat al"),
            "{}",
            error.bericht
        );
    }
}
