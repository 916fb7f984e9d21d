//! A workbook that another process of this program opens: it tells which sheets there are, is told
//! which to read, and gives the cells of that one a block at a time.

use super::here::{BookFacts, BookHere, SENSELESS, with_book_here};
use super::sheet::{Cells, PlacedCell, RowPlace};
use crate::bron::process::{self, Client, Kind, Problem, Process};
use calamine::{CellErrorType, DataRef, ExcelDateTime, ExcelDateTimeType};
use std::io;

/// Which sheets there are; which of them to read; that one more block of it can be taken.
const FACTS: Kind = b'b';
const SHEET: Kind = b's';
const MORE: Kind = b'm';
/// Cells of a sheet, and the last of them. The place of the sheet stands in front: nobody may want it
/// any more.
const CELLS: Kind = b'c';
const LAST: Kind = b'l';

/// Bytes of a block, about, and blocks that are made before anybody asked for more.
const BLOCK: usize = 1 << 16;
const AHEAD: usize = 2;

/// Bytes of the longest text that is taken for one.
const LONGEST_TEXT: usize = 1 << 20;

/// A workbook that another process has open.
pub(crate) struct BookThere {
    process: Process,
    facts: BookFacts,
}

impl BookThere {
    pub(super) fn open(mut process: Process) -> Result<BookThere, Problem> {
        let (_, facts) = process.hear()?;
        let facts = serde_json::from_slice(&facts).map_err(|_| process.senseless())?;
        Ok(BookThere { process, facts })
    }

    pub(super) fn facts(&self) -> &BookFacts {
        &self.facts
    }

    /// The cells of the sheet at this place.
    pub(super) fn cells(&mut self, place: usize) -> Result<Cells<'_>, Problem> {
        let process = &mut self.process;
        let sheet = (place as u32).to_le_bytes();
        process.say(SHEET, &sheet)?;
        let (mut block, mut at, mut is_last) = (Vec::new(), 0, false);
        Ok(Box::new(move || {
            while at == block.len() {
                if is_last {
                    return Ok(None);
                }
                let (kind, heard) = process.hear()?;
                // What is left of a sheet that was given up.
                if !heard.starts_with(&sheet) {
                    continue;
                }
                is_last = kind == LAST;
                if !is_last {
                    process.say(MORE, &[])?;
                }
                (block, at) = (heard, sheet.len());
            }
            let mut rest = &block[at..];
            let cell = take_cell(&mut rest).ok_or_else(|| process.senseless())?;
            at = block.len() - rest.len();
            Ok(Some(cell))
        }))
    }
}

/// What the other process does.
///
/// # Errors
/// Where the one that started it is no more.
pub(crate) fn serve() -> io::Result<()> {
    process::serve(|client, file, bytes| {
        let outcome = with_book_here(file, &bytes, |mut book| give(&mut book, client));
        match outcome {
            Ok(()) => Ok(Ok(())),
            Err(Stopped::Problem(problem)) => Ok(Err(problem)),
            // Whoever asked has seen enough.
            Err(Stopped::Gone(e)) if e.kind() == io::ErrorKind::UnexpectedEof => Ok(Ok(())),
            Err(Stopped::Gone(e)) => Err(e),
        }
    })
}

/// Why no more is given.
enum Stopped {
    Problem(Problem),
    /// The one that asks is no more.
    Gone(io::Error),
}

impl From<Problem> for Stopped {
    fn from(problem: Problem) -> Stopped {
        Stopped::Problem(problem)
    }
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Stopped {
        Stopped::Gone(error)
    }
}

/// Gives the sheets that are asked for, until nobody asks any more.
fn give(book: &mut BookHere<'_>, client: &mut Client) -> Result<(), Stopped> {
    client.say(FACTS, &serde_json::to_vec(&book.facts).map_err(io::Error::from)?)?;
    let mut next = None;
    loop {
        let sheet = match next.take() {
            Some(sheet) => sheet,
            None => match client.hear()? {
                (SHEET, sheet) => sheet,
                _ => continue,
            },
        };
        let place = sheet.as_slice().try_into().map(u32::from_le_bytes).unwrap_or(u32::MAX);
        if place as usize >= book.facts.sheets.len() {
            return Err(Problem::damaged(SENSELESS).into());
        }
        next = give_sheet(book.cells(place as usize)?, &sheet, client)?;
    }
}

/// Gives the cells of a sheet; if another is asked for meanwhile, returns that.
fn give_sheet(
    mut cells: Cells<'_>,
    sheet: &[u8],
    client: &mut Client,
) -> Result<Option<Vec<u8>>, Stopped> {
    let mut asked = AHEAD;
    let mut block = sheet.to_vec();
    while let Some(cell) = cells()? {
        add_cell(&cell, &mut block);
        if block.len() > BLOCK + LONGEST_TEXT {
            return Err(Problem::TooLarge.into());
        }
        if block.len() < BLOCK {
            continue;
        }
        client.say(CELLS, &block)?;
        block.truncate(sheet.len());
        asked -= 1;
        while asked == 0 {
            match client.hear()? {
                (SHEET, other) => return Ok(Some(other)),
                _ => asked += 1,
            }
        }
    }
    client.say(LAST, &block)?;
    Ok(None)
}

