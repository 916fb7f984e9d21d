//! The header line: which delimiter, which column is which.

use super::content::Content;
use super::csv::{Quotes, RecordReader, Width};
use super::error::{Candidate, MissingColumns, SourceError};
use super::fields::is_empty_word;
use super::form::TablePlace;
pub(crate) use super::koppen::genormaliseerd;
use super::koppen::{Proposal, candidates, proposals};
use super::record::Record;
use super::report::ReadReport;
use super::riding::{self, rides_along};
use super::totals::TotalsShape;
use crate::dossier::{Columns, FileId, FileKind, Kolom};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The delimiters that an export may use.
const DELIMITERS: [(u8, &str); 4] =
    [(b';', "puntkomma's"), (b',', "komma's"), (b'\t', "tabs"), (b'|', "verticale strepen")];

/// An export's own header names, as `[kolommen]` in `controle.toml` maps them to ours.
#[derive(Clone, Debug, Default)]
pub struct ColumnNames {
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
    fn usual(&self, headers: &[String], own: &BTreeSet<Kolom>, kind: FileKind) -> Vec<Proposal> {
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
    fn of_kind(&self, header: &str, kind: FileKind) -> Option<Kolom> {
        self.own.get(&(Some(kind), genormaliseerd(header))).copied()
    }

    /// The column that this header means in a file of this kind: what the export's own names say,
    /// first those of the kind, else the column of that name.
    pub(crate) fn kolom(&self, header: &str, kind: FileKind) -> Option<Kolom> {
        let header = genormaliseerd(header);
        let of_kind = |k: &Kolom| kind.kolommen().iter().any(|(s, _)| s == k);
        let own = [Some(kind), None].into_iter().find_map(|for_kind| {
            let key = (for_kind, header.clone());
            self.own.get(&key).copied().filter(of_kind)
        });
        own.or_else(|| {
            kind.kolommen().iter().map(|(k, _)| *k).find(|k| genormaliseerd(k.name()) == header)
        })
    }
}

/// What the header line says of a file.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    pub delimiter: u8,
    /// For each column (by `Kolom as usize`) its place in a record.
    places: [u16; Kolom::ALL.len()],
    pub field_count: usize,
    /// Cells that a row must have: up to the last needed one.
    pub least_fields: usize,
    /// The header's own texts, as a row that repeats it has them.
    texts: Vec<String>,
    pub kolommen: Columns,
    /// Places of the columns that ride along; empty where none do.
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

const NOWHERE: u16 = u16::MAX;

impl Header {
    /// Place of a column in a record, if the file has it.
    #[inline]
    pub(crate) fn place(&self, kolom: Kolom) -> Option<usize> {
        let p = self.places[kolom as usize];
        (p != NOWHERE).then_some(p as usize)
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
        for kolom in Kolom::ALL {
            if let Some(place) = self.place(*kolom) {
                out[place] = Some(*kolom);
            }
        }
        out
    }

    /// Reads the header from the first bytes of a file (decoded, without a BOM): the first line among
    /// the first [`HEADER_LINES`] that has all needed columns, or the line that the settings name.
    pub(crate) fn read(begin: &[u8], spec: &HeaderSpec<'_>) -> Result<Header, SourceError> {
        /// No header is longer.
        const LONGEST: usize = 1 << 17;
        // Excel's `sep=;` in front is obeyed and skipped.
        let (told, skip) = match begin {
            [b's', b'e', b'p', b'=', character, rest @ ..] => match memchr::memchr(b'\n', rest) {
                Some(nl) => (Some(*character), 5 + nl + 1),
                None => return Err(spec.empty()),
            },
            _ => (None, 0),
        };
        let (mut best, mut titles): (Option<(usize, SourceError)>, u64) = (None, 0);
        let (mut place, mut line) = (skip, 1 + u64::from(skip > 0));
        let most = spec.place.header_line.map_or(HEADER_LINES, u64::from);
        while place < begin.len() && line <= most {
            let rest = &begin[place..];
            let next = memchr::memchr(b'\n', rest).map_or(rest.len(), |nl| nl + 1);
            let is_blank = rest[..next].trim_ascii().is_empty();
            if spec.is_candidate(line) && !is_blank {
                let window = &rest[..rest.len().min(LONGEST)];
                match spec.header_at(window, (place, line), told) {
                    Ok(header) => return Ok(Header { titles, ..header }),
                    Err((known, error)) if best.as_ref().is_none_or(|(b, _)| known > *b) => {
                        best = Some((known, error));
                    }
                    Err(_) => {}
                }
            }
            titles += u64::from(!is_blank);
            (place, line) = (place + next, line + 1);
        }
        Err(best.map_or_else(|| spec.empty(), |(_, error)| error))
    }

