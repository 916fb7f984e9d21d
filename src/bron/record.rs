//! Records: cells with the line that they stood on, whatever form they came in.

/// One record: its physical line and its cells without quotes.
pub struct Record<'r> {
    pub regel: u64,
    /// The bytes that places are counted in.
    bytes: &'r [u8],
    /// Where the cell before the first one ends, and then where each cell does.
    einden: &'r [u32],
    /// Bytes between two cells.
    ertussen: u32,
}

impl<'r> Record<'r> {
    /// `einden`: where the cell before the first one ends (as a wrapped number if that is before all
    /// bytes), and then where each cell does. The next one begins `ertussen` bytes on.
    #[inline]
    pub fn nieuw(regel: u64, bytes: &'r [u8], einden: &'r [u32], ertussen: u32) -> Record<'r> {
        Record { regel, bytes, einden, ertussen }
    }

    pub fn aantal(&self) -> usize {
        self.einden.len() - 1
    }

    /// The cell without the blanks around it; empty past the record's end.
    #[inline(always)]
    pub fn cel(&self, i: usize) -> &'r [u8] {
        match (self.einden.get(i), self.einden.get(i + 1)) {
            (Some(vorige), Some(tot)) => {
                let van = vorige.wrapping_add(self.ertussen);
                let cel = &self.bytes[van as usize..*tot as usize];
                match cel {
                    // Nearly all cells begin and end with what can be seen.
                    [b'!'..=b'~', .., b'!'..=b'~'] | [b'!'..=b'~'] | [] => cel,
                    _ => cel.trim_ascii(),
                }
            }
            _ => &[],
        }
    }

    pub fn cellen(&self) -> impl Iterator<Item = &'r [u8]> + '_ {
        (0..self.aantal()).map(|i| self.cel(i))
    }
}

/// Records that don't come from text, one after the other: cells are UTF-8.
#[derive(Debug)]
pub struct Recordblok {
    bytes: Vec<u8>,
    /// Where the first cell begins, and then where each cell ends.
    einden: Vec<u32>,
    /// Line of each record, and the place in `einden` of its last cell.
    records: Vec<(u64, usize)>,
}

impl Default for Recordblok {
    fn default() -> Self {
        Recordblok { bytes: Vec::new(), einden: vec![0], records: Vec::new() }
    }
}

impl Recordblok {
    /// Adds a cell to the record that is being made.
    ///
    /// # Panics
    /// Past four billion bytes in one block.
    pub fn cel(&mut self, tekst: &str) {
        self.bytes.extend_from_slice(tekst.as_bytes());
        self.einden.push(u32::try_from(self.bytes.len()).expect("a block stays below 4 GB"));
    }

    /// Ends the record that was being made: it stood on this line.
    pub fn sluit(&mut self, regel: u64) {
        self.records.push((regel, self.einden.len() - 1));
    }

    pub fn is_leeg(&self) -> bool {
        self.records.is_empty()
    }

    /// Bytes of its cells.
    pub fn omvang(&self) -> usize {
        self.bytes.len()
    }

    pub fn records(&self) -> impl Iterator<Item = Record<'_>> {
        let mut begin = 0;
        self.records.iter().map(move |&(regel, laatste)| {
            let einden = &self.einden[begin..=laatste];
            begin = laatste;
            Record::nieuw(regel, &self.bytes, einden, 0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_keep_their_line_and_their_cells() {
        let mut blok = Recordblok::default();
        blok.cel(" a ");
        blok.cel("");
        blok.sluit(4);
        blok.cel("é");
        blok.sluit(9);
        let gezien: Vec<(u64, Vec<String>)> = blok
            .records()
            .map(|r| {
                let cel = |c: &[u8]| String::from_utf8(c.to_vec()).unwrap();
                (r.regel, r.cellen().map(cel).collect())
            })
            .collect();
        assert_eq!(gezien, [(4, vec!["a".into(), String::new()]), (9, vec!["é".into()])]);
    }
}
