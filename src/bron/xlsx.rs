//! A workbook: the first sheet with a row that holds all needed columns, cell by cell as text. Of
//! verdicts every such sheet: a rapport has one a family of rules.

use super::error::SourceError;
use super::header::{ColumnNames, Header, HeaderText};
use super::number::write_number;
use super::record::RecordBlock;
use crate::dossier::{Columns, FileKind, Kolom};
use calamine::{
    DataRef, ExcelDateTime, ExcelDateTimeType, Reader, SheetType, Xlsx, XlsxCellReader, XlsxError,
};
use std::fmt::Write;
use std::io::{Cursor, Read};

/// Rows of a sheet among which the header is looked for.
const HEADER_ROWS: u32 = 20;
/// Columns that a sheet can have.
const KOLOMMEN: u32 = 1 << 14;
/// Rows in one block.
const BLOCK_ROWS: usize = 2048;

/// The parts of a workbook together, unpacked, are no larger than this.
const LIMIT_UNPACKED: u64 = 1_500_000_000;
/// A part above this size that was packed better than `LIMIT_RATIO` is no table.
const LIMIT_PART: u64 = 50_000_000;
const LIMIT_RATIO: u64 = 200;

/// The last day of Excel's calendar.
const LAST_DAG: f64 = 2_958_466.0;

/// A row of totals below the last row of data.
pub(crate) struct TotalsRow {
    pub line: u64,
    pub kolom: Kolom,
    pub value: String,
}

/// What a file holds and how its header is to be read.
pub(crate) struct HeaderSpec<'a> {
    pub file: &'a str,
    pub kind: FileKind,
    pub names: &'a ColumnNames,
    pub may_be_absent: Columns,
}

type Bytes<'b> = Cursor<&'b [u8]>;

/// Reads the workbook; `send` gets a few blocks of rows at a time.
pub(crate) fn read(
    bytes: &[u8],
    spec: &HeaderSpec<'_>,
    send: &mut dyn FnMut(&Header, &[RecordBlock]),
) -> Result<(Header, Vec<TotalsRow>), SourceError> {
    let beschadigd = |e: XlsxError| {
        tracing::debug!("{}: {e}", spec.file);
        spec.beschadigd("de werkmap is niet te lezen")
    };
    spec.controleer_zip(bytes)?;
    let mut book: Xlsx<Bytes<'_>> = Xlsx::new(Cursor::new(bytes)).map_err(|e| match e {
        XlsxError::Password => spec.beveiligd(),
        e => beschadigd(e),
    })?;
    let sheets: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut best: Option<(usize, SourceError)> = None;
    let mut gelezen: Option<(Header, Vec<TotalsRow>)> = None;
    for sheet in &sheets {
        let cells = match book.worksheet_cells_reader(sheet) {
            Ok(cells) => cells,
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(e) => return Err(beschadigd(e)),
        };
        let mut rows = SheetRows { cells, ahead: None, at_end: false };
        let mut cells = Vec::new();
        while let Some(row) = rows.next(&mut cells).map_err(beschadigd)? {
            if row >= HEADER_ROWS {
                break;
            }
            let koppen = headers(&cells);
            if koppen.is_empty() {
                continue;
            }
            let known = spec.names.known(&koppen, spec.kind);
            let text =
                HeaderText { headers: koppen, line: u64::from(row) + 1, ..HeaderText::default() };
            let header =
                Header::from_headers(text, spec.file, spec.kind, spec.names, spec.may_be_absent);
            match header {
                Ok(header) => {
                    let totals = read_rows(&mut rows, &header, spec.kind, send);
                    let totals = totals.map_err(beschadigd)?;
                    if spec.kind != FileKind::Beoordelingen {
                        return Ok((header, totals));
                    }
                    gelezen = Some((header, totals));
                    break;
                }
                Err(error) if best.as_ref().is_none_or(|(b, _)| known > *b) => {
                    best = Some((known, error));
                }
                Err(_) => {}
            }
        }
    }
    if let Some(gelezen) = gelezen {
        return Ok(gelezen);
    }
    Err(best.map_or(SourceError::Empty { file: spec.file.to_owned() }, |(_, error)| error))
}

