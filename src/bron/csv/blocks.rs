//! A stream of bytes in blocks of whole records, for many threads.

use super::lines;
use crate::bron::error::SourceError;
use memchr::{memchr, memchr_iter, memchr2, memrchr};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::io::Read;
use std::sync::{Mutex, PoisonError};

/// Bytes read at a time; a block is about this large.
const BLOCK_SIZE: usize = 1 << 18;

/// Blocks that a thread takes before what they gave is taken over.
const BLOCKS_PER_THREAD: usize = 16;

/// The longest record that is taken for one.
const LONGEST_RECORD: usize = 1 << 20;

/// Whole records in a row.
#[derive(Debug)]
pub(crate) struct Block {
    pub bytes: Vec<u8>,
    /// Physical line of the first byte.
    pub first_line: u64,
}

/// Cuts a stream of bytes into blocks of whole records, and hashes what it reads.
pub(crate) struct BlockReader<R> {
    source: R,
    file: String,
    delimiter: u8,
    rest: Vec<u8>,
    line: u64,
    at_end: bool,
    bytes: u64,
}

impl<R: Read> BlockReader<R> {
    /// `begin`: bytes that were read from `source` already (after a BOM), from `line` on.
    pub(crate) fn new(source: R, file: &str, delimiter: u8, begin: Vec<u8>, line: u64) -> Self {
        BlockReader {
            source,
            file: file.to_owned(),
            delimiter,
            rest: begin,
            line,
            at_end: false,
            bytes: 0,
        }
    }

    /// Bytes read from the source so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    fn read(&mut self, buffer: &mut Vec<u8>) -> Result<(), SourceError> {
        let old = buffer.len();
        (&mut self.source)
            .take(BLOCK_SIZE as u64)
            .read_to_end(buffer)
            .map_err(|e| SourceError::from_io(&self.file, &e))?;
        self.at_end = buffer.len() == old;
        self.bytes += (buffer.len() - old) as u64;
        Ok(())
    }

    /// The next block, or `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Block>, SourceError> {
        let mut buffer = Vec::with_capacity(BLOCK_SIZE + self.rest.len() + (BLOCK_SIZE >> 3));
        buffer.append(&mut self.rest);
        loop {
            if !self.at_end {
                self.read(&mut buffer)?;
            }
            if buffer.is_empty() {
                return Ok(None);
            }
            // Most blocks have neither a quote nor what no text has: one look settles both.
            let is_plain = memchr2(0, b'"', &buffer).is_none();
            let limit = if is_plain {
                let end = memrchr(b'\n', &buffer).map_or(0, |nl| nl + 1);
                SplitPoint { end, open_from: None, swallows_from: None }
            } else {
                last_record_end(&buffer, self.delimiter)
            };
            if let Some(place) = limit.swallows_from {
                return Err(SourceError::QuoteSwallows {
                    file: self.file.clone(),
                    line: self.line + lines(&buffer[..place]),
                });
            }
            let end = match limit {
                SplitPoint { open_from: Some(place), .. }
                    if self.at_end || buffer.len() - place > LONGEST_RECORD =>
                {
                    return Err(SourceError::QuoteOpen {
                        file: self.file.clone(),
                        line: self.line + lines(&buffer[..place]),
                    });
                }
                _ if self.at_end => buffer.len(),
                SplitPoint { end: 0, .. } if buffer.len() > LONGEST_RECORD => {
                    return Err(SourceError::LineTooLong {
                        file: self.file.clone(),
                        line: self.line,
                        limit: LONGEST_RECORD,
                    });
                }
                SplitPoint { end: 0, .. } => continue,
                SplitPoint { end, .. } => end,
            };
            if !is_plain && let Some(place) = memchr(0, &buffer[..end]) {
                return Err(SourceError::Zero {
                    file: self.file.clone(),
                    line: self.line + lines(&buffer[..place]),
                });
            }
            self.rest = buffer.split_off(end);
            let block = Block { first_line: self.line, bytes: buffer };
            self.line += lines(&block.bytes);
            return Ok(Some(block));
        }
    }
}

