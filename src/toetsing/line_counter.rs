//! What counts lines beside the rules: part by part, into tables that add up.

use super::AuditContext;
use crate::dossier::Dag;
use std::error::Error;

/// Counts the lines of a dossier that comes in parts. What it counted of parts adds up to what it
/// counts of the whole.
pub(crate) trait LineCounter {
    /// Sees all lines of some aanbieders, with what crediting made of them.
    ///
    /// # Errors
    /// They could not be counted: a fault of the program.
    fn credited(&mut self, context: &AuditContext<'_>) -> Result<(), CountError>;

    /// Sees some of the live lines, with the toewijzingen that they are on; only after all that
    /// [`credited`](LineCounter::credited) gets.
    ///
    /// # Errors
    /// The same.
    fn live(&mut self, context: &AuditContext<'_>) -> Result<(), CountError>;

    /// The last day that counts, as far as it is known.
    fn until(&mut self, context: &AuditContext<'_>) -> Dag;

    /// What is known by this name: by what its sums are, and how many.
    fn layout(&self, table: &str) -> Option<CountLayout>;

    /// Takes up what was counted of parts.
    ///
    /// # Errors
    /// The same.
    fn take(&mut self, tables: Vec<CountTable>) -> Result<(), CountError>;

    /// All that was counted.
    ///
    /// # Errors
    /// The same.
    fn tables(&mut self) -> Result<Vec<CountTable>, CountError>;
}

/// Why lines could not be counted.
pub(crate) type CountError = Box<dyn Error + Send + Sync>;

/// By what the sums of a table are, and how many there are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CountLayout {
    pub keys: &'static [CountKey],
    pub sums: usize,
}

/// What a sum of lines is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CountKey {
    /// Number of an aanbieder in the dossier.
    Aanbieder,
    /// CBS code.
    Gemeente,
    /// Bsn; −1 for a line without one.
    Jeugdige,
    /// Number of a toewijzing in the dossier, plus one; 0 for a line without one.
    Toewijzing,
    /// Number of a product in the dossier.
    Product,
    Eenheid,
    /// Month of Einddatum, as [`Dag::maand`] counts.
    Maand,
    /// Begindatum, in days since 1970-01-01.
    Begin,
    /// Einddatum, the same.
    Eind,
    /// Place of an agreement in its table.
    Afspraak,
}

impl CountKey {
    pub(crate) fn name(self) -> &'static str {
        match self {
            CountKey::Aanbieder => "Aanbieder",
            CountKey::Gemeente => "Gemeente",
            CountKey::Jeugdige => "Jeugdige",
            CountKey::Toewijzing => "Toewijzing",
            CountKey::Product => "Product",
            CountKey::Eenheid => "Eenheid",
            CountKey::Maand => "Maand",
            CountKey::Begin => "Begin",
            CountKey::Eind => "Eind",
            CountKey::Afspraak => "Afspraak",
        }
    }
}

/// Sums of lines by some keys: columns of equal length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CountTable {
    pub name: String,
    pub keys: Vec<(CountKey, Vec<i64>)>,
    pub sums: Vec<Vec<i64>>,
}

impl CountTable {
    /// Number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.sums.first().map_or(0, Vec::len)
    }
}
