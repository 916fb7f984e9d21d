//! The cells of a table's rows, for whoever draws or shows them.

use super::super::spec::Kind;
use super::super::table::{Table, TableRows, Value};
use crate::dossier::Thousands;

/// A table's rows with its columns by name.
pub(super) struct Rows<'t> {
    pub table: &'t Table,
    pub rows: &'t TableRows<'t>,
}

impl<'t> Rows<'t> {
    pub(super) fn of(table: &'t Table, rows: &'t TableRows<'t>) -> Rows<'t> {
        Rows { table, rows }
    }

    pub(super) fn value<'r, 'v>(&self, row: &'r [Value<'v>], name: &str) -> &'r Value<'v> {
        let place = self.table.spec.columns.iter().position(|c| c.name == name);
        place.map_or(&Value::Absent, |place| &row[place])
    }

    /// Are the numbers of this column shares?
    pub(super) fn is_share(&self, name: &str) -> bool {
        self.table.spec.columns.iter().any(|c| c.name == name && c.kind == Kind::Procent)
    }

    /// A text of the table itself.
    pub(super) fn text(&self, row: &[Value<'t>], name: &str) -> &'t str {
        match self.value(row, name) {
            Value::Text(text) => text.borrowed().unwrap_or_default(),
            _ => "",
        }
    }

    /// What these columns together call a row. What has no name is known by its code.
    pub(super) fn name(&self, row: &[Value<'t>], columns: &[&str]) -> String {
        let code = |column: &str| match column.strip_prefix("Naam") {
            Some("") => ["Aanbieder", "Code"].map(|code| self.text(row, code)).concat(),
            Some(of) => self.text(row, of).to_owned(),
            None => String::new(),
        };
        let name = |column: &&str| match self.text(row, column) {
            "" => code(column),
            name => name.to_owned(),
        };
        let mut names: Vec<String> = columns.iter().map(name).collect();
        names.retain(|name| !name.is_empty());
        // The code may stand before the name that is lacking.
        names.dedup();
        names.join(", ")
    }
}

/// The number in a cell.
pub(super) fn size(value: &Value<'_>) -> Option<i64> {
    match value {
        Value::Aantal(n) | Value::Procent(n) => Some(*n),
        Value::Bedrag(c) => Some(c.0),
        Value::Volume(v) => Some(v.0),
        _ => None,
    }
}

/// A cell as people read it.
pub(super) fn shown(value: &Value<'_>) -> String {
    match value {
        Value::Absent => String::new(),
        Value::Text(text) => text.to_string(),
        Value::Aantal(n) if *n < 0 => format!("-{}", Thousands(n.unsigned_abs())),
        Value::Aantal(n) => Thousands(n.unsigned_abs()).to_string(),
        Value::Bedrag(c) => c.to_string(),
        Value::Procent(n) => {
            let tenths = crate::frame::half_up(*n, 10);
            let sign = if tenths < 0 { "-" } else { "" };
            let tenths = tenths.unsigned_abs();
            format!("{sign}{},{}%", Thousands(tenths / 10), tenths % 10)
        }
        Value::Volume(v) => v.to_string(),
        Value::Datum(d) => d.to_string(),
        Value::JaNee(yes) => if *yes { "J" } else { "N" }.to_owned(),
    }
}