const TEXT: u8 = 0;
const NUMBER: u8 = 1;
const INTEGER: u8 = 2;
const YES_NO: u8 = 3;
const MOMENT: u8 = 4;
const DURATION: u8 = 5;
const MOMENT_TEXT: u8 = 6;
const DURATION_TEXT: u8 = 7;
const ERROR: u8 = 8;
/// Added to a moment that counts from 1904.
const FROM_1904: u8 = 16;
/// Added to a cell of a hidden row.
const HIDDEN: u8 = 32;

const ERRORS: [CellErrorType; 8] = [
    CellErrorType::Div0,
    CellErrorType::NA,
    CellErrorType::Name,
    CellErrorType::Null,
    CellErrorType::Num,
    CellErrorType::Ref,
    CellErrorType::Value,
    CellErrorType::GettingData,
];

/// Adds a cell to a block: its row, its column, what it is, and that.
fn add_cell((row, kolom, value): &PlacedCell<'_>, block: &mut Vec<u8>) {
    let (kind, number, text) = match value {
        DataRef::Empty => return,
        DataRef::String(text) => (TEXT, None, &**text),
        DataRef::SharedString(text) => (TEXT, None, *text),
        DataRef::DateTimeIso(text) => (MOMENT_TEXT, None, &**text),
        DataRef::DurationIso(text) => (DURATION_TEXT, None, &**text),
        DataRef::Float(number) => (NUMBER, Some(number.to_le_bytes()), ""),
        DataRef::Int(number) => (INTEGER, Some(number.to_le_bytes()), ""),
        DataRef::Bool(yes) => (YES_NO, Some(u64::from(*yes).to_le_bytes()), ""),
        DataRef::DateTime(moment) => {
            let kind = if moment.is_duration() { DURATION } else { MOMENT };
            let of = if is_from_1904(moment) { FROM_1904 } else { 0 };
            (kind | of, Some(moment.as_f64().to_le_bytes()), "")
        }
        DataRef::Error(error) => {
            let place = ERRORS.iter().position(|e| e == error).unwrap_or(0);
            (ERROR, Some((place as u64).to_le_bytes()), "")
        }
    };
    block.extend(row.number.to_le_bytes());
    block.extend(kolom.to_le_bytes());
    block.push(kind | if row.is_hidden { HIDDEN } else { 0 });
    match number {
        Some(number) => block.extend(number),
        None => {
            block.extend((text.len() as u64).to_le_bytes());
            block.extend(text.as_bytes());
        }
    }
}

/// Does this moment count from 1904? Only what is written of it tells.
fn is_from_1904(moment: &ExcelDateTime) -> bool {
    let kind = kind_of(moment.is_duration());
    *moment == ExcelDateTime::new(moment.as_f64(), kind, true)
}

fn kind_of(is_duration: bool) -> ExcelDateTimeType {
    if is_duration { ExcelDateTimeType::TimeDelta } else { ExcelDateTimeType::DateTime }
}

/// The next cell of a block; `None` where there is none.
fn take_cell<'z>(block: &mut &[u8]) -> Option<PlacedCell<'z>> {
    let mut rest = *block;
    let number_of_row = u32::from_le_bytes(*take(&mut rest)?);
    let kolom = u32::from_le_bytes(*take(&mut rest)?);
    let [kind] = *take(&mut rest)?;
    let row = RowPlace { number: number_of_row, is_hidden: kind & HIDDEN != 0 };
    let number: [u8; 8] = *take(&mut rest)?;
    let moment = |is_duration| {
        let from_1904 = kind & FROM_1904 != 0;
        ExcelDateTime::new(f64::from_le_bytes(number), kind_of(is_duration), from_1904)
    };
    let mut text = || -> Option<String> {
        let length = usize::try_from(u64::from_le_bytes(number)).ok()?;
        let (text, after) = rest.split_at_checked(length)?;
        rest = after;
        Some(simdutf8::basic::from_utf8(text).ok()?.to_owned())
    };
    let value = match kind & !(FROM_1904 | HIDDEN) {
        TEXT => DataRef::String(text()?),
        MOMENT_TEXT => DataRef::DateTimeIso(text()?),
        DURATION_TEXT => DataRef::DurationIso(text()?),
        NUMBER => DataRef::Float(f64::from_le_bytes(number)),
        INTEGER => DataRef::Int(i64::from_le_bytes(number)),
        YES_NO => DataRef::Bool(u64::from_le_bytes(number) != 0),
        MOMENT => DataRef::DateTime(moment(false)),
        DURATION => DataRef::DateTime(moment(true)),
        ERROR => {
            let place = usize::try_from(u64::from_le_bytes(number)).ok()?;
            DataRef::Error(ERRORS.get(place)?.clone())
        }
        _ => return None,
    };
    *block = rest;
    Some((row, kolom, value))
}

fn take<'w, const N: usize>(rest: &mut &'w [u8]) -> Option<&'w [u8; N]> {
    let (first, after) = rest.split_first_chunk::<N>()?;
    *rest = after;
    Some(first)
}
