//! How the exports of a dossier differ from our own form: what `controle.toml` says, or what is
//! proposed for it.
//!
//! A [`Mapping`] is one value for the whole dossier, wherever it comes from. Whoever proposes one
//! (by what headers are called, or cells hold) makes it with the same types: [`ColumnNames::add`],
//! [`ColumnWords::add`], [`FileRules::new`]; all readers then obey it. A reader of cells gets the
//! part of its file, as [`super::forms::Forms`].

use super::fields::{AmountFormat, DateOrder};
use super::header::ColumnNames;
use crate::dossier::{FileKind, Kolom};
use std::collections::BTreeMap;

/// Name of the file in the dossier.
pub(crate) const FILE_NAME: &str = "controle.toml";

/// What `controle.toml` says of how this dossier is written; each part may be empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mapping {
    /// `[bestanden]`: what a file is, whatever its name.
    pub files: FileRules,
    /// `[kolommen]` and `[kolommen.SOORT]`.
    pub columns: ColumnNames,
    /// `[waarden.KOLOM]`.
    pub words: ColumnWords,
    /// `[bedragen]` and `[bedragen.SOORT]`.
    pub amounts: PerKind<AmountFormat>,
    /// `[datums]` and `[datums.SOORT]`.
    pub dates: PerKind<DateOrder>,
}

/// A setting for all kinds of file, and for some kinds another.
#[derive(Clone, Debug, Default)]
pub(crate) struct PerKind<T> {
    pub all: T,
    pub of: BTreeMap<FileKind, T>,
}

impl<T: Copy> PerKind<T> {
    /// What holds for files of this kind.
    pub(crate) fn get(&self, kind: FileKind) -> T {
        self.of.get(&kind).copied().unwrap_or(self.all)
    }
}

/// The words that a column of this dossier has for our values.
#[derive(Clone, Debug, Default)]
pub(crate) struct ColumnWords(BTreeMap<Kolom, BTreeMap<String, String>>);

impl ColumnWords {
    /// No column has words of its own.
    pub(crate) const NONE: ColumnWords = ColumnWords(BTreeMap::new());

    /// Takes up a word of a column, and what it stands for; empty means that nothing is filled in.
    pub(crate) fn add(&mut self, kolom: Kolom, word: &str, means: &str) {
        let words = self.0.entry(kolom).or_default();
        words.insert(word.trim().to_lowercase(), means.trim().to_owned());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What this cell stands for, if it is one of the column's own words; without regard to case.
    pub(crate) fn meaning(&self, kolom: Kolom, cell: &[u8]) -> Option<&str> {
        let word = str::from_utf8(cell).ok()?.trim().to_lowercase();
        self.0.get(&kolom)?.get(&word).map(String::as_str)
    }
}

/// What one entry of `[bestanden]` says of the files that its name or pattern fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileRule {
    /// A name, or one with `*` (any characters) and `?` (one character), without regard to case.
    /// With a `/` in it the path relative to the dossier, else the name alone.
    pub pattern: String,
    /// One kind, or more for a wide export that is read as a table of each. Empty: as the name says.
    pub kinds: Vec<FileKind>,
    /// The sheet of a workbook to read; without one all that have the columns.
    pub sheet: Option<String>,
    /// Line of the header, from 1; without one it is looked for.
    pub header_line: Option<u32>,
}

/// All entries of `[bestanden]`.
#[derive(Clone, Debug, Default)]
pub(crate) struct FileRules(Vec<FileRule>);

impl FileRules {
    /// A name goes before a pattern, and a longer pattern before a shorter one.
    pub(crate) fn new(mut rules: Vec<FileRule>) -> FileRules {
        let is_pattern = |rule: &FileRule| rule.pattern.contains(['*', '?']);
        rules.sort_by_key(|rule| (is_pattern(rule), std::cmp::Reverse(rule.pattern.len())));
        FileRules(rules)
    }

    /// The entry for the file at this path relative to the dossier.
    pub(crate) fn of(&self, path: &str) -> Option<&FileRule> {
        let path = path.to_lowercase();
        let name = path.rsplit('/').next().unwrap_or(&path);
        self.0.iter().find(|rule| {
            let pattern = rule.pattern.to_lowercase();
            let whole = if pattern.contains('/') { &path } else { name };
            fits(&pattern.chars().collect::<Vec<_>>(), &whole.chars().collect::<Vec<_>>())
        })
    }
}

/// Does the text fit a pattern with `*` and `?`?
fn fits(pattern: &[char], text: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    // Where the last star stood, and how much of the text it took.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => (p, t) = (p + 1, t + 1),
            _ => match &mut star {
                None => return false,
                Some((place, taken)) => {
                    *taken += 1;
                    (p, t) = (*place + 1, *taken);
                }
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fits_whole_names_and_a_name_goes_first() {
        let rule = |pattern: &str, kind| FileRule {
            pattern: pattern.to_owned(),
            kinds: vec![kind],
            sheet: None,
            header_line: None,
        };
        let rules = FileRules::new(vec![
            rule("rsj_*.xlsx", FileKind::Declaraties),
            rule("RSJ_tarie*.xlsx", FileKind::Tarieven),
            rule("RSJ_tarieven.xlsx", FileKind::Omzet),
            rule("map/?.csv", FileKind::Maatwerk),
        ]);
        let kind = |path: &str| rules.of(path).map(|rule| rule.kinds[0]);
        assert_eq!(kind("sub/RSJ_export_2023-01.XLSX"), Some(FileKind::Declaraties));
        assert_eq!(kind("RSJ_tarieven_2.xlsx"), Some(FileKind::Tarieven));
        assert_eq!(kind("RSJ_tarieven.xlsx"), Some(FileKind::Omzet));
        assert_eq!(kind("map/a.csv"), Some(FileKind::Maatwerk));
        assert_eq!([kind("a.csv"), kind("RSJ_.xls"), kind("xRSJ_.xlsx")], [None; 3]);
    }

    #[test]
    fn a_word_of_a_column_is_known_in_any_case() {
        let mut words = ColumnWords::default();
        words.add(Kolom::Eenheid, "Minuten ", "01");
        assert_eq!(words.meaning(Kolom::Eenheid, b"MINUTEN"), Some("01"));
        assert_eq!(words.meaning(Kolom::Soort, b"minuten"), None);
    }
}
