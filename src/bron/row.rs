//! One record of one kind: typed cells, and what could not be read noted down.

use super::error::{Consequence, InputError};
use super::fields::{self, AmountFormat, ParseError};
use super::header::Header;
use super::record::Record;
use super::report::ReadReport;
use crate::dossier::{Agb, Bsn, Cent, Columns, Dag, Eenheid, FileId, Gemeente, Kolom, Volume};
use crate::ground::masked;

/// A record under its header.
pub(crate) struct Row<'r> {
    pub record: Record<'r>,
    pub header: &'r Header,
    pub file: FileId,
    pub bedragen: AmountFormat,
    pub report: &'r mut ReadReport,
    rejected: bool,
    /// Columns of which a value was ignored.
    unreadable: Columns,
}

impl<'r> Row<'r> {
    #[inline]
    pub(crate) fn new(
        record: Record<'r>,
        header: &'r Header,
        file: FileId,
        bedragen: AmountFormat,
        report: &'r mut ReadReport,
    ) -> Self {
        let mut row = Row {
            record,
            header,
            file,
            bedragen,
            report,
            rejected: false,
            unreadable: Columns::default(),
        };
        row.check_field_count();
        row
    }

    /// A record with fewer cells than the header, or with filled cells beyond it, isn't read: a
    /// stray delimiter would shift values into the wrong column.
    fn check_field_count(&mut self) {
        let (found, expected) = (self.record.count(), self.header.field_count);
        let teveel = (expected..found).any(|i| !self.record.cell(i).is_empty());
        if found < expected || teveel {
            self.reject(None, "", ParseError::FieldCount { found, expected });
        }
    }

    pub(crate) fn line_number(&self) -> u32 {
        u32::try_from(self.record.line).unwrap_or(u32::MAX)
    }

    /// Ends the row: `None` if anything needed could not be read.
    pub(crate) fn close<T>(self, value: Option<T>) -> Option<T> {
        self.report.read += 1;
        let value = if self.rejected { None } else { value };
        self.report.rejected += u64::from(value.is_none());
        value
    }

    /// The columns of which a value couldn't be read so far: it is unknown, which is not empty.
    pub(crate) fn unreadable(&self) -> Columns {
        self.unreadable
    }

    pub(crate) fn is_rejected(&self) -> bool {
        self.rejected
    }

    pub(crate) fn reject(&mut self, kolom: Option<Kolom>, value: &str, reason: ParseError) {
        self.rejected = true;
        self.note(kolom, value, reason, Consequence::LineRejected);
    }

    pub(crate) fn ignore(&mut self, kolom: Kolom, value: &str, reason: ParseError) {
        self.unreadable = self.unreadable.with(kolom);
        self.note(Some(kolom), value, reason, Consequence::ValueIgnored);
    }

    fn note(
        &mut self,
        kolom: Option<Kolom>,
        value: &str,
        reason: ParseError,
        consequence: Consequence,
    ) {
        // What stands in the column Bsn is a child's number in whatever form, and is never shown.
        let value = match kolom {
            Some(Kolom::Bsn) if !value.is_empty() => "(niet getoond)".into(),
            _ => masked(value),
        };
        self.report.errors.push(InputError {
            file: self.file,
            line_number: self.line_number(),
            kolom,
            value: value.chars().take(200).collect(),
            reason,
            consequence,
        });
    }