    /// What header texts say, whatever form they came in.
    pub(crate) fn from_headers(
        text: HeaderText,
        spec: &HeaderSpec<'_>,
    ) -> Result<Header, SourceError> {
        let HeaderSpec { file, kind, names, may_be_absent, .. } = *spec;
        let HeaderText { headers, line, length, next_line, delimiter } = text;
        let mut places = [NOWHERE; Kolom::ALL.len()];
        let mut unknown = Vec::new();
        for (i, header) in headers.iter().enumerate() {
            let kolom = names.kolom(header, kind);
            // What is told of this kind alone goes before a header that bears the column's name: a wide
            // export may have that for another table.
            if let Some(kolom) = kolom
                && names.of_kind(header, kind).is_none()
                && headers.iter().any(|other| names.of_kind(other, kind) == Some(kolom))
            {
                continue;
            }
            match kolom {
                Some(kolom) if places[kolom as usize] != NOWHERE => {
                    return Err(SourceError::KolomDuplicate {
                        file: file.to_owned(),
                        line,
                        kolom,
                        first: headers[places[kolom as usize] as usize].clone(),
                        second: header.clone(),
                    });
                }
                Some(kolom) => places[kolom as usize] = i as u16,
                None if header.is_empty() || rides_along(header, names.meegenomen(kind)) => {}
                None => unknown.push(header.clone()),
            }
        }
        let own = Kolom::ALL.iter().copied().filter(|k| places[*k as usize] != NOWHERE).collect();
        // In a wide export a usual word may be of another table.
        let proposed = match spec.place.is_wide {
            true => Vec::new(),
            false => names.usual(&headers, &own, kind),
        };
        for Proposal { place, kolom } in &proposed {
            places[*kolom as usize] = *place as u16;
            unknown.retain(|header| *header != headers[*place]);
        }
        let is_missing = |k: &Kolom| places[*k as usize] == NOWHERE && !may_be_absent.contains(*k);
        let needed = kind.kolommen().iter().filter(|(_, needed)| *needed).map(|(k, _)| *k);
        let missing: Vec<Kolom> = needed.filter(is_missing).collect();
        if !missing.is_empty() {
            return Err(missing_columns(file, line, kind, &missing, &headers, &unknown));
        }
        let needed = kind.kolommen().iter().filter(|(_, needed)| *needed);
        let least_fields = needed
            .map(|(kolom, _)| places[*kolom as usize])
            .filter(|place| *place != NOWHERE)
            .max()
            .map_or(1, |last| usize::from(last) + 1);
        let kolommen = Kolom::ALL
            .iter()
            .filter(|k| places[**k as usize] != NOWHERE)
            .fold(Columns::default(), |set, k| set.with(*k));
        Ok(Header {
            delimiter,
            places,
            field_count: headers.len(),
            least_fields,
            kolommen,
            meegenomen: riding::places(&headers, names.meegenomen(kind), (file, line))?,
            own: match spec.place.is_wide {
                true => {
                    own_columns(kind).iter().map(|k| usize::from(places[*k as usize])).collect()
                }
                false => Vec::new(),
            },
            totals: TotalsShape::of(kind, |kolom| {
                Some(usize::from(places[kolom as usize])).filter(|p| *p != usize::from(NOWHERE))
            }),
            line,
            titles: 0,
            renamed: renamed(&headers, &places),
            proposed: proposed
                .into_iter()
                .map(|p| (printable(&headers[p.place]), p.kolom))
                .collect(),
            unknown: unknown.iter().map(|header| printable(header)).collect(),
            texts: headers,
            length,
            next_line,
            had_stray_quote: false,
        })
    }

