//! A table of text: opened, its header read, and handed out block by block.

use super::clean::Cleaner;
use super::collect::ReadRows;
use super::csv::{
    Block, BlockReader, Opened, Quotes, RecordReader, TextRead, ends_in_cr, line_feeds,
};
use super::error::SourceError;
use super::form::FileForm;
use super::forms::Forms;
use super::gz::Meter;
use super::header::Header;
use super::report::ReadReport;
use super::row::Row;
use super::table_spec::{BlockRows, Input, ReadMode, TableReading, TableSpec};
use crate::ground::hex;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::io::Read;

/// Bytes that hold the header of any sane file.
const BEGIN: u64 = 1 << 20;

/// A text that is being read: its header, and where its blocks come from.
pub(crate) struct Text<'s> {
    pub header: Header,
    pub reader: BlockReader<Box<dyn Read + Send + 's>>,
    /// Of a packed file what was read of it as it stands.
    pub meter: Option<Meter>,
}

impl Text<'_> {
    /// All of it was read, and this came of its rows.
    pub(crate) fn finish(self, report: ReadReport) -> TableReading {
        let TextRead { bytes: unpacked, hash, strays } = self.reader.finish();
        let sha256_unpacked = hex(&hash.finalize());
        let (bytes, sha256) = match self.meter.map(|meter| meter.outcome()) {
            None => (unpacked, sha256_unpacked.clone()),
            Some((bytes, hash)) => (bytes, hex(&hash.finalize())),
        };
        let notes = stray_quotes(&strays).into_iter().collect();
        TableReading { header: self.header, report, notes, bytes, sha256, sha256_unpacked }
    }
}

/// What the run says of a file in which quotes were left out.
fn stray_quotes(lines: &[u64]) -> Option<String> {
    let said = "daar begint een aanhalingsteken dat niet op zijn plaats sluit; het is weggelaten en elke regel is op zichzelf gelezen";
    match lines {
        [] => None,
        [line] => Some(format!("regel {line}: {said}")),
        [first, .., last] => {
            Some(format!("{} regels, van regel {first} tot en met {last}: {said}", lines.len()))
        }
    }
}

impl TableSpec<'_> {
    /// A text of which the header is read, and nothing of its rows.
    pub(crate) fn open_text<'s>(
        &self,
        input: &'s Input<'_>,
        mode: &ReadMode,
        known: Option<&Header>,
        progress: &'s (dyn Fn(u64) + Sync),
    ) -> Result<Text<'s>, SourceError> {
        let meter = (self.form == FileForm::CsvGz).then(Meter::default);
        let mut source = input.open(self.name, meter.as_ref(), progress)?;
        let (header, begin) = self.read_header(&mut source, mode, known)?;
        let quotes = Quotes { delimiter: header.delimiter, width: Some(header.width()) };
        let reader = BlockReader::new(source, self.name, quotes, begin);
        Ok(Text { header, reader, meter })
    }

    /// The rows of a block of text; `None` when it isn't in this character set.
    pub(crate) fn read_block<R: ReadRows>(
        &self,
        header: &Header,
        block: &Block,
        encoding: Encoding,
        forms: &Forms<'_>,
        rows: &R,
    ) -> Option<BlockRows<R::Chunk>> {
        let text = encoding.decode(&block.bytes)?;
        let mut records = RecordReader::new(text.as_bytes(), block.first_line, header.delimiter);
        let (mut chunk, mut report) = (rows.chunk(block.bytes.len()), ReadReport::default());
        let mut cleaner = Cleaner::new(text.as_bytes());
        while let Some(record) = records.next() {
            let record = cleaner.clean(record);
            if header.is_row(&record, self.id, &mut report) {
                rows.row(Row::new(record, header, self.id, forms, &mut report), &mut chunk);
            }
        }
        Some(BlockRows { chunk, report })
    }

    /// The header, and the bytes that were read for it.
    fn read_header(
        &self,
        source: &mut dyn Read,
        mode: &ReadMode,
        known: Option<&Header>,
    ) -> Result<(Header, Opened), SourceError> {
        let mut begin = Vec::new();
        source
            .take(BEGIN)
            .read_to_end(&mut begin)
            .map_err(|e| SourceError::from_io(self.name, &e))?;
        let bom = self.check_begin(&begin)?;
        let (hash, bytes) = (Sha256::new_with_prefix(&begin), begin.len() as u64);
        let ends_in_cr = ends_in_cr(&begin[bom..]);
        if ends_in_cr {
            line_feeds(&mut begin);
        }
        if begin.len() as u64 == BEGIN && memchr::memchr(b'\n', &begin).is_none() {
            return Err(SourceError::LineTooLong {
                file: self.name.to_owned(),
                line: 1,
                limit: BEGIN as usize,
            });
        }
        let header = match known.filter(|known| known.begins(&begin[bom..])) {
            Some(known) => known.clone(),
            None => Header::read(&begin[bom..], &self.header_spec(mode))?,
        };
        header.compare_first_row(&begin[bom + header.length..], self.name)?;
        let rest = begin.split_off(bom + header.length);
        let line = header.next_line;
        let strays = header.had_stray_quote.then_some(header.line).into_iter().collect();
        Ok((header, Opened { rest, line, hash, bytes, ends_in_cr, strays }))
    }

    /// Length of the byte order mark; refuses what is no text of one byte a character.
    fn check_begin(&self, begin: &[u8]) -> Result<usize, SourceError> {
        let file = || self.name.to_owned();
        if begin.is_empty() {
            return Err(SourceError::Empty { file: file() });
        }
        if begin.starts_with(&[0xff, 0xfe]) || begin.starts_with(&[0xfe, 0xff]) {
            return Err(SourceError::Utf16 { file: file() });
        }
        if begin.starts_with(b"PK\x03\x04") {
            return Err(SourceError::FormUnknown { file: file(), form: "xlsx of zip".into() });
        }
        if let Some(place) = memchr::memchr(0, begin) {
            let line = memchr::memchr_iter(b'\n', &begin[..place]).count() as u64 + 1;
            return Err(SourceError::Zero { file: file(), line });
        }
        Ok(if begin.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 })
    }
}

#[derive(Clone, Copy)]
pub(crate) enum Encoding {
    Utf8,
    Windows1252,
}

impl Encoding {
    /// The bytes as text; `None` when they aren't in this character set.
    fn decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        match self {
            Encoding::Utf8 => simdutf8::basic::from_utf8(bytes).ok().map(Cow::Borrowed),
            Encoding::Windows1252 => {
                Some(encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0)
            }
        }
    }
}
