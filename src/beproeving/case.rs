//! What a case file holds: gevallen, and what a rule must say of each.

use super::markdown::{TableError, error};
use super::tables::InputRow;
use crate::dossier::{Cent, Niveau};
use std::collections::BTreeMap;
use std::fmt;

const NIVEAUS: [Niveau; 2] = [Niveau::Maand, Niveau::Contact];

#[derive(Debug)]
pub struct CaseFile {
    pub code: String,
    /// For the gevallen that have none of their own.
    pub(super) settings: CaseSettings,
    pub always_testable: bool,
    pub cases: Vec<Case>,
}

/// How a geval is run.
#[derive(Clone, Debug, Default)]
pub struct CaseSettings {
    pub regelset: String,
    pub leverjaar: i32,
    pub niveau: Niveau,
}

impl CaseSettings {
    pub(super) fn configure(
        &mut self,
        regelsets: &[&str],
        name: &str,
        value: &str,
        line: usize,
    ) -> Result<(), TableError> {
        match name {
            "Regelset" if regelsets.contains(&value) => self.regelset = value.to_owned(),
            "Regelset" => {
                let known = regelsets.join(", ");
                return error(line, format!("onbekende regelset '{value}'; er zijn {known}"));
            }
            "Leverjaar" => match value.parse() {
                Ok(jaar) => self.leverjaar = jaar,
                Err(_) => return error(line, format!("'{value}' is geen jaar")),
            },
            "Niveau" => match NIVEAUS.into_iter().find(|n| n.name() == value) {
                Some(niveau) => self.niveau = niveau,
                None => return error(line, format!("onbekend niveau '{value}'")),
            },
            _ => return error(line, format!("onbekende instelling {name}")),
        }
        Ok(())
    }
}

/// A dossier of its own.
#[derive(Debug)]
pub struct Case {
    pub name: String,
    /// Line of its first expectation.
    pub line: usize,
    pub settings: CaseSettings,
    pub rows: BTreeMap<String, Vec<InputRow>>,
    /// Tables and columns that are left out.
    pub without: Vec<(String, Option<String>)>,
    pub expected: Vec<Expectation>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OutcomeKind {
    Breach,
    InOrder,
    LimitInOrder,
    LimitBreach,
    NotApplicable,
    NotTestable,
}

impl OutcomeKind {
    pub(super) const ALL: [OutcomeKind; 6] = [
        OutcomeKind::Breach,
        OutcomeKind::InOrder,
        OutcomeKind::LimitInOrder,
        OutcomeKind::LimitBreach,
        OutcomeKind::NotApplicable,
        OutcomeKind::NotTestable,
    ];

    pub fn name(self) -> &'static str {
        match self {
            OutcomeKind::Breach => "overtreding",
            OutcomeKind::InOrder => "in orde",
            OutcomeKind::LimitInOrder => "grens: in orde",
            OutcomeKind::LimitBreach => "grens: overtreding",
            OutcomeKind::NotApplicable => "niet van toepassing",
            OutcomeKind::NotTestable => "niet te toetsen",
        }
    }

    pub fn is_overtreding(self) -> bool {
        matches!(self, OutcomeKind::Breach | OutcomeKind::LimitBreach)
    }
}

/// One row of `Verwacht`.
#[derive(Debug)]
pub struct Expectation {
    pub line: usize,
    pub kind: OutcomeKind,
    /// For an overtreding.
    pub bevinding: Option<Found>,
    pub omdat: String,
}

/// What a person can check of a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    pub over: String,
    pub ernst: String,
    pub bedrag: Option<Cent>,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bedrag = self.bedrag.map_or("geen bedrag".to_owned(), |b| b.to_string());
        write!(f, "{} | {} | {bedrag}", self.over, self.ernst)
    }
}
