//! Why an audit could not be done.

use super::parts::stream::StreamError;
use crate::bron::SourceError;
use crate::dossier::Thousands;
use crate::ground::config::ConfigError;
use crate::toetsing::{CountError, RuleOutcome};
use crate::writing::WriteError;
use std::collections::BTreeMap;
use thiserror::Error;

/// A reason why an audit could not be done. What to do about it is in what it holds.
#[derive(Debug)]
pub enum AuditError {
    /// A choice or a file of settings that can't be followed.
    Config(Box<ConfigError>),
    /// A dossier that can't be read.
    Source(SourceError),
    /// Files of lines that don't fit in memory could not be written or read back, or lines not
    /// counted.
    Spill(WriteError),
    /// A part of an audit came in that isn't whole, or isn't one.
    Stream(StreamError),
    /// What the rules found doesn't fit in memory.
    Findings(TooManyFindings),
}

/// More findings than the memory has room for: what was found is not kept whole.
#[derive(Debug, Error)]
#[error(
    "er zijn zoveel bevindingen dat zij niet in het geheugen van --geheugen passen: ten minste {}, de meeste tot nu toe van {rule} ({})",
    Thousands(*.count), Thousands(*.of_rule)
)]
pub struct TooManyFindings {
    /// Those that were kept.
    count: u64,
    /// The rule with most of them.
    rule: String,
    of_rule: u64,
}

impl TooManyFindings {
    /// What these outcomes of parts came to until there was no room for more.
    pub(super) fn of(outcomes: &[RuleOutcome]) -> TooManyFindings {
        let mut per_rule: BTreeMap<&str, u64> = BTreeMap::new();
        for outcome in outcomes {
            let found = outcome.outcomes.bevindingen.len() as u64;
            *per_rule.entry(outcome.rule.code).or_default() += found;
        }
        let count = per_rule.values().sum();
        let most = per_rule.into_iter().max_by_key(|(_, found)| *found);
        let (rule, of_rule) = most.unwrap_or_default();
        TooManyFindings { count, rule: rule.to_owned(), of_rule }
    }

    /// What the reader of the message can do about it.
    pub(crate) fn advice(&self) -> String {
        format!(
            "geef meer geheugen met --geheugen, of laat controles weg met --zonder, zoals --zonder {}; zoveel bevindingen van één controle hebben meestal één oorzaak, zoals een kolom die iets anders bevat dan haar naam zegt",
            self.rule
        )
    }
}

impl AuditError {
    /// What it means that lines could not be counted.
    pub(super) fn not_counted(e: &CountError) -> AuditError {
        let what = "de declaratieregels kunnen niet worden geteld";
        AuditError::Spill(WriteError::Assembling { what, cause: e.to_string() })
    }
}

impl From<Box<ConfigError>> for AuditError {
    fn from(error: Box<ConfigError>) -> AuditError {
        AuditError::Config(error)
    }
}

impl From<SourceError> for AuditError {
    fn from(error: SourceError) -> AuditError {
        AuditError::Source(error)
    }
}

impl From<TooManyFindings> for AuditError {
    fn from(error: TooManyFindings) -> AuditError {
        AuditError::Findings(error)
    }
}

impl From<StreamError> for AuditError {
    fn from(error: StreamError) -> AuditError {
        AuditError::Stream(error)
    }
}
