//! For which step a row is, and what can go wrong in one.

use super::arrow::{Rij, StreamError, Veld};
use crate::bron::BronFout;
use crate::toetsing::Sleutelveld;
use std::io;
use thiserror::Error;

/// The step that a row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doel {
    /// Reading one file.
    Bestand,
    /// What all files together come to.
    Dossier,
    /// A pass.
    Gang(Sleutelveld),
    /// The rapport.
    Samenvoegen,
    /// Every step from the passes on.
    Alle,
}

impl Doel {
    pub const AANBIEDER: Doel = Doel::Gang(Sleutelveld::Aanbieder);
    pub const TOEWIJZING: Doel = Doel::Gang(Sleutelveld::Toewijzing);
    pub const JEUGDIGE: Doel = Doel::Gang(Sleutelveld::Jeugdige);

    pub fn naam(self) -> &'static str {
        match self {
            Doel::Bestand => "bestand",
            Doel::Dossier => "dossier",
            Doel::Gang(veld) => veld.naam(),
            Doel::Samenvoegen => "samenvoegen",
            Doel::Alle => "alle",
        }
    }

    /// Refuses a row that is for another step.
    pub fn eis(self, rij: &Rij<'_>) -> Result<(), StreamError> {
        let gevonden = rij.tekst(Veld::Doel);
        if gevonden == self.naam() {
            return Ok(());
        }
        let stappen = [
            Doel::Bestand,
            Doel::Dossier,
            Doel::AANBIEDER,
            Doel::TOEWIJZING,
            Doel::JEUGDIGE,
            Doel::Samenvoegen,
            Doel::Alle,
        ];
        Err(match stappen.iter().find(|stap| stap.naam() == gevonden) {
            None => rij.onleesbaar(Veld::Doel),
            Some(stap) => StreamError::Inhoud(
                format!(
                    "er kwam een rij voor de stap '{}', maar dit is de stap '{}'",
                    stap.naam(),
                    self.naam()
                ),
                "geef elke stap alleen de rijen waarvan Doel die stap noemt, in de volgorde van docs/spark.md",
            ),
        })
    }
}

/// A reason why a step could not be done.
#[derive(Debug, Error)]
pub enum StepError {
    #[error(transparent)]
    Bron(#[from] BronFout),
    #[error(transparent)]
    Stroom(#[from] StreamError),
    /// What was to come out could not be written.
    #[error(transparent)]
    Uitvoer(#[from] io::Error),
}
