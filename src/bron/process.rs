//! A file read by another process of this program: whatever is wrong with the file, or however much it
//! asks, the run goes on.
//!
//! What the two say to each other is a letter, a length and so many bytes.

use super::error::SourceError;
use crate::ground::system::{ended_by_limit, limit_this_process, own_program};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::io::{self, BufReader, BufWriter, ErrorKind, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// The only argument of a process that reads a Parquet file, and of one that reads a workbook.
pub(super) const PARQUET: &str = "--lees-parquet";
pub(super) const WORKBOOK: &str = "--lees-werkmap";

/// Seconds of work for the reader, and bytes for which it gets one more.
const SECONDS: u64 = 10;
const BYTES_PER_SECOND: u64 = 1_000_000;

/// No message is longer but the file itself.
pub(super) const LONGEST: u64 = 1 << 26;

/// What the reader must know, and the bytes of the file.
const TASK: u8 = b't';
const FILE: u8 = b'f';
/// What is wrong with the file.
const PROBLEM: u8 = b'p';

/// What a message is, by the reader of that form.
pub(super) type Kind = u8;

/// Why a file can't be read.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Problem {
    /// In Dutch, for a message.
    Damaged(Cow<'static, str>),
    /// It has a password.
    Protected,
    /// Unpacked, or with a text in many cells, it is too many bytes for such a file.
    TooLarge,
    /// It asks more memory or time than it gets.
    NoRoom,
}

impl Problem {
    pub(super) const fn damaged(cause: &'static str) -> Problem {
        Problem::Damaged(Cow::Borrowed(cause))
    }

    /// Of the file that messages call so.
    pub(super) fn of(self, file: &str) -> SourceError {
        let file = file.to_owned();
        match self {
            Problem::Damaged(cause) => SourceError::Damaged { file, cause: cause.into_owned() },
            Problem::Protected => SourceError::Protected { file },
            Problem::TooLarge => SourceError::TooLargeUnpacked { file },
            Problem::NoRoom => SourceError::NoRoom { file },
        }
    }
}

/// What every reader must know besides the bytes of its file.
#[derive(Debug, Serialize, Deserialize)]
struct Task {
    /// Bytes of memory that it may use.
    memory: u64,
    /// The name of the file, which may tell its form.
    file: String,
}

/// The process that reads, as the one sees it that started it. It ends when this goes.
pub(super) struct Process {
    child: Child,
    to: BufWriter<ChildStdin>,
    from: BufReader<ChildStdout>,
    /// Said where the reader fails over the file.
    damaged: &'static str,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Process {
    /// A reader with this argument for these bytes, which may use so much memory; `None` where this
    /// isn't the program itself.
    ///
    /// # Errors
    /// A process that can't be started, or ended at once.
    pub(super) fn start(
        argument: &str,
        (file, bytes): (&str, &[u8]),
        memory: u64,
        damaged: &'static str,
    ) -> Result<Option<Process>, SourceError> {
        let Some(program) = own_program() else { return Ok(None) };
        let mut command = Command::new(program);
        command.arg(argument).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|e| SourceError::from_io(file, &e))?;
        let to = BufWriter::new(child.stdin.take().expect("it was asked for"));
        let from = child.stdout.take().expect("it was asked for");
        let from = BufReader::with_capacity(1 << 16, from);
        let mut process = Process { child, to, from, damaged };
        let task = Task { memory, file: file.to_owned() };
        let task = serde_json::to_vec(&task).expect("a number and a text can be written");
        let sent = process.say(TASK, &task).and_then(|()| process.say(FILE, bytes));
        sent.map(|()| Some(process)).map_err(|problem| problem.of(file))
    }

    pub(super) fn say(&mut self, kind: Kind, content: &[u8]) -> Result<(), Problem> {
        write(&mut self.to, kind, content).map_err(|_| self.gone())
    }

    /// What the reader says next.
    pub(super) fn hear(&mut self) -> Result<(Kind, Vec<u8>), Problem> {
        match receive(&mut self.from) {
            Ok((PROBLEM, problem)) => {
                Err(serde_json::from_slice(&problem).unwrap_or_else(|_| self.senseless()))
            }
            Ok(heard) => Ok(heard),
            Err(e) if e.kind() == ErrorKind::InvalidData => Err(self.senseless()),
            Err(_) => Err(self.gone()),
        }
    }

    /// That what the reader said can't be.
    pub(super) fn senseless(&self) -> Problem {
        Problem::damaged(self.damaged)
    }

    /// Why a reader gave up in the middle: it asked too much, or it found the file damaged.
    fn gone(&mut self) -> Problem {
        match self.child.wait() {
            Ok(status) if ended_by_limit(status) => Problem::NoRoom,
            _ => self.senseless(),
        }
    }
}

/// The other side: the one that the reader reads for.
pub(super) struct Client {
    from: io::StdinLock<'static>,
    to: BufWriter<io::StdoutLock<'static>>,
}

impl Client {
    /// What is to be read: the name of a file, and its bytes. From now on this process is limited.
    fn begin() -> io::Result<(Client, String, Vec<u8>)> {
        let mut client =
            Client { from: io::stdin().lock(), to: BufWriter::new(io::stdout().lock()) };
        let (_, task) = receive(&mut client.from)?;
        let Task { memory, file } = serde_json::from_slice(&task)?;
        let (_, length) = begin(&mut client.from)?;
        // The file itself, and as much again for what is made of it.
        let memory = memory.saturating_add(length.saturating_mul(2));
        limit_this_process(memory, SECONDS + length / BYTES_PER_SECOND);
        let bytes = content(&mut client.from, length)?;
        Ok((client, file, bytes))
    }

    pub(super) fn say(&mut self, kind: Kind, content: &[u8]) -> io::Result<()> {
        write(&mut self.to, kind, content)
    }

    pub(super) fn hear(&mut self) -> io::Result<(Kind, Vec<u8>)> {
        receive(&mut self.from)
    }
}

/// What the other process does: `read` reads one file for the one that started it.
///
/// # Errors
/// Where that one is no more.
pub(super) fn serve(
    read: impl FnOnce(&mut Client, &str, Vec<u8>) -> io::Result<Result<(), Problem>>,
) -> io::Result<()> {
    let (mut client, file, bytes) = Client::begin()?;
    match read(&mut client, &file, bytes)? {
        Ok(()) => Ok(()),
        Err(problem) => client.say(PROBLEM, &serde_json::to_vec(&problem)?),
    }
}

fn write(out: &mut impl Write, kind: Kind, content: &[u8]) -> io::Result<()> {
    out.write_all(&[kind])?;
    out.write_all(&(content.len() as u64).to_le_bytes())?;
    out.write_all(content)?;
    out.flush()
}

/// The next message, of a size that is no attack.
fn receive(from: &mut impl Read) -> io::Result<(Kind, Vec<u8>)> {
    let (kind, length) = begin(from)?;
    if length > LONGEST {
        return Err(ErrorKind::InvalidData.into());
    }
    Ok((kind, content(from, length)?))
}

fn begin(from: &mut impl Read) -> io::Result<(Kind, u64)> {
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
