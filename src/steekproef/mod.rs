//! An audit sample: lines drawn from what was audited, for a person to check, and the errors that
//! the person found projected back onto all of it.
//!
//! The [`Population`] is the live lines of the audited year, re-read from the dossier that a rapport
//! was made of and proved to be the same ([`crate::herkomst`]). A [`Steekproef`] is drawn from it under an
//! [`SampleDesign`]; a file with the outcome is checked against the same draw, done again, and becomes an
//! [`Evaluation`]. Amounts are whole cents; only estimates are floats, rounded to cents at the end.
//! Formulas and their sources are in `docs/voor-accountants.md`.

mod checked;
mod conclusion;
mod design;
mod drawing;
mod evaluation;
mod filling_in;
mod population;
mod probabilities;
mod report;
mod writing;

pub(crate) use conclusion::conclusions;
pub(crate) use design::{Method, SampleDesign, StratifyBy};
pub(crate) use drawing::Steekproef;
pub(crate) use evaluation::{Estimate, Evaluation};
pub(crate) use filling_in::{check_list, design_of};
pub(crate) use population::Population;
pub(crate) use probabilities::Confidence;
pub(crate) use report::SampleResult;
pub(crate) use writing::write_sample;

use crate::bron::SourceError;
use crate::dossier::Agb;
use crate::herkomst::OriginError;
use thiserror::Error;

/// A reason why no sample can be drawn or evaluated.
#[derive(Debug, Error)]
pub(crate) enum SteekproefError {
    #[error(transparent)]
    Origin(#[from] OriginError),
    #[error(
        "er is niets om uit te trekken: het dossier heeft geen levende declaratieregels van {jaar}"
    )]
    Empty { jaar: i32 },
    #[error(
        "er is niets om uit te trekken: aanbieder {agb} heeft geen levende declaratieregels van {jaar}"
    )]
    NothingOfAanbieder { agb: Agb, jaar: i32 },
    #[error(
        "alle levende declaratieregels van {jaar} zijn van € 0,00: daaruit kan met mus niets worden getrokken"
    )]
    AllZero { jaar: i32 },
    #[error(
        "een omvang van {size} is te klein: met {} zijn ten minste {needs} declaratieregels nodig, 2 per laag",
        strata_in_words(*strata)
    )]
    SizeTooSmall { size: u32, strata: usize, needs: u64 },
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error("{file}: {what}")]
    List { file: String, what: String, advice: &'static str },
}

fn strata_in_words(strata: usize) -> String {
    if strata == 1 { "één laag".to_owned() } else { format!("{strata} lagen") }
}

impl SteekproefError {
    /// What the reader of the message can do about it.
    pub(crate) fn advice(&self) -> String {
        match self {
            SteekproefError::Origin(e) => e.advice(),
            SteekproefError::NothingOfAanbieder { .. } => {
                "geef een AGB-code van 8 cijfers die in het rapport staat, zoals --aanbieder 99000001"
            }
            SteekproefError::Empty { .. } => "controleer het leverjaar van het rapport",
            SteekproefError::AllZero { .. } => "kies --methode aselect",
            SteekproefError::SizeTooSmall { .. } => {
                "vraag meer declaratieregels met --omvang, of kies minder lagen met --per"
            }
            SteekproefError::Source(e) => return e.advice(),
            SteekproefError::List { advice: raad, .. } => raad,
        }
        .to_owned()
    }
}
