//! `[eigen.X01]`: reading the checks that a user writes. A mistake names its line.

use super::conditions::{AlternativeTable, ConditionTable, OneOrMore, conditions};
use super::texts::visible;
use super::totals::{BesideTable, TotalTable, beside, total};
use super::{CustomCheck, CustomTest};
use crate::dossier::{Dag, Ernst};
use crate::ground::config::Mistakes;
use crate::regelset::tekst::{Parsed, SpannedText};
use crate::regelset::{Regelset, RuleSettings};
use serde::Deserialize;
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::value::Datetime;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::regelset) struct TomlTable {
    titel: Spanned<String>,
    kolom: Option<Spanned<String>>,
    als: Option<Spanned<String>>,
    waarde: Option<Spanned<toml::Value>>,
    waarde_uit: Option<Spanned<String>>,
    plus: Option<Spanned<toml::Value>>,
    #[serde(default)]
    of: OneOrMore<AlternativeTable>,
    #[serde(default)]
    en: OneOrMore<ConditionTable>,
    totaal: Option<TotalTable>,
    naast: Option<BesideTable>,
    ernst: Spanned<String>,
    bron: Spanned<String>,
    vanaf: Option<Spanned<Datetime>>,
    tot: Option<Spanned<Datetime>>,
    toelichting: Option<Spanned<String>>,
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
        let context = read(text, code.span(), own_code, table)?;
        let settings = RuleSettings { source: context.source.clone(), parameters: Vec::new() };
        self.rules.insert(context.code, settings);
        self.own.push(Arc::new(context));
        Ok(())
    }
}

fn read(
    text: &SpannedText<'_>,
    place: Range<usize>,
    code: &'static str,
    t: TomlTable,
) -> Parsed<CustomCheck> {
    let mut mistakes = Mistakes::default();
    let ernst = Ernst::ALL.into_iter().find(|e| e.name() == t.ernst.get_ref()).ok_or_else(|| {
        text.error(
            t.ernst.span(),
            format!("'{}' is geen ernst", t.ernst.get_ref()),
            "kies uit: fout, onzekerheid, signaal",
        )
    });
    let ernst = mistakes.note(ernst);
    let days = mistakes.note(days(text, code, t.vanaf.as_ref(), t.tot.as_ref()));
    let first = match (t.kolom, t.als) {
        (Some(kolom), Some(als)) => Some(ConditionTable {
            kolom,
            als,
            waarde: t.waarde,
            waarde_uit: t.waarde_uit,
            plus: t.plus,
            of: t.of,
        }),
        // What the lines of a total come to may be about all lines.
        (None, None) if t.totaal.is_some() && t.waarde.is_none() && t.of.is_empty() => None,
        (kolom, _) => {
            let missing = if kolom.is_some() { "als" } else { "kolom" };
            mistakes.note::<()>(Err(text.error(
                place.clone(),
                format!("`{missing}` ontbreekt in {code}"),
                format!("voeg toe: {missing} = …"),
            )));
            None
        }
    };
    let lines = mistakes.note(conditions(text, first.into_iter().chain(t.en.into_iter())));
    let test = mistakes.note(match (t.totaal, t.naast) {
        (None, None) => Ok(CustomTest::Line),
        (Some(table), None) => total(text, table).map(CustomTest::Total),
        (None, Some(table)) => beside(text, table).map(CustomTest::Beside),
        (Some(_), Some(_)) => Err(text.error(
            place,
            format!("{code} heeft totaal en naast"),
            "maak er twee eigen controles van",
        )),
    });
    let title = mistakes.note(visible(text, "titel", &t.titel));
    let source = mistakes.note(visible(text, "bron", &t.bron));
    let toelichting = t.toelichting.map(|t| visible(text, "toelichting", &t)).transpose();
    let toelichting = mistakes.note(toelichting);
    mistakes.finish()?;
    let all = || {
        let (from, until) = days?;
        Some(CustomCheck {
            code,
            title: title?,
            ernst: ernst?,
            from,
            until,
            lines: lines?,
            test: test?,
            toelichting: toelichting?,
            source: source?.into(),
        })
    };
    Ok(all().expect("without mistakes all of it was read"))
}

