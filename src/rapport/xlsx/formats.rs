//! How the workbooks of a rapport look.

use crate::rapport::Rapport;

/// What stands at the foot of each page.
pub(super) fn foot(rapport: &Rapport<'_>) -> String {
    let set = rapport.regelset();
    format!(
        "{}, leverjaar {}, regelset {} versie {}",
        set.title, rapport.context.jaar, set.name, set.versie
    )
}
