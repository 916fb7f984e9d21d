//! Where the lines of a dossier go while it is read: they stay among the rows, or are put aside when
//! they are too many for memory.

use crate::dossier::RawDossier;

/// Where lines go while a dossier is read. All lines pass here once, file by file; a file that proves
/// to be in another character set is forgotten and comes again.
pub(crate) trait LineSink: Send {
    /// Lines read so far, among the rows and put aside.
    fn len(&self, rows: &RawDossier) -> usize;

    /// About so many lines, with so many bytes of text, are to come.
    fn expect(&mut self, rows: &mut RawDossier, lines: usize, text_bytes: usize);

    /// A file begins.
    fn begin_file(&mut self, rows: &RawDossier);

    /// Lines of the file were added to the rows.
    fn added(&mut self, rows: &mut RawDossier);

    /// Forgets all lines of the file that began last.
    fn rollback(&mut self, rows: &mut RawDossier);
}

/// All lines stay among the rows.
#[derive(Debug, Default)]
pub(crate) struct InMemory {
    /// Lines of earlier files.
    file_start: usize,
}

impl LineSink for InMemory {
    fn len(&self, rows: &RawDossier) -> usize {
        rows.lines.len()
    }

    fn expect(&mut self, rows: &mut RawDossier, lines: usize, text_bytes: usize) {
        rows.lines.reserve_exact(lines);
        rows.texts.reserve(text_bytes);
    }

    fn begin_file(&mut self, rows: &RawDossier) {
        self.file_start = rows.lines.len();
    }

    fn added(&mut self, _: &mut RawDossier) {}

    fn rollback(&mut self, rows: &mut RawDossier) {
        rows.lines.truncate(self.file_start);
    }
}
