//! Lines of a dossier that doesn't fit in memory, kept in files of a temporary folder.
//!
//! Lines are spread over [`BUCKETS`] files by a key, so that all lines of one key can be had
//! back together with those of some other keys. Every block has its length and a checksum in front.
//! The numbers in a line are those of the dossier that it was taken from: the files mean something
//! to one run only.

use super::record::{LineRecord, damaged, decode, encode};
use crate::dossier::{AanbiederId, Bsn, Declaratieregel, LineBlock};
use crate::ground::system::open_for_owner;
use rayon::prelude::*;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// How many files the lines of one pass are spread over.
pub(super) const BUCKETS: usize = 256;

/// Files of lines, spread by a key.
#[derive(Debug)]
pub(in crate::audit) struct SpillStore {
    folder: PathBuf,
    name: &'static str,
    buckets: Vec<Bucket>,
}

/// One file of lines, and what is still to be written to it.
#[derive(Clone, Debug, Default)]
struct Bucket {
    pending: Vec<u8>,
    written: u64,
    lines: u64,
}

/// How far every file had come.
#[derive(Clone, Debug)]
pub(super) struct Checkpoint(Vec<(u64, u64)>);

/// Some lines: for each file how many go there, coded.
type Piece = Vec<(u64, Vec<u8>)>;

/// Bytes that wait before they are written as one block.
const BLOCK: usize = 1 << 16;

/// A key spread evenly over the files.
fn spread(key: u32) -> u8 {
    (key.wrapping_mul(0x9E37_79B1) >> 24) as u8
}

/// The file for lines of an aanbieder.
pub(super) fn bucket_of_aanbieder(id: AanbiederId) -> u8 {
    spread(id.0.into())
}

/// The file for lines on the same toewijzing. Lines of a number that no toewijzing has are kept
/// together by number; those without a number need no company, and are kept by Bsn.
pub(super) fn bucket_of_toewijzing(r: &Declaratieregel) -> u8 {
    match r.toewijzing {
        Some(id) => spread(id.place() as u32),
        None if r.toewijzing_nummer.is_empty() => spread(r.bsn.0),
        None => spread(r.toewijzing_nummer.0),
    }
}

/// The file for lines of a jeugdige.
pub(super) fn bucket_of_jeugdige(bsn: Bsn) -> u8 {
    spread(bsn.0)
}

impl SpillStore {
    /// Files in this folder, whose names begin with `name`.
    pub(crate) fn new(folder: &Path, name: &'static str) -> SpillStore {
        SpillStore { folder: folder.to_owned(), name, buckets: vec![Bucket::default(); BUCKETS] }
    }

    fn path(&self, bucket: usize) -> PathBuf {
        self.folder.join(format!("{}-{bucket:03}", self.name))
    }

    /// Lines in one of the files.
    pub(crate) fn lines(&self, bucket: usize) -> u64 {
        self.buckets[bucket].lines
    }

    /// Adds some of a block's lines; `bucket` gives the file for a line, `None` for one that isn't needed any more.
    pub(crate) fn push(
        &mut self,
        block: &LineBlock,
        which: Range<usize>,
        bucket: impl Fn(&Declaratieregel) -> Option<u8> + Sync,
    ) -> io::Result<()> {
        // Pieces are coded side by side, some of them at a time, and added in their order while the
        // next ones are coded.
        const PER_PIECE: usize = 1 << 14;
        const AT_ONCE: usize = 16 * PER_PIECE;
        let encode_piece = |(lines, numbers): (&[Declaratieregel], &[u32])| {
            let mut piece = vec![(0, Vec::new()); BUCKETS];
            for (r, number) in lines.iter().zip(numbers) {
                if let Some(bucket) = bucket(r) {
                    let (count, bytes) = &mut piece[usize::from(bucket)];
                    *count += 1;
                    encode(r, *number, block, bytes);
                }
            }
            piece
        };
        let (lines, numbers) = (&block.lines[which.clone()], &block.numbers[which]);
        let mut encoded: Vec<Piece> = Vec::new();
        for (lines, numbers) in lines.chunks(AT_ONCE).zip(numbers.chunks(AT_ONCE)) {
            let previous = std::mem::take(&mut encoded);
            let (appended, pieces) = rayon::join(
                || self.append(previous),
                || {
                    let pieces = lines.par_chunks(PER_PIECE).zip(numbers.par_chunks(PER_PIECE));
                    pieces.map(encode_piece).collect()
                },
            );
            appended?;
            encoded = pieces;
        }
        self.append(encoded)
    }

