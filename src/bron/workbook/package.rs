//! The file that a workbook is: a zip of parts, or a file of the old Excel. Looked at whole before a
//! reader takes memory for it.

use super::binary::BinaryParts;
use super::excel::ExcelParts;
use super::hidden::{HiddenRows, Told};
use super::old;
use super::open::OpenParts;
use super::tags::{ends, is_after};
use crate::bron::process::Problem;
use crate::ground::is_bomb;
use calamine::{Sheet, Sheets};
use std::borrow::Cow;
use std::fmt::Display;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// The parts of a workbook together, unpacked, are no larger than this.
const LIMIT_UNPACKED: u64 = 1_500_000_000;
/// The texts that cells share are all in memory at once: no table has more.
const LIMIT_TEXTS: u64 = 250_000_000;

/// What kind of file it is, with what it says that its cells don't.
pub(super) enum Package {
    /// `.xls`, or a protected workbook of any kind.
    Old,
    /// `.xlsb`.
    Binary(BinaryParts),
    /// `.ods`.
    Open(OpenParts),
    /// `.xlsx` or `.xlsm`.
    Excel(ExcelParts),
}

/// What the parts say, whatever kind of file it is.
#[derive(Default)]
struct Parts {
    excel: ExcelParts,
    binary: BinaryParts,
    open: OpenParts,
}

impl Parts {
    /// Looks at a part; `text` is as much of it as has whole tags.
    fn look(&mut self, name: &str, text: &[u8]) {
        match name {
            "content.xml" => self.open.look(text),
            _ => self.excel.look(name, text),
        }
    }
}

impl Package {
    /// Unpacks all parts that are text, without keeping them: a workbook that is broken, or grows
    /// beyond all measure, is refused before it takes memory.
    pub(super) fn look(bytes: &[u8]) -> Result<Package, Problem> {
        if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            return Ok(Package::Old);
        }
        let mut zip = ZipArchive::new(Cursor::new(bytes))
            .map_err(|e| damaged("het is geen Excel-werkmap", e))?;
        let (mut total, mut parts) = (0_u64, Parts::default());
        for i in 0..zip.len() {
            let part = zip.by_index(i);
            let part = part.map_err(|e| damaged("een deel van de werkmap is niet te openen", e))?;
            let Ok(name) = part.name().map(|name| name.to_ascii_lowercase()) else { continue };
            if [".xml", ".rels", ".bin"].iter().any(|end| name.ends_with(end)) {
                let (packed, promised) = (part.compressed_size(), part.size());
                let most = if is_texts(&name) { LIMIT_TEXTS } else { LIMIT_UNPACKED };
                let limit = Limit { packed, total, most };
                limit.check(promised)?;
                total += limit.unpack(part, &name, &mut parts)?;
            }
        }
        let has = |name: &str| zip.index_for_name(name).is_some();
        Ok(match () {
            () if has("xl/workbook.bin") => Package::Binary(parts.binary),
            () if has("content.xml") => Package::Open(parts.open),
            () => Package::Excel(parts.excel),
        })
    }

    /// Do the days of the workbook count from 1904?
    pub(super) fn counts_from_1904(&self, book: &Sheets<Cursor<&[u8]>>) -> bool {
        match book {
            Sheets::Xls(book) => book.has_1904_epoch(),
            Sheets::Xlsb(book) => book.has_1904_epoch(),
            _ => matches!(self, Package::Excel(parts) if parts.counts_from_1904()),
        }
    }

    /// Of each sheet the rows that a person hid or filtered away.
    pub(super) fn hidden_rows(self, bytes: &[u8], sheets: &[Sheet]) -> Vec<HiddenRows> {
        let mut told = match self {
            Package::Old => old::take_hidden(bytes),
            Package::Binary(parts) => parts.take_hidden(),
            Package::Open(parts) => parts.take_hidden(),
            Package::Excel(parts) => parts.take_hidden(sheets.iter().map(|sheet| &*sheet.name)),
        };
        told.resize_with(sheets.len(), Told::default);
        told.into_iter().map(HiddenRows::from).collect()
    }

    /// The bytes to read: those of the file, or the same with the text of each cell as the last thing
    /// in it.
    pub(super) fn content<'b>(&self, bytes: &'b [u8]) -> Result<Cow<'b, [u8]>, Problem> {
        match self {
            Package::Excel(parts) if parts.text_before_more => {
                let whole = with_texts_last(bytes).map_err(|e| damaged(UNPACKABLE, e))?;
                Ok(Cow::Owned(whole))
            }
            _ => Ok(Cow::Borrowed(bytes)),
        }
    }
}