    /// Refuses a file whose rows are split by another delimiter than its header.
    pub(crate) fn compare_first_row(&self, rest: &[u8], file: &str) -> Result<(), SourceError> {
        let mut reader = RecordReader::new(rest, self.next_line, self.delimiter);
        let Some(record) = reader.next() else { return Ok(()) };
        if self.field_count == 1 || record.count() >= self.field_count {
            return Ok(());
        }
        let (fields, line) = (record.count(), record.line);
        for (other, name) in DELIMITERS.into_iter().filter(|(s, _)| *s != self.delimiter) {
            let mut reader = RecordReader::new(rest, self.next_line, other);
            let found = reader.next().map_or(0, |r| r.count());
            if found == self.field_count && found > fields {
                return Err(SourceError::DelimiterDiffers {
                    file: file.to_owned(),
                    header: name_of(self.delimiter),
                    row: name,
                    line,
                });
            }
        }
        Ok(())
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

/// Rows below a header that are looked at for what its columns hold.
const ROWS_TO_LOOK_AT: usize = 50;

/// All needed columns that are missing, each with the headers that may well be it.
fn missing_columns(
    file: &str,
    line: u64,
    kind: FileKind,
    missing: &[Kolom],
    headers: &[String],
    unknown: &[String],
) -> SourceError {
    let columns = missing.iter().map(|kolom| {
        let usual = candidates(*kolom, unknown, kind);
        let likely: Vec<String> = match usual.is_empty() {
            true => like(*kolom, unknown).into_iter().collect(),
            false => usual.into_iter().map(|place| unknown[place].clone()).collect(),
        };
        (*kolom, likely.into_iter().map(|header| Candidate { header, holds: None }).collect())
    });
    let is_unknown = |header: &&String| unknown.contains(header);
    let places = headers.iter().enumerate().filter(|(_, h)| is_unknown(h));
    SourceError::KolommenMissing(Box::new(MissingColumns {
        file: file.to_owned(),
        line,
        kind,
        columns: columns.collect(),
        found: headers.iter().map(|header| printable(header)).collect(),
        unknown: places.map(|(place, header)| (place, header.clone())).collect(),
    }))
}

impl SourceError {
    /// The same with headers of columns that hold what a missing one needs; `rows` stand below the
    /// header.
    pub(crate) fn with_cells(mut self, rows: &[Vec<String>]) -> SourceError {
        if let SourceError::KolommenMissing(missing) = &mut self {
            let held = missing.unknown.iter().filter_map(|(place, header)| {
                let cells = rows.iter().filter_map(|row| row.get(*place).map(String::as_str));
                Some((header.clone(), Content::of(cells)?))
            });
            let held: Vec<(String, Content)> = held.collect();
            for (kolom, candidates) in missing.columns.iter_mut().filter(|(_, c)| c.is_empty()) {
                let content = Content::needed_by(*kolom);
                let fits = held.iter().filter(|(_, c)| Some(*c) == content);
                candidates.extend(fits.map(|(header, content)| Candidate {
                    header: header.clone(),
                    holds: Some(content.name()),
                }));
            }
        }
        self
    }
}

/// The headers that aren't called as their column is.
fn renamed(headers: &[String], places: &[u16]) -> Vec<(String, Kolom)> {
    let found = Kolom::ALL.iter().filter(|k| places[**k as usize] != NOWHERE);
    let pairs = found.map(|k| (&headers[usize::from(places[*k as usize])], *k));
    let other = pairs.filter(|(h, k)| genormaliseerd(h) != genormaliseerd(k.name()));
    other.map(|(h, k)| (printable(h), k)).collect()
}

/// UTF-8, else Windows-1252.
fn as_text(bytes: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// A header as messages show it: not endless, and without what could be a Bsn (a file without a
/// header line begins with a child's).
fn printable(header: &str) -> String {
    let words: Vec<&str> = header.split_whitespace().collect();
    let short: String = words.join(" ").chars().take(60).collect();
    crate::ground::masked(&short).into_owned()
}

fn name_of(delimiter: u8) -> &'static str {
    DELIMITERS.iter().find(|(s, _)| *s == delimiter).map_or("een ander teken", |(_, n)| n)
}

/// Lines among which the header is looked for; above it stand titles.
pub(crate) const HEADER_LINES: u64 = 20;

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

    /// The header that begins these bytes, at this place and line of the file; or how many columns of
    /// ours it has, and what is wrong.
    fn header_at(
        &self,
        bytes: &[u8],
        (place, line): (usize, u64),
        delimiter: Option<u8>,
    ) -> Result<Header, (usize, SourceError)> {
        let delimiter =
            delimiter.or_else(|| self.find_delimiter(bytes)).ok_or_else(|| (0, self.empty()))?;
        let freed = self.without_strays(bytes, line, delimiter).map_err(|error| (0, error))?;
        let mut reader = RecordReader::new(&freed, line, delimiter);
        let record = reader.next().ok_or_else(|| (0, self.empty()))?;
        let headers: Vec<String> = record.cells().map(|c| as_text(c).into_owned()).collect();
        let known = self.names.known(&headers, self.kind);
        let (length, next_line) = (place + reader.place(), reader.line());
        let text = HeaderText { headers, line, length, next_line, delimiter };
        let had_stray_quote = matches!(freed, Cow::Owned(_));
        let header = Header::from_headers(text, self);
        header.map(|header| Header { had_stray_quote, ..header }).map_err(|error| {
            let mut rows = Vec::new();
            while rows.len() < ROWS_TO_LOOK_AT
                && let Some(record) = reader.next()
            {
                rows.push(record.cells().map(|c| as_text(c).into_owned()).collect());
            }
            (known, error.with_cells(&rows))
        })
    }

    /// The bytes without the quotes that would have the header swallow rows.
    fn without_strays<'b>(
        &self,
        bytes: &'b [u8],
        line: u64,
        delimiter: u8,
    ) -> Result<Cow<'b, [u8]>, SourceError> {
        let mut freed = bytes.to_vec();
        match (Quotes { delimiter, width: None }).free_first_record(&mut freed) {
            Ok(false) => Ok(bytes.into()),
            Ok(true) => Ok(freed.into()),
            Err(unclosed) => Err(unclosed.error(self.file, |_| line)),
        }
    }