/// Where many threads take blocks from, one at a time.
struct BlockSource<'a, R> {
    reader: &'a mut BlockReader<R>,
    hash: &'a mut Sha256,
    /// Blocks taken so far.
    read: u64,
    at_end: bool,
}

impl<R: Read> BlockSource<'_, R> {
    /// The next block, hashed, and its place in the file. After an error there are no more: which
    /// thread comes next mustn't make a difference.
    fn next(&mut self) -> Result<Option<(u64, Block)>, SourceError> {
        if self.at_end {
            return Ok(None);
        }
        let block = self.reader.next();
        self.at_end = !matches!(block, Ok(Some(_)));
        let Some(block) = block? else { return Ok(None) };
        self.hash.update(&block.bytes);
        self.read += 1;
        Ok(Some((self.read, block)))
    }
}

/// The blocks of a file for many threads, a group of them at a time.
///
/// A thread that takes a block reads, hashes and processes it in one go: it stays in that core's own
/// cache. At any time each thread has one block in memory.
pub(crate) struct BlockGroups<'a, R>(Mutex<BlockSource<'a, R>>);

impl<'a, R: Read + Send> BlockGroups<'a, R> {
    pub(crate) fn new(reader: &'a mut BlockReader<R>, hash: &'a mut Sha256) -> Self {
        BlockGroups(Mutex::new(BlockSource { reader, hash, read: 0, at_end: false }))
    }

    /// What `process` makes of each block of the next group, in the order of the file; nothing at its
    /// end. Meanwhile `ernaast` runs.
    pub(crate) fn next<D: Send>(
        &self,
        process: impl Fn(&Block) -> D + Sync,
        ernaast: impl FnOnce() + Send,
    ) -> Result<Vec<D>, SourceError> {
        let width = rayon::current_num_threads() * BLOCKS_PER_THREAD;
        let lees = |_| -> Result<Option<(u64, D)>, SourceError> {
            // A panic while it was locked ends the run once all threads have seen it.
            let volgende = self.0.lock().unwrap_or_else(PoisonError::into_inner).next()?;
            Ok(volgende.map(|(place, block)| (place, process(&block))))
        };
        let ((), read) = rayon::join(ernaast, || -> Result<Vec<Option<(u64, D)>>, SourceError> {
            (0..width).into_par_iter().with_max_len(1).map(lees).collect()
        });
        let mut read: Vec<(u64, D)> = read?.into_iter().flatten().collect();
        read.sort_unstable_by_key(|(place, _)| *place);
        Ok(read.into_iter().map(|(_, part)| part).collect())
    }
}

struct SplitPoint {
    /// Just after the last line end outside quotes; 0 without one.
    end: usize,
    /// Where a quoted field began that is still open at the end.
    open_from: Option<usize>,
    /// Where a quoted field began that runs over lines as no field does.
    swallows_from: Option<usize>,
}

/// Physical lines that a field may run over.
const MOST_LINES: u64 = 8;

/// Follows the quotes as a CSV reader does: one opens a field only at the field's first byte.
fn last_record_end(bytes: &[u8], delimiter: u8) -> SplitPoint {
    let (mut outside, mut end) = (0, 0);
    loop {
        let open = opening(bytes, outside, delimiter);
        let free = &bytes[outside..open.unwrap_or(bytes.len())];
        if let Some(nl) = memrchr(b'\n', free) {
            end = outside + nl + 1;
        }
        let Some(open) = open else {
            return SplitPoint { end, open_from: None, swallows_from: None };
        };
        let Some(after) = after_closing(bytes, open) else {
            return SplitPoint { end, open_from: Some(open), swallows_from: None };
        };
        // A stray quote pairs with the next one, lines further, in the middle of a field.
        let over = lines(&bytes[open..after]);
        let ends_field = |c: &u8| matches!(c, b'\n' | b'\r') || *c == delimiter;
        if over >= MOST_LINES
            || over > 0 && !bytes.get(after).is_none_or(ends_field)
            || over > 0 && holds_rows(bytes, open..after, delimiter)
        {
            return SplitPoint { end, open_from: None, swallows_from: Some(open) };
        }
        outside = after;
    }
}

