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

/// Rows of a few blocks at a time, under their header.
type Send<'s> = dyn FnMut(&Header, &[RecordBlock]) + 's;

/// Reads the file, in another process where this is the program itself; `send` gets its rows. That
/// process may use so many bytes of memory.
pub(crate) fn read(
    bytes: Vec<u8>,
    memory: u64,
    spec: &HeaderSpec<'_>,
    send: &mut Send<'_>,
) -> Result<Header, SourceError> {
    match Process::start(PARQUET, (spec.file, &bytes), memory.min(MEMORY), DAMAGED)? {
        None => read_here(bytes, spec, send),
        Some(reader) => {
            drop(bytes);
            read_there(reader, spec, send)
        }
    }
}

fn read_here(
    bytes: Vec<u8>,
    spec: &HeaderSpec<'_>,
    send: &mut Send<'_>,
) -> Result<Header, SourceError> {
    let said = |problem: Problem| problem.of(spec.file);
    let file = ParquetFile::open(bytes).map_err(said)?;
    let (header, wanted) = header(file.columns(), spec)?;
    file.read(&wanted, &mut |blocks| send(&header, blocks)).map_err(said)?;
    Ok(header)
}

fn read_there(
    mut reader: Process,
    spec: &HeaderSpec<'_>,
    send: &mut Send<'_>,
) -> Result<Header, SourceError> {
    let said = |problem: Problem| problem.of(spec.file);
    let (_, columns) = reader.hear().map_err(said)?;
    let columns = serde_json::from_slice(&columns).map_err(|_| said(reader.senseless()))?;
    let (header, wanted) = header(columns, spec)?;
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
                    send(&header, &blocks);
                    blocks.clear();
                }
            }
            (DONE, _) => {
                send(&header, &blocks);
                return Ok(header);
            }
            _ => return Err(said(reader.senseless())),
        }
    }
}

/// The header, and for each column of the file what it is to us.
fn header(
    columns: Vec<(String, bool)>,
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