    /// Adds coded lines, and writes what is enough for a block.
    fn append(&mut self, pieces: Vec<Piece>) -> io::Result<()> {
        for (id, (count, bytes)) in pieces.into_iter().flat_map(|s| s.into_iter().enumerate()) {
            let bucket = &mut self.buckets[id];
            bucket.lines += count;
            bucket.pending.extend_from_slice(&bytes);
            if bucket.pending.len() >= BLOCK {
                self.write(id)?;
            }
        }
        Ok(())
    }

    /// Writes what waits for one of the files.
    fn write(&mut self, id: usize) -> io::Result<()> {
        let path = self.path(id);
        let bucket = &mut self.buckets[id];
        if bucket.pending.is_empty() {
            return Ok(());
        }
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        let mut file = open_for_owner(&mut options, &path)?;
        let length = u32::try_from(bucket.pending.len()).map_err(io::Error::other)?;
        let mut head = [0; 8];
        head[..4].copy_from_slice(&length.to_le_bytes());
        head[4..].copy_from_slice(&crc32fast::hash(&bucket.pending).to_le_bytes());
        file.write_all(&head)?;
        file.write_all(&bucket.pending)?;
        bucket.written += (head.len() + bucket.pending.len()) as u64;
        bucket.pending.clear();
        Ok(())
    }

    /// Where all files stand now.
    pub(super) fn checkpoint(&mut self) -> io::Result<Checkpoint> {
        (0..BUCKETS).try_for_each(|id| self.write(id))?;
        Ok(Checkpoint(self.buckets.iter().map(|b| (b.written, b.lines)).collect()))
    }

    /// Takes back all that was added since.
    pub(super) fn rollback(&mut self, checkpoint: &Checkpoint) -> io::Result<()> {
        for (id, (written, lines)) in checkpoint.0.iter().enumerate() {
            if self.buckets[id].written > *written {
                OpenOptions::new().write(true).open(self.path(id))?.set_len(*written)?;
            }
            self.buckets[id] = Bucket { pending: Vec::new(), written: *written, lines: *lines };
        }
        Ok(())
    }

    /// Takes back everything.
    pub(crate) fn clear(&mut self) -> io::Result<()> {
        self.rollback(&Checkpoint(vec![(0, 0); BUCKETS]))
    }

    /// The lines of these files, a file after the other and each in the order of the dossier; the
    /// files are gone then.
    ///
    /// # Errors
    /// What can't be read back, or isn't what was written.
    pub(crate) fn take(&mut self, buckets: Range<usize>) -> io::Result<LineBlock> {
        let mut taken: Vec<(Bucket, PathBuf)> =
            buckets.map(|id| (std::mem::take(&mut self.buckets[id]), self.path(id))).collect();
        let count = taken.iter().map(|(bucket, _)| bucket.lines as usize).sum();
        let mut whole = LineBlock::with_capacity(count);
        whole.texts.reserve(taken.iter().map(|(bucket, _)| bucket.text_bytes()).sum());
        // A few at a time, so that their lines aren't there twice; what was read is added while the
        // next ones are.
        let at_once = 2 * rayon::current_num_threads();
        let mut decoded: Vec<LineBlock> = Vec::new();
        while !taken.is_empty() {
            let these: Vec<_> = taken.drain(..at_once.min(taken.len())).collect();
            let previous = std::mem::take(&mut decoded);
            let ((), next) = rayon::join(
                || previous.into_iter().for_each(|part| whole.append(part)),
                || -> io::Result<Vec<LineBlock>> {
                    these.into_par_iter().map(|(bucket, path)| bucket.take(&path)).collect()
                },
            );
            decoded = next?;
        }
        decoded.into_iter().for_each(|part| whole.append(part));
        Ok(whole)
    }
}

impl Bucket {
    /// The lines of this file, as they were written; the file is gone then.
    fn take(self, path: &Path) -> io::Result<LineBlock> {
        let mut block = LineBlock::with_capacity(self.lines as usize);
        if self.written > 0 {
            read_blocks(&mut File::open(path)?, &mut block)?;
            std::fs::remove_file(path)?;
        }
        decode(&self.pending, &mut block)?;
        if block.lines.len() as u64 == self.lines {
            block.sort();
            Ok(block)
        } else {
            Err(damaged())
        }
    }

    /// Bytes of the texts of its lines, or somewhat more.
    fn text_bytes(&self) -> usize {
        let bytes = self.written as usize + self.pending.len();
        bytes.saturating_sub(self.lines as usize * size_of::<LineRecord>())
    }
}

