//! The header line: which delimiter, which column is which.

mod column_names;
mod missing;
mod places;
mod search;

pub(crate) use column_names::ColumnNames;

use super::csv::Width;
use super::error::SourceError;
use super::fields::is_empty_word;
use super::form::TablePlace;
use super::koppen::{Proposal, genormaliseerd};
use super::record::Record;
use super::report::ReadReport;
use super::riding;
use super::totals::TotalsShape;
use crate::dossier::{Columns, FileId, FileKind, Kolom, counted};
use missing::missing_columns;
use places::ColumnPlaces;

/// What the header line says of a file.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    pub delimiter: u8,
    places: ColumnPlaces,
    pub field_count: usize,
    /// Cells that a row must have: up to the last needed one.
    pub least_fields: usize,
    /// The header's own texts, as a row that repeats it has them.
    texts: Vec<String>,
    pub kolommen: Columns,
    /// ColumnPlaces of the columns that ride along; empty where none do.
    pub meegenomen: Vec<Option<u16>>,
    /// In a wide export: places of the columns of which a row of this table has at least one.
    own: Vec<usize>,
    totals: Option<TotalsShape>,
    /// Physical line of the header, or row of a sheet.
    pub line: u64,
    /// Lines with anything on them above it: titles, and no rows.
    pub titles: u64,
    /// Headers that aren't called as their column is, as messages show them.
    pub renamed: Vec<(String, Kolom)>,
    /// Those of them that nobody told us of: they are taken for their usual words.
    pub proposed: Vec<(String, Kolom)>,
    /// Headers that mean nothing to us, as messages show them.
    pub unknown: Vec<String>,
    /// Bytes up to and including the header's line.
    pub length: usize,
    /// Of a text all of these.
    bytes: Vec<u8>,
    /// Physical line after the header.
    pub next_line: u64,
    /// Was a quote left out that would have it swallow rows?
    pub had_stray_quote: bool,
}

/// The header as it stands in a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct HeaderText {
    pub headers: Vec<String>,
    /// Physical line of the header, or row of a sheet.
    pub line: u64,
    /// For text: bytes up to and including the header's line, the line after it, the delimiter.
    pub length: usize,
    pub next_line: u64,
    pub delimiter: u8,
}

impl Header {
    /// Place of a column in a record, if the file has it.
    #[inline]
    pub(crate) fn place(&self, kolom: Kolom) -> Option<usize> {
        self.places.of(kolom)
    }

    /// How many cells a row has.
    pub(crate) fn width(&self) -> Width {
        Width { least: self.least_fields, most: self.field_count }
    }

    /// Is this record a row, and neither blank nor the header once more, nor one of totals?
    #[inline]
    pub(crate) fn is_row(
        &self,
        record: &Record<'_>,
        file: FileId,
        report: &mut ReadReport,
    ) -> bool {
        if record.is_blank() {
            return false;
        }
        if self.texts.first().is_some_and(|first| record.cell(0) == first.as_bytes())
            && self.is_repeated(record)
        {
            report.repeated_headers += 1;
            return false;
        }
        if !self.own.is_empty() && self.is_of_others(record) {
            report.rows_of_others += 1;
            return false;
        }
        if let Some(totals) = &self.totals
            && let Some(amount) = totals.total_of(record)
        {
            let value = String::from_utf8_lossy(amount);
            report.note_total(file, record.line, totals.bedrag, &value);
            return false;
        }
        true
    }

    /// Has a row of a wide export nothing of this table?
    #[cold]
    fn is_of_others(&self, record: &Record<'_>) -> bool {
        let is_empty = |cell: &[u8]| cell.is_empty() || is_empty_word(cell);
        self.own.iter().all(|place| is_empty(record.cell(*place)))
    }

    /// Has every cell the header's own text?
    #[cold]
    fn is_repeated(&self, record: &Record<'_>) -> bool {
        let mut texts = self.texts.iter().enumerate();
        texts.all(|(place, text)| record.cell(place) == text.as_bytes())
    }

    /// For each place in a record its column.
    pub(crate) fn kolommen_by_place(&self) -> Vec<Option<Kolom>> {
        let mut out = vec![None; self.field_count];
        for (kolom, place) in self.places.found() {
            out[place] = Some(kolom);
        }
        out
    }

