//! What every rule checks, and with which values, in words. The command `rechtmatig regels` and the
//! pages under `docs/regels` say the same, because both are made here.

mod json;
mod kolommen;
mod markdown;
mod terminal;

pub(crate) use json::{list as json_list, rule as json_regel};
pub use kolommen::columns_page;
pub(crate) use kolommen::{of_table, table_names, tables};
pub use markdown::pages;
pub(crate) use terminal::{list, rule};

use crate::dossier::{Cent, Dag, Thousands, maandnaam};
use crate::ground::config::ConfigError;
use crate::regels::{FAMILIES, REGISTER, fingerprints};
use crate::regelset::{
    Dated, ParameterSpec, ParameterType, Regelset, RuleSettings, RuleValue, RulesetSource,
};
use crate::toetsing::{AuditRule, Scope};
use std::sync::Arc;

/// The ruleset that others build on: the last to be asked for a rule's values.
const FOUNDATION: &str = "landelijk";

/// The rules and the rulesets that have them.
pub struct Handbook {
    /// In the order in which a rule's values are looked for.
    pub regelsets: Vec<Regelset>,
}

impl Handbook {
    /// Reads every ruleset that can be chosen.
    pub fn read(source: &RulesetSource) -> Result<Handbook, Box<ConfigError>> {
        let mut names = source.names();
        names.sort_by_key(|name| name == FOUNDATION);
        let kenmerken = fingerprints();
        let mut regelsets = Vec::new();
        for name in names {
            let mut set = Regelset::read(&name, source, &kenmerken)?;
            // People choose it by the name of its file.
            set.name = name;
            regelsets.push(set);
        }
        Ok(Handbook { regelsets })
    }

    /// Every rule of the program, and the own checks of one ruleset or of all.
    pub(crate) fn rules(&self, regio: Option<&str>) -> Vec<AuditRule> {
        let mut out: Vec<AuditRule> = REGISTER.iter().map(|r| AuditRule::from(*r)).collect();
        for set in self.regelsets.iter().filter(|set| regio.is_none_or(|r| set.name == r)) {
            for own in set.own() {
                if !out.iter().any(|r| r.own() == Some(own)) {
                    out.push(own.clone().into());
                }
            }
        }
        out
    }

    /// A rule with the rulesets that have it.
    pub(crate) fn explanation(&self, rule: AuditRule) -> Explanation<'_> {
        let has = |set: &&Regelset| match rule.own() {
            None => true,
            Some(own) => set.own().iter().any(|e| **e == *own),
        };
        let states = self
            .regelsets
            .iter()
            .filter(has)
            .filter_map(|set| set.rule(rule.code).map(|settings| RuleInSet { set, settings }))
            .collect();
        Explanation { rule, states }
    }

    /// Code and name of the families that have rules, with those rules.
    fn families(&self) -> Vec<(&'static str, &'static str, Vec<Explanation<'_>>)> {
        let rules = self.rules(None);
        FAMILIES
            .iter()
            .map(|&(code, name)| {
                let of_familie = rules.iter().filter(|r| r.familie() == code);
                (code, name, of_familie.map(|r| self.explanation(r.clone())).collect::<Vec<_>>())
            })
            .filter(|(_, _, rules)| !rules.is_empty())
            .collect()
    }
}

/// A rule as a ruleset has it.
#[derive(Clone, Copy)]
pub(crate) struct RuleInSet<'a> {
    pub set: &'a Regelset,
    pub settings: &'a RuleSettings,
}

/// A rule, and how the rulesets have it.
pub(crate) struct Explanation<'a> {
    pub rule: AuditRule,
    pub states: Vec<RuleInSet<'a>>,
}

impl<'a> Explanation<'a> {
    /// The rule in this ruleset, or in the first that has it.
    pub(crate) fn state(&self, regio: Option<&str>) -> Option<RuleInSet<'a>> {
        self.states.iter().find(|s| regio.is_none_or(|name| s.set.name == name)).copied()
    }

    pub(crate) fn regelsets(&self) -> Vec<&'a str> {
        self.states.iter().map(|s| s.set.name.as_str()).collect()
    }

    fn familienaam(&self) -> &'static str {
        FAMILIES.iter().find(|(f, _)| *f == self.rule.familie()).map_or("", |(_, name)| name)
    }

    /// What the rule is run on at a time.
    fn per(&self) -> &'static str {
        match self.rule.scopes()[..] {
            [Scope::Line, ..] => "per declaratieregel",
            [Scope::Toewijzing] => "per toewijzing",
            [Scope::Jeugdige] => "per jeugdige",
            [Scope::Aanbieder] => "per aanbieder",
            [Scope::Jeugdige, Scope::Aanbieder] => "per jeugdige en per aanbieder",
            _ => "over het hele dossier",
        }
    }

    /// Rulesets that have the rule with the same source and values, together.
    fn equal_states(&self) -> Vec<Vec<RuleInSet<'a>>> {
        let equal = |a: &RuleInSet<'_>, b: &RuleInSet<'_>| {
            a.settings.source == b.settings.source
                && self
                    .rule
                    .parameters
                    .iter()
                    .all(|p| a.settings.tijdreeks(p) == b.settings.tijdreeks(p))
        };
        let mut groups: Vec<Vec<RuleInSet<'a>>> = Vec::new();
        for state in &self.states {
            match groups.iter_mut().find(|g| equal(&g[0], state)) {
                Some(group) => group.push(*state),
                None => groups.push(vec![*state]),
            }
        }
        groups
    }
}

