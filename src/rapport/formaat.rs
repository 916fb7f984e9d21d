//! The forms in which a rapport is written.

use std::fmt;
use std::str::FromStr;

/// A form of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Formaat {
    Html,
    Xlsx,
    Csv,
    Parquet,
    Json,
}

impl Formaat {
    pub const ALLE: [Formaat; 5] =
        [Formaat::Html, Formaat::Xlsx, Formaat::Csv, Formaat::Parquet, Formaat::Json];

    pub fn naam(self) -> &'static str {
        match self {
            Formaat::Html => "html",
            Formaat::Xlsx => "xlsx",
            Formaat::Csv => "csv",
            Formaat::Parquet => "parquet",
            Formaat::Json => "json",
        }
    }
}

impl fmt::Display for Formaat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.naam())
    }
}

impl FromStr for Formaat {
    type Err = String;
    fn from_str(tekst: &str) -> Result<Formaat, String> {
        Formaat::ALLE.into_iter().find(|f| f.naam() == tekst).ok_or_else(|| {
            format!("'{tekst}' is geen formaat; kies uit html, xlsx, csv, parquet, json")
        })
    }
}
