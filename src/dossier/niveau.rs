//! How detailed the lines of a dossier are.

use serde::Deserialize;
use std::str::FromStr;

/// How the lines of an export are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Niveau {
    /// iJw's monthly sums.
    #[default]
    Maand,
    /// One row a contact.
    Contact,
}

impl FromStr for Niveau {
    type Err = String;
    fn from_str(text: &str) -> Result<Niveau, String> {
        match text {
            "maand" => Ok(Niveau::Maand),
            "contact" => Ok(Niveau::Contact),
            _ => Err("kies maand of contact".to_owned()),
        }
    }
}

impl Niveau {
    /// As a setting has it.
    pub fn name(self) -> &'static str {
        match self {
            Niveau::Maand => "maand",
            Niveau::Contact => "contact",
        }
    }
}