    /// The delimiter under which the header names most of our columns; then the one that gives most
    /// cells.
    fn find_delimiter(&self, bytes: &[u8]) -> Option<u8> {
        let counts = DELIMITERS.iter().rev().filter_map(|&(delimiter, _)| {
            let freed = self.without_strays(bytes, 1, delimiter).unwrap_or(bytes.into());
            let mut reader = RecordReader::new(&freed, 1, delimiter);
            let record = reader.next()?;
            let headers: Vec<String> = record.cells().map(|c| as_text(c).into_owned()).collect();
            Some(((self.names.known(&headers, self.kind), record.count()), delimiter))
        });
        counts.max_by_key(|(counts, _)| *counts).map(|(_, delimiter)| delimiter)
    }
}

/// The likeliest misspelling of a column among the headers that mean nothing to us, else the only one
/// that abbreviates it.
fn like(kolom: Kolom, unknown: &[String]) -> Option<String> {
    let target = genormaliseerd(kolom.name());
    let misspeld = unknown
        .iter()
        .map(|header| (strsim::jaro_winkler(&target, &genormaliseerd(header)), header))
        .filter(|(similarity, _)| *similarity >= 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, header)| header);
    let mut abbreviated =
        unknown.iter().filter(|header| is_abbreviation(&genormaliseerd(header), &target));
    misspeld.or_else(|| abbreviated.next().filter(|_| abbreviated.next().is_none())).cloned()
}

