//! Where the lines of a dossier go while it is read: they stay among the rows, or are put aside when
//! they are too many for memory.

use crate::dossier::Onverbonden;

/// Where lines go while a dossier is read. All lines pass here once, file by file; a file that proves
/// to be in another character set is forgotten and comes again.
pub trait LineSink: Send {
    /// Lines read so far, among the rows and put aside.
    fn len(&self, rows: &Onverbonden) -> usize;

    /// About so many lines, with so many bytes of text, are to come.
    fn expect(&mut self, rows: &mut Onverbonden, lines: usize, text_bytes: usize);

    /// A file begins.
    fn begin_file(&mut self, rows: &Onverbonden);

    /// Lines of the file were added to the rows.
    fn added(&mut self, rows: &mut Onverbonden);

    /// Forgets all lines of the file that began last.
    fn rollback(&mut self, rows: &mut Onverbonden);
}

/// All lines stay among the rows.
#[derive(Debug, Default)]
pub struct InMemory {
    /// Lines of earlier files.
    file_start: usize,
}

impl LineSink for InMemory {
    fn len(&self, rows: &Onverbonden) -> usize {
        rows.regels.len()
    }

    fn expect(&mut self, rows: &mut Onverbonden, lines: usize, text_bytes: usize) {
        rows.regels.reserve_exact(lines);
        rows.teksten.reserveer(text_bytes);
    }

    fn begin_file(&mut self, rows: &Onverbonden) {
        self.file_start = rows.regels.len();
    }

    fn added(&mut self, _: &mut Onverbonden) {}

    fn rollback(&mut self, rows: &mut Onverbonden) {
        rows.regels.truncate(self.file_start);
    }
}
