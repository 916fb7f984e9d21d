//! Workbooks of spreadsheet programs: every visible sheet with a row that holds all needed columns,
//! cell by cell as text.

mod binary;
mod book;
mod cells;
mod compound;
mod excel;
mod here;
mod hidden;
mod old;
mod open;
mod package;
mod sheet;
mod tags;
mod there;

pub(crate) use there::serve;

use super::error::SourceError;
use super::header::{HEADER_LINES, Header, HeaderSpec, HeaderText};
use super::record::RecordBlock;
use super::totals::is_total;
use crate::dossier::{FileKind, Kolom, counted};
use crate::ground::is_bomb;
pub(crate) use book::{Book, with_book};
use cells::heading;
pub(crate) use cells::write_cell;
use here::SheetFacts;
use sheet::{RowPlace, SheetRows};

/// Rows in one block, and bytes at which it is full with fewer.
const BLOCK_ROWS: usize = 2048;
const BLOCK_BYTES: usize = 4 << 20;

/// A row of totals below the last row of data.
pub(crate) struct TotalsRow {
    pub line: u64,
    pub kolom: Kolom,
    pub value: String,
}

/// What was read of a workbook besides its rows.
pub(crate) struct WorkbookReading {
    /// The header of the first sheet that was read.
    pub header: Header,
    pub totals: Vec<TotalsRow>,
    /// What the user should know of its sheets, in Dutch sentences that the file's name goes before.
    pub notes: Vec<String>,
}

/// Rows of a few blocks at a time, under their header.
type Send<'s> = dyn FnMut(&Header, &[RecordBlock]) + 's;

/// Reads the workbook, in another process where this is the program itself; `send` gets a few blocks
/// of rows at a time. That process may use so many bytes of memory.
pub(crate) fn read(
    bytes: &[u8],
    memory: u64,
    spec: &HeaderSpec<'_>,
    send: &mut Send<'_>,
) -> Result<WorkbookReading, SourceError> {
    let packed = bytes.len() as u64;
    with_book(spec.file, bytes, memory, |book| {
        let mut reading = Sheetwise {
            spec,
            best: None,
            below: Vec::new(),
            read: Vec::new(),
            hidden: Vec::new(),
            hidden_rows: 0,
            packed,
            cell_bytes: 0,
            from_1904: book.facts().from_1904,
        };
        let mut outcome: Option<(Header, Vec<TotalsRow>)> = None;
        for (place, sheet) in book.facts().sheets.clone().iter().enumerate() {
            if !sheet.has_cells || spec.place.sheet.as_ref().is_some_and(|only| sheet.name != *only)
            {
                continue;
            }
            let rows = book.rows(place).map_err(|problem| problem.of(spec.file))?;
            if let Some((header, totals)) = reading.sheet(sheet, rows, send)? {
                match &mut outcome {
                    None => outcome = Some((header, totals)),
                    Some((_, all)) => all.extend(totals),
                }
            }
        }
        match outcome {
            Some((header, totals)) => {
                Ok(WorkbookReading { header, totals, notes: reading.notes() })
            }
            None => Err(reading.without_table()),
        }
    })
}

/// The sheets of a workbook, one after the other.
struct Sheetwise<'a> {
    spec: &'a HeaderSpec<'a>,
    /// What was wrong with the row that looked most like a header, and how many columns it had.
    best: Option<(usize, SourceError)>,
    /// The rows below that one, as far as they were looked at.
    below: Vec<Vec<String>>,
    /// Sheets that were read, with the number of their rows.
    read: Vec<(String, usize)>,
    /// Sheets that have a header of ours, but are hidden.
    hidden: Vec<String>,
    /// Rows that were read and that a person hid or filtered away.
    hidden_rows: u64,
    /// Bytes of the workbook, and of the cells of the sheets so far.
    packed: u64,
    cell_bytes: u64,
    /// Do its days count from 1904?
    from_1904: bool,
}

