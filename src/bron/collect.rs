//! What becomes of the rows of a file: chunks are read side by side, and taken over one by one in
//! the file's order.

use super::row::Row;

/// Reads rows into chunks, on many threads.
pub(crate) trait ReadRows: Sync {
    /// The rows of one block.
    type Chunk: Send;

    /// An empty chunk, for a block of so many bytes.
    fn chunk(&self, bytes: usize) -> Self::Chunk;

    /// Reads a row into a chunk.
    fn row(&self, rij: Row<'_>, chunk: &mut Self::Chunk);

    /// What some chunks need of each other, before any is taken over; no row is being read then.
    fn settle(&mut self, _chunks: &mut [&mut Self::Chunk]) {}
}

/// Takes over chunks, on one thread, while others are being read.
pub(crate) trait Collect<Chunk>: Send {
    fn take(&mut self, chunk: Chunk);

    /// Bytes that the next chunks will have it ask for at once, beside what it has.
    fn next_growth(&self) -> u64 {
        0
    }

    /// Forgets all rows of this file: it is read again, in another character set.
    fn rollback(&mut self);
}

/// How many of something a whole of `bytes` has, with some to spare, where a chunk of so many bytes
/// has `in_chunk`.
pub(crate) fn estimate(in_chunk: usize, chunk_bytes: usize, bytes: usize) -> usize {
    let whole = in_chunk as u128 * bytes as u128 / chunk_bytes as u128;
    (whole + whole / 50) as usize
}
