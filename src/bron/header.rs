//! The header line: which delimiter, which column is which.

use super::csv::RecordReader;
use super::error::SourceError;
use crate::dossier::{Columns, FileKind, Kolom};
use std::collections::BTreeMap;

/// The delimiters that an export may use.
const DELIMITERS: [(u8, &str); 4] =
    [(b';', "puntkomma's"), (b',', "komma's"), (b'\t', "tabs"), (b'|', "verticale strepen")];

/// An export's own header names, as `[kolommen]` in `controle.toml` maps them to ours.
#[derive(Clone, Debug, Default)]
pub struct ColumnNames {
    /// Normalised header name to column.
    own: BTreeMap<String, Kolom>,
}

impl ColumnNames {
    pub(crate) fn new(pairs: impl IntoIterator<Item = (String, Kolom)>) -> ColumnNames {
        ColumnNames {
            own: pairs.into_iter().map(|(name, kolom)| (genormaliseerd(&name), kolom)).collect(),
        }
    }

    /// How many of these headers name a column of this kind.
    pub(crate) fn known(&self, headers: &[String], kind: FileKind) -> usize {
        headers.iter().filter(|header| self.kolom(header, kind).is_some()).count()
    }

    fn kolom(&self, header: &str, kind: FileKind) -> Option<Kolom> {
        let header = genormaliseerd(header);
        let of_kind = |k: &Kolom| kind.kolommen().iter().any(|(s, _)| s == k);
        self.own.get(&header).copied().filter(of_kind).or_else(|| {
            kind.kolommen().iter().map(|(k, _)| *k).find(|k| genormaliseerd(k.name()) == header)
        })
    }
}

/// Header names are compared without case, spaces, `_` and `-`.
pub(crate) fn genormaliseerd(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '\u{feff}'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// What the header line says of a file.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    pub delimiter: u8,
    /// For each column (by `Kolom as usize`) its place in a record.
    places: [u16; Kolom::ALL.len()],
    pub field_count: usize,
    pub kolommen: Columns,
    /// Headers that mean nothing to us, as messages show them.
    pub unknown: Vec<String>,
    /// Bytes up to and including the header's line.
    pub length: usize,
    /// Physical line after the header.
    pub next_line: u64,
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

    /// Reads the header from the first bytes of a file (decoded, without a BOM). `may_be_absent` are
    /// needed columns that this ruleset can do without.
    pub(crate) fn read(
        begin: &[u8],
        file: &str,
        kind: FileKind,
        names: &ColumnNames,
        may_be_absent: Columns,
    ) -> Result<Header, SourceError> {
        let (delimiter, skip) = find_delimiter(begin, kind, names)
            .ok_or_else(|| SourceError::Empty { file: file.to_owned() })?;
        let mut reader = RecordReader::new(&begin[skip..], 1 + u64::from(skip > 0), delimiter);
        let record = reader.next().ok_or_else(|| SourceError::Empty { file: file.to_owned() })?;
        let line = record.line;
        let headers: Vec<String> = record.cells().map(|c| as_text(c).into_owned()).collect();
        let (length, next_line) = (skip + reader.place(), reader.line());

        let text = HeaderText { headers, line, length, next_line, delimiter };
        Header::from_headers(text, file, kind, names, may_be_absent)
    }

    /// What header texts say, whatever form they came in.
    pub(crate) fn from_headers(
        text: HeaderText,
        file: &str,
        kind: FileKind,
        names: &ColumnNames,
        may_be_absent: Columns,
    ) -> Result<Header, SourceError> {
        let HeaderText { headers, line, length, next_line, delimiter } = text;
        let mut places = [NOWHERE; Kolom::ALL.len()];
        let mut unknown = Vec::new();
        for (i, header) in headers.iter().enumerate() {
            match names.kolom(header, kind) {
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
                None if header.is_empty() => {}
                None => unknown.push(header.clone()),
            }
        }
        for &(kolom, needed) in kind.kolommen() {
            let needed = needed && !may_be_absent.contains(kolom);
            if needed && places[kolom as usize] == NOWHERE {
                return Err(SourceError::KolomMissing {
                    file: file.to_owned(),
                    line,
                    kolom,
                    looks_like: like(kolom, &unknown),
                    found: headers.iter().map(|header| printable(header)).collect(),
                });
            }
        }
        let kolommen = Kolom::ALL
            .iter()
            .filter(|k| places[**k as usize] != NOWHERE)
            .fold(Columns::default(), |set, k| set.with(*k));
        Ok(Header {
            delimiter,
            places,
            field_count: headers.len(),
            kolommen,
            unknown: unknown.iter().map(|header| printable(header)).collect(),
            length,
            next_line,
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

/// UTF-8, else Windows-1252.
fn as_text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    match str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// A header as messages show it: not endless, and without what could be a Bsn (a file without a
/// header line begins with a child's).
fn printable(header: &str) -> String {
    let short: String = header.chars().take(60).collect();
    crate::ground::masked(&short).into_owned()
}

fn name_of(delimiter: u8) -> &'static str {
    DELIMITERS.iter().find(|(s, _)| *s == delimiter).map_or("een ander teken", |(_, n)| n)
}

/// The delimiter under which the header names most of our columns; then the one that gives most
/// cells. Excel's `sep=;` in front is obeyed and skipped.
fn find_delimiter(begin: &[u8], kind: FileKind, names: &ColumnNames) -> Option<(u8, usize)> {
    if let [b's', b'e', b'p', b'=', character, rest @ ..] = begin {
        let nl = memchr::memchr(b'\n', rest)?;
        return Some((*character, 5 + nl + 1));
    }
    DELIMITERS
        .iter()
        .rev()
        .filter_map(|&(s, _)| {
            let mut reader = RecordReader::new(begin, 1, s);
            let record = reader.next()?;
            let known = record.cells().filter(|c| names.kolom(&as_text(c), kind).is_some()).count();
            Some(((known, record.count()), s))
        })
        .max_by_key(|(counts, _)| *counts)
        .map(|(_, s)| (s, 0))
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
        Header::read(
            text.as_bytes(),
            "omzet.csv",
            FileKind::Omzet,
            &ColumnNames::default(),
            Columns::default(),
        )
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
    fn a_missing_column_names_its_likeliest_misspelling() {
        match header("Aanbiedr;Jaar;Omzet\n") {
            Err(SourceError::KolomMissing { kolom: Kolom::Aanbieder, looks_like, .. }) => {
                assert_eq!(looks_like.as_deref(), Some("Aanbiedr"));
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
        let names = ColumnNames::new([("Zorg aanbieder".to_owned(), Kolom::Aanbieder)]);
        let k = Header::read(
            b"zorgaanbieder,Jaar,Omzet\n",
            "o",
            FileKind::Omzet,
            &names,
            Columns::default(),
        )
        .unwrap();
        assert_eq!(k.place(Kolom::Aanbieder), Some(0));
    }
}
