//! Exceptions that are planted in a lawful dossier: each breaks one rule, and says which line by.

mod kind;
mod on_line;
mod on_toewijzing;
mod plant;
mod planted;
mod queue;

pub(crate) use kind::Afwijking;
pub(crate) use planted::Planted;
pub(crate) use queue::PlantingQueue;
