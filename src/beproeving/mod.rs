//! Case files: small dossiers for one rule, with what it must say of them. A person works that out by
//! hand; [`run`] says whether the rule agrees.

mod case;
mod case_file;
mod folder;
mod markdown;
mod outcome;
mod running;
mod tables;

pub use case::{Case, CaseFile};
pub(crate) use folder::{Trial, case_files, try_out};
pub use markdown::TableError;
pub use running::run;
