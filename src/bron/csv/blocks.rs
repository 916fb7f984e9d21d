//! A stream of bytes in blocks of whole records, for many threads.

use super::lines;
use super::quotes::{Quotes, SplitPoint};
use crate::bron::error::SourceError;
use memchr::{memchr, memchr2, memrchr};
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

/// A text of which the first bytes were read already.
pub(crate) struct Opened {
    /// What was read of the rows.
    pub rest: Vec<u8>,
    /// Physical line of its first byte.
    pub line: u64,
    /// Of all bytes that were read, as they stand in the file.
    pub hash: Sha256,
    /// How many those are.
    pub bytes: u64,
    /// Do lines end in CR alone? Then `rest` has them as LF.
    pub ends_in_cr: bool,
    /// Physical lines with a quote that was left out, so far.
    pub strays: Vec<u64>,
}

/// Cuts a stream of bytes into blocks of whole records, and hashes what it reads.
pub(crate) struct BlockReader<R> {
    source: R,
    file: String,
    quotes: Quotes,
    text: Opened,
    at_end: bool,
}

/// What was read of a text besides its blocks.
pub(crate) struct TextRead {
    pub bytes: u64,
    pub hash: Sha256,
    /// Physical lines with a quote that was left out.
    pub strays: Vec<u64>,
}

impl<R: Read> BlockReader<R> {
    pub(crate) fn new(source: R, file: &str, quotes: Quotes, text: Opened) -> Self {
        BlockReader { source, file: file.to_owned(), quotes, text, at_end: false }
    }

    pub(crate) fn finish(self) -> TextRead {
        TextRead { bytes: self.text.bytes, hash: self.text.hash, strays: self.text.strays }
    }

    fn read(&mut self, buffer: &mut Vec<u8>) -> Result<(), SourceError> {
        let old = buffer.len();
        (&mut self.source)
            .take(BLOCK_SIZE as u64)
            .read_to_end(buffer)
            .map_err(|e| SourceError::from_io(&self.file, &e))?;
        let added = &mut buffer[old..];
        self.at_end = added.is_empty();
        self.text.bytes += added.len() as u64;
        self.text.hash.update(&*added);
        if self.text.ends_in_cr {
            line_feeds(added);
        }
        Ok(())
    }

    /// The next block, or `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Block>, SourceError> {
        let rest = std::mem::take(&mut self.text.rest);
        let mut buffer = Vec::with_capacity(BLOCK_SIZE + rest.len() + (BLOCK_SIZE >> 3));
        buffer.extend(rest);
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
                SplitPoint { end, open_from: None }
            } else {
                self.split(&mut buffer)?
            };
            let line = self.text.line;
            let end = match limit {
                SplitPoint { open_from: Some(place), .. }
                    if buffer.len() - place > LONGEST_RECORD =>
                {
                    return Err(SourceError::QuoteOpen {
                        file: self.file.clone(),
                        line: line + lines(&buffer[..place]),
                    });
                }
                _ if self.at_end => buffer.len(),
                SplitPoint { end: 0, .. } if buffer.len() > LONGEST_RECORD => {
                    return Err(SourceError::LineTooLong {
                        file: self.file.clone(),
                        line,
                        limit: LONGEST_RECORD,
                    });
                }
                SplitPoint { end: 0, .. } => continue,
                SplitPoint { end, .. } => end,
            };
            if !is_plain && let Some(place) = memchr(0, &buffer[..end]) {
                return Err(SourceError::Zero {
                    file: self.file.clone(),
                    line: line + lines(&buffer[..place]),
                });
            }
            self.text.rest = buffer.split_off(end);
            let block = Block { first_line: line, bytes: buffer };
            self.text.line += lines(&block.bytes);
            return Ok(Some(block));
        }
    }

    /// Where whole records end, in bytes with quotes. Notes the stray ones, which it blanks.
    fn split(&mut self, buffer: &mut [u8]) -> Result<SplitPoint, SourceError> {
        if let Some(split) = self.quotes.split_if_regular(buffer, self.at_end) {
            return Ok(split);
        }
        let mut strays = Vec::new();
        let outcome = self.quotes.last_record_end(buffer, self.at_end, &mut strays);
        let first = self.text.line;
        let line = |place: usize| first + lines(&buffer[..place]);
        self.text.strays.extend(strays.into_iter().map(line));
        outcome.map_err(|unclosed| unclosed.error(&self.file, line))
    }
}

/// Has lines that end in CR alone end in LF.
pub(crate) fn line_feeds(bytes: &mut [u8]) {
    bytes.iter_mut().filter(|c| **c == b'\r').for_each(|c| *c = b'\n');
}