/// Does it begin as the name does, with letters of the name left out after that, as `ref.nr` does
/// for `referentienummer`?
fn is_abbreviation(header: &str, name: &str) -> bool {
    /// What is shorter abbreviates too much.
    const AT_LEAST: usize = 3;
    let letters: Vec<char> = header.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut rest = name.chars();
    letters.len() >= AT_LEAST
        && letters.first() == name.chars().next().as_ref()
        && letters.iter().all(|letter| rest.any(|c| c == *letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> Result<Header, SourceError> {
        with_names(text, &ColumnNames::default())
    }

    fn with_names(text: &str, names: &ColumnNames) -> Result<Header, SourceError> {
        let spec = HeaderSpec {
            file: "omzet.csv",
            kind: FileKind::Omzet,
            names,
            may_be_absent: Columns::default(),
            place: &TablePlace::default(),
        };
        Header::read(text.as_bytes(), &spec)
    }

    #[test]
    fn headers_match_without_case_spaces_underscores_and_dashes() {
        let k = header("AAN-BIEDER;jaar ;_Omzet;Extra\r\n1;2;3;4").unwrap();
        assert_eq!(k.delimiter, b';');
        assert_eq!(k.place(Kolom::Omzet), Some(2));
        assert_eq!(k.unknown, ["Extra"]);
        assert_eq!(k.next_line, 2);
    }

    #[test]
    fn the_delimiter_is_the_one_that_names_our_columns() {
        for s in [';', ',', '\t', '|'] {
            let text = format!("Aanbieder{s}Jaar{s}Omzet{s}\"x;y,z|w\"\n");
            assert_eq!(header(&text).unwrap().delimiter, s as u8);
        }
        assert_eq!(header("sep=|\nAanbieder|Jaar|Omzet\n").unwrap().next_line, 3);
    }

    #[test]
    fn the_header_stands_below_titles_among_the_first_twenty_lines() {
        let k =
            header("Overzicht omzet;;\n\nPeriode: 2023\nJaar;Aanbieder;Omzet\n1;2;3\n").unwrap();
        assert_eq!((k.line, k.next_line, k.place(Kolom::Jaar)), (4, 5, Some(0)));
        let far = format!("{}Jaar;Aanbieder;Omzet\n", "titel\n".repeat(20));
        assert!(header(&far).is_err());
    }

    #[test]
    fn a_missing_column_names_its_likeliest_misspelling() {
        match header("Aanbiedr;Jaar;Omzet\n") {
            Err(SourceError::KolommenMissing(missing)) => {
                let [(Kolom::Aanbieder, likely)] = missing.columns.as_slice() else {
                    panic!("one")
                };
                assert_eq!(likely[0].header, "Aanbiedr");
            }
            otherwise => panic!("{otherwise:?}"),
        }
    }

    #[test]
    fn a_missing_column_names_its_only_abbreviation() {
        let looks_like = |text: &str| {
            let unknown: Vec<String> = text.split(';').map(str::to_owned).collect();
            like(Kolom::ReferentieNummer, &unknown)
        };
        assert_eq!(looks_like("Bron;Ref. nr;Opmerking").as_deref(), Some("Ref. nr"));
        assert_eq!(looks_like("R. nr;Ref. nr"), None, "either may be meant");
        let is_afkorting = |header| is_abbreviation(&genormaliseerd(header), "referentienummer");
        assert!(["Ref. nr", "ref nummer", "Refer_nr."].into_iter().all(is_afkorting));
        let other = ["nr", "Re", "Rekening", "Vorig ref. nr", "Nummer", "Ref. nr A"];
        assert!(!other.into_iter().any(is_afkorting));
    }

    #[test]
    fn an_exports_own_header_is_mapped() {
        let mut names = ColumnNames::default();
        names.add(None, "Zorg aanbieder", Kolom::Aanbieder);
        let k = with_names("zorgaanbieder,Jaar,Omzet\n", &names).unwrap();
        assert_eq!(k.place(Kolom::Aanbieder), Some(0));
    }
}