/// Reads all blocks of a file.
fn read_blocks(file: &mut File, block: &mut LineBlock) -> io::Result<()> {
    let mut head = [0; 8];
    let mut bytes = Vec::new();
    loop {
        match file.read(&mut head)? {
            0 => return Ok(()),
            n => file.read_exact(&mut head[n..])?,
        }
        let [a, b, c, d, e, f, g, h] = head;
        bytes.resize(u32::from_le_bytes([a, b, c, d]) as usize, 0);
        file.read_exact(&mut bytes)?;
        if crc32fast::hash(&bytes) != u32::from_le_bytes([e, f, g, h]) {
            return Err(damaged());
        }
        decode(&bytes, block)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::{
        Cent, ContactColumnsId, CreditState, Dag, DebetCredit, Eenheid, FileId, Gemeente,
        Gesprekken, ProductId, ShortDag, Tarief, TextId, ToewijzingId, Volume, WordId,
    };

    fn line(block: &mut LineBlock, i: u32) -> Declaratieregel {
        let dag = |n| Dag::from_dagen_since_1970(19_000 + n).unwrap();
        Declaratieregel {
            ingediend_bedrag: Cent(i64::MAX - i64::from(i)),
            geleverd_volume: Volume(i.into()),
            product_tarief: (i > 2).then(|| Tarief::new(Cent(i.into())).unwrap()),
            bsn: if i == 3 { Bsn::NONE } else { Bsn(999_900_006) },
            begindatum: dag(i as i32),
            einddatum: dag(-(i as i32)),
            ontvangstdatum: (i != 1).then(|| dag(0)),
            dagtekening: ShortDag::new(dag(1)).filter(|_| i == 1),
            ids: block.texts.push_together([
                format!("R-é{i}").as_bytes(),
                if i == 5 { b"R-1" } else { b"" },
                b"D7",
            ]),
            toewijzing_nummer: WordId(u32::MAX),
            toewijzing: (i > 3).then(|| ToewijzingId::new(i as usize)),
            functie: WordId(i),
            hulpverlener: WordId(9 - i),
            contact_columns: (i % 3).checked_sub(1).map(ContactColumnsId::new),
            gesprekken: Gesprekken::from_byte(250 + i as u8 % 6),
            line_number: 100 - i,
            file: FileId(1),
            gemeente: Gemeente(150),
            aanbieder: AanbiederId(i as u16),
            product: ProductId(65_535),
            eenheid: Eenheid::HOUR,
            debet_credit: if i == 5 { DebetCredit::Credit } else { DebetCredit::Debet },
            state: CreditState::ALL[i as usize % CreditState::ALL.len()],
        }
    }

    fn block() -> LineBlock {
        let mut block = LineBlock::default();
        for i in 0..9 {
            let r = line(&mut block, i);
            block.lines.push(r);
            block.numbers.push(i);
        }
        block
    }

    /// Everything of a line in words, whatever its numbers of texts and contacts.
    fn in_words(block: &LineBlock) -> Vec<String> {
        let of = block.lines.iter().zip(&block.numbers).map(|(r, number)| {
            let bare = Declaratieregel { ids: TextId::EMPTY, ..r.clone() };
            let numbers = block.texts.get_together(r.ids).map(String::from_utf8_lossy);
            format!("{number} {bare:?} {numbers:?}")
        });
        let mut out: Vec<String> = of.collect();
        out.sort();
        out
    }

    #[test]
    fn lines_come_back_as_they_were_and_in_the_order_of_the_dossier() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = SpillStore::new(dir.path(), "proef");
        let block = block();
        store.push(&block, 0..9, |r| Some(r.aanbieder.0 as u8 % 3)).unwrap();
        let checkpoint = store.checkpoint().unwrap();
        store.push(&block, 0..9, |_| Some(1)).unwrap();
        store.checkpoint().unwrap();
        store.rollback(&checkpoint).unwrap();
        let taken = store.take(0..3).unwrap();
        assert_eq!(in_words(&taken), in_words(&block));
        let per_bucket = [6, 3, 0, 7, 4, 1, 8, 5, 2];
        assert_eq!(taken.numbers, per_bucket, "a file after the other, each by line number");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "what was read is gone");
    }

    #[test]
    fn a_file_that_changed_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = SpillStore::new(dir.path(), "proef");
        store.push(&block(), 0..9, |_| Some(0)).unwrap();
        store.checkpoint().unwrap();
        let path = store.path(0);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[40] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(store.take(0..1).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
