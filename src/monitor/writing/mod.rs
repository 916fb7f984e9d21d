//! The tables as files.

mod comparisons;
mod csv;
mod drawing;
mod html;
mod index;
mod parquet;
mod party;
mod rows;
mod xlsx;

pub(super) use csv::csv;
pub(super) use html::html;
pub(super) use index::index;
pub(super) use parquet::parquet;
pub(super) use party::parties;
pub(super) use xlsx::xlsx;