/// Does a quoted field that runs over lines hold whole rows? Then one of its lines has as many
/// delimiters as its own row has before it.
fn holds_rows(bytes: &[u8], field: std::ops::Range<usize>, delimiter: u8) -> bool {
    let cells = |line: &[u8]| memchr_iter(delimiter, line).count();
    let row = memrchr(b'\n', &bytes[..field.start]).map_or(0, |nl| nl + 1);
    let before = cells(&bytes[row..field.start]).max(2);
    bytes[field].split(|c| *c == b'\n').skip(1).any(|line| cells(line) >= before)
}

/// The next quote that opens a field.
fn opening(bytes: &[u8], from: usize, delimiter: u8) -> Option<usize> {
    let is_begin =
        |i: usize| i == 0 || matches!(bytes[i - 1], b'\n' | b'\r') || bytes[i - 1] == delimiter;
    memchr_iter(b'"', &bytes[from..]).map(|i| from + i).find(|&i| is_begin(i))
}

/// Just after the quote that closes the field opened at `open`; a doubled quote is a character.
fn after_closing(bytes: &[u8], open: usize) -> Option<usize> {
    let mut find = open + 1;
    loop {
        let quote = find + memchr(b'"', &bytes[find..])?;
        if bytes.get(quote + 1) != Some(&b'"') {
            return Some(quote + 1);
        }
        find = quote + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::super::RecordReader;
    use super::{Block, BlockGroups, BlockReader, SourceError, last_record_end};
    use sha2::{Digest, Sha256};

    #[test]
    fn blocks_never_split_a_quoted_line_end() {
        for (text, end, open) in [
            ("a;b\nc;d", 4, None),
            ("a;\"b\nc\";d\ne", 10, None),
            ("a;\"b\nc", 0, Some(2)),
            ("x\na;\"b\nc", 2, Some(4)),
            ("a;5\" pijp\nc", 10, None),
            ("a;\"he \"\"x\"\"\ny\"\nb", 15, None),
            ("geen einde", 0, None),
        ] {
            let g = last_record_end(text.as_bytes(), b';');
            assert_eq!((g.end, g.open_from), (end, open), "{text:?}");
        }
    }

    #[test]
    fn of_what_is_wrong_in_many_blocks_the_first_is_named() {
        let mut text = "een;twee\n".repeat(400_000).into_bytes();
        for place in [1_500_000, 1_900_000, 3_400_000] {
            text[place] = 0;
        }
        for _ in 0..20 {
            let mut reader = BlockReader::new(text.as_slice(), "t.csv", b';', Vec::new(), 1);
            let mut hash = Sha256::new();
            let groups = BlockGroups::new(&mut reader, &mut hash);
            let outcome = loop {
                match groups.next(|block| block.bytes.len(), || ()) {
                    Ok(group) if !group.is_empty() => {}
                    outcome => break outcome,
                }
            };
            let Err(SourceError::Zero { line, .. }) = outcome else { panic!("{outcome:?}") };
            assert_eq!(line, 1_500_000 / 9 + 1);
        }
    }

    #[test]
    fn all_blocks_together_are_the_file_with_its_line_numbers() {
        let mut text = String::new();
        for i in 0..200_000 {
            text.push_str(&format!("{i};\"een\ntwee\";drie\n"));
        }
        let mut reader = BlockReader::new(text.as_bytes(), "t.csv", b';', Vec::new(), 1);
        let mut hash = Sha256::new();
        let (mut count, mut next) = (0_u64, 1_u64);
        let groups = BlockGroups::new(&mut reader, &mut hash);
        let read = |b: &Block| {
            let mut r = RecordReader::new(&b.bytes, b.first_line, b';');
            let mut lines = Vec::new();
            while let Some(rec) = r.next() {
                lines.push(rec.line);
            }
            lines
        };
        loop {
            let group = groups.next(read, || ()).unwrap();
            if group.is_empty() {
                break;
            }
            for line in group.into_iter().flatten() {
                assert_eq!(line, next);
                next += 2;
                count += 1;
            }
        }
        assert_eq!(count, 200_000);
        assert_eq!(hash.finalize(), Sha256::digest(text.as_bytes()));
    }
}