impl Sheetwise<'_> {
    /// Reads one sheet, if it has a header and can be seen.
    fn sheet(
        &mut self,
        sheet: &SheetFacts,
        mut rows: SheetRows<'_>,
        send: &mut Send<'_>,
    ) -> Result<Option<(Header, Vec<TotalsRow>)>, SourceError> {
        let Some(header) = self.header(&mut rows)? else { return Ok(None) };
        if sheet.is_hidden && self.spec.place.sheet.is_none() {
            self.hidden.push(sheet.name.clone());
            return Ok(None);
        }
        let mut table = Table::new(&header, self);
        let totals = table.read(&mut rows, self.spec, send)?;
        let Table { count, hidden, cell_bytes, .. } = table;
        self.cell_bytes = cell_bytes;
        self.read.push((sheet.name.clone(), count));
        self.hidden_rows += hidden;
        Ok(Some((header, totals)))
    }

    /// The header of a sheet: the first row among the first that has all needed columns, by itself or
    /// with what the row above it says of its columns together.
    fn header(&mut self, rows: &mut SheetRows<'_>) -> Result<Option<Header>, SourceError> {
        let (mut cells, mut above, mut titles) = (Vec::new(), Vec::new(), 0);
        let mut is_best_here = false;
        while let Some(row) = rows.next(&mut cells).map_err(|problem| problem.of(self.spec.file))? {
            let line = row.line();
            if line > self.spec.place.header_line.map_or(HEADER_LINES, u64::from) {
                break;
            }
            let headers = heading(&cells);
            if headers.is_empty() {
                continue;
            }
            if is_best_here {
                self.below.push(headers.clone());
            }
            if self.spec.is_candidate(line) {
                let both = self.spec.two_rows(&above, &headers);
                for headers in [Some(headers.clone()), both].into_iter().flatten() {
                    let known = self.spec.names.known(&headers, self.spec.kind);
                    let text = HeaderText { headers, line, ..HeaderText::default() };
                    match Header::from_headers(text, self.spec) {
                        Ok(mut header) => {
                            header.titles = titles;
                            return Ok(Some(header));
                        }
                        Err(error) if self.best.as_ref().is_none_or(|(b, _)| known > *b) => {
                            self.best = Some((known, error));
                            self.below.clear();
                            is_best_here = true;
                        }
                        Err(_) => {}
                    }
                }
            }
            titles += 1;
            above = headers;
        }
        Ok(None)
    }

    /// Why there is nothing to read.
    fn without_table(self) -> SourceError {
        let file = || self.spec.file.to_owned();
        match (&self.spec.place.sheet, self.hidden.is_empty(), self.best) {
            (_, false, _) => {
                SourceError::OnlyHiddenSheets { file: file(), sheets: self.hidden.join(", ") }
            }
            (_, _, Some((_, error))) => error.with_cells(&self.below),
            (Some(sheet), ..) => SourceError::NoSheet { file: file(), sheet: sheet.clone() },
            _ => SourceError::Empty { file: file() },
        }
    }

    /// Which sheets were read, which weren't, and which rows can't be seen.
    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.read.len() > 1 {
            let sheets = self
                .read
                .iter()
                .map(|(name, rows)| format!("{name} ({})", counted(*rows as u64, "rij", "rijen")));
            notes.push(format!("gelezen bladen: {}", sheets.collect::<Vec<_>>().join(", ")));
        }
        for name in &self.hidden {
            notes.push(format!(
                "het verborgen blad {name} heeft ook zo'n tabel en is niet gelezen; maak het zichtbaar, of wijs het aan met blad in controle.toml"
            ));
        }
        match self.hidden_rows {
            0 => {}
            1 => notes.push("1 verborgen of weggefilterde rij is meegelezen".to_owned()),
            n => notes.push(format!("{n} verborgen of weggefilterde rijen zijn meegelezen")),
        }
        notes
    }
}

/// The rows below a header, into blocks.
struct Table<'h> {
    header: &'h Header,
    kind: FileKind,
    kolommen: Vec<Option<Kolom>>,
    from_1904: bool,
    blocks: Vec<RecordBlock>,
    in_block: usize,
    /// Rows so far, and those that a person hid or filtered away.
    count: usize,
    hidden: u64,
    /// Bytes of the workbook, and of its cells so far.
    packed: u64,
    cell_bytes: u64,
}

