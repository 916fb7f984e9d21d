//! The rules of the national messages (iJw), on any input that carries the fields.

pub mod credit_zonder_debet;
pub mod dubbel_gecrediteerd;
pub mod levering_dubbel;
pub mod ongeldig_bsn;
pub mod onmogelijke_periode;
pub mod periode_over_maanden;
pub mod referentie_dubbel;
