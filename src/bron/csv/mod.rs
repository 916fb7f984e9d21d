//! CSV in blocks: one pass finds where records end, many threads read the blocks.
//!
//! A block always starts at the first byte of a record and ends after the last byte of one, so
//! that a quoted line end never splits a record. Line numbers are physical and 1-based.

mod blocks;
mod cells;
mod quotes;
mod scan;
mod unquote;

use super::record::Record;
pub(crate) use blocks::{Block, BlockGroups, BlockReader, Opened, TextRead, line_feeds};
use cells::CellIndex;
use memchr::{memchr, memchr_iter};
pub(crate) use quotes::{Quotes, Width, ends_in_cr};
use scan::QuoteScan;
use unquote::Unquoter;

fn lines(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}

/// Records of a block, one after the other.
pub(crate) struct RecordReader<'b> {
    bytes: &'b [u8],
    place: usize,
    line: u64,
    limits: CellIndex,
    quotes: QuoteScan,
    /// Those of its doubled quotes that were passed.
    doubled: usize,
    delimiter: u8,
    /// Reads byte by byte what can't be cut alone: records with doubled quotes, and all those of a
    /// block with irregular ones. Made for the first of them.
    unquoter: Option<Unquoter>,
}

impl<'b> RecordReader<'b> {
    pub(crate) fn new(bytes: &'b [u8], first_line: u64, delimiter: u8) -> Self {
        RecordReader {
            bytes,
            place: 0,
            line: first_line,
            limits: CellIndex::new(delimiter),
            quotes: memchr(b'"', bytes)
                .map_or_else(QuoteScan::default, |_| QuoteScan::of(bytes, delimiter)),
            doubled: 0,
            delimiter,
            unquoter: None,
        }
    }

    /// Bytes used up so far.
    pub(crate) fn place(&self) -> usize {
        self.place
    }

    /// Physical line of the next byte.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// The next record that isn't an empty line.
    pub(crate) fn next(&mut self) -> Option<Record<'_>> {
        let whole = !self.quotes.irregular && self.quotes.open_from.is_none();
        if whole { self.cut() } else { self.unquoted() }
    }

    fn cut(&mut self) -> Option<Record<'_>> {
        let bytes = self.bytes;
        loop {
            if self.place >= bytes.len() {
                return None;
            }
            let (of, line) = (self.place, self.line);
            let (until, cells) = self.limits.next_line(bytes);
            self.place = bytes.len().min(until + 1);
            self.line += match self.quotes.over_lines[..] {
                [] => u64::from(until < bytes.len()),
                _ => lines(&bytes[of..self.place]),
            };
            if self.quotes.doubled.get(self.doubled).is_some_and(|place| (*place as usize) < until)
            {
                self.doubled += self.quotes.doubled[self.doubled..]
                    .partition_point(|place| (*place as usize) < until);
                let unquoter = self.unquoter.get_or_insert_with(|| Unquoter::new(self.delimiter));
                unquoter.read(&bytes[of..until]);
                return Some(Record::new(line, &unquoter.out, &unquoter.cell_ends, 0));
            }
            // A line of nothing but its end is no record.
            if cells.len() > 2 || !is_line_end(&bytes[of..until]) {
                return Some(Record::new(line, bytes, self.limits.ends(cells), 1));
            }
        }
    }

    fn unquoted(&mut self) -> Option<Record<'_>> {
        while let Some(c @ (b'\n' | b'\r')) = self.bytes.get(self.place) {
            self.line += u64::from(*c == b'\n');
            self.place += 1;
        }
        let rest = &self.bytes[self.place..];
        if rest.is_empty() {
            return None;
        }
        let line = self.line;
        let unquoter = self.unquoter.get_or_insert_with(|| Unquoter::new(self.delimiter));
        let read = unquoter.read(rest);
        self.place += read;
        self.line += lines(&rest[..read]);
        Some(Record::new(line, &unquoter.out, &unquoter.cell_ends, 0))
    }
}

/// What an empty line has before its end.
fn is_line_end(bytes: &[u8]) -> bool {
    bytes.iter().all(|c| *c == b'\r')
}

#[cfg(test)]
mod tests {
    use super::RecordReader;

    #[test]
    fn a_block_reads_the_same_with_and_without_quotes() {
        let bare = records("a;b;c\r\n 1 ;;3\n\n4;5;\n6");
        let quoted = records("a;b;\"c\"\r\n 1 ;;\"3\"\n\n4;5;\n\"6\"");
        assert_eq!(bare, quoted);
        assert_eq!(bare[3], (5, vec!["6".to_owned()]));
    }

    proptest::proptest! {
        #[test]
        fn cutting_and_reading_byte_by_byte_agree_on_any_text(
            text in "([a-c;,é \r\n]|\"[a;\n\r ]{0,3}\"|\"|\"\"|;\"|\";){0,60}",
        ) {
            let mut byte_by_byte = RecordReader::new(text.as_bytes(), 1, b';');
            byte_by_byte.quotes.irregular = true;
            let mut cut = RecordReader::new(text.as_bytes(), 1, b';');
            let all = |reader: &mut RecordReader<'_>| {
                let mut out: Vec<(u64, Vec<Vec<u8>>)> = Vec::new();
                while let Some(r) = reader.next() {
                    out.push((r.line, r.cells().map(<[u8]>::to_vec).collect()));
                }
                out
            };
            proptest::prop_assert_eq!(all(&mut cut), all(&mut byte_by_byte));
        }
    }

    fn records(text: &str) -> Vec<(u64, Vec<String>)> {
        let mut reader = RecordReader::new(text.as_bytes(), 1, b';');
        let mut out = Vec::new();
        while let Some(r) = reader.next() {
            out.push((r.line, r.cells().map(|c| String::from_utf8(c.to_vec()).unwrap()).collect()));
        }
        out
    }

    #[test]
    fn records_of_very_many_and_of_few_cells_are_cut_whole() {
        let with_cells = |count: usize| vec!["1"; count].join(";");
        for large in [2_000, 2_048, 50_000] {
            let counts = [2, large, 2, 3, large + 1, 1, 2];
            let text = counts.map(with_cells).join("\n");
            let read = records(&text);
            assert_eq!(read.iter().map(|r| r.1.len()).collect::<Vec<_>>(), counts);
            assert!(read.iter().flat_map(|r| &r.1).all(|cell| cell == "1"));
        }
        let many = "\n1".repeat(100_000);
        assert_eq!(records(&many).len(), 100_000);
    }

    #[test]
    fn a_record_knows_its_first_physical_line() {
        let read = records("a;b\r\n\r\n\"x\ny\"; z \n\nlast;1");
        let lines: Vec<u64> = read.iter().map(|r| r.0).collect();
        assert_eq!(lines, [1, 3, 6]);
        assert_eq!(read[1].1, ["x\ny", "z"]);
    }
}