    /// The cell of a column without the blanks around it; empty where the file lacks the column.
    /// Asked for every cell: the column is known where it is, and so is its place in the header.
    #[inline(always)]
    pub(crate) fn cell(&self, kolom: Kolom) -> &'r [u8] {
        match self.header.place(kolom) {
            Some(i) => self.record.cell(i),
            None => &[],
        }
    }

    #[cold]
    fn reject_cell(&mut self, kolom: Kolom, cell: &[u8], reason: ParseError) {
        self.reject(Some(kolom), &String::from_utf8_lossy(cell), reason);
    }

    #[cold]
    fn ignore_cell(&mut self, kolom: Kolom, cell: &[u8], reason: ParseError) {
        self.ignore(kolom, &String::from_utf8_lossy(cell), reason);
    }

    /// A needed value.
    #[inline(always)]
    pub(crate) fn needs<T>(
        &mut self,
        kolom: Kolom,
        read: impl FnOnce(&[u8]) -> Result<T, ParseError>,
    ) -> Option<T> {
        let cell = self.cell(kolom);
        let outcome = if cell.is_empty() { Err(ParseError::Empty) } else { read(cell) };
        match outcome {
            Ok(value) => Some(value),
            Err(reason) => {
                self.reject_cell(kolom, cell, reason);
                None
            }
        }
    }

    /// A value that may be absent; one that can't be read is noted, and its column with it: see
    /// [`Row::unreadable`].
    #[inline(always)]
    pub(crate) fn optional<T>(
        &mut self,
        kolom: Kolom,
        read: impl FnOnce(&[u8]) -> Result<T, ParseError>,
    ) -> Option<T> {
        let cell = self.cell(kolom);
        if cell.is_empty() {
            return None;
        }
        match read(cell) {
            Ok(value) => {
                self.report.readable.count(kolom);
                Some(value)
            }
            Err(reason) => {
                self.ignore_cell(kolom, cell, reason);
                None
            }
        }
    }

    #[inline]
    pub(crate) fn datum(&mut self, kolom: Kolom) -> Option<Dag> {
        self.needs(kolom, fields::datum)
    }

    #[inline]
    pub(crate) fn datum_or_empty(&mut self, kolom: Kolom) -> Option<Dag> {
        self.optional(kolom, fields::datum)
    }

    #[inline]
    pub(crate) fn bedrag(&mut self, kolom: Kolom) -> Option<Cent> {
        let how = self.bedragen;
        self.needs(kolom, |c| fields::bedrag(c, how))
    }

    #[inline]
    pub(crate) fn bedrag_or_empty(&mut self, kolom: Kolom) -> Option<Cent> {
        let how = self.bedragen;
        self.optional(kolom, |c| fields::bedrag(c, how))
    }

    #[inline]
    pub(crate) fn volume(&mut self, kolom: Kolom) -> Option<Volume> {
        let how = self.bedragen;
        self.needs(kolom, |c| fields::volume(c, how))
    }

    #[inline]
    pub(crate) fn volume_or_empty(&mut self, kolom: Kolom) -> Option<Volume> {
        let how = self.bedragen;
        self.optional(kolom, |c| fields::volume(c, how))
    }

    #[inline]
    fn count_zeros(&mut self, kolom: Kolom, completed: bool) {
        if completed {
            self.report.count_completed(kolom, 1);
        }
    }

    /// A needed code of `digits` digits, with its leading zeros put back.
    #[inline(always)]
    pub(crate) fn code(&mut self, kolom: Kolom, digits: u8) -> Option<u32> {
        let (n, completed) = self.needs(kolom, |c| fields::code(c, digits))?;
        self.count_zeros(kolom, completed);
        Some(n)
    }

    #[inline(always)]
    pub(crate) fn code_or_empty(&mut self, kolom: Kolom, digits: u8) -> Option<u32> {
        let (n, completed) = self.optional(kolom, |c| fields::code(c, digits))?;
        self.count_zeros(kolom, completed);
        Some(n)
    }

    #[inline]
    pub(crate) fn gemeente(&mut self) -> Option<Gemeente> {
        self.code(Kolom::Gemeente, 4).map(|n| Gemeente(n as u16))
    }

    #[inline]
    pub(crate) fn agb(&mut self) -> Option<Agb> {
        self.code(Kolom::Aanbieder, 8).map(Agb)
    }

    #[inline]
    pub(crate) fn bsn(&mut self) -> Option<Bsn> {
        self.code(Kolom::Bsn, 9).map(Bsn)
    }

    #[inline]
    pub(crate) fn eenheid(&mut self) -> Option<Eenheid> {
        self.code(Kolom::Eenheid, 2).map(|n| Eenheid(n as u8))
    }

    #[inline]
    pub(crate) fn eenheid_or_empty(&mut self) -> Option<Eenheid> {
        self.code_or_empty(Kolom::Eenheid, 2).map(|n| Eenheid(n as u8))
    }

    pub(crate) fn yes_no_or_empty(&mut self, kolom: Kolom) -> Option<bool> {
        self.optional(kolom, fields::yes_no)
    }

    pub(crate) fn number_or_empty(&mut self, kolom: Kolom) -> Option<u32> {
        self.optional(kolom, fields::number)
    }

    /// The bytes of a needed text.
    #[inline]
    pub(crate) fn bytes(&mut self, kolom: Kolom) -> Option<&'r [u8]> {
        let cell = self.cell(kolom);
        self.needs(kolom, |_| not_too_long(cell))
    }

    #[inline]
    pub(crate) fn bytes_or_empty(&mut self, kolom: Kolom) -> &'r [u8] {
        let cell = self.cell(kolom);
        self.optional(kolom, |_| not_too_long(cell)).unwrap_or_default()
    }

    /// A needed text.
    pub(crate) fn text(&mut self, kolom: Kolom) -> Option<&'r str> {
        let cell = self.cell(kolom);
        self.needs(kolom, |_| text(cell))
    }

    pub(crate) fn text_or_empty(&mut self, kolom: Kolom) -> &'r str {
        let cell = self.cell(kolom);
        self.optional(kolom, |_| text(cell)).unwrap_or_default()
    }

    /// One of a fixed list of words, without regard to case.
    pub(crate) fn choice_or_empty<T: Copy>(
        &mut self,
        kolom: Kolom,
        choices: &[(&str, T)],
        allowed: &'static str,
    ) -> Option<T> {
        self.optional(kolom, |c| choice(c, choices, allowed))
    }
}

/// One of a fixed list of words, without regard to case.
pub(crate) fn choice<T: Copy>(
    cell: &[u8],
    choices: &[(&str, T)],
    allowed: &'static str,
) -> Result<T, ParseError> {
    choices
        .iter()
        .find(|(name, _)| name.as_bytes().eq_ignore_ascii_case(cell))
        .map(|(_, t)| *t)
        .ok_or(ParseError::UnknownValue { allowed })
}

#[inline]
fn not_too_long(cell: &[u8]) -> Result<&[u8], ParseError> {
    if cell.len() > crate::dossier::TextArena::LONGEST {
        Err(ParseError::TooLong)
    } else {
        Ok(cell)
    }
}

fn text(cell: &[u8]) -> Result<&str, ParseError> {
    let cell = not_too_long(cell)?;
    Ok(str::from_utf8(cell).expect("a block is valid UTF-8 before it is read"))
}
