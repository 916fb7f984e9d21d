//! The forms in which a rapport is written.

use std::fmt;
use std::str::FromStr;

/// A form of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    Html,
    Xlsx,
    Csv,
    Parquet,
    Json,
}

impl Format {
    pub const ALL: [Format; 5] =
        [Format::Html, Format::Xlsx, Format::Csv, Format::Parquet, Format::Json];

    pub fn name(self) -> &'static str {
        match self {
            Format::Html => "html",
            Format::Xlsx => "xlsx",
            Format::Csv => "csv",
            Format::Parquet => "parquet",
            Format::Json => "json",
        }
    }

    /// Its files, which any rapport in it has.
    pub fn files(self) -> &'static [&'static str] {
        match self {
            Format::Html => &["rapport.html"],
            Format::Xlsx => &["rapport.xlsx"],
            Format::Csv => &["bevindingen.csv", "onderliggend.csv"],
            Format::Parquet => &["bevindingen.parquet", "onderliggend.parquet"],
            Format::Json => &["samenvatting.json"],
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = String;
    fn from_str(text: &str) -> Result<Format, String> {
        Format::ALL.into_iter().find(|f| f.name() == text).ok_or_else(|| {
            format!(
                "'{text}' is geen formaat; kies uit {}",
                Format::ALL.map(Format::name).join(", ")
            )
        })
    }
}
