//! Exceptions that are planted in a lawful dossier: each breaks one rule, and says which line by.

mod kind;
mod on_line;
mod on_toewijzing;
mod plant;

pub use kind::Afwijking;
pub use plant::Planted;
