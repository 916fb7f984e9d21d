//! A Parquet file read by another process of this program: whatever is wrong with the file, the run
//! goes on.
//!
//! The reader gets all bytes, tells which columns there are, is told which to read, and gives blocks of
//! rows. Each message is a letter, a length and so many bytes.

use super::{ParquetFile, ReadingError, Wanted};
use crate::bron::error::SourceError;
use crate::bron::header::{Header, HeaderSpec, HeaderText};
use crate::bron::record::RecordBlock;
use crate::ground::system::limit_this_process;
use std::io::{self, BufReader, BufWriter, ErrorKind, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// The only argument of such a process.
pub(crate) const READER: &str = "--lees-parquet";

/// Bytes of memory that the reader may use beside twice the file.
const MEMORY: u64 = 700_000_000;
/// Seconds of work for it, and bytes for which it gets one more.
const SECONDS: u64 = 10;
const BYTES_PER_SECOND: u64 = 1_000_000;

const COLUMNS: u8 = b'k';
const ROWS: u8 = b'r';
const DONE: u8 = b'g';
const TOO_LARGE: u8 = b'v';
const DAMAGED: u8 = b'b';

/// No message is longer.
const LONGEST: usize = 1 << 28;

/// Rows of a few blocks at a time, under their header.
type Send<'s> = dyn FnMut(&Header, &[RecordBlock]) + 's;

/// Reads the file, in another process where this is the program itself; `send` gets its rows.
pub(crate) fn read(
    bytes: Vec<u8>,
    spec: &HeaderSpec<'_>,
    send: &mut Send<'_>,
) -> Result<Header, SourceError> {
    match crate::ground::system::own_program() {
        None => read_here(bytes, spec, send),
        Some(program) => {
            let mut command = Command::new(program);
            command.arg(READER).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
            let unreadable = |e: io::Error| SourceError::from_io(spec.file, &e);
            let reader = Reader::new(command.spawn().map_err(unreadable)?);
            reader.read(bytes, spec, send)
        }
    }
}

fn read_here(
    bytes: Vec<u8>,
    spec: &HeaderSpec<'_>,
    send: &mut Send<'_>,
) -> Result<Header, SourceError> {
    let file = ParquetFile::open(bytes).map_err(|e| said(e, spec))?;
    let (header, wanted) = header(file.columns(), spec)?;
    file.read(&wanted, &mut |blocks| send(&header, blocks)).map_err(|e| said(e, spec))?;
    Ok(header)
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

fn said(error: ReadingError, spec: &HeaderSpec<'_>) -> SourceError {
    match error {
        ReadingError::TooLarge => SourceError::TooLargeUnpacked { file: spec.file.to_owned() },
        ReadingError::Damaged(why) => {
            tracing::debug!("{}: {why}", spec.file);
            spec.damaged("het is geen leesbaar parquet-bestand")
        }
    }
}

/// The process that reads. It ends when this goes.
struct Reader {
    child: Child,
    to: BufWriter<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl Drop for Reader {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Reader {
    fn new(mut child: Child) -> Reader {
        let to = BufWriter::new(child.stdin.take().expect("it was asked for"));
        let from = child.stdout.take().expect("it was asked for");
        Reader { child, to, from: BufReader::with_capacity(1 << 16, from) }
    }

    fn read(
        mut self,
        bytes: Vec<u8>,
        spec: &HeaderSpec<'_>,
        send: &mut Send<'_>,
    ) -> Result<Header, SourceError> {
        // A reader that gave up in the middle is one that found the file damaged.
        let gone = |_: io::Error| said(ReadingError::Damaged("de lezer hield op".into()), spec);
        write(&mut self.to, DONE, &bytes).map_err(gone)?;
        drop(bytes);
        let columns = match receive(&mut self.from).map_err(gone)? {
            (COLUMNS, columns) => columns,
            (TOO_LARGE, _) => return Err(said(ReadingError::TooLarge, spec)),
            (_, why) => return Err(said(damaged(&why), spec)),
        };
        let columns = serde_json::from_slice(&columns).map_err(|e| gone(e.into()))?;
        let (header, wanted) = header(columns, spec)?;
        let wanted = serde_json::to_vec(&wanted).map_err(|e| gone(e.into()))?;
        write(&mut self.to, COLUMNS, &wanted).map_err(gone)?;
        let most = 4 * rayon::current_num_threads();
        let mut blocks = Vec::with_capacity(most);
        loop {
            match receive(&mut self.from).map_err(gone)? {
                (ROWS, wire) => {
                    let block = RecordBlock::from_wire(&wire);
                    blocks.push(block.ok_or_else(|| gone(ErrorKind::InvalidData.into()))?);
                    if blocks.len() == most {
                        send(&header, &blocks);
                        blocks.clear();
                    }
                }
                (DONE, _) => {
                    send(&header, &blocks);
                    return Ok(header);
                }
                (TOO_LARGE, _) => return Err(said(ReadingError::TooLarge, spec)),
                (_, why) => return Err(said(damaged(&why), spec)),
            }
        }
    }
}

fn damaged(why: &[u8]) -> ReadingError {
    ReadingError::Damaged(String::from_utf8_lossy(why).into_owned())
}

fn write(out: &mut impl Write, kind: u8, content: &[u8]) -> io::Result<()> {
    out.write_all(&[kind])?;
    out.write_all(&(content.len() as u64).to_le_bytes())?;
    out.write_all(content)?;
    out.flush()
}

/// The next message, of a size that is no attack.
fn receive(from: &mut impl Read) -> io::Result<(u8, Vec<u8>)> {
    let (kind, length) = begin(from)?;
    if length > LONGEST as u64 {
        return Err(ErrorKind::InvalidData.into());
    }
    Ok((kind, content(from, length)?))
}

fn begin(from: &mut impl Read) -> io::Result<(u8, u64)> {
    let mut begin = [0; 9];
    from.read_exact(&mut begin)?;
    let [kind, length @ ..] = begin;
    Ok((kind, u64::from_le_bytes(length)))
}

fn content(from: &mut impl Read, length: u64) -> io::Result<Vec<u8>> {
    let mut content = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    from.take(length).read_to_end(&mut content)?;
    match content.len() as u64 == length {
        true => Ok(content),
        false => Err(ErrorKind::UnexpectedEof.into()),
    }
}

/// What the other process does: reads one file for the one that started it.
///
/// # Errors
/// Where that one is no more.
pub(crate) fn serve() -> io::Result<()> {
    let (mut from, mut to) = (io::stdin().lock(), BufWriter::new(io::stdout().lock()));
    let (_, length) = begin(&mut from)?;
    limit_this_process(MEMORY + 2 * length, SECONDS + length / BYTES_PER_SECOND);
    let bytes = content(&mut from, length)?;
    let mut failed = Ok(());
    let outcome = ParquetFile::open(bytes).and_then(|file| {
        let columns = serde_json::to_vec(&file.columns()).unwrap_or_default();
        let mut wanted = || -> io::Result<Vec<Option<Wanted>>> {
            write(&mut to, COLUMNS, &columns)?;
            Ok(serde_json::from_slice(&receive(&mut from)?.1)?)
        };
        let wanted = wanted().map_err(|e| ReadingError::Damaged(e.to_string()))?;
        file.read(&wanted, &mut |blocks| {
            for block in blocks {
                if failed.is_ok() {
                    failed = write(&mut to, ROWS, &block.to_wire());
                }
            }
        })
    });
    failed?;
    match outcome {
        Ok(()) => write(&mut to, DONE, &[]),
        Err(ReadingError::TooLarge) => write(&mut to, TOO_LARGE, &[]),
        Err(ReadingError::Damaged(why)) => write(&mut to, DAMAGED, why.as_bytes()),
    }
}