impl<'h> Table<'h> {
    fn new(header: &'h Header, of: &Sheetwise<'_>) -> Table<'h> {
        let Sheetwise { packed, cell_bytes, from_1904, spec, .. } = *of;
        let kind = spec.kind;
        let kolommen = header.kolommen_by_place();
        let blocks = vec![RecordBlock::default()];
        Table {
            header,
            kind,
            kolommen,
            from_1904,
            blocks,
            in_block: 0,
            count: 0,
            hidden: 0,
            packed,
            cell_bytes,
        }
    }

    /// Reads the rows; returns those of totals at their end.
    fn read(
        &mut self,
        rows: &mut SheetRows<'_>,
        spec: &HeaderSpec<'_>,
        send: &mut Send<'_>,
    ) -> Result<Vec<TotalsRow>, SourceError> {
        // Rows that look like totals: they are, unless a row of data follows.
        let mut waiting: Vec<(RowPlace, Vec<String>)> = Vec::new();
        let mut texts = vec![String::new(); self.header.field_count];
        let mut cells = Vec::new();
        while let Some(row) = rows.next(&mut cells).map_err(|problem| problem.of(spec.file))? {
            texts.iter_mut().for_each(String::clear);
            for (place, value) in &cells {
                // What stands beside the table has no header and can shift nothing.
                if let Some(text) = texts.get_mut(*place as usize) {
                    text.clear();
                    write_cell(value, self.kolommen[*place as usize], self.from_1904, text);
                }
            }
            if texts.iter().all(|t| t.trim_ascii().is_empty()) {
                continue;
            }
            // One text may stand in many cells.
            self.cell_bytes += texts.iter().map(|t| t.len() as u64).sum::<u64>();
            if is_bomb(self.packed, self.cell_bytes) {
                return Err(SourceError::TooLargeUnpacked { file: spec.file.to_owned() });
            }
            if self.total_of(&texts).is_some() {
                waiting.push((row, texts.clone()));
                continue;
            }
            for (earlier, texts) in waiting.drain(..) {
                self.take(earlier, &texts, send);
            }
            self.take(row, &texts, send);
        }
        send(self.header, &self.blocks);
        let totals = waiting.into_iter().filter_map(|(row, texts)| {
            let (kolom, value) = self.total_of(&texts)?;
            Some(TotalsRow { line: row.line(), kolom, value: value.to_owned() })
        });
        Ok(totals.collect())
    }

    fn take(&mut self, row: RowPlace, texts: &[String], send: &mut Send<'_>) {
        let width = rayon::current_num_threads() * 4;
        let block = self.blocks.last().map_or(0, RecordBlock::size);
        if self.in_block == BLOCK_ROWS || block > BLOCK_BYTES {
            self.in_block = 0;
            if self.blocks.len() == width {
                send(self.header, &self.blocks);
                self.blocks.clear();
            }
            self.blocks.push(RecordBlock::default());
        }
        let block = self.blocks.last_mut().expect("there is always a block");
        texts.iter().for_each(|t| block.cell(t));
        block.close(row.line());
        self.in_block += 1;
        self.count += 1;
        self.hidden += u64::from(row.is_hidden);
    }

    /// The amount of a row that has one, but nothing in the columns that tell rows apart.
    fn total_of<'t>(&self, texts: &'t [String]) -> Option<(Kolom, &'t str)> {
        let bedrag = match self.kind {
            FileKind::Declaraties => Kolom::IngediendBedrag,
            FileKind::Toewijzingen => Kolom::Budget,
            FileKind::Omzet => Kolom::Omzet,
            FileKind::Productieverantwoording => Kolom::Bedrag,
            _ => return None,
        };
        let cell = |kolom| self.header.place(kolom).map_or("", |i| texts[i].trim_ascii());
        let tells_apart = |(kolom, needed): &&(Kolom, bool)| {
            *needed && *kolom != bedrag && *kolom != Kolom::GeleverdVolume
        };
        let mut others = self.kind.kolommen().iter().filter(tells_apart);
        let is_total_row = !cell(bedrag).is_empty()
            && others
                .all(|(kolom, _)| cell(*kolom).is_empty() || is_total(cell(*kolom).as_bytes()));
        is_total_row.then(|| (bedrag, cell(bedrag)))
    }
}

impl HeaderSpec<'_> {
    pub(crate) fn damaged(&self, cause: &str) -> SourceError {
        SourceError::Damaged { file: self.file.to_owned(), cause: cause.to_owned() }
    }

    /// A header of two rows as one: of each column what the lower row says, what both say together, or
    /// where the lower row says nothing, what the upper one does.
    fn two_rows(&self, above: &[String], below: &[String]) -> Option<Vec<String>> {
        if above.is_empty() {
            return None;
        }
        let is_known = |text: &str| self.names.kolom(text, self.kind).is_some();
        let mut group = "";
        let columns = (0..above.len().max(below.len())).map(|i| {
            let upper = above.get(i).map_or("", String::as_str);
            let lower = below.get(i).map_or("", String::as_str);
            // A cell over several columns has its text in the first.
            group = if upper.is_empty() { group } else { upper };
            let both = format!("{group} {lower}");
            match lower {
                "" => upper.to_owned(),
                _ if is_known(lower) || !is_known(&both) => lower.to_owned(),
                _ => both,
            }
        });
        Some(columns.collect())
    }
}
