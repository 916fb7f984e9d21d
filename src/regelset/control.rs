//! The kinds of control that the Regeling Jeugdwet tells apart, and which of them each rule is: a table
//! that the program brings, by rule or for a whole family.

use super::tables::read;
use serde::Deserialize;
use std::sync::LazyLock;

const NAME: &str = "controlesoort.csv";
const TABLE: &str = include_str!("../../rules/controlesoort.csv");

/// What kind of control a rule is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) enum ControlKind {
    /// Formele controle: is what was declared what was granted, agreed and allowed to declare?
    #[serde(rename = "formeel")]
    Formal,
    /// Materiële controle: was it delivered as declared, and was it fitting? Files only raise the
    /// question.
    #[serde(rename = "materieel")]
    Material,
    /// Algemene risicoanalyse: where should a materiële controle look?
    #[serde(rename = "risico")]
    RiskAnalysis,
}

impl ControlKind {
    pub(crate) const ALL: [ControlKind; 3] =
        [ControlKind::Formal, ControlKind::Material, ControlKind::RiskAnalysis];

    /// The word by which people choose it, as in `--alleen formeel`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            ControlKind::Formal => "formeel",
            ControlKind::Material => "materieel",
            ControlKind::RiskAnalysis => "risico",
        }
    }

    /// In full, with the paragraph of the Regeling Jeugdwet.
    pub(crate) fn description(self) -> &'static str {
        match self {
            ControlKind::Formal => "formele controle (Regeling Jeugdwet §6a)",
            ControlKind::Material => "materiële controle (Regeling Jeugdwet §6b)",
            ControlKind::RiskAnalysis => "algemene risicoanalyse (Regeling Jeugdwet §6b)",
        }
    }

    /// The kind of the rule with this code: its own row, else that of its family, else formal.
    pub(crate) fn of(code: &str) -> ControlKind {
        let familie = code.trim_end_matches(|c: char| c.is_ascii_digit());
        let row = |name: &str| ROWS.iter().find(|r| r.regel == name);
        row(code).or_else(|| row(familie)).map_or(ControlKind::Formal, |r| r.soort)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ControlRow {
    /// A code or a family.
    regel: String,
    soort: ControlKind,
    /// For whoever reads the table.
    #[serde(rename = "Waarom")]
    _why: String,
}

static ROWS: LazyLock<Vec<ControlRow>> =
    LazyLock::new(|| read(NAME, TABLE).expect("the built-in table is sound"));

#[cfg(test)]
mod tests {
    use super::*;
    use crate::regels::{FAMILIES, REGISTER};

    #[test]
    fn every_row_names_a_rule_or_a_family_and_every_family_has_a_row() {
        for row in ROWS.iter() {
            let is_rule = REGISTER.iter().any(|r| r.code == row.regel);
            assert!(is_rule || FAMILIES.iter().any(|(f, _)| *f == row.regel), "{}", row.regel);
        }
        for (familie, _) in FAMILIES {
            assert!(ROWS.iter().any(|r| r.regel == *familie), "{familie}");
        }
    }

    #[test]
    fn a_rules_own_row_goes_before_that_of_its_family() {
        assert_eq!(ControlKind::of("NS01"), ControlKind::Formal);
        assert_eq!(ControlKind::of("NS03"), ControlKind::Material);
        assert_eq!(ControlKind::of("SG99"), ControlKind::RiskAnalysis);
    }
}