/// Reads the rows below the header.
fn read_rows(
    rows: &mut SheetRows<'_, '_>,
    header: &Header,
    kind: FileKind,
    send: &mut dyn FnMut(&Header, &[RecordBlock]),
) -> Result<Vec<TotalsRow>, XlsxError> {
    let kolommen = header.kolommen_by_place();
    let width = rayon::current_num_threads() * 4;
    let mut blocks = vec![RecordBlock::default()];
    let mut in_block = 0;
    // Rows that look like totals: they are, unless a row of data follows.
    let mut waiting: Vec<(u64, Vec<String>)> = Vec::new();
    let mut texts = vec![String::new(); header.field_count];
    let mut cells = Vec::new();
    let mut take = |line: u64, texts: &[String]| {
        if in_block == BLOCK_ROWS {
            in_block = 0;
            if blocks.len() == width {
                send(header, &blocks);
                blocks.clear();
            }
            blocks.push(RecordBlock::default());
        }
        let block = blocks.last_mut().expect("there is always a block");
        texts.iter().for_each(|t| block.cell(t));
        block.close(line);
        in_block += 1;
    };
    while let Some(row) = rows.next(&mut cells)? {
        texts.iter_mut().for_each(String::clear);
        for (place, value) in &cells {
            // What stands beside the table has no header and can shift nothing.
            if let Some(text) = texts.get_mut(*place as usize) {
                text.clear();
                write_cell(value, kolommen[*place as usize], text);
            }
        }
        if texts.iter().all(|t| t.trim_ascii().is_empty()) {
            continue;
        }
        let line = u64::from(row) + 1;
        if total_of(&texts, header, kind).is_some() {
            waiting.push((line, texts.clone()));
            continue;
        }
        waiting.drain(..).for_each(|(earlier, texts)| take(earlier, &texts));
        take(line, &texts);
    }
    send(header, &blocks);
    Ok(waiting
        .into_iter()
        .filter_map(|(line, texts)| {
            let (kolom, value) = total_of(&texts, header, kind)?;
            Some(TotalsRow { line, kolom, value: value.to_owned() })
        })
        .collect())
}

/// The amount of a row that has one, but nothing in the columns that tell rows apart.
fn total_of<'t>(texts: &'t [String], header: &Header, kind: FileKind) -> Option<(Kolom, &'t str)> {
    let bedrag = match kind {
        FileKind::Declaraties => Kolom::IngediendBedrag,
        FileKind::Toewijzingen => Kolom::Budget,
        FileKind::Omzet => Kolom::Omzet,
        FileKind::Productieverantwoording => Kolom::Bedrag,
        _ => return None,
    };
    let cell = |kolom| header.place(kolom).map_or("", |i| texts[i].trim_ascii());
    let is_total = !cell(bedrag).is_empty()
        && kind
            .kolommen()
            .iter()
            .filter(|(kolom, needed)| {
                *needed && *kolom != bedrag && *kolom != Kolom::GeleverdVolume
            })
            .all(|(kolom, _)| cell(*kolom).is_empty() || is_opschrift(cell(*kolom)));
    is_total.then(|| (bedrag, cell(bedrag)))
}

/// What people write before a total.
fn is_opschrift(cell: &str) -> bool {
    let cell = cell.to_lowercase();
    ["totaal", "totalen", "eindtotaal", "subtotaal", "total", "som"]
        .iter()
        .any(|word| cell.split(|c: char| !c.is_alphabetic()).next() == Some(word))
}

