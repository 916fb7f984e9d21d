//! What a person found on the lines of a sample.

use crate::bron::Oordeel;
use crate::dossier::Cent;

/// What is wrong with an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Afwijking {
    TeHoog,
    TeLaag,
    Onzeker,
}

impl Afwijking {
    pub const ALLE: [Afwijking; 3] = [Afwijking::TeHoog, Afwijking::TeLaag, Afwijking::Onzeker];

    pub fn naam(self) -> &'static str {
        match self {
            Afwijking::TeHoog => "te hoog gedeclareerd",
            Afwijking::TeLaag => "te laag gedeclareerd",
            Afwijking::Onzeker => "onzeker",
        }
    }

    /// Stable key for programs.
    pub fn sleutel(self) -> &'static str {
        match self {
            Afwijking::TeHoog => "te_hoog",
            Afwijking::TeLaag => "te_laag",
            Afwijking::Onzeker => "onzeker",
        }
    }
}

/// What a person found on one line of the sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gecontroleerd {
    pub oordeel: Oordeel,
    /// The error, if there is one, and its size: always more than zero.
    pub afwijking: Option<(Afwijking, Cent)>,
    pub bevinding: String,
    pub toelichting: String,
}