    /// What header texts say, whatever form they came in.
    pub(crate) fn from_headers(
        text: HeaderText,
        spec: &HeaderSpec<'_>,
    ) -> Result<Header, SourceError> {
        let HeaderSpec { file, kind, names, may_be_absent, .. } = *spec;
        let HeaderText { headers, line, length, next_line, delimiter } = text;
        if headers.len() > MOST_COLUMNS {
            let most = counted(MOST_COLUMNS as u64, "kolom", "kolommen");
            let cause = format!("de kop heeft meer dan {most}");
            return Err(SourceError::Damaged { file: file.to_owned(), cause });
        }
        let (mut places, mut unknown) = ColumnPlaces::told(&headers, line, spec)?;
        let is_wide = spec.place.is_wide;
        // In a wide export a usual word may be of another table.
        let proposed = match is_wide {
            true => Vec::new(),
            false => names.usual(&headers, &places.kolommen().collect(), kind),
        };
        for Proposal { place, kolom } in &proposed {
            places.put(*kolom, *place);
            unknown.retain(|header| *header != headers[*place]);
        }
        let needed = || kind.kolommen().iter().filter(|(_, needed)| *needed).map(|(k, _)| *k);
        let is_missing = |k: &Kolom| places.of(*k).is_none() && !may_be_absent.contains(*k);
        let missing: Vec<Kolom> = needed().filter(is_missing).collect();
        if !missing.is_empty() {
            return Err(missing_columns(file, line, kind, &missing, &headers, &unknown));
        }
        let own = if is_wide { own_columns(kind) } else { &[] };
        let proposed = proposed.into_iter().map(|p| (printable(&headers[p.place]), p.kolom));
        Ok(Header {
            delimiter,
            field_count: headers.len(),
            least_fields: needed().filter_map(|k| places.of(k)).max().map_or(1, |last| last + 1),
            kolommen: places.kolommen().fold(Columns::default(), Columns::with),
            meegenomen: riding::places(&headers, names.meegenomen(kind), (file, line))?,
            own: own.iter().filter_map(|k| places.of(*k)).collect(),
            totals: TotalsShape::of(kind, |kolom| places.of(kolom)),
            line,
            titles: 0,
            renamed: renamed(&headers, &places),
            proposed: proposed.collect(),
            unknown: unknown.iter().map(|header| printable(header)).collect(),
            texts: headers,
            places,
            length,
            bytes: Vec::new(),
            next_line,
            had_stray_quote: false,
        })
    }
}

/// Needed columns that a table shares with no other of a wide export: without any of them there is no
/// row of it.
fn own_columns(kind: FileKind) -> &'static [Kolom] {
    match kind {
        FileKind::Declaraties => {
            &[Kolom::ReferentieNummer, Kolom::Begindatum, Kolom::IngediendBedrag]
        }
        FileKind::Toewijzingen => &[Kolom::Toewijzingsdatum, Kolom::Ingangsdatum],
        FileKind::Startstop => &[Kolom::Soort, Kolom::Datum],
        _ => &[],
    }
}

/// The headers that aren't called as their column is.
fn renamed(headers: &[String], places: &ColumnPlaces) -> Vec<(String, Kolom)> {
    let pairs = places.found().map(|(kolom, place)| (&headers[place], kolom));
    let other = pairs.filter(|(h, k)| genormaliseerd(h) != genormaliseerd(k.name()));
    other.map(|(h, k)| (printable(h), k)).collect()
}

/// A header as messages show it: not endless, and without what could be a Bsn (a file without a
/// header line begins with a child's).
fn printable(header: &str) -> String {
    let words: Vec<&str> = header.split_whitespace().collect();
    let short: String = words.join(" ").chars().take(60).collect();
    crate::ground::masked(&short).into_owned()
}

/// Lines among which the header is looked for; above it stand titles.
pub(crate) const HEADER_LINES: u64 = 20;

/// A sheet has no more columns, and what has is no table.
const MOST_COLUMNS: usize = 1 << 14;

/// What a file holds and how its header is to be read.
pub(crate) struct HeaderSpec<'a> {
    pub file: &'a str,
    pub kind: FileKind,
    pub names: &'a ColumnNames,
    /// Needed columns that this ruleset can do without.
    pub may_be_absent: Columns,
    pub place: &'a TablePlace,
}

impl HeaderSpec<'_> {
    fn empty(&self) -> SourceError {
        SourceError::Empty { file: self.file.to_owned() }
    }

    /// May the header stand on this line?
    pub(crate) fn is_candidate(&self, line: u64) -> bool {
        match self.place.header_line {
            Some(only) => line == u64::from(only),
            None => line <= HEADER_LINES,
        }
    }
}
