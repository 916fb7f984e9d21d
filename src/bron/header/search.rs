//! Looking for the header among the first lines of a text, and for the delimiter that it is split by.

use super::{HEADER_LINES, Header, HeaderSpec, HeaderText};
use crate::bron::csv::{Quotes, RecordReader};
use crate::bron::error::SourceError;
use std::borrow::Cow;

/// The delimiters that an export may use.
const DELIMITERS: [(u8, &str); 4] =
    [(b';', "puntkomma's"), (b',', "komma's"), (b'\t', "tabs"), (b'|', "verticale strepen")];

/// Rows below a header that are looked at for what its columns hold.
const ROWS_TO_LOOK_AT: usize = 50;

impl Header {
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
                if next > LONGEST {
                    let cause = format!("regel {line} is te lang voor een kop");
                    return Err(SourceError::Damaged { file: spec.file.to_owned(), cause });
                }
                let window = &rest[..rest.len().min(LONGEST)];
                match spec.header_at(window, (place, line), told) {
                    Ok(header) => {
                        let bytes = begin[..header.length].to_vec();
                        return Ok(Header { titles, bytes, ..header });
                    }
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

    /// Do these first bytes of another file, that is read in the same way, say what this header said?
    ///
    /// With a quote in them they could say something else by what comes after them.
    pub(crate) fn begins(&self, begin: &[u8]) -> bool {
        let is_whole = self.bytes.ends_with(b"\n") && memchr::memchr(b'"', &self.bytes).is_none();
        is_whole && begin.starts_with(&self.bytes)
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

impl HeaderSpec<'_> {
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

/// UTF-8, else Windows-1252.
fn as_text(bytes: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

fn name_of(delimiter: u8) -> &'static str {
    DELIMITERS.iter().find(|(s, _)| *s == delimiter).map_or("een ander teken", |(_, n)| n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bron::form::TablePlace;
    use crate::bron::header::ColumnNames;
    use crate::dossier::{Columns, FileKind, Kolom};

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
    fn an_exports_own_header_is_mapped() {
        let mut names = ColumnNames::default();
        names.add(None, "Zorg aanbieder", Kolom::Aanbieder);
        let k = with_names("zorgaanbieder,Jaar,Omzet\n", &names).unwrap();
        assert_eq!(k.place(Kolom::Aanbieder), Some(0));
    }
}
