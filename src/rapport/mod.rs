//! One finding model in, one file a format out; all of them, or none.

mod aansluiting;
mod bevindingen;
mod csv;
mod format;
mod html;
mod json;
mod manifest;
mod model;
mod oordelen;
mod parquet;
mod pseudonym;
mod tolerantie;
mod totals;
mod verantwoording;
mod writing;
pub(crate) mod xlsx;

pub use aansluiting::{Aansluiting, Step};
pub use bevindingen::{FindingRow, Numbered};
pub use format::Format;
pub use manifest::RunInfo;
pub use model::Rapport;
pub use oordelen::{Fate, Oordelen, per_verdict};
pub use pseudonym::{KeyOrigin, Pseudonyms};
pub use tolerantie::{Tolerantie, TolerantieCheck};
pub use totals::{Doorbelasting, ExtraTotals, InDispute, OpenAmounts, PartyTotal, Totals};
pub use verantwoording::{CheckFigure, Controletotaal};
pub use xlsx::party::Party;
