//! Cells of records that may have quotes.

pub struct Ontquoter {
    lezer: csv_core::Reader,
    pub uit: Vec<u8>,
    einden: Vec<usize>,
    /// Where the first cell of the record begins, and where each cell ends.
    pub celeinden: Vec<u32>,
}

impl Ontquoter {
    pub fn nieuw(scheiding: u8) -> Ontquoter {
        Ontquoter {
            lezer: csv_core::ReaderBuilder::new()
                .delimiter(scheiding)
                .terminator(csv_core::Terminator::Any(b'\n'))
                .build(),
            uit: vec![0; 1 << 10],
            einden: vec![0; 64],
            celeinden: Vec::new(),
        }
    }

    /// Reads the first record of `bytes`; returns how many it took.
    pub fn lees(&mut self, bytes: &[u8]) -> usize {
        let (mut gelezen, mut geschreven, mut aantal) = (0, 0, 0);
        loop {
            let (stand, erbij, uit, einden) = self.lezer.read_record(
                &bytes[gelezen..],
                &mut self.uit[geschreven..],
                &mut self.einden[aantal..],
            );
            gelezen += erbij;
            geschreven += uit;
            aantal += einden;
            match stand {
                csv_core::ReadRecordResult::OutputFull => self.uit.resize(self.uit.len() * 2, 0),
                csv_core::ReadRecordResult::OutputEndsFull => {
                    self.einden.resize(self.einden.len() * 2, 0);
                }
                // At the end of the bytes one more call, with none, closes the last record.
                csv_core::ReadRecordResult::InputEmpty => {}
                csv_core::ReadRecordResult::Record | csv_core::ReadRecordResult::End => break,
            }
        }
        self.celeinden.clear();
        self.celeinden.push(0);
        self.celeinden.extend(self.einden[..aantal].iter().map(|einde| *einde as u32));
        gelezen
    }
}
