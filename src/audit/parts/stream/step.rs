//! For which step a row is, and what can go wrong in one.

use super::arrow::{ArrowField, ArrowRow, StreamError};
use crate::bron::SourceError;
use crate::toetsing::PassKey;
use std::io;
use thiserror::Error;

/// The step that a row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    /// Reading one file.
    File,
    /// What all files together come to.
    Dossier,
    /// A pass.
    Pass(PassKey),
    /// The rapport.
    Merge,
    /// The tables of the monitor.
    Monitor,
    /// Every step from the passes on.
    All,
}

impl Destination {
    pub(crate) const AANBIEDER: Destination = Destination::Pass(PassKey::Aanbieder);
    pub(crate) const TOEWIJZING: Destination = Destination::Pass(PassKey::Toewijzing);
    pub(crate) const JEUGDIGE: Destination = Destination::Pass(PassKey::Jeugdige);

    pub(crate) fn name(self) -> &'static str {
        match self {
            Destination::File => "bestand",
            Destination::Dossier => "dossier",
            Destination::Pass(field) => field.name(),
            Destination::Merge => "samenvoegen",
            Destination::Monitor => "monitor",
            Destination::All => "alle",
        }
    }

    /// Refuses a row that is for another step.
    pub(crate) fn eis(self, row: &ArrowRow<'_>) -> Result<(), StreamError> {
        let found = row.text(ArrowField::Doel);
        if found == self.name() {
            return Ok(());
        }
        let steps = [
            Destination::File,
            Destination::Dossier,
            Destination::AANBIEDER,
            Destination::TOEWIJZING,
            Destination::JEUGDIGE,
            Destination::Merge,
            Destination::Monitor,
            Destination::All,
        ];
        Err(match steps.iter().find(|step| step.name() == found) {
            None => row.unreadable(ArrowField::Doel),
            Some(step) => StreamError::Content(
                format!(
                    "er kwam een rij voor de stap '{}', maar dit is de stap '{}'",
                    step.name(),
                    self.name()
                ),
                "geef elke stap alleen de rijen waarvan Doel die stap noemt, in de volgorde van docs/spark.md",
            ),
        })
    }
}

/// A reason why a step could not be done.
#[derive(Debug, Error)]
pub(crate) enum StepError {
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// What was to come out could not be written.
    #[error(transparent)]
    Output(#[from] io::Error),
}
