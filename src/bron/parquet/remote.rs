//! A Parquet file read by another process of this program: it tells which columns there are, is told
//! which to read, and gives blocks of rows.

use super::{ParquetFile, Wanted};
use crate::bron::error::SourceError;
use crate::bron::header::{Header, HeaderSpec, HeaderText};
use crate::bron::process::{self, Client, Kind, LONGEST, PARQUET, Problem, Process};
use crate::bron::record::RecordBlock;
use std::io;

const COLUMNS: Kind = b'k';
const ROWS: Kind = b'r';
const DONE: Kind = b'g';

/// Bytes of memory that the reader may use at most, however much there is.
const MEMORY: u64 = 700_000_000;

/// Said of a file in which the reader finds no sense.
const DAMAGED: &str = "het is geen leesbaar parquet-bestand";

/// What to read of the columns that a file has, and what that makes of them; it is given to `send` with
/// rows of a few blocks at a time.
type Choose<'c, H> = dyn Fn(Vec<Column>) -> Result<(H, Vec<Option<Wanted>>), SourceError> + 'c;
type Send<'s, H> = dyn FnMut(&H, &[RecordBlock]) + 's;

/// The name of a column, and whether we read what it holds.
type Column = (String, bool);

/// Reads the file, in another process where this is the program itself; `send` gets its rows. That
/// process may use so many bytes of memory.
pub(crate) fn read(
    bytes: Vec<u8>,
    memory: u64,
    spec: &HeaderSpec<'_>,
    send: &mut Send<'_, Header>,
) -> Result<Header, SourceError> {
    read_chosen((spec.file, bytes), memory, &|columns| header(columns, spec), send)
}

/// Reads these columns of a file of our own form as texts: `per_row` gets those of each row, in this
/// order.
///
/// # Errors
/// A file that can't be read, or lacks one of them.
pub(crate) fn read_texts<const N: usize>(
    (file, bytes): (&str, Vec<u8>),
    memory: u64,
    names: [&str; N],
    per_row: &mut dyn FnMut([&str; N]),
) -> Result<(), SourceError> {
    let choose = |columns: Vec<Column>| {
        let place = |name: &str| columns.iter().position(|(n, readable)| n == name && *readable);
        let damaged = || Problem::damaged(DAMAGED).of(file);
        let places: Vec<usize> =
            names.iter().map(|name| place(name)).collect::<Option<_>>().ok_or_else(damaged)?;
        let wanted = |i| places.contains(&i).then_some(Wanted::Text);
        let wanted = (0..columns.len()).map(wanted).collect();
        Ok((places, wanted))
    };
    let send = &mut |places: &Vec<usize>, blocks: &[RecordBlock]| {
        for record in blocks.iter().flat_map(RecordBlock::records) {
            per_row(std::array::from_fn(|i| record.text(places[i])));
        }
    };
    read_chosen((file, bytes), memory, &choose, send).map(|_| ())
}

fn read_chosen<H>(
    (file, bytes): (&str, Vec<u8>),
    memory: u64,
    choose: &Choose<'_, H>,
    send: &mut Send<'_, H>,
) -> Result<H, SourceError> {
    match Process::start(PARQUET, (file, &bytes), memory.min(MEMORY), DAMAGED)? {
        None => read_here((file, bytes), choose, send),
        Some(reader) => {
            drop(bytes);
            read_there(file, reader, choose, send)
        }
    }
}

fn read_here<H>(
    (file, bytes): (&str, Vec<u8>),
    choose: &Choose<'_, H>,
    send: &mut Send<'_, H>,
) -> Result<H, SourceError> {
    let said = |problem: Problem| problem.of(file);
    let open = ParquetFile::open(bytes).map_err(said)?;
    let (made, wanted) = choose(open.columns())?;
    open.read(&wanted, &mut |blocks| send(&made, blocks)).map_err(said)?;
    Ok(made)
}

fn read_there<H>(
    file: &str,
    mut reader: Process,
    choose: &Choose<'_, H>,
    send: &mut Send<'_, H>,
) -> Result<H, SourceError> {
    let said = |problem: Problem| problem.of(file);
    let (_, columns) = reader.hear().map_err(said)?;
    let columns = serde_json::from_slice(&columns).map_err(|_| said(reader.senseless()))?;
    let (made, wanted) = choose(columns)?;
    let wanted = serde_json::to_vec(&wanted).expect("names of columns can be written");
    reader.say(COLUMNS, &wanted).map_err(said)?;
    let most = 4 * rayon::current_num_threads();
    let mut blocks = Vec::with_capacity(most);
    loop {
        match reader.hear().map_err(said)? {
            (ROWS, wire) => {
                let block = RecordBlock::from_wire(&wire);
                blocks.push(block.ok_or_else(|| said(reader.senseless()))?);
                if blocks.len() == most {
                    send(&made, &blocks);
                    blocks.clear();
                }
            }
            (DONE, _) => {
                send(&made, &blocks);
                return Ok(made);
            }
            _ => return Err(said(reader.senseless())),
        }
    }
}

/// The header, and for each column of the file what it is to us.
fn header(
    columns: Vec<Column>,
    spec: &HeaderSpec<'_>,
) -> Result<(Header, Vec<Option<Wanted>>), SourceError> {
    let headers = columns.iter().map(|(name, _)| name.clone()).collect();
    let text = HeaderText { headers, line: 1, ..HeaderText::default() };
    let header = Header::from_headers(text, spec)?;
    let mut wanted: Vec<Option<Wanted>> =
        header.kolommen_by_place().into_iter().map(|kolom| kolom.map(Wanted::Kolom)).collect();
    for place in header.meegenomen.iter().flatten() {
        wanted[usize::from(*place)].get_or_insert(Wanted::Text);
    }
    for (wanted, (name, readable)) in wanted.iter().zip(&columns) {
        if let (Some(wanted), false) = (wanted, readable) {
            let kolom = match wanted {
                Wanted::Kolom(kolom) => kolom.name().to_owned(),
                Wanted::Text => name.clone(),
            };
            return Err(SourceError::KolomForm { file: spec.file.to_owned(), kolom });
        }
    }
    Ok((header, wanted))
}

/// What the other process does.
///
/// # Errors
/// Where the one that started it is no more.
pub(crate) fn serve() -> io::Result<()> {
    process::serve(|client, _, bytes| {
        let file = match ParquetFile::open(bytes) {
            Ok(file) => file,
            Err(problem) => return Ok(Err(problem)),
        };
        client.say(COLUMNS, &serde_json::to_vec(&file.columns())?)?;
        let wanted: Vec<Option<Wanted>> = serde_json::from_slice(&client.hear()?.1)?;
        give(&file, &wanted, client)
    })
}

/// Gives the rows of the file.
fn give(
    file: &ParquetFile,
    wanted: &[Option<Wanted>],
    client: &mut Client,
) -> io::Result<Result<(), Problem>> {
    let (mut failed, mut too_large) = (Ok(()), false);
    let outcome = file.read(wanted, &mut |blocks| {
        for wire in blocks.iter().map(RecordBlock::to_wire) {
            too_large |= wire.len() as u64 > LONGEST;
            if failed.is_ok() && !too_large {
                failed = client.say(ROWS, &wire);
            }
        }
    });
    failed?;
    match outcome {
        _ if too_large => Ok(Err(Problem::TooLarge)),
        Ok(()) => client.say(DONE, &[]).map(Ok),
        Err(problem) => Ok(Err(problem)),
    }
}
