//! The whole audit, once: a dossier under a ruleset is opened, read and joined, its lines pass the
//! rules part by part, and what the parts came to is decided on.
//!
//! [`Audit::open`], [`Audit::run`], and a rapport is made of what comes out. Every command starts
//! here: one that runs no rules opens a [`Setup`] and takes the joined dossier.
//!
//! In memory a dossier is one part, on disk and on a cluster it is many: see [`parts`].

mod choice;
mod counting;
mod error;
pub(crate) mod parts;
mod passes;
mod progress;
mod reported;
mod run;
mod setup;
mod understood;

pub(crate) use choice::{choose_rules, matches_choice, must_exist, ruleset_source};
pub use error::{AuditError, TooManyFindings};
pub use parts::memory::run_whole;
pub use passes::Outcome;
pub(crate) use progress::{Progress, Step};
pub use run::Audit;
pub(crate) use run::{Audited, Workspace};
pub(crate) use setup::{Joined, leverjaar};
pub use setup::{Setup, Spec};
pub(crate) use understood::{UnderstoodRow, first_rows};
