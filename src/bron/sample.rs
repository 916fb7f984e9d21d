//! The first rows of every file of a folder as they stand there, whatever the file is called: for
//! who must find out what each is.

use super::csv::{RecordReader, ends_in_cr, line_feeds};
use super::error::SourceError;
use super::gz::{Meter, unpacked};
use super::ijw;
use super::location::{self, Location};
use super::workbook::{Book, with_book, write_cell};
use crate::ground::masked;
use crate::ground::memory::Budget;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// Rows of a table that are looked at.
const ROWS: usize = 2_000;
/// Bytes of a text that are looked at.
const BYTES: u64 = 1 << 20;
/// A larger workbook isn't opened to find out what it is.
const LARGEST_WORKBOOK: u64 = 200 << 20;
/// The delimiters that an export may use.
const DELIMITERS: [u8; 4] = *b";,\t|";

/// The rows of one sheet of a workbook, or of a text under one delimiter.
#[derive(Clone, Debug, Default)]
pub(crate) struct RawSheet {
    pub name: Option<String>,
    pub hidden: bool,
    /// Each with its physical line, or row of the sheet.
    pub rows: Vec<(u64, Vec<String>)>,
}

/// A file, and what stands in it.
#[derive(Clone, Debug)]
pub(crate) struct RawFile {
    /// Path relative to the folder.
    pub path: String,
    pub holds: RawContent,
}

