//! Exceptions that are planted in a lawful dossier: each breaks one rule, and says which line by.

mod op_regel;
mod op_toewijzing;
mod plant;
mod soort;

pub use plant::Geplant;
pub use soort::Afwijking;
