//! Records: cells with the line that they stood on, whatever form they came in.

/// One record: its physical line and its cells.
pub(crate) struct Record<'r> {
    pub line: u64,
    /// The bytes that places are counted in.
    bytes: &'r [u8],
    /// Where the cell before the first one ends, and then where each cell does.
    ends: &'r [u32],
    /// Bytes between two cells: where there are, it was cut from a text, with the quotes around cells.
    gaps: u32,
}

impl<'r> Record<'r> {
    /// `ends`: where the cell before the first one ends (as a wrapped number if that is before all
    /// bytes), and then where each cell does. The next one begins `between` bytes on.
    #[inline]
    pub(crate) fn new(line: u64, bytes: &'r [u8], ends: &'r [u32], between: u32) -> Record<'r> {
        Record { line, bytes, ends, gaps: between }
    }

    pub(crate) fn count(&self) -> usize {
        self.ends.len() - 1
    }

    /// All bytes from its first cell up to its last one.
    pub(crate) fn bytes(&self) -> &'r [u8] {
        match (self.ends.first(), self.ends.last()) {
            (Some(first), Some(last)) if self.count() > 0 => {
                &self.bytes[first.wrapping_add(self.gaps) as usize..*last as usize]
            }
            _ => &[],
        }
    }

    /// Has it nothing but delimiters and white space?
    #[inline]
    pub(crate) fn is_blank(&self) -> bool {
        self.cell(0).is_empty() && self.cells().all(<[u8]>::is_empty)
    }

    /// The cell without its quotes, the blanks around it, and what keeps a text a text in a
    /// spreadsheet (`="0150"`, `'0150`); empty past the record's end.
    #[inline(always)]
    pub(crate) fn cell(&self, i: usize) -> &'r [u8] {
        match (self.ends.get(i), self.ends.get(i + 1)) {
            (Some(previous), Some(until)) => {
                let of = previous.wrapping_add(self.gaps);
                let cell = &self.bytes[of as usize..*until as usize];
                if is_bare(cell) { cell } else { self.bare(cell) }
            }
            _ => &[],
        }
    }

    /// The cell of a record that doesn't come from text, as it stands there; empty past the record's end.
    pub(crate) fn text(&self, i: usize) -> &'r str {
        let cell = match (self.ends.get(i), self.ends.get(i + 1)) {
            (Some(of), Some(until)) => &self.bytes[*of as usize..*until as usize],
            _ => &[],
        };
        std::str::from_utf8(cell).unwrap_or_default()
    }

    fn bare(&self, cell: &'r [u8]) -> &'r [u8] {
        match cell.trim_ascii() {
            [b'"', text @ .., b'"'] if self.gaps > 0 && is_bare(text) => text,
            [b'"', text @ .., b'"'] if self.gaps > 0 => without_text_marks(text.trim_ascii()),
            cell => without_text_marks(cell),
        }
    }

    pub(crate) fn cells(&self) -> impl Iterator<Item = &'r [u8]> + '_ {
        (0..self.count()).map(|i| self.cell(i))
    }
}

/// Does it begin and end with what can be seen, as nearly all cells do, and without a mark?
#[inline(always)]
fn is_bare(cell: &[u8]) -> bool {
    matches!(
        cell,
        [b'!' | b'#'..=b'&' | b'('..=b'<' | b'>'..=b'~', .., b'!'..=b'~']
            | [b'!' | b'#'..=b'~']
            | []
    )
}

/// What `="0150"` and `'0150` are. A name such as 't Hof, or in quotes, stays as it is.
#[cold]
fn without_text_marks(cell: &[u8]) -> &[u8] {
    match cell {
        [b'=', b'"', text @ .., b'"'] if !text.contains(&b'"') => text.trim_ascii(),
        [b'\'', .., b'\''] => cell,
        [b'\'', first, ..] if !first.is_ascii_lowercase() => cell[1..].trim_ascii(),
        _ => cell,
    }
}

/// Records that don't come from text, one after the other: cells are UTF-8.
#[derive(Debug)]
pub(crate) struct RecordBlock {
    bytes: Vec<u8>,
    /// Where the first cell begins, and then where each cell ends.
    ends: Vec<u32>,
    /// Line of each record, and the place in `einden` of its last cell.
    records: Vec<(u64, usize)>,
}

impl Default for RecordBlock {
    fn default() -> Self {
        RecordBlock { bytes: Vec::new(), ends: vec![0], records: Vec::new() }
    }
}

impl RecordBlock {
    /// Adds a cell to the record that is being made.
    ///
    /// # Panics
    /// Past four billion bytes in one block.
    pub(crate) fn cell(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.ends.push(u32::try_from(self.bytes.len()).expect("a block stays below 4 GB"));
    }

