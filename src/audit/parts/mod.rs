//! Where the lines of an audit are: in memory as one part, on disk as many, or with a cluster that
//! brings one part at a time.
//!
//! A part holds all lines of some keys of a pass. Which keys make a part, and how many parts there
//! are, doesn't change what comes out.

mod files;
pub(super) mod memory;
pub(crate) mod stream;

pub(crate) use files::Spill;
pub(super) use files::{Files, SpillStore};
