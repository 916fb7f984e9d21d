//! One finding model in, one file a format out; all of them, or none.

mod aansluiting;
mod bevindingen;
mod csv;
mod formaat;
mod html;
mod json;
mod manifest;
mod model;
mod oordelen;
mod parquet;
mod pseudoniem;
mod schrijven;
mod tolerantie;
mod totalen;
mod verantwoording;
pub(crate) mod xlsx;

pub use aansluiting::{Aansluiting, Stap};
pub use bevindingen::{Genummerd, Rij};
pub use formaat::Formaat;
pub use manifest::Uitvoering;
pub use model::Rapport;
pub use oordelen::{Lot, Oordelen, per_oordeel};
pub use pseudoniem::{Pseudoniemen, Sleutelherkomst};
pub use tolerantie::{Tolerantie, Tolerantietoets};
pub use totalen::{Apart, Doorbelasting, InGeding, Open, Partijtotaal, Totalen};
pub use verantwoording::{Controlegetal, Controletotaal};
pub use xlsx::partij::Partij;
