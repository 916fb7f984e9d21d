//! The first rows of every file of a folder as they stand there, whatever the file is called: for
//! who must find out what each is.

use super::csv::{RecordReader, ends_in_cr, line_feeds};
use super::error::SourceError;
use super::gz::{Meter, unpacked};
use super::ijw;
use super::location::{self, Location};
use crate::ground::masked;
use calamine::{Data, Reader, SheetVisible, Sheets, open_workbook_auto_from_rs};
use std::io::{Cursor, Read};
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
        return workbook(location);
    }
    if ends(&[".parquet"]) {
        return RawContent::Unknown("Parquet: de kolommen moeten heten als in de handleiding");
    }
    text(location, ends(&[".gz"])).unwrap_or(RawContent::Unknown("geen tabel"))
}

/// The first rows of the sheets; a library that panics on the bytes can't read them.
fn workbook(location: &Location) -> RawContent {
    let broken = RawContent::Unknown("de werkmap is niet te openen");
    let mut bytes = Vec::new();
    let read = location.open().and_then(|file| file.take(LARGEST_WORKBOOK).read_to_end(&mut bytes));
    if read.is_err() || location.bytes() > LARGEST_WORKBOOK {
        return broken;
    }
    let sheets = catch_unwind(AssertUnwindSafe(|| {
        let mut book: Sheets<_> = open_workbook_auto_from_rs(Cursor::new(bytes)).ok()?;
        let metadata = book.sheets_metadata().to_vec();
        let sheets = metadata.into_iter().filter_map(|sheet| {
            let range = book.worksheet_range(&sheet.name).ok()?;
            let first = u64::from(range.start().map_or(0, |(row, _)| row)) + 1;
            let left = range.start().map_or(0, |(_, kolom)| kolom) as usize;
            let cells = |row: &[Data]| {
                let empty = std::iter::repeat_n(String::new(), left);
                empty.chain(row.iter().map(cell)).collect()
            };
            let rows = (first..).zip(range.rows()).map(|(line, row)| (line, cells(row)));
            let rows =
                rows.filter(|(_, row): &(u64, Vec<String>)| row.iter().any(|c| !c.is_empty()));
            let hidden = sheet.visible != SheetVisible::Visible;
            Some(RawSheet { name: Some(sheet.name), hidden, rows: rows.take(ROWS).collect() })
        });
        Some(sheets.collect::<Vec<_>>())
    }));
    match sheets {
        Ok(Some(sheets)) => RawContent::Workbook(sheets),
        _ => broken,
    }
}

fn cell(data: &Data) -> String {
    match data {
        Data::DateTime(moment) if moment.is_datetime() => {
            let (jaar, maand, dag, ..) = moment.to_ymd_hms_milli();
            format!("{jaar:04}-{maand:02}-{dag:02}")
        }
        Data::DateTimeIso(text) => text.split('T').next().unwrap_or(text).to_owned(),
        Data::Bool(yes) => if *yes { "J" } else { "N" }.to_owned(),
        other => other.to_string().trim().to_owned(),
    }
}

/// The first rows of a text under each delimiter that splits any of them; `None` for what is no
/// text.
fn text(location: &Location, gz: bool) -> Option<RawContent> {
    let file = location.open().ok()?;
    let mut bytes = Vec::new();
    let nobody = |_: u64| {};
    match gz {
        true => unpacked(file, location.bytes(), Meter::default(), &nobody)
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
