//! What a rule can't do without: columns and tables by their types, within a sentence.

use crate::dossier::{FileKind, Kolom};
use std::fmt;

/// Columns of a table; none of them is the table as a whole.
type OfTable = (FileKind, &'static [Kolom]);

/// The columns and tables that a rule needs, as people are told of them. Made by [`needs!`]: what names
/// a column that its table doesn't have, or more or fewer than its text has room for, doesn't compile.
#[derive(Clone, Copy, Debug)]
pub struct Needs {
    /// With `{}` for each of `named`, in their order.
    text: &'static str,
    named: &'static [OfTable],
    /// Those that the text tells in other words.
    other: &'static [OfTable],
}

/// What a rule needs: a text in Dutch with `{}` for each column and table, and these in their order, as
/// in `needs!("{} en {} van de toewijzing", Toewijzingen(Budget, Einddatum))`.
macro_rules! needs {
    ($text:literal $(, $table:ident($($kolom:ident),*))* $(,)?) => {
        $crate::toetsing::Needs::new(
            $text,
            &[$(($crate::dossier::FileKind::$table, &[$($crate::dossier::Kolom::$kolom),*])),*],
        )
    };
}
pub(crate) use needs;

impl Needs {
    /// # Panics
    /// The text has room for more or fewer, or a table hasn't one of its columns: while compiling.
    pub(crate) const fn new(text: &'static str, named: &'static [OfTable]) -> Needs {
        let (mut names, mut i) = (0, 0);
        while i < named.len() {
            let (table, columns) = named[i];
            names += if columns.is_empty() { 1 } else { columns.len() };
            let mut j = 0;
            while j < columns.len() {
                assert!(table.has(columns[j]), "a rule needs a column that its table doesn't have");
                j += 1;
            }
            i += 1;
        }
        assert!(
            names == count(text, b"{}"),
            "a text has as much room as there are columns and tables"
        );
        Needs { text, named, other: &[] }
    }

    /// And what was delivered, which the text tells as a volume in some units.
    pub(crate) const fn and_volume(self) -> Needs {
        assert!(count(self.text, b"olume in ") > 0, "the text tells in what units");
        let other: &[OfTable] =
            &[(FileKind::Declaraties, &[Kolom::GeleverdVolume, Kolom::Eenheid])];
        Needs { other, ..self }
    }

    /// The tables, each with a column of it or as a whole.
    pub(crate) fn all(self) -> impl Iterator<Item = (FileKind, Option<Kolom>)> {
        self.named.iter().chain(self.other).flat_map(|(table, columns)| {
            let whole = columns.is_empty().then_some((*table, None));
            whole.into_iter().chain(columns.iter().map(|kolom| (*table, Some(*kolom))))
        })
    }
}

/// How often a text has these bytes.
const fn count(text: &str, sought: &[u8]) -> usize {
    let text = text.as_bytes();
    let (mut found, mut at) = (0, 0);
    while at + sought.len() <= text.len() {
        let mut same = 0;
        while same < sought.len() && text[at + same] == sought[same] {
            same += 1;
        }
        found += (same == sought.len()) as usize;
        at += 1;
    }
    found
}

impl fmt::Display for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names = self.all().map(|(table, kolom)| kolom.map_or(table.name(), Kolom::name));
        let mut pieces = self.text.split("{}");
        f.write_str(pieces.next().unwrap_or_default())?;
        pieces.try_for_each(|piece| write!(f, "{}{piece}", names.next().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use crate::dossier::Kolom;
    use crate::regels::REGISTER;

    #[test]
    fn what_a_rule_needs_is_told_with_the_names_of_its_columns_and_tables() {
        let needs =
            needs!("{}; {} en {} van de aanbieder", Maatwerk(), Aanbieders(Perceel, Percelen));
        assert_eq!(needs.to_string(), "maatwerk; Perceel en Percelen van de aanbieder");
        let volume = needs!("volume in etmalen").and_volume();
        assert_eq!(volume.to_string(), "volume in etmalen");
        assert_eq!(volume.all().count(), 2);
    }

    #[test]
    fn no_rule_names_a_column_in_its_text_alone() {
        for rule in REGISTER {
            let text = rule.needs.text.replace("Volume in ", "");
            let words = text.split(|c: char| !c.is_alphanumeric());
            let columns = words.filter(|word| Kolom::ALL.iter().any(|k| k.name() == *word));
            assert_eq!(columns.collect::<Vec<_>>(), [""; 0], "{}: {text}", rule.code);
        }
    }
}