#[derive(Clone, Debug)]
pub(crate) enum RawContent {
    /// The sheets of a workbook.
    Workbook(Vec<RawSheet>),
    /// A text, once for each delimiter that may split it.
    Text(Vec<RawSheet>),
    /// An iJw message.
    Bericht,
    /// Nothing that can be looked into: why.
    Unknown(&'static str),
}

/// Looks into all files of a folder, of the folders in it, and of the zips in those.
///
/// # Errors
/// A folder that can't be read.
pub(crate) fn sample(dir: &Path) -> Result<Vec<RawFile>, SourceError> {
    let mut files = Vec::new();
    for path in content(dir)? {
        if path.is_dir() && !super::settings::has_settings(&path) {
            for inner in content(&path)?.into_iter().filter(|p| p.is_file()) {
                add(dir, &inner, &mut files);
            }
        } else if path.is_file() {
            add(dir, &path, &mut files);
        }
    }
    files.sort_by(|a, b| a.path.as_bytes().cmp(b.path.as_bytes()));
    Ok(files)
}

fn content(dir: &Path) -> Result<Vec<PathBuf>, SourceError> {
    let error = |e: std::io::Error| SourceError::NoDir {
        dir: dir.to_owned(),
        cause: crate::ground::io_cause(&e),
    };
    let mut paths = Vec::new();
    for thing in std::fs::read_dir(dir).map_err(error)? {
        let thing = thing.map_err(error)?;
        if !thing.file_name().to_string_lossy().starts_with('.') {
            paths.push(thing.path());
        }
    }
    Ok(paths)
}

fn add(dir: &Path, path: &Path, files: &mut Vec<RawFile>) {
    let relative = path.strip_prefix(dir).unwrap_or(path).to_string_lossy().replace('\\', "/");
    if !relative.to_ascii_lowercase().ends_with(".zip") {
        let holds = look_into(&Location::Disk(path.to_owned()), &relative);
        files.push(RawFile { path: relative, holds });
        return;
    }
    let Ok(parts) = location::content(path) else {
        let holds = RawContent::Unknown("de zip is niet te openen");
        return files.push(RawFile { path: relative, holds });
    };
    for part in parts {
        let name = format!("{relative}/{}", part.name);
        let holds = look_into(&Location::Zip(part), &name);
        files.push(RawFile { path: name, holds });
    }
}

fn look_into(location: &Location, path: &str) -> RawContent {
    let name = path.to_ascii_lowercase();
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    if ends(&[".xml"]) {
        return match ijw::recognise(location, location.bytes()) {
            Ok(_) => RawContent::Bericht,
            Err(_) => RawContent::Unknown("geen iJw-bericht dat gelezen wordt"),
        };
    }
    if ends(&[".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"]) {
        return workbook(location, path);
    }
    if ends(&[".parquet"]) {
        return RawContent::Unknown("Parquet: de kolommen moeten heten als in de handleiding");
    }
    text(location, ends(&[".gz"])).unwrap_or(RawContent::Unknown("geen tabel"))
}

/// The first rows of the sheets; a library that panics on the bytes can't read them.
fn workbook(location: &Location, path: &str) -> RawContent {
    let broken = RawContent::Unknown("de werkmap is niet te openen");
    let mut bytes = Vec::new();
    let read = location.open().and_then(|file| file.take(LARGEST_WORKBOOK).read_to_end(&mut bytes));
    if read.is_err() || location.bytes() > LARGEST_WORKBOOK {
        return broken;
    }
    let sheets = catch_unwind(AssertUnwindSafe(|| {
        with_book(path, &bytes, Budget::default().of_reader(), |book| {
            let facts = book.facts().clone();
            let sheets = facts.sheets.iter().enumerate().filter(|(_, sheet)| sheet.has_cells);
            let sheets = sheets.filter_map(|(place, sheet)| {
                let rows = first_rows(book, place, facts.from_1904)?;
                Some(RawSheet { name: Some(sheet.name.clone()), hidden: sheet.is_hidden, rows })
            });
            Ok(sheets.collect())
        })
    }));
    match sheets {
        Ok(Ok(sheets)) => RawContent::Workbook(sheets),
        _ => broken,
    }
}

/// The first rows of the sheet at this place that have anything in them; `None` where it can't be read.
fn first_rows(
    book: &mut Book<'_>,
    place: usize,
    from_1904: bool,
) -> Option<Vec<(u64, Vec<String>)>> {
    let mut of_sheet = book.rows(place).ok()?;
    let (mut rows, mut cells) = (Vec::new(), Vec::new());
    while rows.len() < ROWS
        && let Some(row) = of_sheet.next(&mut cells).ok()?
    {
        let mut texts = Vec::new();
        for (kolom, value) in &cells {
            let mut text = String::new();
            write_cell(value, None, from_1904, &mut text);
            texts.resize(texts.len().max(*kolom as usize), String::new());
            texts.push(text.trim().to_owned());
        }
        if texts.iter().any(|text| !text.is_empty()) {
            rows.push((row.line(), texts));
        }
    }
    Some(rows)
}

/// The first rows of a text under each delimiter that splits any of them; `None` for what is no
/// text.
fn text(location: &Location, gz: bool) -> Option<RawContent> {
    let file = location.open().ok()?;
    let mut bytes = Vec::new();
    let nobody = |_: u64| {};
    match gz {
        true => unpacked(file, location.packed(), Meter::default(), &nobody)
            .take(BYTES)
            .read_to_end(&mut bytes)
            .ok()?,
        false => file.take(BYTES).read_to_end(&mut bytes).ok()?,
    };
    if bytes.is_empty() || memchr::memchr(0, &bytes).is_some() {
        return None;
    }
    if ends_in_cr(&bytes) {
        line_feeds(&mut bytes);
    }
    let content = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    // The last line, and the last letter, may be cut off.
    let whole = if bytes.len() as u64 == BYTES {
        &content[..memchr::memrchr(b'\n', content)? + 1]
    } else {
        content
    };
    let text = match std::str::from_utf8(whole) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(whole).0.into_owned(),
    };
    let sheets = DELIMITERS.iter().filter(|d| text.contains(char::from(**d)));
    Some(RawContent::Text(sheets.map(|d| split(&text, *d)).collect()))
}

fn split(text: &str, delimiter: u8) -> RawSheet {
    let mut records = RecordReader::new(text.as_bytes(), 1, delimiter);
    let mut rows = Vec::new();
    while rows.len() < ROWS
        && let Some(record) = records.next()
    {
        let cells = record.cells().map(|c| String::from_utf8_lossy(c).trim().to_owned());
        rows.push((record.line, cells.collect()));
    }
    RawSheet { name: None, hidden: false, rows }
}

impl RawFile {
    /// The path as messages show it.
    pub(crate) fn name(&self) -> String {
        masked(&self.path).into_owned()
    }
}