    /// Ends the record that was being made: it stood on this line.
    pub(crate) fn close(&mut self, line: u64) {
        self.records.push((line, self.ends.len() - 1));
    }

    /// Forgets all records.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.truncate(1);
        self.records.clear();
    }

    /// As bytes that another process of this program reads.
    pub(crate) fn to_wire(&self) -> Vec<u8> {
        let number = |n: usize| (n as u64).to_le_bytes();
        let mut out = Vec::with_capacity(self.bytes.len() + 4 * self.ends.len() + 16);
        out.extend(number(self.ends.len()));
        out.extend(number(self.records.len()));
        self.ends.iter().for_each(|end| out.extend(end.to_le_bytes()));
        self.records.iter().for_each(|(line, last)| {
            out.extend(line.to_le_bytes());
            out.extend(number(*last));
        });
        out.extend(&self.bytes);
        out
    }

    /// What such bytes hold; `None` where they aren't such bytes.
    pub(crate) fn from_wire(wire: &[u8]) -> Option<RecordBlock> {
        fn number(wire: &mut &[u8]) -> Option<usize> {
            let (first, rest) = wire.split_first_chunk::<8>()?;
            *wire = rest;
            usize::try_from(u64::from_le_bytes(*first)).ok()
        }
        let mut rest = wire;
        let (ends, records) = (number(&mut rest)?, number(&mut rest)?);
        let (of_ends, mut rest) = rest.split_at_checked(ends.checked_mul(4)?)?;
        let of_end = |c: &[u8; 4]| u32::from_le_bytes(*c);
        let ends: Vec<u32> = of_ends.as_chunks::<4>().0.iter().map(of_end).collect();
        let mut places = Vec::with_capacity(records.min(rest.len()));
        for _ in 0..records {
            places.push((number(&mut rest)? as u64, number(&mut rest)?));
        }
        // Nothing in it may point outside it.
        let rising = ends.first() == Some(&0) && ends.is_sorted();
        let inside = ends.last().is_some_and(|end| *end as usize == rest.len());
        let whole = places.is_sorted_by_key(|(_, last)| *last)
            && places.last().is_none_or(|(_, last)| *last < ends.len());
        let is_text = || simdutf8::basic::from_utf8(rest).is_ok();
        (rising && inside && whole && is_text()).then(|| RecordBlock {
            bytes: rest.to_vec(),
            ends,
            records: places,
        })
    }

    /// All bytes of its cells.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Bytes of its cells.
    pub(crate) fn size(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn records(&self) -> impl Iterator<Item = Record<'_>> {
        let mut begin = 0;
        self.records.iter().map(move |&(line, last)| {
            let ends = &self.ends[begin..=last];
            begin = last;
            Record::new(line, &self.bytes, ends, 0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_keeps_a_text_a_text_in_a_spreadsheet_is_no_part_of_it() {
        for (cell, text) in [
            ("=\"0150\"", "0150"),
            (" '0150 ", "0150"),
            ("'t Hof", "'t Hof"),
            ("'Het Hof'", "'Het Hof'"),
            ("='x", "='x"),
            ("'", "'"),
            ("=", "="),
        ] {
            let mut block = RecordBlock::default();
            block.cell(cell);
            block.close(1);
            assert_eq!(block.records().next().unwrap().cell(0), text.as_bytes());
        }
    }

    #[test]
    fn a_block_crosses_to_another_process_whole_or_not_at_all() {
        let mut block = RecordBlock::default();
        for (line, cell) in [(3, "é"), (9, "")] {
            block.cell(cell);
            block.cell("x");
            block.close(line);
        }
        let wire = block.to_wire();
        let read = RecordBlock::from_wire(&wire).unwrap();
        assert_eq!(format!("{block:?}"), format!("{read:?}"));
        for until in 0..wire.len() {
            assert!(RecordBlock::from_wire(&wire[..until]).is_none(), "{until}");
        }
        for place in 0..wire.len() {
            let mut other = wire.clone();
            other[place] ^= 0x81;
            let Some(read) = RecordBlock::from_wire(&other) else { continue };
            read.records().for_each(|r| assert!(r.cells().map(<[u8]>::len).sum::<usize>() <= 4));
        }
    }

    #[test]
    fn records_keep_their_line_and_their_cells() {
        let mut block = RecordBlock::default();
        block.cell(" a ");
        block.cell("");
        block.close(4);
        block.cell("é");
        block.close(9);
        let seen: Vec<(u64, Vec<String>)> = block
            .records()
            .map(|r| {
                let cell = |c: &[u8]| String::from_utf8(c.to_vec()).unwrap();
                (r.line, r.cells().map(cell).collect())
            })
            .collect();
        assert_eq!(seen, [(4, vec!["a".into(), String::new()]), (9, vec!["é".into()])]);
    }
}