/// The first and the last day on which a check holds.
fn days(
    text: &SpannedText<'_>,
    code: &str,
    from: Option<&Spanned<Datetime>>,
    until: Option<&Spanned<Datetime>>,
) -> Parsed<(Option<Dag>, Option<Dag>)> {
    let dag = |d: Option<&Spanned<Datetime>>| d.map(|d| text.dag(d)).transpose();
    let (first, last) = (dag(from)?, dag(until)?);
    if let (Some(v), Some(end), Some(place)) = (first, last, until)
        && end < v
    {
        return Err(text.error(
            place.span(),
            format!("{code} eindigt op {end}, voor hij begint op {v}"),
            "verbeter vanaf of tot",
        ));
    }
    Ok((first, last))
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
    fn what_lines_come_to_together_is_read_whole_or_refused() {
        let total = |what: &str| format!("{GOOD}totaal = {{ {what} }}\n");
        let good = "som = \"IngediendBedrag\", per = \"jeugdige\", tijdvak = \"maand\", als = \"groter dan\", waarde = 5000";
        assert!(read_set(&total(good)).is_ok());
        let wrong = |was: &str, becomes: &str, words: &[&str]| {
            assert!(good.contains(was), "{was}");
            error(&total(&good.replace(was, becomes)), 8, words);
        };
        wrong("IngediendBedrag", "ProductCode", &["niet op te tellen"]);
        wrong("IngediendBedrag", "toewijzing.Budget", &["niet op te tellen"]);
        wrong("som = \"IngediendBedrag\", ", "", &["som of aantal"]);
        wrong("som", "aantal = \"jeugdigen\", som", &["som of aantal"]);
        wrong("jeugdige\"", "gemeente\"", &["aanbieder, jeugdige, toewijzing"]);
        wrong("maand", "week", &["dag, maand, jaar"]);
        wrong("groter dan", "is", &["'is' past niet", "groter dan, kleiner dan"]);
        wrong(
            "maand\", als = \"groter dan",
            "dag\", als = \"kleiner dan",
            &["past niet", "minstens"],
        );
        wrong("5000", "\"veel\"", &["een bedrag in euro's"]);
        let beside = "naast = { kolom = \"ProductCode\", als = \"is\", waarde = \"41G05\" }\n";
        assert!(read_set(&format!("{GOOD}{beside}")).is_ok());
        error(&format!("{}{beside}", total(good)), 1, &["totaal en naast"]);
        let per = beside.replace(" }", ", per = \"gemeente\" }");
        error(&format!("{GOOD}{per}"), 8, &["jeugdige, jeugdige en aanbieder"]);
    }

    #[test]
    fn a_column_is_compared_with_one_of_its_own_kind() {
        let with_column = |kolom: &str, als: &str, rest: &str| {
            with("IngediendBedrag", kolom)
                .replace("groter dan", als)
                .replace("waarde = 10000", rest)
        };
        for (kolom, rest) in [
            ("Ontvangstdatum", "waarde_uit = \"Einddatum\"\nplus = 60"),
            ("Begindatum", "waarde_uit = \"toewijzing.Einddatum\"\nplus = -1"),
            ("IngediendBedrag", "waarde_uit = \"toewijzing.Budget\"\nplus = \"-2,50\""),
            ("GeleverdVolume", "waarde_uit = \"toewijzing.Volume\""),
        ] {
            let read = read_set(&with_column(kolom, "groter dan", rest));
            assert!(read.is_ok(), "{kolom} {rest}: {:?}", read.err().map(|e| e.bericht));
        }
        let refused = |kolom: &str, als: &str, rest: &str, line, words: &[&str]| {
            error(&with_column(kolom, als, rest), line, words);
        };
        let budget = "waarde_uit = \"toewijzing.Budget\"";
        refused("Einddatum", "groter dan", budget, 5, &["niet te vergelijken"]);
        refused("IngediendBedrag", "is leeg", budget, 5, &["geen waarde_uit"]);
        refused(
            "IngediendBedrag",
            "groter dan",
            "waarde_uit = \"toewijzing.Bugdet\"",
            5,
            &["bedoelt u toewijzing.Budget?"],
        );
        refused(
            "IngediendBedrag",
            "groter dan",
            "waarde_uit = \"toewijzing.Bsn\"",
            5,
            &["Bsn mag niet"],
        );
        refused(
            "IngediendBedrag",
            "groter dan",
            "waarde_uit = \"toewijzing.Geboortedatum\"",
            5,
            &["geen kolom"],
        );
        refused("IngediendBedrag", "groter dan", &format!("waarde = 3\n{budget}"), 6, &["allebei"]);
        refused(
            "IngediendBedrag",
            "groter dan",
            "waarde = 3\nplus = 3",
            4,
            &["plus hoort bij waarde_uit"],
        );
        refused(
            "Einddatum",
            "groter dan",
            "waarde_uit = \"Begindatum\"\nplus = \"2,5\"",
            6,
            &["dagen"],
        );
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