/// A value as a Dutch person writes it. A parameter that is a percentage says so in its first word.
fn value_text(parameter: &ParameterSpec, value: &RuleValue) -> String {
    let procent = if parameter.explanation.starts_with("percentage") { "%" } else { "" };
    match value {
        RuleValue::Number(n) if parameter.kind == ParameterType::Jaar => n.to_string(),
        RuleValue::Number(n) => format!("{}{procent}", Thousands(n.unsigned_abs())),
        RuleValue::Decimal(d) => format!("{}{procent}", d.to_string().replace('.', ",")),
        RuleValue::Bedrag(b) => eurotekst(*b),
        RuleValue::Bedragen(list) => {
            list.iter().map(|b| eurotekst(*b)).collect::<Vec<_>>().join(", ")
        }
        RuleValue::Codes(list) => {
            list.iter().map(|c| format!("{c:02}")).collect::<Vec<_>>().join(", ")
        }
        RuleValue::Words(list) => list.join(", "),
        RuleValue::Dag(dag) => dag.to_string(),
        RuleValue::DagOfJaar(on) => format!("{} {}", on.dag, maandnaam(on.maand)),
        RuleValue::Choice(word) => (*word).to_owned(),
    }
}

/// A value of a rule, in words.
pub(crate) struct ExplainedValue {
    pub explanation: &'static str,
    pub value: String,
    pub valid: String,
    pub source: Arc<str>,
}

/// The values of a rule that hold on some day from `of` up to and including `until`.
pub(crate) fn values(
    rule: &AuditRule,
    settings: &RuleSettings,
    of: Dag,
    until: Dag,
) -> Vec<ExplainedValue> {
    rule.parameters
        .iter()
        .flat_map(|p| settings.tijdreeks(p).iter().map(move |g| (p, g)))
        .filter(|(_, g)| g.from <= until && g.until.is_none_or(|end| end >= of))
        .map(|(p, g)| ExplainedValue {
            explanation: p.explanation,
            value: value_text(p, &g.value),
            valid: validity(g),
            source: g.source.clone(),
        })
        .collect()
}

/// An amount without the cents that a whole one doesn't need.
fn eurotekst(bedrag: Cent) -> String {
    let text = bedrag.to_string();
    text.strip_suffix(",00").map_or(text.clone(), str::to_owned)
}

/// The days on which a value holds.
fn validity(g: &Dated) -> String {
    match g.until {
        None => format!("vanaf {}", g.from),
        Some(until) => format!("vanaf {} t/m {until}", g.from),
    }
}

/// `a`, `a en b`, `a, b en c`.
fn enumeration(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [begin @ .., last] => format!("{} en {last}", begin.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::regelset::Parameter;
    use rust_decimal::Decimal;

    #[test]
    fn every_rule_has_a_family_with_a_name() {
        let book = Handbook::read(&RulesetSource::BuiltIn).unwrap();
        let in_families: usize = book.families().iter().map(|(_, _, rules)| rules.len()).sum();
        assert_eq!(in_families, REGISTER.len());
    }

    #[test]
    fn a_rule_is_looked_for_in_the_regions_before_the_national_ruleset() {
        let book = Handbook::read(&RulesetSource::BuiltIn).unwrap();
        assert_eq!(book.regelsets.last().unwrap().name, FOUNDATION);
        let tw01 = book.rules(None).into_iter().find(|r| r.code == "TW01").unwrap();
        assert_eq!(book.explanation(tw01.clone()).state(None).unwrap().set.name, "ijsselland");
        assert_eq!(
            book.explanation(tw01.clone()).state(Some(FOUNDATION)).unwrap().set.name,
            FOUNDATION
        );
    }

    #[test]
    fn values_read_as_a_dutch_person_writes_them() {
        let p = |explanation| Parameter::<i64>::new("x", explanation).spec();
        let text = |w: RuleValue| value_text(&p("iets"), &w);
        assert_eq!(text(RuleValue::Number(12_000)), "12.000");
        assert_eq!(text(RuleValue::Bedrag(Cent(100_000))), "€ 1.000");
        assert_eq!(text(RuleValue::Bedragen(vec![Cent(100_050), Cent(5)])), "€ 1.000,50, € 0,05");
        assert_eq!(text(RuleValue::Codes(vec![2, 3])), "02, 03");
        let procent = RuleValue::Decimal(Decimal::new(263, 2));
        assert_eq!(value_text(&p("percentage dat stijgt"), &procent), "2,63%");
        assert_eq!(text(procent), "2,63");
    }

    #[test]
    fn rulesets_with_the_same_values_are_told_of_together() {
        let book = Handbook::read(&RulesetSource::BuiltIn).unwrap();
        for rule in book.rules(None) {
            let explanation = book.explanation(rule);
            let together: usize = explanation.equal_states().iter().map(Vec::len).sum();
            assert_eq!(together, explanation.states.len());
        }
        assert_eq!(enumeration(&["a", "b", "c"]), "a, b en c");
    }
}
