//! What an export calls its columns.

use crate::bron::koppen::{Proposal, column_of, genormaliseerd, proposals};
use crate::bron::riding::rides_along;
use crate::dossier::{FileKind, Kolom};
use std::collections::{BTreeMap, BTreeSet};

/// An export's own header names, as `[kolommen]` in `controle.toml` maps them to ours.
#[derive(Clone, Debug, Default)]
pub(crate) struct ColumnNames {
    /// By kind of file, or for all, the normalised header name and its column.
    own: BTreeMap<(Option<FileKind>, String), Kolom>,
    /// By kind of file the headers of columns that ride along, as the settings write them.
    meegenomen: BTreeMap<FileKind, Vec<String>>,
}

impl ColumnNames {
    /// Takes up a header of the export: for files of one kind, or where that has none, for all.
    pub(crate) fn add(&mut self, kind: Option<FileKind>, header: &str, kolom: Kolom) {
        self.own.insert((kind, genormaliseerd(header)), kolom);
    }

    /// Has these columns of files of this kind ride along.
    pub(crate) fn take_along(&mut self, kind: FileKind, headers: Vec<String>) {
        self.meegenomen.insert(kind, headers);
    }

    /// The columns that ride along.
    pub(crate) fn meegenomen(&self, kind: FileKind) -> &[String] {
        self.meegenomen.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// How many of these headers name a column of this kind, by our names or in usual words.
    pub(crate) fn known(&self, headers: &[String], kind: FileKind) -> usize {
        let own: BTreeSet<Kolom> = headers.iter().filter_map(|h| self.kolom(h, kind)).collect();
        own.len() + self.usual(headers, &own, kind).len()
    }

    /// What the other headers most likely name of the columns that these don't.
    pub(super) fn usual(
        &self,
        headers: &[String],
        own: &BTreeSet<Kolom>,
        kind: FileKind,
    ) -> Vec<Proposal> {
        // What we wrote ourselves has columns beside those that are read.
        if kind.is_ours() {
            return Vec::new();
        }
        let open = kind.kolommen().iter().map(|(k, _)| *k).filter(|k| !own.contains(k)).collect();
        let is_unknown =
            |h: &str| self.kolom(h, kind).is_none() && !rides_along(h, self.meegenomen(kind));
        let unknown = headers.iter().enumerate().filter(|(_, h)| is_unknown(h));
        proposals(unknown.map(|(place, h)| (place, h.as_str())), &open, kind)
    }

    /// The column that the settings say this header is in files of this kind alone.
    pub(super) fn of_kind(&self, header: &str, kind: FileKind) -> Option<Kolom> {
        self.own.get(&(Some(kind), genormaliseerd(header))).copied()
    }

    /// The column that this header means in a file of this kind: what the export's own names say,
    /// first those of the kind, else the column of that name.
    pub(crate) fn kolom(&self, header: &str, kind: FileKind) -> Option<Kolom> {
        let of_kind = |k: &Kolom| kind.kolommen().iter().any(|(s, _)| s == k);
        let own = [Some(kind), None].into_iter().find_map(|for_kind| {
            let key = (for_kind, genormaliseerd(header));
            self.own.get(&key).copied().filter(of_kind)
        });
        own.or_else(|| column_of(header, kind))
    }
}
