//! In which form a file is, by the end of its name.

use crate::dossier::Soort;

/// A form of file that holds one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vorm {
    Csv,
    CsvGz,
    Xlsx,
    Parquet,
}

impl Vorm {
    /// The form that this name promises.
    pub fn van_naam(naam: &str) -> Option<Vorm> {
        let naam = naam.to_ascii_lowercase();
        [
            (".csv", Vorm::Csv),
            (".csv.gz", Vorm::CsvGz),
            (".xlsx", Vorm::Xlsx),
            (".parquet", Vorm::Parquet),
        ]
        .into_iter()
        .find(|(einde, _)| naam.ends_with(einde))
        .map(|(_, vorm)| vorm)
    }

    /// Is this kind of table read in this form? The small tables come from people, not from a
    /// data warehouse.
    pub fn past_bij(self, soort: Soort) -> bool {
        match self {
            Vorm::Csv | Vorm::Xlsx => true,
            Vorm::CsvGz | Vorm::Parquet => {
                matches!(soort, Soort::Declaraties | Soort::Toewijzingen)
            }
        }
    }
}
