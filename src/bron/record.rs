//! Records: cells with the line that they stood on, whatever form they came in.

/// Place of a cell in the bytes of its record.
pub type Bereik = (u32, u32);

/// One record: its physical line and its cells without quotes.
pub struct Record<'r> {
    pub regel: u64,
    bytes: &'r [u8],
    /// The same, where it is known to be text.
    tekst: Option<&'r str>,
    velden: &'r [Bereik],
}

impl<'r> Record<'r> {
    #[inline]
    pub fn nieuw(regel: u64, bytes: &'r [u8], velden: &'r [Bereik]) -> Record<'r> {
        Record { regel, bytes, tekst: None, velden }
    }

    /// The record's bytes are this text.
    #[inline]
    pub fn met_tekst(self, tekst: &'r str) -> Record<'r> {
        Record { tekst: Some(tekst), ..self }
    }

    /// The cell without the blanks around it, as text; `None` if it isn't that.
    #[inline]
    pub fn celtekst(&self, i: usize) -> Option<&'r str> {
        match (self.tekst, self.velden.get(i)) {
            (Some(tekst), Some(&(van, tot))) => {
                tekst.get(van as usize..tot as usize).map(str::trim_ascii)
            }
            _ => str::from_utf8(self.cel(i)).ok(),
        }
    }

    pub fn aantal(&self) -> usize {
        self.velden.len()
    }

    /// The cell without the blanks around it; empty past the record's end.
    #[inline(always)]
    pub fn cel(&self, i: usize) -> &'r [u8] {
        match self.velden.get(i) {
            Some(&(van, tot)) => {
                let cel = &self.bytes[van as usize..tot as usize];
                match cel {
                    // Nearly all cells begin and end with what can be seen.
                    [b'!'..=b'~', .., b'!'..=b'~'] | [b'!'..=b'~'] | [] => cel,
                    _ => cel.trim_ascii(),
                }
            }
            None => &[],
        }
    }

    pub fn cellen(&self) -> impl Iterator<Item = &'r [u8]> + '_ {
        (0..self.aantal()).map(|i| self.cel(i))
    }
}

/// Records that don't come from text, one after the other: cells are UTF-8.
#[derive(Debug, Default)]
pub struct Recordblok {
    bytes: Vec<u8>,
    velden: Vec<Bereik>,
    /// Line of each record, and where its cells end in `velden`.
    records: Vec<(u64, usize)>,
}

impl Recordblok {
    /// Adds a cell to the record that is being made.
    ///
    /// # Panics
    /// Past four billion bytes in one block.
    pub fn cel(&mut self, tekst: &str) {
        let van = self.bytes.len();
        self.bytes.extend_from_slice(tekst.as_bytes());
        let plaats = |n| u32::try_from(n).expect("a block stays below 4 GB");
        self.velden.push((plaats(van), plaats(self.bytes.len())));
    }

    /// Ends the record that was being made: it stood on this line.
    pub fn sluit(&mut self, regel: u64) {
        self.records.push((regel, self.velden.len()));
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
        self.records.iter().map(move |&(regel, einde)| {
            let velden = &self.velden[begin..einde];
            begin = einde;
            Record::nieuw(regel, &self.bytes, velden)
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