/// The rows of a sheet that have cells.
struct SheetRows<'b, 'z> {
    cells: XlsxCellReader<'z, Bytes<'b>>,
    ahead: Option<(u32, u32, DataRef<'z>)>,
    at_end: bool,
}

impl<'z> SheetRows<'_, 'z> {
    /// Puts the cells of the next row, each with its column, into `cells`; returns its number from
    /// zero.
    fn next(&mut self, cells: &mut Vec<(u32, DataRef<'z>)>) -> Result<Option<u32>, XlsxError> {
        cells.clear();
        let mut row = None;
        if let Some((r, kolom, value)) = self.ahead.take() {
            row = Some(r);
            cells.push((kolom, value));
        }
        while !self.at_end {
            let Some(cell) = self.cells.next_cell()? else {
                self.at_end = true;
                break;
            };
            let (r, kolom) = cell.get_position();
            if kolom >= KOLOMMEN || matches!(cell.get_value(), DataRef::Empty) {
                continue;
            }
            let value = cell.get_value().clone();
            if *row.get_or_insert(r) != r {
                self.ahead = Some((r, kolom, value));
                break;
            }
            cells.push((kolom, value));
        }
        Ok(row)
    }
}

/// The texts of a row up to its last one.
fn headers(cells: &[(u32, DataRef<'_>)]) -> Vec<String> {
    let mut koppen: Vec<String> = Vec::new();
    for (place, value) in cells {
        let place = *place as usize;
        let mut text = String::new();
        write_cell(value, None, &mut text);
        if !text.trim().is_empty() {
            koppen.resize(koppen.len().max(place + 1), String::new());
            text.trim().clone_into(&mut koppen[place]);
        }
    }
    koppen
}

fn write_cell(cell: &DataRef<'_>, kolom: Option<Kolom>, out: &mut String) {
    match cell {
        DataRef::Empty => {}
        DataRef::String(text) => out.push_str(text),
        DataRef::SharedString(text) => out.push_str(text),
        DataRef::Int(number) => write!(out, "{number}").expect("writing to a String can't fail"),
        DataRef::Float(number) => write_number(*number, kolom, out),
        DataRef::Bool(yes) => out.push(if *yes { 'J' } else { 'N' }),
        DataRef::DateTime(moment) => write_moment(moment, kolom, out),
        DataRef::DateTimeIso(text) => out.push_str(text.split('T').next().unwrap_or(text)),
        DataRef::DurationIso(text) => out.push_str(text),
        DataRef::Error(error) => write!(out, "{error}").expect("writing to a String can't fail"),
    }
}

/// A day; a time without a day, or a duration, stays hours and minutes.
fn write_moment(moment: &ExcelDateTime, kolom: Option<Kolom>, out: &mut String) {
    let value = moment.as_f64();
    if !(0.0..LAST_DAG).contains(&value) {
        return write_number(value, kolom, out);
    }
    let written = if moment.is_duration() || value < 1.0 {
        let minuten = (value * 1440.0).round() as u64;
        write!(out, "{}:{:02}", minuten / 60, minuten % 60)
    } else {
        // Whole days only: a time just before midnight isn't rounded up to the next day.
        let dag = |from_1904| ExcelDateTime::new(value.floor(), KIND, from_1904);
        let (jaar, maand, dag, ..) = dag(since_1904(moment)).to_ymd_hms_milli();
        write!(out, "{jaar:04}-{maand:02}-{dag:02}")
    };
    written.expect("writing to a String can't fail");
}

/// Do the days of this workbook count from 1904? Only the day itself tells.
fn since_1904(moment: &ExcelDateTime) -> bool {
    let since_1900 = ExcelDateTime::new(moment.as_f64(), KIND, false);
    since_1900.to_ymd_hms_milli() != moment.to_ymd_hms_milli()
}

const KIND: ExcelDateTimeType = ExcelDateTimeType::DateTime;

impl HeaderSpec<'_> {
    pub(crate) fn beschadigd(&self, cause: &str) -> SourceError {
        SourceError::Damaged { file: self.file.to_owned(), cause: cause.to_owned() }
    }

    fn beveiligd(&self) -> SourceError {
        SourceError::Protected { file: self.file.to_owned() }
    }

    /// Unpacks all parts that are text, without keeping them: a workbook that is broken, or grows
    /// beyond all measure, is refused before it takes memory.
    fn controleer_zip(&self, bytes: &[u8]) -> Result<(), SourceError> {
        if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            return Err(self.beveiligd());
        }
        let too_large = || SourceError::TooLargeUnpacked { file: self.file.to_owned() };
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes))
            .map_err(|_| self.beschadigd("het is geen Excel-werkmap"))?;
        let mut total = 0_u64;
        let mut buffer = vec![0; 1 << 16];
        for i in 0..zip.len() {
            let mut part = zip.by_index(i).map_err(|e| {
                tracing::debug!("{}: {e}", self.file);
                self.beschadigd("een deel van de werkmap is niet te openen")
            })?;
            let Ok(name) = part.name().map(|name| name.to_ascii_lowercase()) else { continue };
            if !name.ends_with(".xml") && !name.ends_with(".rels") {
                continue;
            }
            let packed = part.compressed_size();
            let too_many = |unpacked: u64| {
                total.saturating_add(unpacked) > LIMIT_UNPACKED
                    || unpacked > LIMIT_PART && unpacked > packed.saturating_mul(LIMIT_RATIO)
            };
            if too_many(part.size()) {
                return Err(too_large());
            }
            let (mut unpacked, mut text_count) = (0, 0);
            loop {
                let n = part.read(&mut buffer).map_err(|_| {
                    self.beschadigd("een deel van de werkmap is niet uit te pakken")
                })?;
                if n == 0 {
                    break;
                }
                if unpacked == 0 && name.ends_with("sharedstrings.xml") {
                    text_count = promised_texts(&buffer[..n]);
                }
                unpacked += n as u64;
                if too_many(unpacked) {
                    return Err(too_large());
                }
            }
            // The reader makes room for as many texts as the part says it has.
            if text_count > unpacked {
                return Err(self.beschadigd("het aantal teksten in de werkmap klopt niet"));
            }
            total += unpacked;
        }
        Ok(())
    }
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
