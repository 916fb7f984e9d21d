//! What is wrong with a stream of rows.

use thiserror::Error;

/// What is wrong with a stream that came in.
#[derive(Debug, Error)]
pub enum StreamError {
    #[error("{origin} is geen Arrow-stroom: {cause}")]
    NoStream { origin: String, cause: String },
    #[error("{origin} breekt af voor het einde van de stroom")]
    Truncated { origin: String },
    #[error("{origin} heeft een kolom die rechtmatig niet kent: {kolom}")]
    UnknownKolom { origin: String, kolom: String },
    #[error("{origin}: de kolom {kolom} heeft het type {found}; verwacht {expected}")]
    ColumnType { origin: String, kolom: &'static str, found: String, expected: &'static str },
    #[error("{origin}, rij {row}: de waarde in {kolom} is niet te lezen")]
    Value { origin: String, row: u64, kolom: &'static str },
    #[error("{origin} vraagt meer geheugen dan ervoor is")]
    NoRoom { origin: String },
    #[error("{0}")]
    Content(String, &'static str),
}

impl StreamError {
    /// What the reader of the message can do about it.
    pub(crate) fn advice(&self) -> &'static str {
        match self {
            StreamError::NoStream { .. } => {
                "geef een stroom van Arrow IPC (niet het bestandsformaat) met de kolommen van docs/spark.md"
            }
            StreamError::Truncated { .. } => {
                "wie de stroom schreef, is voor het einde gestopt; voer dat deel opnieuw uit"
            }
            StreamError::UnknownKolom { .. } | StreamError::ColumnType { .. } => {
                "gebruik de kolommen en typen van docs/spark.md"
            }
            StreamError::Value { .. } => {
                "geef door wat rechtmatig deel schreef, zonder er iets aan te veranderen"
            }
            StreamError::NoRoom { .. } => {
                "geef meer geheugen met --geheugen, of verdeel de rijen over meer delen; vraagt een kleine stroom zoveel, dan is hij beschadigd: voer opnieuw uit wat hem schreef"
            }
            StreamError::Content(_, raad) => raad,
        }
    }
}
