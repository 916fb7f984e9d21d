//! How detailed the lines of a dossier are.

use serde::Deserialize;

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

impl Niveau {
    /// As a setting has it.
    pub fn name(self) -> &'static str {
        match self {
            Niveau::Maand => "maand",
            Niveau::Contact => "contact",
        }
    }
}
