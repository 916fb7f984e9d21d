//! What an audit tells while it runs.

use crate::toetsing::PassKey;

/// A stage that takes time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Reading,
    Joining,
    /// All rules over a dossier in one piece.
    Testing,
    /// The rules of one pass, part by part.
    TestingBy(PassKey),
    /// All lines, without any rules.
    Counting,
}

/// What an audit tells while it runs; whoever listens may be on any thread.
#[derive(Clone, Debug)]
pub enum Progress {
    /// A stage begins.
    Step(Step),
    /// So much of this stage is done, of so much, with so many declaration lines.
    Done { done: u64, total: u64, lines: u64 },
    /// What the user should know of this run, in a Dutch sentence.
    Note(String),
}
