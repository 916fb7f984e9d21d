//! What a sheet holds: of which kind its rows are, in which row its header stands, and which column
//! is which.

use crate::bron::{Content, RawSheet, candidates, column_of, proposals};
use crate::dossier::{FileKind, Kolom};
use std::collections::{BTreeMap, BTreeSet};

/// Rows of a sheet among which the header is looked for.
const HEADER_ROWS: u64 = 20;

/// A sheet read as a table of one kind.
#[derive(Clone, Debug)]
pub(crate) struct Recognised {
    pub kind: FileKind,
    /// Line of the header, from 1.
    pub line: u64,
    pub headers: Vec<String>,
    /// Columns by the place of their header.
    pub columns: BTreeMap<usize, Kolom>,
    /// Columns that were told by what their cells hold alone.
    pub by_content: BTreeSet<Kolom>,
    /// Needed columns that no header was found for.
    pub missing: Vec<Kolom>,
    /// The rows below the header, with their lines.
    pub rows: Vec<(u64, Vec<String>)>,
}

impl Recognised {
    pub(crate) fn is_whole(&self) -> bool {
        self.missing.is_empty()
    }

    /// The cells of a column.
    pub(crate) fn cells(&self, kolom: Kolom) -> impl Iterator<Item = &str> {
        let place = self.columns.iter().find(|(_, k)| **k == kolom).map(|(place, _)| *place);
        place.into_iter().flat_map(|place| self.cells_at(place))
    }

    fn cells_at(&self, place: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().filter_map(move |(_, row)| row.get(place).map(String::as_str))
    }

    /// Headers that mean nothing to us.
    pub(crate) fn unknown(&self) -> impl Iterator<Item = (usize, &str)> {
        let headers = self.headers.iter().enumerate().map(|(place, h)| (place, h.as_str()));
        headers.filter(|(place, h)| !h.is_empty() && !self.columns.contains_key(place))
    }

    /// How well it fits: a needed column that is missing says more than one that is there.
    fn fit(&self) -> i64 {
        self.columns.len() as i64 - 3 * self.missing.len() as i64
    }
}

fn needed(kind: FileKind) -> impl Iterator<Item = Kolom> {
    kind.kolommen().iter().filter(|(_, needed)| *needed).map(|(kolom, _)| *kolom)
}

/// The sheet as a table of each kind that it may be, the likeliest first; `name` is the kind that
/// the name of its file promises.
pub(crate) fn recognise(sheet: &RawSheet, name: Option<FileKind>) -> Vec<Recognised> {
    /// What the name of a file promises, in columns.
    const NAMED: i64 = 3;
    let candidates = FileKind::ALL.into_iter().filter_map(|kind| {
        let headers = sheet.rows.iter().take_while(|(line, _)| *line <= HEADER_ROWS);
        let read = headers.enumerate().map(|(place, _)| as_kind(sheet, place, kind));
        // Of equals the first.
        let best = read.fold(None, |best: Option<Recognised>, next| match best {
            Some(best) if best.fit() >= next.fit() => Some(best),
            _ => Some(next),
        });
        best.filter(|r| Some(kind) == name || r.fit() >= 2)
    });
    let mut found: Vec<Recognised> = candidates.collect();
    let promised = |r: &Recognised| if Some(r.kind) == name { NAMED } else { 0 };
    found.sort_by_key(|r| std::cmp::Reverse(r.fit() + promised(r)));
    found
}

/// The sheet with this row for its header.
fn as_kind(sheet: &RawSheet, place: usize, kind: FileKind) -> Recognised {
    let (line, headers) = &sheet.rows[place];
    let mut columns = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for (i, header) in headers.iter().enumerate() {
        if let Some(kolom) = column_of(header, kind)
            && taken.insert(kolom)
        {
            columns.insert(i, kolom);
        }
    }
    let open = || -> BTreeSet<Kolom> {
        kind.kolommen().iter().map(|(k, _)| *k).filter(|k| !taken.contains(k)).collect()
    };
    let free =
        headers.iter().enumerate().filter(|(i, h)| !h.is_empty() && !columns.contains_key(i));
    let free: Vec<(usize, &str)> = free.map(|(i, h)| (i, h.as_str())).collect();
    let proposed = proposals(free, &open(), kind);
    columns.extend(proposed.into_iter().map(|p| (p.place, p.kolom)));
    let missing = needed(kind).filter(|k| !columns.values().any(|c| c == k)).collect();
    let rows = sheet.rows[place + 1..].to_vec();
    let mut read = Recognised {
        kind,
        line: *line,
        headers: headers.clone(),
        columns,
        by_content: BTreeSet::new(),
        missing,
        rows,
    };
    // A header with half of the columns is worth a look at the cells.
    if !read.is_whole() && read.missing.len() * 2 <= needed(kind).count() {
        read.add_by_content();
    }
    read
}

impl Recognised {
    /// Takes a header for a missing column where it is the only one whose cells hold what that column
    /// needs, and no other missing column needs the same.
    fn add_by_content(&mut self) {
        let held: Vec<(usize, Content)> = self
            .unknown()
            .filter_map(|(place, _)| Some((place, Content::of(self.cells_at(place))?)))
            .collect();
        let missing = std::mem::take(&mut self.missing);
        for &kolom in &missing {
            let content = Content::needed_by(kolom);
            let wanted = missing.iter().filter(|k| Content::needed_by(**k) == content).count();
            let mut fits = held.iter().filter(|(_, c)| Some(*c) == content);
            match (fits.next(), fits.next()) {
                (Some((place, _)), None) if wanted == 1 => {
                    self.columns.insert(*place, kolom);
                    self.by_content.insert(kolom);
                }
                _ => self.missing.push(kolom),
            }
        }
    }

    /// For a missing column the headers that may well be it: by name, else by what their cells hold.
    pub(crate) fn candidates(&self, kolom: Kolom) -> Vec<String> {
        let unknown: Vec<(usize, String)> =
            self.unknown().map(|(place, h)| (place, h.to_owned())).collect();
        let names: Vec<String> = unknown.iter().map(|(_, h)| h.clone()).collect();
        let by_name = candidates(kolom, &names, self.kind);
        if !by_name.is_empty() {
            return by_name.into_iter().map(|i| names[i].clone()).collect();
        }
        let Some(content) = Content::needed_by(kolom) else { return Vec::new() };
        let holds = |place: usize| Content::of(self.cells_at(place)) == Some(content);
        unknown.into_iter().filter(|(place, _)| holds(*place)).map(|(_, h)| h).collect()
    }
}
