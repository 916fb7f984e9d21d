//! Cells of records that may have quotes.

pub(crate) struct Unquoter {
    reader: csv_core::Reader,
    pub out: Vec<u8>,
    ends: Vec<usize>,
    /// Where the first cell of the record begins, and where each cell ends.
    pub cell_ends: Vec<u32>,
}

impl Unquoter {
    pub(crate) fn new(delimiter: u8) -> Unquoter {
        Unquoter {
            reader: csv_core::ReaderBuilder::new()
                .delimiter(delimiter)
                .terminator(csv_core::Terminator::Any(b'\n'))
                .build(),
            out: vec![0; 1 << 10],
            ends: vec![0; 64],
            cell_ends: Vec::new(),
        }
    }

    /// Reads the first record of `bytes`; returns how many it took.
    pub(crate) fn read(&mut self, bytes: &[u8]) -> usize {
        let (mut gelezen, mut written, mut count) = (0, 0, 0);
        loop {
            let (state, added, out, ends) = self.reader.read_record(
                &bytes[gelezen..],
                &mut self.out[written..],
                &mut self.ends[count..],
            );
            gelezen += added;
            written += out;
            count += ends;
            match state {
                csv_core::ReadRecordResult::OutputFull => self.out.resize(self.out.len() * 2, 0),
                csv_core::ReadRecordResult::OutputEndsFull => {
                    self.ends.resize(self.ends.len() * 2, 0);
                }
                // At the end of the bytes one more call, with none, closes the last record.
                csv_core::ReadRecordResult::InputEmpty => {}
                csv_core::ReadRecordResult::Record | csv_core::ReadRecordResult::End => break,
            }
        }
        self.cell_ends.clear();
        self.cell_ends.push(0);
        self.cell_ends.extend(self.ends[..count].iter().map(|end| *end as u32));
        gelezen
    }
}
