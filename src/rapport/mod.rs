//! One finding model in, one file a format out; all of them, or none.

mod aansluiting;
mod bevindingen;
mod carried;
mod concerned;
mod csv;
mod format;
mod html;
mod json;
mod manifest;
mod model;
mod onderliggend;
mod oordelen;
mod openstaand;
mod parquet;
mod pseudonym;
mod reacties;
mod since;
mod terugvordering;
mod tolerantie;
mod totals;
mod verantwoording;
mod writing;
pub(crate) mod xlsx;

pub(crate) use aansluiting::Aansluiting;
pub(crate) use bevindingen::{FindingRow, Numbered};
pub use format::Format;
pub(crate) use html::{ChartColumn, STYLE, bar, fill_in, kolommen};
pub use manifest::RunInfo;
pub use model::Rapport;
pub(crate) use oordelen::per_verdict;
pub use pseudonym::Pseudonyms;
pub(crate) use tolerantie::{Tolerantie, TolerantieCheck};
pub(crate) use totals::Doorbelasting;
pub(crate) use verantwoording::{CheckFigure, Controletotaal};
pub(crate) use xlsx::party::Party;