/// Where many threads take blocks from, one at a time.
struct BlockSource<'a, R> {
    reader: &'a mut BlockReader<R>,
    /// Blocks taken so far.
    read: u64,
    at_end: bool,
}

impl<R: Read> BlockSource<'_, R> {
    /// The next block, and its place in the file. After an error there are no more: which
    /// thread comes next mustn't make a difference.
    fn next(&mut self) -> Result<Option<(u64, Block)>, SourceError> {
        if self.at_end {
            return Ok(None);
        }
        let block = self.reader.next();
        self.at_end = !matches!(block, Ok(Some(_)));
        let Some(block) = block? else { return Ok(None) };
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
    pub(crate) fn new(reader: &'a mut BlockReader<R>) -> Self {
        BlockGroups(Mutex::new(BlockSource { reader, read: 0, at_end: false }))
    }

    /// What `process` makes of each block of the next group, in the order of the file; nothing at its
    /// end. Meanwhile `ernaast` runs.
    pub(crate) fn next<D: Send>(
        &self,
        process: impl Fn(&Block) -> D + Sync,
        ernaast: impl FnOnce() + Send,
    ) -> Result<Vec<D>, SourceError> {
        let width = rayon::current_num_threads() * BLOCKS_PER_THREAD;
        let read = |_| -> Result<Option<(u64, D)>, SourceError> {
            // A panic while it was locked ends the run once all threads have seen it.
            let volgende = self.0.lock().unwrap_or_else(PoisonError::into_inner).next()?;
            Ok(volgende.map(|(place, block)| (place, process(&block))))
        };
        let ((), read) = rayon::join(ernaast, || -> Result<Vec<Option<(u64, D)>>, SourceError> {
            (0..width).into_par_iter().with_max_len(1).map(read).collect()
        });
        let mut read: Vec<(u64, D)> = read?.into_iter().flatten().collect();
        read.sort_unstable_by_key(|(place, _)| *place);
        Ok(read.into_iter().map(|(_, part)| part).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::RecordReader;
    use super::{Block, BlockGroups, BlockReader, Opened, Quotes, SourceError};
    use sha2::{Digest, Sha256};

    fn reader(text: &[u8]) -> BlockReader<&[u8]> {
        let quotes = Quotes { delimiter: b';', width: None };
        let begin = Opened {
            rest: Vec::new(),
            line: 1,
            hash: Sha256::new(),
            bytes: 0,
            ends_in_cr: false,
            strays: Vec::new(),
        };
        BlockReader::new(text, "t.csv", quotes, begin)
    }

    #[test]
    fn of_what_is_wrong_in_many_blocks_the_first_is_named() {
        let mut text = "een;twee\n".repeat(400_000).into_bytes();
        for place in [1_500_000, 1_900_000, 3_400_000] {
            text[place] = 0;
        }
        for _ in 0..20 {
            let mut reader = reader(&text);
            let groups = BlockGroups::new(&mut reader);
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

    proptest::proptest! {
        /// However the quotes of a text are looked at, whole records end at the same place.
        #[test]
        fn a_look_at_all_quotes_and_one_at_each_split_at_the_same_place(
            text in "([a;\n]|\"[a;\n]{0,3}\"|\"|\"\"|;\"|\";|\"\n){1,40}",
            at_end: bool,
        ) {
            let mut reader = reader(b"");
            reader.at_end = at_end;
            let (mut bytes, mut each) = (text.clone().into_bytes(), text.into_bytes());
            let mut strays = Vec::new();
            let by_each = reader.quotes.last_record_end(&mut each, at_end, &mut strays);
            let Ok(split) = reader.split(&mut bytes) else {
                proptest::prop_assert!(by_each.is_err());
                return Ok(());
            };
            proptest::prop_assert_eq!(Ok(split), by_each);
            proptest::prop_assert_eq!(bytes, each);
            proptest::prop_assert_eq!(reader.text.strays.len(), strays.len());
        }
    }

    #[test]
    fn all_blocks_together_are_the_file_with_its_line_numbers() {
        let mut text = String::new();
        for i in 0..200_000 {
            text.push_str(&format!("{i};\"een\ntwee\";drie\n"));
        }
        let mut reader = reader(text.as_bytes());
        let (mut count, mut next) = (0_u64, 1_u64);
        let groups = BlockGroups::new(&mut reader);
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
        assert_eq!(reader.finish().hash.finalize(), Sha256::digest(text.as_bytes()));
    }
}
