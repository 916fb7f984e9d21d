//! What a person found on the lines of a sample.

use crate::bron::Oordeel;
use crate::dossier::Cent;

/// What is wrong with an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deviation {
    TooHigh,
    TooLow,
    Uncertain,
}

impl Deviation {
    pub(crate) const ALL: [Deviation; 3] =
        [Deviation::TooHigh, Deviation::TooLow, Deviation::Uncertain];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Deviation::TooHigh => "te hoog gedeclareerd",
            Deviation::TooLow => "te laag gedeclareerd",
            Deviation::Uncertain => "onzeker",
        }
    }

    /// For the head of a narrow column.
    pub(crate) fn short(self) -> &'static str {
        match self {
            Deviation::TooHigh => "Te hoog",
            Deviation::TooLow => "Te laag",
            Deviation::Uncertain => "Onzeker",
        }
    }

    /// Stable key for programs.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Deviation::TooHigh => "te_hoog",
            Deviation::TooLow => "te_laag",
            Deviation::Uncertain => "onzeker",
        }
    }
}

/// What a person found on one line of the sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CheckedLines {
    pub oordeel: Oordeel,
    /// What stands for the child on the list.
    pub jeugdige: String,
    /// The error, if there is one, and its size: always more than zero.
    pub afwijking: Option<(Deviation, Cent)>,
    pub bevinding: String,
    pub toelichting: String,
}
