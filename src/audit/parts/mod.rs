//! Where the lines of an audit are: in memory as one part, on disk as many, or with a cluster that
//! brings one part at a time.
//!
//! A part holds all lines of some keys of a pass. Which keys make a part, and how many parts there
//! are, doesn't change what comes out.

mod files;
pub(super) mod memory;
pub mod stream;

pub(super) use files::Files;
pub(crate) use files::Spill;

use super::passes::Run;
use crate::toetsing::Sleutelveld;

/// The parts of an audit.
pub(super) trait Parts {
    /// What may keep a part from being had.
    type Error;

    /// Brings each part of a pass to `run`, one after the other, and keeps of its lines what the
    /// next pass needs.
    fn each(&mut self, pass: Sleutelveld, run: &mut Run<'_>) -> Result<(), Self::Error>;
}