/// How large a part may be, beside those before it.
struct Limit {
    packed: u64,
    total: u64,
    most: u64,
}

/// What is wrong with the workbook; `why` is for who looks into the log.
pub(super) fn damaged(cause: &'static str, why: impl Display) -> Problem {
    tracing::debug!("{why}");
    Problem::damaged(cause)
}

const UNPACKABLE: &str = "een deel van de werkmap is niet uit te pakken";

impl Limit {
    fn check(&self, unpacked: u64) -> Result<(), Problem> {
        if self.total.saturating_add(unpacked) > LIMIT_UNPACKED
            || unpacked > self.most
            || is_bomb(self.packed, unpacked)
        {
            return Err(Problem::TooLarge);
        }
        Ok(())
    }

    /// Reads a part to its end, a little at a time; returns its size.
    fn unpack(&self, mut part: impl Read, name: &str, parts: &mut Parts) -> Result<u64, Problem> {
        /// No tag that is looked at is longer.
        const LONGEST_TAG: usize = 1 << 12;
        let mut buffer = vec![0; 1 << 16];
        let (mut unpacked, mut text_count, mut waiting) = (0, 0, Vec::new());
        loop {
            let n = part.read(&mut buffer).map_err(|e| damaged(UNPACKABLE, e))?;
            if n == 0 {
                break;
            }
            if unpacked == 0 && is_texts(name) {
                text_count = promised_texts(&buffer[..n]);
            }
            unpacked += n as u64;
            self.check(unpacked)?;
            if BinaryParts::has(name) {
                parts.binary.look(name, &buffer[..n]);
                continue;
            }
            // The last tag may go on in what comes next.
            waiting.extend_from_slice(&buffer[..n]);
            let whole = memchr::memrchr(b'<', &waiting).unwrap_or(0);
            let whole = if waiting.len() - whole > LONGEST_TAG { waiting.len() } else { whole };
            // So may what stands behind the text of a cell.
            let end = waiting[..whole].trim_ascii_end();
            let whole = match end.strip_suffix(b"is>") {
                Some(before) if is_after(b"</", before) => memchr::memrchr(b'<', before),
                _ => None,
            }
            .unwrap_or(whole);
            parts.look(name, &waiting[..whole]);
            waiting.drain(..whole);
        }
        parts.look(name, &waiting);
        // The reader makes room for as many texts as the part says it has.
        if text_count > unpacked {
            return Err(Problem::damaged("het aantal teksten in de werkmap klopt niet"));
        }
        Ok(unpacked)
    }
}

/// The same workbook without what stands behind the text of a cell, packed anew.
fn with_texts_last(bytes: &[u8]) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut zip = ZipArchive::new(Cursor::new(bytes))?;
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for i in 0..zip.len() {
        let mut part = zip.by_index(i)?;
        if part.is_dir() {
            continue;
        }
        let name = part.name()?.into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content)?;
        out.start_file(&*name, packed)?;
        if name.to_ascii_lowercase().starts_with("xl/worksheets/") {
            let mut rest = &content[..];
            while let Some(end) = ends(rest, b"is>").next() {
                let (text, after) = rest.split_at(end);
                out.write_all(text)?;
                let cell = ends(after, b"c>").next();
                let cell = cell.and_then(|end| memchr::memrchr(b'<', &after[..end]));
                rest = &after[cell.unwrap_or(0)..];
            }
            out.write_all(rest)?;
        } else {
            out.write_all(&content)?;
        }
    }
    Ok(out.finish()?.into_inner())
}

/// Is this the part with the texts that cells share?
fn is_texts(name: &str) -> bool {
    name.ends_with("sharedstrings.xml") || name.ends_with("sharedstrings.bin")
}

/// `uniqueCount` of the shared texts.
fn promised_texts(begin: &[u8]) -> u64 {
    let key = b"uniqueCount=";
    let Some(place) = memchr::memmem::find(begin, key) else { return 0 };
    begin[place + key.len()..]
        .iter()
        .skip(1)
        .take_while(|c| c.is_ascii_digit())
        .fold(0_u64, |n, c| n.saturating_mul(10).saturating_add(u64::from(c - b'0')))
}
