//! What each table of the monitor is: its question, its definition, its source, its columns.

/// What stands in a column, and so how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    /// A number of things.
    Aantal,
    /// Whole cents.
    Bedrag,
    /// Hundredths of a percent.
    Procent,
    /// Hundredths of a unit.
    Volume,
    Datum,
    /// Yes or no.
    JaNee,
}

/// Who may see a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Others too.
    Anyone,
    /// Others too, but for rows of a gemeente with few jeugdigen, by its column `Jeugdigen`.
    WithoutSmallGroups,
    /// It speaks of single jeugdigen or toewijzingen: it stays inside.
    Inside,
}

/// One column: its name, what stands in it, and what that means in Dutch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ColumnSpec {
    pub name: &'static str,
    pub kind: Kind,
    pub meaning: &'static str,
}

/// One table.
#[derive(Debug)]
pub(crate) struct TableSpec {
    /// Name of its file and of its sheet.
    pub name: &'static str,
    pub title: &'static str,
    /// One row is …
    pub per: &'static str,
    /// Which question it answers.
    pub question: &'static str,
    /// What was counted, and how.
    pub definition: &'static str,
    pub source: &'static str,
    pub columns: &'static [ColumnSpec],
    /// Who may see it.
    pub reach: Reach,
}

/// A column.
pub(super) const fn column(name: &'static str, kind: Kind, meaning: &'static str) -> ColumnSpec {
    ColumnSpec { name, kind, meaning }
}
