//! From what was read to what was audited: every row accounted for.

use crate::dossier::{Cent, FaultCounts, FileKind, Gemeente};
use crate::toetsing::{AuditContext, LineStatistics, STEPS, StepCounts};
use std::collections::BTreeMap;

/// A step of the reconciliation: how many rows and how much money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// Stable key for programs.
    pub key: &'static str,
    /// Words for people.
    pub name: String,
    pub lines: u64,
    pub bedrag: Cent,
}

/// The steps from accepted rows to the live lines of the audited year.
#[derive(Clone, Debug)]
pub(crate) struct Aansluiting {
    pub read: u64,
    pub rejected: u64,
    pub steps: Vec<Step>,
    /// The same by the gemeente of the lines, and of all.
    pub per_gemeente: BTreeMap<Gemeente, StepCounts>,
    pub all: StepCounts,
    /// Messages that are wrong beside the rules.
    pub faults: FaultCounts,
}

impl Aansluiting {
    /// `counts` is of all lines.
    pub(crate) fn make(context: &AuditContext<'_>, counts: &LineStatistics) -> Aansluiting {
        let d = context.dossier;
        let jaar = context.jaar;
        let declaraties = || d.files.iter().filter(|b| b.soort == FileKind::Declaraties);
        let steps = STEPS
            .iter()
            .zip(counts.aansluiting.0)
            .map(|((key, name), (lines, bedrag))| Step {
                key,
                name: name.replace("{jaar}", &jaar.to_string()),
                lines,
                bedrag,
            })
            .collect();
        Aansluiting {
            read: declaraties().map(|b| b.gelezen).sum(),
            rejected: declaraties().map(|b| b.afgekeurd).sum(),
            steps,
            per_gemeente: counts.aansluiting_per_gemeente.clone(),
            all: counts.aansluiting.clone(),
            faults: counts.startstop_faults.with_declaraties(
                d.declaratieberichten.iter().flatten().map(|b| (b.afzender, b.faults)),
            ),
        }
    }

    pub(crate) fn step(&self, key: &str) -> Option<&Step> {
        self.steps.iter().find(|s| s.key == key)
    }
}
